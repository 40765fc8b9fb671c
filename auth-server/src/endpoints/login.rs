//! `/login`: one sign-in serves every client. Where the password is not enough, `/login/code` asks for the second factor.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::addresses::Addresses;
use crate::http::caller::{address, device};
use crate::http::form::Form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::noted_refusal::{NO_SESSION, OTHER_SESSION, note_fault};
use crate::http::refusals::Refusal;
use crate::http::sign_in_events::{check_password, record_sign_in};
use crate::http::sign_in_page::SignInPage;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::{answers, known_browser, new_session, session_cookie};
use crate::pages::LoginNotice;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::sign_in::{PasswordShown, SignInError};
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession, Sessions};

pub(super) mod code;
pub(super) mod forgotten;
#[cfg(feature = "passkeys")]
pub(super) mod passkey;
pub(super) mod reset;
pub(super) mod sign_up;
pub(super) mod sign_up_finish;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let session = new_session::find_or_begin(&server, &request).await?;
    let (named, visit) = NamedRequest::in_query(&request);
    let is_signed_in = server.sessions.owner(&session).await?.is_some();
    let leads_on = named.id.is_some() || named.next.is_some();
    let is_to_sign_in = visit.another_account || visit.new_password || visit.new_account;
    if is_signed_in && leads_on && !is_to_sign_in {
        // Signed in already, perhaps in another tab: the request waits for nothing here.
        return Ok(leave(&server.addresses, StatusCode::FOUND, &named));
    }
    let page = SignInPage::of(&server, &request, &session, &named).await?;
    let notice = match visit {
        SignInVisit { too_late: true, .. } => Some(LoginNotice::SessionExpired),
        SignInVisit {
            new_account: true, ..
        } => Some(LoginNotice::NewAccount),
        SignInVisit { new_password, .. } => new_password.then_some(LoginNotice::NewPassword),
    };
    page.show(StatusCode::OK, String::new(), notice)
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form?;
    let submitted = Submitted::decode(form);
    let cookies = session_cookie::presented(&request, &server);
    let csrf_token = submitted.csrf_token.clone();
    let visitor = Visitor {
        server: &server,
        request: &request,
    };
    match server.sessions.find_of_form(cookies, csrf_token).await? {
        FormSession::Own(session) => visitor.sign_in(session, submitted).await,
        FormSession::Other(session) => visitor.send_on(session, submitted).await,
        FormSession::Over(cookie) => visitor.sign_in_again(&cookie, submitted).await,
        FormSession::Unknown => Ok(visitor.too_late(&submitted.named)),
    }
}

/// What the form of the sign-in page sends.
struct Submitted {
    named: NamedRequest,
    username: String,
    password: Secret,
    csrf_token: Option<String>,
}

impl Submitted {
    fn decode(mut form: Parameters) -> Self {
        Self {
            named: NamedRequest::take(&mut form),
            username: form.take("username").unwrap_or_default(),
            password: Secret::new(form.take("password").unwrap_or_default()),
            csrf_token: form.take("_csrf"),
        }
    }
}

/// Who sent the form.
struct Visitor<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
}

