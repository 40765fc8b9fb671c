//! Where a token is in a request ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)).

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::Bytes;
use serde::Deserialize;
use symbolon::bearer::BearerCredentials;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

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

/// A token, and where it was.
pub(crate) struct PresentedToken {
    pub(crate) token: Secret,
    pub(crate) place: TokenPlace,
}

/// The three ways of RFC 6750 §2 to send a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenPlace {
    Header,
    Query,
    Form,
}

/// The parameter of RFC 6750 §2.2 and §2.3.
const PARAMETER: &str = "access_token";
const MALFORMED: AccessError =
    AccessError::InvalidRequest("The Authorization header holds no bearer token");
const MORE_THAN_ONE: AccessError = AccessError::InvalidRequest("The token was sent more than once");
const BAD_PARAMETERS: AccessError =
    AccessError::InvalidRequest("The parameters are malformed or repeated");

/// The token of the request; `None` when there is none.
pub(crate) async fn find_token(
    request: &mut ServiceRequest,
    parameters: TokenParameters,
) -> Result<Option<PresentedToken>, AccessError> {
    let mut found = Vec::new();
    let mut keep = |token: Option<Secret>, place| {
        found.extend(token.map(|token| PresentedToken { token, place }));
    };
    keep(in_header(request)?, TokenPlace::Header);
    if parameters.query {
        let token = in_parameters(request.query_string().as_bytes())?;
        keep(token, TokenPlace::Query);
    }
    if parameters.form && may_be_form(request) {
        keep(in_form(request).await?, TokenPlace::Form);
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
