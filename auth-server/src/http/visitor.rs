//! Who visits a page that is only for whoever is signed in.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::http::answers;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::pages::{Menu, Place};
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// An owner who is signed in, and where.
pub(crate) struct Visitor {
    pub(crate) session: BrowserSession,
    pub(crate) owner: Arc<ResourceOwner>,
    /// What there is beside what everybody has.
    more: Vec<Place>,
    /// Whether this one administers on pages.
    pub(crate) administers: bool,
}

impl Visitor {
    /// The menu of their pages.
    pub(crate) fn menu(&self, here: Place) -> Menu {
        Menu {
            owner: self.owner.name.clone(),
            here,
            places: Place::OF_EVERYBODY
                .into_iter()
                .chain(self.more.iter().copied())
                .collect(),
        }
    }
}

/// Who is signed in, or the way to sign in and come back to this place.
pub(crate) async fn signed_in(
    server: &Server,
    request: &HttpRequest,
    place: Place,
) -> Result<Result<Visitor, HttpResponse>, Refusal> {
    let cookies = session_cookie::presented(request, server);
    let session = server.sessions.find(cookies).await?;
    if let Some(visitor) = visitor(server, session).await? {
        return Ok(Ok(visitor));
    }
    let named = NamedRequest {
        next: Some(place),
        ..NamedRequest::default()
    };
    let page = named.sign_in_page(&server.addresses, SignInVisit::default());
    Ok(Err(answers::redirect(StatusCode::SEE_OTHER, &page)))
}

/// Who sent a form, if it is one of the session in which they are signed in.
pub(crate) async fn sender(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<Option<Visitor>, Refusal> {
    let cookies = session_cookie::presented(request, server);
    let form_session = server.sessions.find_of_form(cookies, form.take("_csrf"));
    match form_session.await? {
        FormSession::Own(session) => visitor(server, Some(session)).await,
        FormSession::Other(_) | FormSession::Over(_) | FormSession::Unknown => Ok(None),
    }
}

async fn visitor(
    server: &Server,
    session: Option<BrowserSession>,
) -> Result<Option<Visitor>, Refusal> {
    let Some(session) = session else {
        return Ok(None);
    };
    let owner = server.sessions.owner(&session).await?;
    let administrators = &server.administrators;
    Ok(owner.map(|owner| {
        let administers = administrators.pages && administrators.include(&owner.authorities);
        Visitor {
            session,
            owner,
            more: more(server, administers),
            administers,
        }
    }))
}

/// What there is beside what everybody has: some for all owners of this server, some for administrators.
fn more(server: &Server, administers: bool) -> Vec<Place> {
    let places = [
        (Place::Email, server.account_links.is_some()),
        (Place::Passkeys, server.has_passkeys()),
        (Place::Developer, server.registration.access.portal),
        (Place::Administration, administers),
    ];
    let there = places.into_iter().filter(|(_, is_there)| *is_there);
    there.map(|(place, _)| place).collect()
}
