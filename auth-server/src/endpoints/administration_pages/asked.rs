//! Who asks for a page of administrators, for what, and where it leads.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::{self, Parameters};

use crate::addresses::Endpoint;
use crate::administration::{Administrator, Changed, Kept};
use crate::http::answers;
use crate::http::caller::address;
use crate::http::noted_refusal::{Asker, note_fault};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::visitor::{LateForm, Visitor, sender, signed_in};
use crate::pages::{AdministrationNotice, Language, Menu, Place};
use crate::server::Server;

/// An administrator who is signed in, or the way to sign in. For everybody else there is nothing.
pub(super) async fn administrator(
    server: &Server,
    request: &HttpRequest,
) -> Result<Result<Visitor, HttpResponse>, Refusal> {
    if !server.administrators.pages {
        return Err(Refusal::not_found());
    }
    match signed_in(server, request, Place::Administration).await? {
        Ok(visitor) if visitor.administers => Ok(Ok(visitor)),
        Ok(visitor) => Err(hidden(&visitor)),
        Err(sign_in) => Ok(Err(sign_in)),
    }
}

/// Who sent a form of their own, and may; else a form that came too late, of whom may, or of nobody.
pub(super) async fn sent_by(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<Result<Visitor, LateForm>, Refusal> {
    if !server.administrators.pages {
        return Err(Refusal::not_found());
    }
    let sent = sender(server, request, form).await?;
    let visitor = match &sent {
        Ok(visitor) => Some(visitor),
        Err(late) => late.visitor.as_ref(),
    };
    match visitor {
        Some(visitor) if !visitor.administers => Err(hidden(visitor)),
        Some(_) | None => Ok(sent),
    }
}

/// Who may not is told nothing, and whoever asks later why.
fn hidden(visitor: &Visitor) -> Refusal {
    let asker = Asker::owner(&visitor.owner.name);
    Refusal::hidden(asker, "the account has no authority to administer")
}

pub(super) fn menu(visitor: &Visitor) -> Menu {
    visitor.menu(Place::Administration)
}

/// Who did something, and from where.
pub(super) struct Doer {
    name: String,
    address: String,
    language: Language,
}

impl Doer {
    pub(super) fn of(server: &Server, visitor: &Visitor, request: &HttpRequest) -> Self {
        Self {
            name: visitor.owner.name.clone(),
            address: address(request),
            language: frame(server, request).language(),
        }
    }

    pub(super) fn who(&self) -> Administrator<'_> {
        Administrator {
            by: Some(&self.name),
            address: &self.address,
            language: self.language,
        }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Notes why a form came to nothing.
    pub(super) fn note(&self, request: &HttpRequest, rule: &str) {
        note_fault(request, Some(&self.name), rule);
    }
}

/// What a page is asked for.
pub(super) struct Asked {
    pub(super) client_id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) after: Option<String>,
    /// Where ending goes on.
    pub(super) ends_on: Option<String>,
    pub(super) notice: Option<AdministrationNotice>,
}

impl Asked {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let query = Parameters::decode(request.query_string().as_bytes());
        let mut query = query.unwrap_or_default();
        let notice = query.take("notice").filter(|_| may_say_done(request));
        Self {
            client_id: query.take("client_id"),
            username: query.take("username"),
            after: query.take("after"),
            ends_on: query.take("ends_on"),
            notice: notice.and_then(|word| AdministrationNotice::parse(&word)),
        }
    }
}

/// The address of a page with these parameters.
pub(super) fn address_of<'a>(
    page: &Endpoint,
    query: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> String {
    let query = parameters::encode(query);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{page}{separator}{query}")
}

/// What came of a change, which is noted where it is nothing.
pub(super) fn notice_of(
    request: &HttpRequest,
    doer: &Doer,
    changed: &Changed<()>,
    what: Kept,
) -> AdministrationNotice {
    if let Some(why) = changed.nothing_done(what) {
        doer.note(request, why);
    }
    match changed {
        Changed::Done(()) => AdministrationNotice::Done,
        Changed::AlreadySo
        | Changed::Unknown
        | Changed::KeptElsewhere
        | Changed::Contended
        | Changed::HasNone => AdministrationNotice::Nothing,
        Changed::SaysOther => AdministrationNotice::SaysOther,
        Changed::NotInvited(_) => AdministrationNotice::NotInvited,
    }
}

pub(super) fn see(location: &str) -> HttpResponse {
    answers::redirect(StatusCode::SEE_OTHER, location)
}
