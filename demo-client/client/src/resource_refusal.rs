//! What a resource server says when it refuses a call, as Spring's clients read it: in the body, or else in a challenge.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Body, Response, ResponseBuilderExt as _, StatusCode};
use serde_json::{Map, Value};
use symbolon::bearer::BearerChallenge;
use symbolon::calls::FORM;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::parameters::AnswerParameters;

use crate::sent_secrets::SentSecrets;

/// No error is longer, in bytes: what is longer is looked at no further.
const LONGEST_ERROR: usize = 16 * 1024;

/// The schemes whose challenges tell errors of OAuth. The second is that of drafts, which old servers use.
const SCHEMES: [&str; 2] = ["bearer", "oauth2"];

/// Which answers of a resource server mean that the token is not good, and another one is to be got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReading {
    /// 401 with `error="invalid_token"` in a challenge of the scheme `Bearer` (RFC 6750 §3.1).
    #[default]
    Standard,
    /// As Spring's clients: `invalid_token` with any status from 400 to 499, in the body, as JSON or a form, or in a
    /// challenge of the scheme `Bearer` or `OAuth2`. For old servers that say so in their body alone.
    Spring,
}

/// A resource server refused a call with an error of OAuth. The token of the call is in no text of it, where an
/// [`OAuth2Client`](crate::OAuth2Client) made the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRefusal {
    /// From 400 to 499.
    pub status: StatusCode,
    /// What it says; of `insufficient_scope` it keeps the scope that would do.
    pub error: ErrorResponse,
}

impl fmt::Display for ResourceRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the resource server refused: {}", self.error)
    }
}

impl std::error::Error for ResourceRefusal {}

impl ResourceRefusal {
    /// Tells an answer that is a refusal from all others, which come back as they were: read to 16 KiB at most, with the
    /// rest still to come. An error that neither an RFC nor Spring knows is none.
    ///
    /// ```no_run
    /// use symbolon_client::{ErrorCode, OAuth2Client, ResourceRefusal};
    ///
    /// # async fn example(client: OAuth2Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = client.get("http://localhost:9001/photos").await?;
    /// match ResourceRefusal::tell(answer).await? {
    ///     Ok(photos) => println!("{}", photos.text().await?),
    ///     Err(refusal) if refusal.error.error == ErrorCode::InsufficientScope => {
    ///         println!("ask for {}", refusal.error.scope.unwrap_or_default());
    ///     }
    ///     Err(refusal) => println!("{refusal}"),
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn tell(response: Response) -> Result<Result<Response, Self>, reqwest::Error> {
        let (response, refusal) = Self::read(response).await?;
        Ok(refusal.map_or(Ok(response), Err))
    }

    /// The answer, and the refusal that it is.
    pub(crate) async fn read(
        response: Response,
    ) -> Result<(Response, Option<Self>), reqwest::Error> {
        let status = response.status();
        if !status.is_client_error() {
            return Ok((response, None));
        }
        let challenged = in_challenges(response.headers());
        let (response, error) = if has_readable_body(response.headers()) {
            in_body(response).await?
        } else {
            (response, None)
        };
        let error = error.or(challenged).filter(is_known);
        let sent = response.extensions().get::<SentSecrets>();
        let refusal = error.map(|error| Self {
            status,
            error: without(sent, error),
        });
        Ok((response, refusal))
    }
}

/// Old servers repeat the token in their descriptions.
fn without(sent: Option<&SentSecrets>, error: ErrorResponse) -> ErrorResponse {
    let Some(sent) = sent else {
        return error;
    };
    let hidden = |text: Option<String>| text.map(|text| sent.hidden_in(text));
    ErrorResponse {
        error: error.error,
        error_description: hidden(error.error_description),
        error_uri: hidden(error.error_uri),
        scope: hidden(error.scope),
    }
}

/// The codes that mean something; any other one is the program's own affair.
fn is_known(error: &ErrorResponse) -> bool {
    !matches!(error.error, ErrorCode::Other(_)) || error.is_redirect_mismatch()
}

fn in_challenges(headers: &HeaderMap) -> Option<ErrorResponse> {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().flat_map(|header| {
        BearerChallenge::all_of(&SCHEMES, &String::from_utf8_lossy(header.as_bytes()))
    });
    challenges.into_iter().find_map(|challenge| {
        Some(ErrorResponse {
            error: challenge.error?,
            error_description: challenge.error_description,
            error_uri: None,
            scope: challenge.scope,
        })
    })
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

fn has_readable_body(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|name| name == FORM || is_json(&name))
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// Reads the error in a body, and puts what was read before the rest of it.
async fn in_body(
    mut response: Response,
) -> Result<(Response, Option<ErrorResponse>), reqwest::Error> {
    let mut beginning = Vec::new();
    let mut is_whole = false;
    while beginning.len() <= LONGEST_ERROR {
        let Some(chunk) = response.chunk().await? else {
            is_whole = true;
            break;
        };
        beginning.extend_from_slice(&chunk);
    }
    let error = if is_whole {
        read_error(response.headers(), &beginning)
    } else {
        None
    };
    Ok((put_back(response, beginning.into()), error))
}

fn read_error(headers: &HeaderMap, body: &[u8]) -> Option<ErrorResponse> {
    if media_type(headers).is_some_and(|name| name == FORM) {
        let form = AnswerParameters::decode(body).ok()?;
        let members = form
            .iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)));
        let members: Map<String, Value> = members.collect();
        return serde_json::from_value(Value::Object(members)).ok();
    }
    serde_json::from_slice(body).ok()
}

/// The same answer, whose body begins with what was read of it.
fn put_back(response: Response, beginning: Bytes) -> Response {
    let url = response.url().clone();
    let (parts, rest) = http::Response::<Body>::from(response).into_parts();
    let mut builder = http::Response::builder()
        .status(parts.status)
        .version(parts.version)
        .url(url);
    if let Some(extensions) = builder.extensions_mut() {
        extensions.extend(parts.extensions);
    }
    let body = Body::wrap(PutBack {
        beginning: Some(beginning).filter(|bytes| !bytes.is_empty()),
        rest,
    });
    // Nothing of it can be wrong: all parts were those of an answer.
    let mut whole = builder
        .body(body)
        .unwrap_or_else(|_| http::Response::new(Body::from("")));
    *whole.headers_mut() = parts.headers;
    whole.into()
}

/// What was read of a body, and then the rest of it.
struct PutBack {
    beginning: Option<Bytes>,
    rest: Body,
}

impl http_body::Body for PutBack {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        match self.beginning.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.beginning.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
