//! `/logout`: ends the session here. Tokens that clients hold stay good, unless whoever signs out wants theirs ended, too.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::{NO_SESSION, OTHER_SESSION, note_fault};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::pages::{LogoutPage, SignedOutPage};
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// The button that ends what applications hold, too.
const APPLICATIONS: &str = "applications";

/// Asks first: a link on another site must not sign anybody out.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let cookies = session_cookie::presented(&request, &server);
    match server.sessions.find(cookies).await? {
        Some(session) => question(&request, &server, &session, StatusCode::OK).await,
        None => signed_out(&request, &server),
    }
}

/// Only a form of the session that the browser is in ends it. After any other the person is asked, or told what is
/// so already, and the browser's cookie stays: a form that came without it says nothing about it.
pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let applications = form.take(APPLICATIONS).is_some();
    let cookies = session_cookie::presented(&request, &server);
    let form_session = server.sessions.find_of_form(cookies, form.take("_csrf"));
    match form_session.await? {
        FormSession::Own(session) => end(&request, &server, &session, applications).await,
        FormSession::Other(session) => {
            note_fault(&request, session.signed_in_as(), OTHER_SESSION);
            question(&request, &server, &session, StatusCode::FORBIDDEN).await
        }
        FormSession::Over(_) | FormSession::Unknown => {
            note_fault(&request, None, NO_SESSION);
            let here = server.addresses.logout.to_string();
            Ok(answers::redirect(StatusCode::SEE_OTHER, &here))
        }
    }
}

async fn end(
    request: &HttpRequest,
    server: &Server,
    session: &BrowserSession,
    applications: bool,
) -> Result<HttpResponse, Refusal> {
    let owner = server.sessions.owner(session).await?;
    // First, so that nothing new is given unasked.
    server.sessions.end(session).await?;
    server.audit.record(&AuditEvent::OwnerSignedOut {
        owner: owner.as_ref().map(|owner| owner.name.as_str()),
        address: &address(request),
    });
    if let (true, Some(owner)) = (applications, &owner) {
        end_applications(server, &owner.name, &address(request)).await?;
    }
    let mut response = signed_out(request, server)?;
    session_cookie::remove(&mut response, server);
    Ok(response)
}

/// Ends every token that clients hold for this owner. What was allowed stays allowed.
async fn end_applications(server: &Server, owner: &str, address: &str) -> Result<(), Refusal> {
    for one in server.access.end_grants_of(owner).await? {
        server.audit.record(&AuditEvent::AccessEnded {
            client: &one.given.client_id,
            owner: one.owner.as_deref(),
            grant_id: Some(one.grant_id),
            by: Some(owner),
            address,
        });
    }
    Ok(())
}

async fn question(
    request: &HttpRequest,
    server: &Server,
    session: &BrowserSession,
    status: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let Some(owner) = server.sessions.owner(session).await? else {
        return signed_out(request, server);
    };
    let shown = LogoutPage {
        csrf_token: server.sessions.csrf_token(session),
        owner: owner.name.clone(),
    };
    let here = server.addresses.logout.to_string();
    let html = shown.render(&frame(server, request).here(here))?;
    Ok(answers::page(status, Forms::StayHere).body(html))
}

fn signed_out(request: &HttpRequest, server: &Server) -> Result<HttpResponse, Refusal> {
    let here = server.addresses.logout.to_string();
    let html = SignedOutPage {}.render(&frame(server, request).here(here))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}
