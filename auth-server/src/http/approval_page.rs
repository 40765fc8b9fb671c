//! The approval page: who asks, for what, and a choice per scope.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::authorization::ApprovalRequest;
use crate::authorization::approval::Question;
use crate::http::caller::language;
use crate::http::refusals::Refusal;
use crate::http::{answers, session_cookie};
use crate::pages::{ApprovalPage, ScopeChoice};
use crate::records::ApprovalStatus;
use crate::server::Server;
use crate::sessions::BrowserSession;

/// Asks the owner who is signed in in this session.
pub(crate) fn ask(
    server: &Server,
    request: &HttpRequest,
    session: &BrowserSession,
    asked: ApprovalRequest,
) -> Result<HttpResponse, Refusal> {
    let language = language(request);
    let choice = |question: Question| ScopeChoice {
        description: server.scopes.describe(&question.scope, language.tag()),
        approved: question.last_decision != Some(ApprovalStatus::Denied),
        name: question.scope,
    };
    let ApprovalRequest {
        id,
        request: checked,
        owner,
        questions,
    } = asked;
    let shown = ApprovalPage {
        csrf_token: server.sessions.csrf_token(session),
        authorization: id.to_string(),
        client_id: checked.client.id.to_string(),
        client_name: checked.client.name.clone(),
        redirect_host: checked.redirect.host(),
        owner: owner.name.clone(),
        scopes: questions.into_iter().map(choice).collect(),
    };
    let html = shown.render(language)?;
    let target = checked.redirect.csp_source();
    let mut response = answers::page(StatusCode::OK, target.as_deref()).body(html);
    session_cookie::set(&mut response, session, server);
    Ok(response)
}
