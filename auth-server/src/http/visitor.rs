//! Who visits a page that is only for whoever is signed in.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::http::answers;
use crate::http::late_form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::noted_refusal::{NO_SESSION, OTHER_SESSION, note_fault};
use crate::http::page_frame::CameLate;
use crate::http::refusals::Refusal;
use crate::http::sending_page::is_from_our_page;
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

/// Who sent a form of the session in which they are signed in. Any other does nothing, which is noted.
pub(crate) async fn sender(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<Result<Visitor, LateForm>, Refusal> {
    let cookies = session_cookie::presented(request, server);
    let form_session = server.sessions.find_of_form(cookies, form.take("_csrf"));
    let is_ours = is_from_our_page(server, request);
    let late = match form_session.await? {
        FormSession::Own(session) => match visitor(server, Some(session)).await? {
            Some(visitor) => return Ok(Ok(visitor)),
            None => LateForm::of_nobody(true),
        },
        FormSession::Other(session) => LateForm {
            visitor: visitor(server, Some(session)).await?,
            is_ours,
        },
        FormSession::Over(_) => LateForm::of_nobody(true),
        FormSession::Unknown => LateForm::of_nobody(is_ours),
    };
    late.note(request);
    Ok(Err(late))
}

/// A form of a page that is older than the sign-in, whose session is over, or that is somebody else's.
pub(crate) struct LateForm {
    /// Who is signed in by now.
    pub(crate) visitor: Option<Visitor>,
    /// Whether it is proved that a page of ours has sent it. What other pages send is never shown as if it had been typed.
    is_ours: bool,
}

impl LateForm {
    const fn of_nobody(is_ours: bool) -> Self {
        Self {
            visitor: None,
            is_ours,
        }
    }

    fn note(&self, request: &HttpRequest) {
        let owner = self.visitor.as_ref().map(|it| it.owner.name.as_str());
        let rule = match owner {
            Some(_) => OTHER_SESSION,
            None => NO_SESSION,
        };
        note_fault(request, owner, rule);
    }

    /// Who is shown the page of the form once more, with what was typed; or the answer to whoever has to sign in before.
    pub(crate) fn again(
        self,
        server: &Server,
        request: &HttpRequest,
        form: &Parameters,
        place: Place,
    ) -> Result<Result<Visitor, HttpResponse>, Refusal> {
        if !self.is_ours {
            let page = place.endpoint(&server.addresses).to_string();
            return Ok(Err(answers::redirect(StatusCode::SEE_OTHER, &page)));
        }
        if let Some(visitor) = self.visitor {
            request.extensions_mut().insert(CameLate);
            return Ok(Ok(visitor));
        }
        late_form::ask_to_sign_in(server, request, form, place).map(Err)
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
