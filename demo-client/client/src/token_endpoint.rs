//! Calls to the token endpoint ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use serde_json::Value;
use symbolon::secret::Secret;
use symbolon::token::{RefreshTokenRequest, TokenRequest, TokenResponse};

use crate::endpoint_call::{EndpointAnswer, EndpointCall, TokenError};
use crate::exchange_kind::ExchangeKind;
use crate::pending::AuthorizationCodeGrant;
use crate::registration::Registration;
use crate::tokens::Tokens;

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
        let extra = self.token_parameters();
        let form = Secret::new(extra.after(request.encode().expose()));
        let call = EndpointCall {
            registration: self,
            kind: ExchangeKind::TokenRequest(request.grant_type()),
            endpoint: &self.authorization_server().token_endpoint,
            form: &form,
        };
        let answer = call.send().await?;
        // Some servers refuse with 200: there is an error in it and no token.
        match token_response(&answer) {
            Some(response) => Ok(Tokens::from_response(response, self.clock())?),
            None => Err(call.refusal(answer)),
        }
    }
}

fn token_response(answer: &EndpointAnswer) -> Option<TokenResponse> {
    let members = answer.members.clone().filter(|_| answer.success)?;
    serde_json::from_value(Value::Object(members)).ok()
}

#[cfg(test)]
mod tests;