impl Visitor<'_> {
    /// By a form of the session that the browser is in.
    async fn sign_in(
        &self,
        session: BrowserSession,
        submitted: Submitted,
    ) -> Result<HttpResponse, Refusal> {
        let server = self.server;
        match self.authenticate(&submitted).await {
            Ok(shown) if shown.needs_second_factor => {
                let session = server.sessions.await_second_factor(session, &shown.owner);
                Ok(self.ask_code(&session.await?, &submitted.named))
            }
            Ok(shown) => {
                let session = self.sessions().renew(session, &shown.owner).await?;
                Ok(self.go_on(&session, &shown.owner, &submitted.named))
            }
            Err(error) => {
                let named = &submitted.named;
                let page = SignInPage::of(server, self.request, &session, named).await?;
                page.again(submitted.username, SignInRefusal::try_from(error)?)
            }
        }
    }

    /// By a form whose session is over: it came before, a moment ago, or the page was open for long. A browser
    /// may have got another cookie since, which only an answer to a good password takes the place of.
    async fn sign_in_again(
        &self,
        cookie: &Secret,
        submitted: Submitted,
    ) -> Result<HttpResponse, Refusal> {
        match self.authenticate(&submitted).await {
            Ok(shown) if shown.needs_second_factor => {
                let sessions = &self.server.sessions;
                let session = sessions.await_second_factor_again(cookie, &shown.owner);
                Ok(self.ask_code(&session.await?, &submitted.named))
            }
            Ok(shown) => {
                let session = self.sessions().renew_again(cookie, &shown.owner).await?;
                Ok(self.go_on(&session, &shown.owner, &submitted.named))
            }
            Err(error) => {
                SignInRefusal::try_from(error)?;
                Ok(self.too_late(&submitted.named))
            }
        }
    }

    /// By a form that is not of the session that the browser is in: nobody is signed in by it. Who is signed in
    /// goes on, others get a form of their own.
    async fn send_on(
        &self,
        session: BrowserSession,
        submitted: Submitted,
    ) -> Result<HttpResponse, Refusal> {
        let server = self.server;
        if server.sessions.owner(&session).await?.is_some() {
            return Ok(leave(
                &server.addresses,
                StatusCode::SEE_OTHER,
                &submitted.named,
            ));
        }
        note_fault(self.request, None, OTHER_SESSION);
        let page = SignInPage::of(server, self.request, &session, &submitted.named).await?;
        let notice = Some(LoginNotice::SessionExpired);
        page.show(StatusCode::FORBIDDEN, submitted.username, notice)
    }

    /// A form that came too late leads to a new sign-in page, which is noted.
    fn too_late(&self, named: &NamedRequest) -> HttpResponse {
        note_fault(self.request, None, NO_SESSION);
        too_late(&self.server.addresses, named)
    }

    /// Those that begin in this browser.
    fn sessions(&self) -> Sessions {
        self.server.sessions.in_browser(device(self.request))
    }

    async fn authenticate(&self, submitted: &Submitted) -> Result<PasswordShown, SignInError> {
        let Submitted {
            username, password, ..
        } = submitted;
        check_password(self.server, self.request, username, password).await
    }

    /// To the page of the second step: nobody is signed in yet, and the browser has another session all the same.
    fn ask_code(&self, session: &BrowserSession, named: &NamedRequest) -> HttpResponse {
        let page = named.code_page(&self.server.addresses);
        let mut response = answers::redirect(StatusCode::SEE_OTHER, &page);
        session_cookie::set(&mut response, session, self.server);
        response
    }

    /// Somebody is signed in.
    fn go_on(
        &self,
        session: &BrowserSession,
        owner: &ResourceOwner,
        named: &NamedRequest,
    ) -> HttpResponse {
        let server = self.server;
        record_sign_in(&server.audit, owner, &address(self.request));
        let mut response = leave(&server.addresses, StatusCode::SEE_OTHER, named);
        session_cookie::set(&mut response, session, server);
        known_browser::set(&mut response, server, &owner.name);
        response
    }
}

/// To the request that was named, else to the page that was, else to the start page.
fn leave(at: &Addresses, status: StatusCode, named: &NamedRequest) -> HttpResponse {
    let location = match (&named.id, named.next) {
        (Some(_), _) => named.confirmation(at),
        (None, Some(place)) => place.endpoint(at).to_string(),
        (None, None) => at.home.to_string(),
    };
    answers::redirect(status, &location)
}

/// To a new sign-in page. What session the browser is in by then, it says itself: this answer sets nothing.
fn too_late(at: &Addresses, named: &NamedRequest) -> HttpResponse {
    let visit = SignInVisit {
        too_late: true,
        ..SignInVisit::default()
    };
    answers::redirect(StatusCode::SEE_OTHER, &named.sign_in_page(at, visit))
}
