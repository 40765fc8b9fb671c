//! `POST /oauth/check_token`, and `/oauth/check_access` for those who know it by that name: the Spring
//! dialect's introspection.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::check_token::{CheckTokenRequest, CheckTokenResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::informed::Informed;
use crate::dialects::spring;
use crate::http::announced::announce;
use crate::http::answers;
use crate::http::client_authentication::{admitted_by, authenticated_client};
use crate::http::container_errors;
use crate::http::refusals::Refusal;
use crate::http::servlet_form::ServletForm;
use crate::http::spring_refusals;
use crate::http::token_length::is_too_long;
use crate::http::token_questions::{outcome_of, record_not_allowed};
use crate::http::xml_answers;
use crate::metrics::CheckOutcome;
use crate::records::Habit;
use crate::server::Server;
use crate::tokens::check::{CheckError, JwtKind};

/// Who asks.
enum Asker {
    /// Whom the operator's rule lets ask about every token, as Spring servers do.
    OfAll,
    /// A client, which learns what it may know.
    Client(AuthenticatedClient),
}

impl Asker {
    async fn of(
        server: &Server,
        request: &HttpRequest,
        form: &mut Parameters,
    ) -> Result<Self, Refusal> {
        if let Some(rule) = &server.access_rules.check_token {
            let client = admitted_by(rule, server, request, form).await?;
            let id = client.as_ref().map(|client| &client.id);
            server.habits.note(Habit::CheckToken, id);
            return Ok(Self::OfAll);
        }
        let client = authenticated_client(server, request, form).await?;
        server.habits.note(Habit::CheckToken, Some(&client.id));
        Ok(Self::Client(client))
    }
}

pub(super) async fn check(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<ServletForm, Refusal>,
) -> HttpResponse {
    let answer = answer(&request, &server, form).await;
    server.metrics.check_token.count(outcome_of(&answer));
    let mut response = match answer {
        Ok((_, answer)) => answer,
        Err(refusal) => container_errors::answer(&server, &request, &refusal),
    };
    announce(&server, &[Habit::CheckToken], &mut response);
    response
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<ServletForm, Refusal>,
) -> Result<(CheckOutcome, HttpResponse), Refusal> {
    let ServletForm(mut form) = form?;
    let asker = Asker::of(server, request, &mut form).await?;
    let CheckTokenRequest { token } = CheckTokenRequest::decode(&mut form)
        .ok_or_else(|| Refusal::bad_request("Required String parameter 'token' is not present"))?;
    if is_too_long(server, &token) {
        let refusal = Refusal::from(CheckError::NotRecognised);
        let answer = xml_answers::refusal(server, request, &refusal);
        return Ok((CheckOutcome::Inactive, answer));
    }
    let outcome = match about(server, &asker, &token).await {
        Ok(answer) => return Ok((CheckOutcome::Active, answer)),
        Err(error @ CheckError::Store(_)) => return Err(error.into()),
        Err(error @ CheckError::NotAllowed) => {
            if let Asker::Client(client) = &asker {
                record_not_allowed(server, client, request);
            }
            (CheckOutcome::Refused, Refusal::from(error))
        }
        Err(error @ CheckError::NotRecognised) if server.spring.check_token_errors => {
            let kind = jwt_kind(server, &token);
            (
                CheckOutcome::Inactive,
                spring_refusals::of_token(kind, error),
            )
        }
        Err(error @ (CheckError::NotRecognised | CheckError::Expired)) => {
            (CheckOutcome::Inactive, Refusal::from(error))
        }
    };
    let (outcome, refusal) = outcome;
    Ok((outcome, xml_answers::refusal(server, request, &refusal)))
}

/// What is presented, when it has the form of a JWT, of this server or of the Spring server before it.
fn jwt_kind(server: &Server, token: &Secret) -> Option<JwtKind> {
    let legacy = server.legacy_tokens.as_ref();
    let of_that_one = legacy.and_then(|legacy| legacy.jwt_kind(token));
    of_that_one.or_else(|| server.checker.jwt_kind(token))
}

/// The answer about a good token, this server's or the Spring server's before it.
async fn about(server: &Server, asker: &Asker, token: &Secret) -> Result<HttpResponse, CheckError> {
    let checked = match asker {
        Asker::OfAll => server.checker.access_token(token).await,
        Asker::Client(client) => server.checker.access_token_for(client, token).await,
    };
    if let (Err(CheckError::NotRecognised), Some(legacy)) = (&checked, &server.legacy_tokens) {
        let client = match asker {
            Asker::OfAll => None,
            Asker::Client(client) => Some(client),
        };
        let token = legacy.access_token_for(client, token).await?;
        let holder = Some(&token.grant.client_id);
        server.habits.note(Habit::LegacyToken, holder);
        let additional = &token.additional_information;
        let mut body = spring::check_legacy_token(&token.grant, token.expires_at, additional);
        write_active(server, &mut body.response);
        return Ok(answers::json(StatusCode::OK, &body));
    }
    let (id, token) = checked?;
    let mut body = spring::check_token(&id, &token);
    write_active(server, &mut body);
    Ok(match &token.additional {
        None => answers::json(StatusCode::OK, &body),
        Some(additional) => {
            let message = &body;
            let body = Informed {
                message,
                additional,
            };
            answers::json(StatusCode::OK, &body)
        }
    })
}

/// Some releases of Spring leave it out.
fn write_active(server: &Server, body: &mut CheckTokenResponse) {
    body.active = body
        .active
        .filter(|_| !server.spring.check_token_without_active);
}
