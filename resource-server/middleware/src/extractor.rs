//! Where a token is in a request ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)), and
//! how a handler asks who calls.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;
use symbolon::bearer::BearerCredentials;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::authentication::Authentication;
use crate::error::AccessError;

/// Where a token may be besides the `Authorization` header. Both are off by default: addresses end up
/// in logs, histories and `Referer` headers (RFC 6750 §2.3, RFC 9700 §4.3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenParameters {
    /// `access_token` in the query (RFC 6750 §2.3).
    pub query: bool,
    /// `access_token` in a form (RFC 6750 §2.2).
    pub form: bool,
}

/// A token and whether it came in the address.
pub(crate) struct Presented {
    pub(crate) token: Secret,
    pub(crate) in_query: bool,
}

const PARAMETER: &str = "access_token";
const MALFORMED: AccessError =
    AccessError::InvalidRequest("The Authorization header holds no bearer token");
const MORE_THAN_ONE: AccessError = AccessError::InvalidRequest("The token was sent more than once");
const BAD_PARAMETERS: AccessError =
    AccessError::InvalidRequest("The parameters are malformed or repeated");

/// Takes the token out of the request; `None` when there is none.
pub(crate) async fn present(
    request: &mut ServiceRequest,
    parameters: TokenParameters,
) -> Result<Option<Presented>, AccessError> {
    let mut found = Vec::new();
    if let Some(token) = in_header(request)? {
        found.push(Presented {
            token,
            in_query: false,
        });
    }
    if parameters.query {
        let token = in_parameters(request.query_string().as_bytes())?;
        found.extend(token.map(|token| Presented {
            token,
            in_query: true,
        }));
    }
    if parameters.form && may_be_form(request) {
        let token = in_form(request).await?;
        found.extend(token.map(|token| Presented {
            token,
            in_query: false,
        }));
    }
    let presented = found.pop();
    // RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
    if found.is_empty() {
        Ok(presented)
    } else {
        Err(MORE_THAN_ONE)
    }
}

fn in_header(request: &ServiceRequest) -> Result<Option<Secret>, AccessError> {
    let mut found = None;
    for header in request.headers().get_all(AUTHORIZATION) {
        let credentials = header
            .to_str()
            .map_or(BearerCredentials::Malformed, BearerCredentials::parse);
        match credentials {
            // Another scheme is another layer's business.
            BearerCredentials::Absent => {}
            BearerCredentials::Malformed => return Err(MALFORMED),
            BearerCredentials::Token(_) if found.is_some() => return Err(MORE_THAN_ONE),
            BearerCredentials::Token(token) => found = Some(token),
        }
    }
    Ok(found)
}

fn in_parameters(encoded: &[u8]) -> Result<Option<Secret>, AccessError> {
    // Only a request that names the parameter is held to the strict rules for parameters.
    if !encoded
        .windows(PARAMETER.len())
        .any(|window| window == PARAMETER.as_bytes())
    {
        return Ok(None);
    }
    let mut parameters = Parameters::decode(encoded).map_err(|_| BAD_PARAMETERS)?;
    Ok(parameters.take(PARAMETER).map(Secret::new))
}

/// RFC 6750 §2.2: a form body, and a method whose body has a meaning.
fn may_be_form(request: &ServiceRequest) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    let form = media_type.is_some_and(|media_type| {
        media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    form && !matches!(*request.method(), Method::GET | Method::HEAD)
}

async fn in_form(request: &mut ServiceRequest) -> Result<Option<Secret>, AccessError> {
    let body = request
        .extract::<Bytes>()
        .await
        .map_err(|_| AccessError::InvalidRequest("The form cannot be read"))?;
    let token = in_parameters(&body);
    // The handler reads the same form again.
    request.set_payload(Payload::from(body));
    token
}

impl Authentication {
    /// Who calls, as the [`ResourceServer`](crate::ResourceServer) middleware found out; `None` without
    /// a token, where it lets such requests through, and outside of it.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

/// Refuses with 401 when nobody is authenticated; `Option<Authentication>` accepts that.
impl FromRequest for Authentication {
    type Error = AccessError;
    type Future = Ready<Result<Self, AccessError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(AccessError::MissingToken))
    }
}
