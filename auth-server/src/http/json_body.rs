//! Reading a body of JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)), no longer than a form may be. A page of
//! another site cannot send one without being asked for leave first.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use crate::http::form::body;
use crate::http::refusals::Refusal;

/// What a request's body says, or that it is JSON and says something else.
pub(crate) struct JsonBody<T> {
    /// It; `None` where a member that is read has another type than it should.
    pub(crate) said: Option<T>,
    of: PhantomData<T>,
}

/// What a request's body says, all of which is known and of the right type.
pub(crate) struct ExactJson<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for ExactJson<T> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let body = body(request, payload);
        Box::pin(async move {
            let body = body.await?;
            if !is_json {
                return Err(Refusal::no_json());
            }
            let mut from = serde_json::Deserializer::from_slice(&body);
            let said = serde_path_to_error::deserialize(&mut from).map_err(|error| told(&error))?;
            from.end().map_err(|_| Refusal::bad_request(NO_JSON))?;
            Ok(Self(said))
        })
    }
}

const NO_JSON: &str = "the body is not JSON";

/// Characters of a text that quotes a name which was sent.
const LONGEST_TOLD: usize = 300;

/// What is wrong, which never quotes a value: that may be a password.
fn told(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let inner = error.inner();
    if !inner.is_data() {
        return Refusal::bad_request(NO_JSON);
    }
    let text = inner.to_string();
    let about_names = ["unknown field", "missing field", "duplicate field"];
    let is_about_names = about_names.iter().any(|start| text.starts_with(start));
    let text = if is_about_names {
        let text = without_place(&text);
        text.replace(", expected one of ", "; accepted: ")
            .replace(", expected ", "; accepted: ")
    } else {
        let accepted = without_place(&text).rsplit_once(", expected ");
        let accepted = accepted.map_or("another type", |(_, expected)| in_words(expected));
        let member = match error.path().to_string().as_str() {
            "." => "the body".to_owned(),
            path => format!("`{path}`"),
        };
        // A text that is no address is of the right type.
        let kind = if text.starts_with("invalid value") {
            "form"
        } else {
            "type"
        };
        format!("{member} is of another {kind}; accepted: {accepted}")
    };
    Refusal::bad_json(&text.chars().take(LONGEST_TOLD).collect::<String>())
}

/// The text of an error of serde without its line and column.
fn without_place(text: &str) -> &str {
    text.rsplit_once(" at line ").map_or(text, |it| it.0)
}

/// What is accepted, in the words of JSON; it quotes nothing that was sent.
fn in_words(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" | "string" => "a text",
        "a sequence" => "a list",
        "a boolean" => "true or false",
        "i64" | "u64" | "u32" | "usize" | "f64" => "a number",
        object if object.starts_with("struct ") || object == "a map" => "an object",
        other => other,
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request.content_type();
    content_type.eq_ignore_ascii_case("application/json")
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let body = body(request, payload);
        Box::pin(async move {
            let body = body.await?;
            if !is_json {
                return Err(Refusal::no_json());
            }
            let said = serde_json::from_slice::<serde_json::Value>(&body);
            let said = said.map_err(|_| Refusal::bad_request(NO_JSON))?;
            Ok(Self {
                said: serde_json::from_value(said).ok(),
                of: PhantomData,
            })
        })
    }
}
