//! The approval page: who asks, for what, and a choice per scope.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::token::GrantType;

use crate::authorization::ApprovalRequest;
use crate::authorization::approval::{Question, Remembered};
use crate::authorization::request::{CheckedRequest, ResponseType};
use crate::http::answers::{self, Forms};
use crate::http::client_card::client_card;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::page_frame::frame_about;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::pages::{ApprovalPage, Lasting, Memory, ScopeChoice};
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
        approved_before: question.last_decision == Some(ApprovalStatus::Approved),
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
    let named = NamedRequest::waiting(id.clone(), checked.client.id.clone());
    let (card, image) = client_card(&checked.client);
    let shown = ApprovalPage {
        csrf_token: server.sessions.csrf_token(session),
        authorization: id.to_string(),
        client_id: checked.client.id.to_string(),
        client_name: checked.client.name.clone(),
        card,
        redirect_host: checked.redirect.host(),
        owner: owner.name.clone(),
        another_account: named.sign_in_page(&server.addresses, another_account),
        lasts: lasts(server, &checked),
        at_once: checked.client.spring.approval_handler.asks_at_once(),
        scopes: questions.into_iter().map(choice).collect(),
    };
    let frame = frame.here(named.confirmation(&server.addresses));
    let html = shown.render(&frame)?;
    let mut page = answers::page_with_image(status, Forms::LeadToClient, image.as_deref());
    let mut response = page.body(html);
    session_cookie::set(&mut response, session, server);
    Ok(response)
}

/// How long what is approved now lasts.
fn lasts(server: &Server, request: &CheckedRequest) -> Lasting {
    let client = &request.client;
    let is_renewed = client.may_use(GrantType::RefreshToken);
    let memory = match server.authorization.approvals.remembered(request) {
        Remembered::Not => Memory::None,
        Remembered::Secs(secs) => Memory::Secs(secs),
        Remembered::WhileTokensLive => Memory::WhileItHasAccess,
    };
    Lasting {
        token_secs: client.access_token_ttl_secs,
        is_renewed: is_renewed && request.response_type == ResponseType::Code,
        memory,
    }
}
