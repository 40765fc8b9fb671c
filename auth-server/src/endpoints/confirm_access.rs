//! `GET /oauth/confirm_access` (E2): the approval page of a request that waits in the session.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::authorization::approval::{self, ApprovalNeed, Question};
use crate::authorization::request::CheckedRequest;
use crate::endpoints::authorize::{Browser, set_cookie};
use crate::endpoints::browser_session::BrowserSession;
use crate::endpoints::page_answer::{PageError, language, page, to};
use crate::endpoints::pages::{ApprovalPage, ScopeChoice};
use crate::records::{ApprovalStatus, PendingId};
use crate::server::Server;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, PageError> {
    let redirect_status = StatusCode::FOUND;
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status,
    };
    confirm(&browser)
        .await
        .map_err(|error| error.for_reader(&request))
}

async fn confirm(browser: &Browser<'_>) -> Result<HttpResponse, PageError> {
    let nothing_waits = || PageError::expired("no authorization request waits for an approval");
    let server = browser.server;
    let session = BrowserSession::find(server, browser.request)
        .await?
        .ok_or_else(nothing_waits)?;
    let id = pending_id(browser.request).ok_or_else(nothing_waits)?;
    let Some(owner) = session.owner(server) else {
        return Ok(to(StatusCode::FOUND, &format!("/login?authorization={id}")));
    };
    let waiting = server.store.list_pending(&session.id).await?;
    let (_, pending) = waiting
        .into_iter()
        .find(|(waiting, _)| *waiting == id)
        .ok_or_else(nothing_waits)?;
    let checked = match browser.check(&pending.request)? {
        Ok(checked) => checked,
        Err(refusal) => return Ok(refusal),
    };
    match approval::needed_approval(server, &owner.name, &checked).await? {
        ApprovalNeed::Ask(questions) => {
            approval_page(browser, &session, (&id, &checked), questions)
        }
        ApprovalNeed::None => {
            server
                .store
                .take_pending(&session.id, &id)
                .await?
                .ok_or_else(nothing_waits)?;
            browser.grant_all(&checked, owner).await
        }
    }
}

/// The request that the address names.
pub(super) fn pending_id(request: &HttpRequest) -> Option<PendingId> {
    let mut query = Parameters::decode(request.query_string().as_bytes()).ok()?;
    PendingId::parse(&query.take("authorization")?)
}

/// Who asks, for what, and a choice for each scope.
pub(super) fn approval_page(
    browser: &Browser<'_>,
    session: &BrowserSession,
    (id, checked): (&PendingId, &CheckedRequest),
    questions: Vec<Question>,
) -> Result<HttpResponse, PageError> {
    let server = browser.server;
    let language = language(browser.request);
    let choice = |question: Question| ScopeChoice {
        description: server
            .scopes
            .describe(&question.scope, language.tag())
            .to_owned(),
        approved: question.last_decision != Some(ApprovalStatus::Denied),
        name: question.scope,
    };
    let shown = ApprovalPage {
        csrf_token: session.csrf_token(server).expose().to_owned(),
        authorization: id.to_string(),
        client_id: checked.client.id.to_string(),
        client_name: checked.client.name.clone(),
        redirect_host: checked.redirect.host(),
        owner: session
            .owner(server)
            .map(|owner| owner.name.clone())
            .unwrap_or_default(),
        scopes: questions.into_iter().map(choice).collect(),
    };
    let target = checked.redirect.csp_source();
    let mut response = page(StatusCode::OK, shown.render(language), target.as_deref())?;
    set_cookie(&mut response, session, server);
    Ok(response)
}
