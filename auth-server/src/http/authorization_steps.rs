//! From what the authorization endpoint decided to the answer for the browser, and to the
//! audit event.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::audit::AuditEvent;
use crate::authorization::complete::{Completed, Gives};
use crate::authorization::request::RequestError;
use crate::authorization::{AuthorizationError, Step};
use crate::http::caller::address;
use crate::http::refusals::Refusal;
use crate::http::{answers, approval_page, session_cookie};
use crate::server::Server;
use crate::sessions::BrowserSession;

/// A browser that asks, and how it is sent on: 302 after a GET, 303 after a POST, so that no form is
/// posted again.
pub(crate) struct Browser<'a> {
    pub(crate) server: &'a Server,
    pub(crate) request: &'a HttpRequest,
    pub(crate) redirect_status: StatusCode,
}

impl Browser<'_> {
    /// Answers with the next step of a request.
    pub(crate) fn answer(
        &self,
        session: &BrowserSession,
        step: Step,
    ) -> Result<HttpResponse, Refusal> {
        match step {
            Step::SignIn(id) => {
                let page = format!("/login?authorization={id}");
                let mut response = answers::redirect(StatusCode::FOUND, &page);
                session_cookie::set(&mut response, session, self.server);
                Ok(response)
            }
            Step::Ask(asked) => approval_page::ask(self.server, self.request, session, *asked),
            Step::Complete(completed) => Ok(self.complete(&completed)),
        }
    }

    /// Sends the browser back to the client with its answer.
    pub(crate) fn complete(&self, completed: &Completed) -> HttpResponse {
        let address = &address(self.request);
        let event = match &completed.gives {
            Gives::Code(issued) => Some(AuditEvent::CodeIssued { issued, address }),
            Gives::Token(issued) => Some(AuditEvent::TokenIssued { issued, address }),
            Gives::Nothing => None,
        };
        if let Some(event) = event {
            self.server.audit.record(&event);
        }
        answers::redirect(self.redirect_status, &completed.redirection.location)
    }

    /// Answers a request that does not go on. `nothing_waits` says what that means here.
    pub(crate) fn stop(
        &self,
        error: AuthorizationError,
        nothing_waits: &str,
    ) -> Result<HttpResponse, Refusal> {
        match error {
            AuthorizationError::NothingWaits => Err(Refusal::request_gone(nothing_waits)),
            AuthorizationError::Request(error) => self.refuse(error),
            AuthorizationError::Store(error) => Err(error.into()),
            AuthorizationError::Issue(error) => Err(error.into()),
        }
    }

    /// Tells the client no, or, where that is not safe, the person.
    pub(crate) fn refuse(&self, error: RequestError) -> Result<HttpResponse, Refusal> {
        let reason = &error.to_string();
        let client = match &error {
            RequestError::Unsafe { client, .. } => client.as_ref(),
            RequestError::Redirect { client, .. } => Some(client),
            RequestError::Store(_) => None,
        };
        if !matches!(error, RequestError::Store(_)) {
            let address = &address(self.request);
            let event = AuditEvent::AuthorizationRefused {
                client,
                reason,
                address,
            };
            self.server.audit.record(&event);
        }
        match error {
            RequestError::Unsafe { error, .. } => Err(error.into()),
            RequestError::Redirect { redirection, .. } => {
                let status = self.redirect_status;
                Ok(answers::redirect(status, &redirection.location))
            }
            RequestError::Store(error) => Err(error.into()),
        }
    }
}
