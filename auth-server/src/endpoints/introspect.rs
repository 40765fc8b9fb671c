//! `POST /oauth/introspect` ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::introspection::{IntrospectionRequest, IntrospectionResponse};
use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::informed::Informed;
use crate::dialects::standard;
use crate::http::answers;
use crate::http::client_authentication::authenticated_client;
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::token_length::is_too_long;
use crate::http::token_questions::{outcome_of, record_not_allowed};
use crate::metrics::CheckOutcome;
use crate::records::{AdditionalInformation, Habit};
use crate::server::Server;
use crate::tokens::check::CheckError;

/// What is answered, with what is said of the token besides.
#[derive(Default)]
struct Answer {
    response: IntrospectionResponse,
    additional: Option<Box<AdditionalInformation>>,
}

impl From<IntrospectionResponse> for Answer {
    fn from(response: IntrospectionResponse) -> Self {
        let additional = None;
        Self {
            response,
            additional,
        }
    }
}

impl Answer {
    fn written(&self) -> HttpResponse {
        let message = &self.response;
        match &self.additional {
            None => answers::json(StatusCode::OK, message),
            Some(additional) => {
                let informed = Informed {
                    message,
                    additional,
                };
                answers::json(StatusCode::OK, &informed)
            }
        }
    }
}

pub(super) async fn introspect(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let answer = answer(&request, &server, form).await;
    server.metrics.introspect.count(outcome_of(&answer));
    answer.map(|(_, answer)| answer.written())
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, Refusal>,
) -> Result<(CheckOutcome, Answer), Refusal> {
    let Form(mut form) = form?;
    let client = authenticated_client(server, request, &mut form).await?;
    let IntrospectionRequest { token } = IntrospectionRequest::decode(&mut form)
        .ok_or_else(|| Refusal::bad_request("the token parameter is missing"))?;
    if is_too_long(server, &token) {
        return Ok((CheckOutcome::Inactive, Answer::default()));
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
    Ok((outcome, Answer::default()))
}

async fn about(
    server: &Server,
    client: &AuthenticatedClient,
    token: &Secret,
) -> Result<Answer, CheckError> {
    let (issuer, checker) = (&server.issuer, &server.checker);
    match checker.access_token_for(client, token).await {
        Ok((id, token)) => {
            return Ok(Answer {
                response: standard::introspection(issuer, &id, &token),
                additional: token.additional,
            });
        }
        Err(error @ (CheckError::Store(_) | CheckError::NotAllowed)) => return Err(error),
        Err(CheckError::NotRecognised | CheckError::Expired) => {}
    }
    let about_refresh = checker.refresh_token_for(client, token).await;
    if let (Err(CheckError::NotRecognised), Some(legacy)) = (&about_refresh, &server.legacy_tokens)
    {
        let token = legacy.access_token_for(Some(client), token).await?;
        let holder = Some(&token.grant.client_id);
        server.habits.note(Habit::LegacyToken, holder);
        let (grant, expires_at) = (&token.grant, token.expires_at);
        return Ok(standard::legacy_introspection(issuer, grant, expires_at).into());
    }
    let (id, token) = about_refresh?;
    Ok(standard::refresh_token_introspection(issuer, &id, &token).into())
}
