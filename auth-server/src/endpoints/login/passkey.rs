//! `/login/passkey`: a passkey in the place of name and password, or after the password in the place of a code.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::code::elsewhere;
use super::{Visitor, too_late};
use crate::audit::AuditEvent;
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::NamedRequest;
use crate::http::noted_refusal::{NO_SESSION, note_fault};
use crate::http::refusals::Refusal;
use crate::http::second_factor_refusal::CodeRefusal;
use crate::http::sign_in_page::SignInPage;
use crate::http::{answers, passkey_refusal, session_cookie};
use crate::pages::LoginNotice;
use crate::passkeys::{PasskeyError, PasskeyRejection, PasskeyShown};
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// Whoever asks for the address of a form's answer gets the form.
pub(in crate::endpoints) async fn show(request: HttpRequest, server: Data<Server>) -> HttpResponse {
    let (named, visit) = NamedRequest::in_query(&request);
    let page = named.sign_in_page(&server.addresses, visit);
    answers::redirect(StatusCode::SEE_OTHER, &page)
}

/// Only a form of that very session is looked at: what it brings answers a challenge of that session.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let passkeys = server.passkeys.as_ref().ok_or_else(Refusal::not_found)?;
    let Form(mut form) = form?;
    let named = NamedRequest::take(&mut form);
    let sent = form.take("credential").unwrap_or_default();
    let cookies = session_cookie::presented(&request, &server);
    let found = server.sessions.find_of_form(cookies, form.take("_csrf"));
    let session = match found.await? {
        FormSession::Own(session) => session,
        FormSession::Other(session) => return elsewhere(&server, &session, &named).await,
        FormSession::Over(_) | FormSession::Unknown => {
            note_fault(&request, None, NO_SESSION);
            return Ok(too_late(&server.addresses, &named));
        }
    };
    let visitor = Visitor {
        server: &server,
        request: &request,
    };
    let awaited = server.sessions.awaited(&session).await?;
    let name = awaited.as_ref().map(|owner| owner.name.as_str());
    let shown = passkeys.sign_in(&session.id, name, &sent).await;
    match shown {
        Ok(shown) => {
            visitor.passkey_used(&shown);
            let session = visitor.sessions().renew(session, &shown.owner).await?;
            Ok(visitor.go_on(&session, &shown.owner, &named))
        }
        Err(rejection) => {
            // Sent twice: the session that began then is in the browser, and no answer of ours takes its place.
            let is_spent = matches!(rejection.error, PasskeyError::Spent);
            visitor.passkey_refused(rejection)?;
            if is_spent {
                return Ok(too_late(&server.addresses, &named));
            }
            visitor
                .ask_again(&session, awaited.as_deref(), &named)
                .await
        }
    }
}

impl Visitor<'_> {
    fn passkey_used(&self, shown: &PasskeyShown) {
        self.server.audit.record(&AuditEvent::PasskeyUsed {
            owner: &shown.owner.name,
            passkey: &shown.id,
            address: &address(self.request),
        });
    }

    /// What is not the passkey's fault is told as that.
    fn passkey_refused(&self, rejection: PasskeyRejection) -> Result<(), Refusal> {
        let reason = passkey_refusal::reason(rejection.error)?;
        self.server.audit.record(&AuditEvent::PasskeyRefused {
            owner: rejection.owner.as_deref(),
            reason,
            address: &address(self.request),
        });
        Ok(())
    }

    /// The page that it came from, with a new challenge.
    async fn ask_again(
        &self,
        session: &BrowserSession,
        awaited: Option<&ResourceOwner>,
        named: &NamedRequest,
    ) -> Result<HttpResponse, Refusal> {
        let (server, status) = (self.server, StatusCode::UNAUTHORIZED);
        let page = SignInPage::of(server, self.request, session, named).await?;
        match awaited {
            Some(owner) => {
                let here = named.code_page(&server.addresses);
                page.ask_code(here, owner, Some(CodeRefusal::of_passkey()))
                    .await
            }
            None => page.show(status, String::new(), Some(LoginNotice::PasskeyRefused)),
        }
    }
}
