//! The approval page: who asks, for what, and a choice per scope.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::authorization::ApprovalRequest;
use crate::authorization::approval::Question;
use crate::http::answers::{self, Forms};
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::page_frame::frame_about;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
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
    status: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let frame = frame_about(server, request, asked.locales.as_ref());
    let language = frame.language();
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
        locales: _,
    } = asked;
    let another_account = SignInVisit {
        another_account: true,
        ..SignInVisit::default()
    };
    let named = NamedRequest {
        id: Some(id.clone()),
        client_id: Some(checked.client.id.clone()),
    };
    let shown = ApprovalPage {
        csrf_token: server.sessions.csrf_token(session),
        authorization: id.to_string(),
        client_id: checked.client.id.to_string(),
        client_name: checked.client.name.clone(),
        redirect_host: checked.redirect.host(),
        owner: owner.name.clone(),
        another_account: named.sign_in_page(&server.addresses, another_account),
        at_once: checked.client.spring.approval_handler.asks_at_once(),
        scopes: questions.into_iter().map(choice).collect(),
    };
    let frame = frame.here(named.confirmation(&server.addresses));
    let html = shown.render(&frame)?;
    let mut response = answers::page(status, Forms::LeadToClient).body(html);
    session_cookie::set(&mut response, session, server);
    Ok(response)
}
