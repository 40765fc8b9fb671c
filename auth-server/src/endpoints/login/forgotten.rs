//! `/login/forgotten`: a link in the place of a password that was forgotten. The answer is there before anybody has looked whether
//! there is such an account, so it tells nobody.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::account_links::AccountLinks;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::noted_refusal::{NO_SESSION, note_fault};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::{new_session, session_cookie};
use crate::outbox::{MailWanted, ResetWanted};
use crate::pages::{ForgottenPage, ResetReason};
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// Bytes. No name of an account is longer, and no address.
const LONGEST_NAME: usize = 255;

pub(in crate::endpoints) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let links = links(&server)?;
    let session = new_session::find_or_begin(&server, &request).await?;
    let (named, _) = NamedRequest::in_query(&request);
    let visit = Visit {
        request: &request,
        server: &server,
        links,
        session: &session,
    };
    visit.page(&named, false)
}

/// Only a form of that very session is looked at: no page of somebody else makes a browser ask.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let links = links(&server)?;
    let named = NamedRequest::take(&mut form);
    let owner = form.take("username").unwrap_or_default();
    let cookies = session_cookie::presented(&request, &server);
    let found = server.sessions.find_of_form(cookies, form.take("_csrf"));
    let FormSession::Own(session) = found.await? else {
        note_fault(&request, None, NO_SESSION);
        let page = named.forgotten_page(&server.addresses);
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &page));
    };
    let visit = Visit {
        request: &request,
        server: &server,
        links,
        session: &session,
    };
    visit.ask(owner, &named)
}

/// None where no mails are sent.
pub(super) fn links(server: &Server) -> Result<&AccountLinks, Refusal> {
    server.account_links.as_ref().ok_or_else(Refusal::not_found)
}

struct Visit<'a> {
    request: &'a HttpRequest,
    server: &'a Server,
    links: &'a AccountLinks,
    session: &'a BrowserSession,
}

impl Visit<'_> {
    fn ask(&self, owner: String, named: &NamedRequest) -> Result<HttpResponse, Refusal> {
        let wanted = ResetWanted {
            reason: ResetReason::Forgotten,
            owner,
            language: frame(self.server, self.request).language(),
            query: named.clone().of_link().query(),
            address: address(self.request),
        };
        if wanted.owner.len() <= LONGEST_NAME {
            let address = wanted.address.clone();
            let asked = self.links.ask(&address, MailWanted::PasswordReset(wanted));
            asked.map_err(|wait| Refusal::too_many_links(wait.as_secs().max(1)))?;
        }
        self.page(named, true)
    }

    fn page(&self, named: &NamedRequest, is_sent: bool) -> Result<HttpResponse, Refusal> {
        let at = &self.server.addresses;
        let shown = ForgottenPage {
            csrf_token: self.server.sessions.csrf_token(self.session),
            authorization: named.id.as_ref().map(ToString::to_string),
            client_id: named.client_id.as_ref().map(ToString::to_string),
            back: named.sign_in_page(at, SignInVisit::default()),
            is_sent,
            life_secs: self.links.reset_secs,
        };
        let html = shown.render(&frame(self.server, self.request))?;
        let mut response = answers::page(StatusCode::OK, Forms::StayHere).body(html);
        session_cookie::set(&mut response, self.session, self.server);
        Ok(response)
    }
}
