//! `POST /oauth/token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::token::{GrantType, TokenRequest, TokenResponse};

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::grants::TokenError;
use crate::http::answers;
use crate::http::caller::address;
use crate::http::client_authentication::authenticated_client;
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::sign_in_events::record_sign_in_refused;
use crate::http::token_length::is_too_long;
use crate::metrics::ClientClass;
use crate::server::Server;
use crate::tokens::issue::IssuedTokens;

/// The grant that a form asks for, also when the rest of it cannot be understood.
fn asked_grant_type(form: &Parameters) -> Option<GrantType> {
    let (_, word) = form.iter().find(|(name, _)| *name == "grant_type")?;
    GrantType::parse(word)
}

/// What is known of a request by the time that it is answered.
struct Known {
    grant_type: Option<GrantType>,
    client: ClientClass,
}

pub(super) async fn exchange(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let mut known = Known {
        grant_type: None,
        client: ClientClass::None,
    };
    let answer = answer(&request, &server, form, &mut known).await;
    let error = answer.as_ref().err().map(Refusal::code);
    let requests = &server.metrics.token_requests;
    requests.observe(known.grant_type, known.client, error, started.elapsed());
    answer.map(|response| answers::json(StatusCode::OK, &response))
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, Refusal>,
    known: &mut Known,
) -> Result<TokenResponse, Refusal> {
    let Form(mut form) = form?;
    known.grant_type = asked_grant_type(&form);
    let client = authenticated_client(server, request, &mut form).await?;
    known.client = if client.is_public() {
        ClientClass::Public
    } else {
        ClientClass::Confidential
    };
    let address = address(request);
    let outcome = match TokenRequest::decode(&mut form) {
        Ok(TokenRequest::RefreshToken(asked)) if is_too_long(server, &asked.refresh_token) => {
            Err(TokenError::UnknownRefreshToken)
        }
        Ok(asked) => server.grants.exchange(&client, &address, asked).await,
        Err(error) => Err(error.into()),
    };
    match &outcome {
        Ok(tokens) => record_issued(server, tokens, &address),
        Err(error) => {
            record_cause(server, &client, error, &address);
            server.audit.record(&AuditEvent::TokenRefused {
                client: &client.id,
                grant_type: known.grant_type,
                error: &error.code(),
                reason: &error.reason(),
                address: &address,
            });
        }
    }
    Ok(outcome?.response)
}

fn record_issued(server: &Server, tokens: &IssuedTokens, address: &str) {
    let issued = &tokens.issued;
    if let (GrantType::Password, Some(owner)) = (issued.grant_type, &issued.owner) {
        let signed_in = AuditEvent::OwnerSignedIn { owner, address };
        server.audit.record(&signed_in);
    }
    let event = AuditEvent::TokenIssued { issued, address };
    server.audit.record(&event);
}

/// Records what happened on the way to a refusal.
fn record_cause(server: &Server, client: &AuthenticatedClient, error: &TokenError, address: &str) {
    let client = &client.id;
    let event = match error {
        TokenError::CodeReplayed { grant_id } => AuditEvent::CodeReplayed {
            client,
            grant_id: *grant_id,
            address,
        },
        TokenError::RefreshTokenReused { grant_id, owner } => AuditEvent::RefreshTokenReused {
            client,
            owner: owner.as_deref(),
            grant_id: *grant_id,
            address,
        },
        TokenError::AfterSignIn { owner, .. } => AuditEvent::OwnerSignedIn { owner, address },
        TokenError::SignIn(error) => return record_sign_in_refused(&server.audit, error, address),
        TokenError::Request(_)
        | TokenError::GrantNotRegistered
        | TokenError::Scope(_)
        | TokenError::ScopeWidened { .. }
        | TokenError::UnknownCode
        | TokenError::GrantRevoked
        | TokenError::CodeOfOtherClient
        | TokenError::RedirectMismatch
        | TokenError::VerifierMalformed
        | TokenError::PkceFailed
        | TokenError::UnknownRefreshToken
        | TokenError::RefreshTokenOfOtherClient
        | TokenError::OwnerGone
        | TokenError::Issue(_) => return,
    };
    server.audit.record(&event);
}
