//! `POST /oauth/check_token`, and `/oauth/check_access` for those who know it by that name: the Spring
//! dialect's introspection.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use symbolon::check_token::CheckTokenRequest;

use crate::dialects::spring;
use crate::http::answers;
use crate::http::client_authentication::authenticated_client;
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::token_questions::{outcome_of, record_not_allowed};
use crate::metrics::CheckOutcome;
use crate::server::Server;
use crate::tokens::check::CheckError;

pub(super) async fn check(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let answer = answer(&request, &server, form).await;
    server.metrics.check_token.count(outcome_of(&answer));
    answer.map(|(_, answer)| answer)
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, Refusal>,
) -> Result<(CheckOutcome, HttpResponse), Refusal> {
    let Form(mut form) = form?;
    let client = authenticated_client(server, request, &mut form).await?;
    let CheckTokenRequest { token } = CheckTokenRequest::decode(&mut form)
        .ok_or_else(|| Refusal::bad_request("Required String parameter 'token' is not present"))?;
    let outcome = match server.checker.access_token_for(&client, &token).await {
        Ok((id, token)) => {
            let body = spring::check_token(&id, &token);
            let answer = answers::json(StatusCode::OK, &body);
            return Ok((CheckOutcome::Active, answer));
        }
        Err(error @ CheckError::Store(_)) => return Err(error.into()),
        Err(error @ CheckError::NotAllowed) => {
            record_not_allowed(server, &client, request);
            (CheckOutcome::Refused, Refusal::from(error))
        }
        Err(error @ (CheckError::NotRecognised | CheckError::Expired)) => {
            (CheckOutcome::Inactive, Refusal::from(error))
        }
    };
    Ok((outcome.0, outcome.1.error_response()))
}
