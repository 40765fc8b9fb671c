//! `/account/sessions`: where an owner is signed in, and ending that.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::session_cookie;
use crate::http::visitor::{Visitor, sender, signed_in};
use crate::pages::{OpenSession, Place, SessionsPage, SignedOutPage};
use crate::records::SessionId;
use crate::server::Server;
use crate::sessions::KnownSession;

/// Says in the address that one is sent to that a session was ended.
const ENDED: &str = "ended";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
    query: Query<BTreeMap<String, String>>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match signed_in(&server, &request, Place::Sessions).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let known = server.sessions.list(&visitor.owner).await?;
    let mut sessions: Vec<OpenSession> = known
        .into_iter()
        .map(|known| open_session(known, &visitor.session.id))
        .collect();
    sessions.sort_by_key(|session| !session.is_this);
    let shown = SessionsPage {
        menu: visitor.menu(Place::Sessions),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        sessions,
        ended: query.contains_key(ENDED) && may_say_done(&request),
    };
    let html = shown.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

fn open_session(known: KnownSession, this: &SessionId) -> OpenSession {
    OpenSession {
        id: known.id.to_text(),
        user_agent: known.device.user_agent,
        address: known.device.address,
        signed_in_at: known.signed_in_at,
        seen_at: known.seen_at,
        is_this: known.id == *this,
    }
}

/// Ends one session of this owner, or all. Only a form of this session does; whatever else comes leads to the list.
pub(super) async fn end(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let named = form
        .take("session")
        .and_then(|id| SessionId::from_text(&id));
    let everywhere = form.take("everywhere").is_some();
    let page = &server.addresses.account.sessions;
    let Ok(visitor) = sender(&server, &request, &mut form).await? else {
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &page.to_string()));
    };
    if everywhere {
        return end_all(&server, &request, &visitor).await;
    }
    let ended = match named {
        Some(id) => server.sessions.end_of(&visitor.owner, &id).await?,
        None => false,
    };
    if !ended {
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &page.to_string()));
    }
    note_sign_out(&server, &request, &visitor);
    let location = format!("{page}?{ENDED}=true");
    Ok(answers::redirect(StatusCode::SEE_OTHER, &location))
}

async fn end_all(
    server: &Server,
    request: &HttpRequest,
    visitor: &Visitor,
) -> Result<HttpResponse, Refusal> {
    server.sessions.end_all_of(&visitor.owner).await?;
    note_sign_out(server, request, visitor);
    let here = server.addresses.logout.to_string();
    let html = SignedOutPage {}.render(&frame(server, request).here(here))?;
    let mut response = answers::page(StatusCode::OK, Forms::StayHere).body(html);
    session_cookie::remove(&mut response, server);
    Ok(response)
}

fn note_sign_out(server: &Server, request: &HttpRequest, visitor: &Visitor) {
    server.audit.record(&AuditEvent::OwnerSignedOut {
        owner: Some(visitor.owner.name.as_str()),
        address: &address(request),
    });
}
