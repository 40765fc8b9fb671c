//! Calls to the token endpoint ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2))
//! and to the revocation endpoint ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};
use symbolon::calls;
use symbolon::client_authentication::ClientAuthentication;
use symbolon::error::ErrorResponse;
use symbolon::parameters::Parameters;
use symbolon::revocation::RevocationRequest;
use symbolon::secret::Secret;
use symbolon::token::{RefreshTokenRequest, TokenRequest, TokenResponse};
use url::Url;

use crate::error::TokenError;
use crate::observer::{Exchange, shown, shown_parameters, shown_url};
use crate::pending::AuthorizationCodeGrant;
use crate::registration::Registration;
use crate::tokens::Tokens;

/// No token response is longer: JWTs of some kilobytes are, megabytes are an attack or a mistake.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

struct Answer {
    status: u16,
    success: bool,
    is_form: bool,
    body: Vec<u8>,
}

impl Registration {
    /// Exchanges a checked code for tokens (RFC 6749 §4.1.3).
    pub async fn exchange(&self, grant: AuthorizationCodeGrant) -> Result<Tokens, TokenError> {
        if !grant.belongs_to(self) {
            return Err(TokenError::ForeignGrant);
        }
        self.request_tokens(&grant.into_request()).await
    }

    /// Exchanges a refresh token for new tokens (RFC 6749 §6). When the answer brings no new
    /// refresh token, the old one stays good and is in the result.
    pub async fn refresh(&self, refresh_token: Secret) -> Result<Tokens, TokenError> {
        let request = TokenRequest::RefreshToken(RefreshTokenRequest {
            refresh_token: refresh_token.clone(),
            scope: None,
        });
        let tokens = self.request_tokens(&request).await?;
        Ok(tokens.or_refresh_token(refresh_token))
    }

    /// Sends any token request.
    pub async fn request_tokens(&self, request: &TokenRequest) -> Result<Tokens, TokenError> {
        let endpoint = &self.authorization_server().token_endpoint;
        let form = request.encode();
        let answer = self.post(endpoint, &form).await?;
        if !answer.success {
            return Err(refusal(&answer, &form));
        }
        let unexpected = TokenError::UnexpectedAnswer {
            status: answer.status,
        };
        let response = token_response(&answer).ok_or(unexpected)?;
        Tokens::from_response(response, self.clock().now())
    }

    /// Gives a token back (RFC 7009). The server answers 200 to unknown tokens too.
    pub async fn revoke(&self, token: Secret) -> Result<(), TokenError> {
        let endpoint = self
            .authorization_server()
            .revocation_endpoint
            .as_ref()
            .ok_or(TokenError::NoEndpoint("revocation endpoint"))?;
        let form = RevocationRequest { token }.encode();
        let answer = self.post(endpoint, &form).await?;
        if answer.success {
            Ok(())
        } else {
            Err(refusal(&answer, &form))
        }
    }

    async fn post(&self, endpoint: &Url, form: &Secret) -> Result<Answer, TokenError> {
        let request = self
            .http()
            .post(endpoint.clone())
            .header(ACCEPT, "application/json");
        let credentials = self.authentication().encode(self.client_id());
        let request = calls::with_form(request, form, Some(&credentials));
        let outcome = async {
            let mut response = calls::send(request).await?;
            let body = read(&mut response).await?;
            Ok((response, body))
        };
        let (response, body) = match outcome.await {
            Ok(answer) => answer,
            Err(error) => {
                self.tell(endpoint, form, None);
                return Err(TokenError::TokenEndpointUnavailable(error_text(error)));
            }
        };
        let answer = Answer {
            status: response.status().as_u16(),
            success: response.status().is_success(),
            is_form: is_form(response.headers()),
            body: body.ok_or(TokenError::AnswerTooLong)?,
        };
        self.tell(endpoint, form, Some(&answer));
        Ok(answer)
    }

    fn shown_request(&self, form: &Secret) -> Vec<(String, String)> {
        let id = self.client_id();
        let proof = match self.authentication() {
            ClientAuthentication::Basic(_) | ClientAuthentication::RawBasic(_) => {
                ("Authorization", format!("Basic {id}:…"))
            }
            ClientAuthentication::Form(_) => ("client_id, client_secret", format!("{id}, …")),
            ClientAuthentication::None => ("client_id", id.to_string()),
        };
        let mut sent = shown_parameters(form.expose());
        sent.push((proof.0.to_owned(), proof.1));
        sent
    }

    fn tell(&self, endpoint: &Url, form: &Secret, answer: Option<&Answer>) {
        let received = answer.and_then(members).unwrap_or_default();
        let received = received.iter().map(|(name, value)| {
            let shown = without_secrets(shown_member(name, value), form);
            (name.clone(), shown)
        });
        self.observer().observe(Exchange {
            method: "POST".to_owned(),
            url: shown_url(endpoint),
            sent: self.shown_request(form),
            status: answer.map(|answer| answer.status),
            received: received.collect(),
        });
    }
}

/// The address of an endpoint may hold credentials in its query.
fn error_text(error: reqwest::Error) -> reqwest::Error {
    error.without_url()
}

/// The body; `None` when it is longer than any answer of an authorization server.
pub(crate) async fn read(
    response: &mut reqwest::Response,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Some servers answer with a form instead of JSON, and call it plain text.
fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|name| name.starts_with(calls::FORM) || name.starts_with("text/plain"))
}

fn members(answer: &Answer) -> Option<Map<String, Value>> {
    if let Ok(members) = serde_json::from_slice(&answer.body) {
        return Some(members);
    }
    let form = Parameters::decode(&answer.body).ok()?;
    let pairs = form
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    answer.is_form.then(|| pairs.collect())
}

fn token_response(answer: &Answer) -> Option<TokenResponse> {
    let mut members = members(answer)?;
    if let Some(expires_in) = members.remove("expires_in").as_ref().and_then(secs) {
        members.insert("expires_in".to_owned(), expires_in.into());
    }
    serde_json::from_value(Value::Object(members)).ok()
}

/// Servers write seconds as a number, as text, or with a fraction. What cannot be read is let go: a
/// token whose end is unknown is still a token.
fn secs(expires_in: &Value) -> Option<u64> {
    let text = match expires_in {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    text.split('.').next()?.parse().ok()
}

fn shown_member(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => shown(name, text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            shown(name, &value.to_string())
        }
    }
}

fn refusal(answer: &Answer, form: &Secret) -> TokenError {
    let status = answer.status;
    let error = members(answer)
        .and_then(|members| serde_json::from_value::<ErrorResponse>(Value::Object(members)).ok());
    match error {
        Some(mut error) => {
            error.error_description = error
                .error_description
                .map(|description| without_secrets(description, form));
            TokenError::Refused { status, error }
        }
        None => TokenError::UnexpectedAnswer { status },
    }
}

/// Spring servers repeat a bad code or refresh token in their descriptions, and descriptions end in
/// logs.
fn without_secrets(description: String, form: &Secret) -> String {
    let sent = Parameters::decode(form.expose().as_bytes()).unwrap_or_default();
    let secrets = [
        "code",
        "code_verifier",
        "password",
        "refresh_token",
        "token",
    ];
    sent.iter()
        .filter(|(name, value)| secrets.contains(name) && !value.is_empty())
        .fold(description, |text, (_, value)| {
            text.replace(value, "[redacted]")
        })
}

#[cfg(test)]
mod tests;
