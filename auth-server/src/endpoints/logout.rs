//! `/logout`: ends the session here. Tokens that clients hold stay good; they are given back by
//! revocation.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::audit::AuditEvent;
use crate::http::caller::{address, language};
use crate::http::form::Form;
use crate::http::refusals::Refusal;
use crate::http::{answers, session_cookie};
use crate::pages::{LogoutPage, SignedOutPage};
use crate::server::Server;

/// Asks first: a link on another site must not sign anybody out.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let sessions = &server.sessions;
    let cookie = session_cookie::presented(&request);
    let Some(session) = sessions.find(cookie).await? else {
        return signed_out(&request);
    };
    let Some(owner) = sessions.owner(&session).await? else {
        return signed_out(&request);
    };
    let shown = LogoutPage {
        csrf_token: sessions.csrf_token(&session),
        owner: owner.name.clone(),
    };
    let html = shown.render(language(&request))?;
    Ok(answers::page(StatusCode::OK, None).body(html))
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let sessions = &server.sessions;
    let cookie = session_cookie::presented(&request);
    if let Some(session) = sessions.find(cookie).await? {
        if !sessions.is_own_form(&session, form.take("_csrf")) {
            return Err(Refusal::forged_form());
        }
        let owner = sessions.owner(&session).await?;
        sessions.end(&session).await?;
        server.audit.record(&AuditEvent::OwnerSignedOut {
            owner: owner.as_ref().map(|owner| owner.name.as_str()),
            address: &address(&request),
        });
    }
    let mut response = signed_out(&request)?;
    session_cookie::remove(&mut response, &server);
    Ok(response)
}

fn signed_out(request: &HttpRequest) -> Result<HttpResponse, Refusal> {
    let html = SignedOutPage {}.render(language(request))?;
    Ok(answers::page(StatusCode::OK, None).body(html))
}
