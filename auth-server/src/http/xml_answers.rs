//! Answers of the token endpoint, and what `check_token` says of a token that is not good, as XML: as a Spring server writes
//! them that was given the library's converters, where that habit is on and the caller prefers XML.

use actix_web::http::StatusCode;
use actix_web::http::header::{Accept, Header as _, Quality};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use symbolon::secret::Secret;
use symbolon::token::TokenResponse;

use crate::http::answers;
use crate::http::refusals::Refusal;
use crate::server::Server;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    /// With this type.
    Xml(&'static str),
}

impl Form {
    /// What the caller prefers: of the types that there are the one of the highest quality, and of several the first. A
    /// caller who accepts neither, or anything, gets JSON.
    fn wanted(server: &Server, request: &HttpRequest) -> Self {
        if server.spring.xml_answers {
            Accept::parse(request).map_or(Self::Json, |accept| Self::preferred(&accept))
        } else {
            Self::Json
        }
    }

    fn preferred(accept: &Accept) -> Self {
        let known = accept.iter().filter_map(|accepted| {
            let form = Self::of(accepted.item.essence_str())?;
            (accepted.quality > Quality::ZERO).then_some((accepted.quality, form))
        });
        // Of several that are equal the last one is found.
        let best = known.rev().max_by_key(|(quality, _)| *quality);
        best.map_or(Self::Json, |(_, form)| form)
    }

    fn of(media_type: &str) -> Option<Self> {
        let written_as = ["application/xml", "text/xml", "application/xhtml+xml"];
        if media_type == "application/json" {
            return Some(Self::Json);
        }
        written_as
            .into_iter()
            .find(|name| *name == media_type)
            .map(Self::Xml)
    }
}

/// The answer of the token endpoint.
pub(crate) fn token(
    server: &Server,
    request: &HttpRequest,
    answer: Result<TokenResponse, Refusal>,
) -> HttpResponse {
    let response = match answer {
        Ok(response) => response,
        Err(refused) => return refusal(server, request, &refused),
    };
    match Form::wanted(server, request) {
        Form::Json => answers::json(StatusCode::OK, &response),
        Form::Xml(media_type) => answers::xml(StatusCode::OK, media_type, written(&response)),
    }
}

/// A no.
pub(crate) fn refusal(server: &Server, request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    let Form::Xml(media_type) = Form::wanted(server, request) else {
        return refusal.error_response();
    };
    let body = oauth(&[
        ("error_description", Some(refusal.description())),
        ("error", Some(refusal.code().as_str())),
    ]);
    let mut response = answers::xml(refusal.status_code(), media_type, body);
    refusal.complete(&mut response);
    response
}

/// Neither type nor scope of the token is written.
fn written(response: &TokenResponse) -> String {
    let expires_in = response.expires_in.map(|secs| secs.to_string());
    let refresh_token = response.refresh_token.as_ref();
    oauth(&[
        ("access_token", Some(response.access_token.expose())),
        ("expires_in", expires_in.as_deref()),
        ("refresh_token", refresh_token.map(Secret::expose)),
    ])
}

/// The element `oauth` with these in it, as far as there is something in them.
fn oauth(elements: &[(&str, Option<&str>)]) -> String {
    let mut body = String::from("<oauth>");
    for (name, text) in elements {
        if let Some(text) = text {
            body.extend(["<", name, ">"]);
            escape(text, &mut body);
            body.extend(["</", name, ">"]);
        }
    }
    body.push_str("</oauth>");
    body
}

/// Writes a text; what XML cannot hold ([XML 1.0 §2.2](https://www.w3.org/TR/xml/#charsets)) is replaced.
fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '\r' => into.push_str("&#13;"),
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                into.push('\u{fffd}');
            }
            _ => into.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::ACCEPT;
    use actix_web::test::TestRequest;
    use symbolon::token::AdditionalMembers;

    use super::*;

    const XML: Form = Form::Xml("application/xml");

    #[test]
    fn xml_is_for_who_prefers_it() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (accept, expected) in [
            ("application/xml", XML),
            ("Application/XML; charset=UTF-8", XML),
            ("text/xml", Form::Xml("text/xml")),
            (browser, Form::Xml("application/xhtml+xml")),
            ("application/xml, application/json", XML),
            ("application/json, application/xml", Form::Json),
            ("application/json;q=0.5, application/xml", XML),
            ("application/json, application/xml;q=0.9", Form::Json),
            ("application/xml;q=0.5, */*", XML),
            ("application/xml;q=0", Form::Json),
            ("application/json", Form::Json),
            ("*/*", Form::Json),
            ("application/*", Form::Json),
            ("text/html", Form::Json),
            ("image/svg+xml", Form::Json),
            ("", Form::Json),
            ("application/xml;q=nonsense", Form::Json),
        ] {
            let request = TestRequest::default().insert_header((ACCEPT, accept));
            let accept = Accept::parse(&request.to_http_request());
            let form = accept.map_or(Form::Json, |accept| Form::preferred(&accept));
            assert_eq!(form, expected);
        }
    }

    #[test]
    fn what_would_be_markup_is_text() {
        let response = TokenResponse {
            access_token: Secret::new("<a>&\"'\r\n\t\u{1}\u{ffff}小"),
            token_type: "bearer".to_owned(),
            refresh_token: None,
            expires_in: None,
            scope: None,
            additional: AdditionalMembers::default(),
        };
        let expected = "<oauth><access_token>&lt;a&gt;&amp;\"'&#13;\n\t\u{fffd}\u{fffd}小</access_token></oauth>";
        assert_eq!(written(&response), expected);
    }
}
