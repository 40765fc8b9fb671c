//! Where a token is in a request ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)).

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::Bytes;
use serde::Deserialize;
use symbolon::bearer::BearerCredentials;
use symbolon::parameters::{ParameterError, Parameters};
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

/// How a token is found in a request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenExtraction {
    /// By the rules of RFC 6750 §2: what is malformed, or there twice, is an invalid request. Parameters count where
    /// [`TokenParameters`] says so.
    #[default]
    Standard,
    /// As Spring's resource servers find it. Of the `Authorization` headers the first counts that begins with `bearer` in
    /// any letter case, with a blank behind it or without; the token ends at a comma. Without such a header the
    /// parameter `access_token` counts, in the query or else in a form, whatever [`TokenParameters`] says; of several
    /// the first. Addresses end up in logs, so this is for callers that cannot be changed.
    Spring,
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

/// The token of the request as Spring finds it. An empty one is a token, and no good one.
pub(crate) async fn find_token_as_spring(
    request: &mut ServiceRequest,
) -> Result<Option<PresentedToken>, AccessError> {
    let found = |place| move |token| PresentedToken { token, place };
    if let Some(token) = behind_bearer(request) {
        return Ok(Some(found(TokenPlace::Header)(token)));
    }
    if let Some(token) = first_parameter(request.query_string().as_bytes())? {
        return Ok(Some(found(TokenPlace::Query)(token)));
    }
    if !may_be_form(request) {
        return Ok(None);
    }
    let body = read_form(request).await?;
    Ok(first_parameter(&body)?.map(found(TokenPlace::Form)))
}

fn behind_bearer(request: &ServiceRequest) -> Option<Secret> {
    let scheme = b"bearer";
    request.headers().get_all(AUTHORIZATION).find_map(|header| {
        let (first, rest) = header.as_bytes().split_at_checked(scheme.len())?;
        let rest = String::from_utf8_lossy(rest);
        let token = rest.split(',').next().unwrap_or_default().trim();
        first
            .eq_ignore_ascii_case(scheme)
            .then(|| Secret::new(token))
    })
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
    named_in(encoded, Parameters::decode)
}

fn first_parameter(encoded: &[u8]) -> Result<Option<Secret>, AccessError> {
    named_in(encoded, Parameters::decode_first)
}

/// Only a request that names the parameter is held to the rules for parameters.
fn named_in(
    encoded: &[u8],
    decode: fn(&[u8]) -> Result<Parameters, ParameterError>,
) -> Result<Option<Secret>, AccessError> {
    if !encoded
        .windows(PARAMETER.len())
        .any(|window| window == PARAMETER.as_bytes())
    {
        return Ok(None);
    }
    let mut parameters = decode(encoded).map_err(|_| BAD_PARAMETERS)?;
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
    in_parameters(&read_form(request).await?)
}

async fn read_form(request: &mut ServiceRequest) -> Result<Bytes, AccessError> {
    let body = request
        .extract::<Bytes>()
        .await
        .map_err(|_| AccessError::InvalidRequest("The form cannot be read"))?;
    // The handler reads the same form again.
    request.set_payload(Payload::from(body.clone()));
    Ok(body)
}
