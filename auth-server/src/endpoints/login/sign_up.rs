//! `/login/sign-up`: a link for an account, where the settings let people make some. As with a forgotten password the answer is
//! there before anybody has looked whether the address has one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::forgotten::links;
use crate::account_links::{AccountLinks, NewAccounts};
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::noted_refusal::{NO_ADDRESS, NO_SESSION, note_fault};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::{new_session, session_cookie};
use crate::outbox::{MailWanted, SignUpWanted};
use crate::pages::{SignUpPage, SignUpState};
use crate::records::EmailAddress;
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// Bytes of what is shown again; no address is longer.
const LONGEST_SHOWN: usize = 254;

pub(in crate::endpoints) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let (links, accounts) = sign_ups(&server)?;
    let session = new_session::find_or_begin(&server, &request).await?;
    let (named, _) = NamedRequest::in_query(&request);
    let visit = Visit {
        request: &request,
        server: &server,
        links,
        accounts,
        session: &session,
    };
    visit.page(&named, StatusCode::OK, SignUpState::Asked)
}

/// Only a form of that very session is looked at: no page of somebody else makes a browser ask.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let (links, accounts) = sign_ups(&server)?;
    let named = NamedRequest::take(&mut form);
    let typed = form.take("email").unwrap_or_default();
    let cookies = session_cookie::presented(&request, &server);
    let found = server.sessions.find_of_form(cookies, form.take("_csrf"));
    let FormSession::Own(session) = found.await? else {
        note_fault(&request, None, NO_SESSION);
        let page = named.sign_up_page(&server.addresses);
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &page));
    };
    let visit = Visit {
        request: &request,
        server: &server,
        links,
        accounts,
        session: &session,
    };
    match EmailAddress::parse(&typed) {
        Some(email) => visit.ask(email, &named),
        None => visit.no_address(typed, &named),
    }
}

/// None where nobody makes an account.
pub(super) fn sign_ups(server: &Server) -> Result<(&AccountLinks, &NewAccounts), Refusal> {
    let links = links(server)?;
    let accounts = links.new_accounts.as_ref();
    Ok((links, accounts.ok_or_else(Refusal::not_found)?))
}

struct Visit<'a> {
    request: &'a HttpRequest,
    server: &'a Server,
    links: &'a AccountLinks,
    accounts: &'a NewAccounts,
    session: &'a BrowserSession,
}

impl Visit<'_> {
    fn ask(&self, email: EmailAddress, named: &NamedRequest) -> Result<HttpResponse, Refusal> {
        let address = address(self.request);
        let wanted = SignUpWanted {
            email,
            language: frame(self.server, self.request).language(),
            query: named.clone().of_link().query(),
            address: address.clone(),
        };
        let asked = self.links.ask(&address, MailWanted::SignUp(wanted));
        asked.map_err(|wait| Refusal::too_many_links(wait.as_secs().max(1)))?;
        self.page(named, StatusCode::OK, SignUpState::Sent)
    }

    /// That says nothing of accounts: nobody has such an address.
    fn no_address(&self, typed: String, named: &NamedRequest) -> Result<HttpResponse, Refusal> {
        note_fault(self.request, None, NO_ADDRESS);
        let typed = Some(typed).filter(|typed| typed.len() <= LONGEST_SHOWN);
        let state = SignUpState::NoAddress(typed.unwrap_or_default());
        self.page(named, StatusCode::BAD_REQUEST, state)
    }

    fn page(
        &self,
        named: &NamedRequest,
        status: StatusCode,
        state: SignUpState,
    ) -> Result<HttpResponse, Refusal> {
        let at = &self.server.addresses;
        let shown = SignUpPage {
            csrf_token: self.server.sessions.csrf_token(self.session),
            authorization: named.id.as_ref().map(ToString::to_string),
            client_id: named.client_id.as_ref().map(ToString::to_string),
            back: named.sign_in_page(at, SignInVisit::default()),
            state,
            life_secs: self.accounts.life_secs,
        };
        let html = shown.render(&frame(self.server, self.request))?;
        let mut response = answers::page(status, Forms::StayHere).body(html);
        session_cookie::set(&mut response, self.session, self.server);
        Ok(response)
    }
}
