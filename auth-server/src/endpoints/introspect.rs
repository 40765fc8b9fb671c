//! `POST /oauth/introspect` ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::introspection::{IntrospectionRequest, IntrospectionResponse};
use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::standard;
use crate::http::answers;
use crate::http::client_authentication::authenticated_client;
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::token_length::is_too_long;
use crate::http::token_questions::{outcome_of, record_not_allowed};
use crate::metrics::CheckOutcome;
use crate::server::Server;
use crate::tokens::check::CheckError;

pub(super) async fn introspect(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let answer = answer(&request, &server, form).await;
    server.metrics.introspect.count(outcome_of(&answer));
    answer.map(|(_, answer)| answers::json(StatusCode::OK, &answer))
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, Refusal>,
) -> Result<(CheckOutcome, IntrospectionResponse), Refusal> {
    let Form(mut form) = form?;
    let client = authenticated_client(server, request, &mut form).await?;
    let IntrospectionRequest { token } = IntrospectionRequest::decode(&mut form)
        .ok_or_else(|| Refusal::bad_request("the token parameter is missing"))?;
    if is_too_long(server, &token) {
        return Ok((CheckOutcome::Inactive, IntrospectionResponse::default()));
    }
    let outcome = match about(server, &client, &token).await {
        Ok(answer) => return Ok((CheckOutcome::Active, answer)),
        Err(error @ CheckError::Store(_)) => return Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired) => CheckOutcome::Inactive,
        Err(CheckError::NotAllowed) => {
            record_not_allowed(server, &client, request);
            CheckOutcome::Refused
        }
    };
    Ok((outcome, IntrospectionResponse::default()))
}

async fn about(
    server: &Server,
    client: &AuthenticatedClient,
    token: &Secret,
) -> Result<IntrospectionResponse, CheckError> {
    let (issuer, checker) = (&server.issuer, &server.checker);
    match checker.access_token_for(client, token).await {
        Ok((id, token)) => return Ok(standard::introspection(issuer, &id, &token)),
        Err(error @ (CheckError::Store(_) | CheckError::NotAllowed)) => return Err(error),
        Err(CheckError::NotRecognised | CheckError::Expired) => {}
    }
    let about_refresh = checker.refresh_token_for(client, token).await;
    if let (Err(CheckError::NotRecognised), Some(legacy)) = (&about_refresh, &server.legacy_tokens)
    {
        let token = legacy.access_token_for(Some(client), token).await?;
        let (grant, expires_at) = (&token.grant, token.expires_at);
        return Ok(standard::legacy_introspection(issuer, grant, expires_at));
    }
    let (id, token) = about_refresh?;
    Ok(standard::refresh_token_introspection(issuer, &id, &token))
}
