//! From what the authorization endpoint decided to the answer for the browser, and to the
//! audit event.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::authorization::AuthorizationOutcome;
use symbolon::error::ErrorResponse;

use crate::audit::AuditEvent;
use crate::authorization::complete::{Completed, Gives};
use crate::authorization::request::{CheckedRequest, RequestError, TooLong, UnsafeRequest};
use crate::authorization::{AuthorizationError, Step};
use crate::clients::client::Client;
use crate::http::announced::announce;
use crate::http::caller::address;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::refusals::Refusal;
use crate::http::spring_refusals;
use crate::http::way_back::way_back;
use crate::http::{answers, approval_page, session_cookie};
use crate::metrics::limits::{LONGEST_REQUEST, LONGEST_STATE};
use crate::records::{Habit, RedirectStatus};
use crate::server::Server;
use crate::sessions::BrowserSession;

/// A browser that asks.
pub(crate) struct Browser<'a> {
    pub(crate) server: &'a Server,
    pub(crate) request: &'a HttpRequest,
}

impl Browser<'_> {
    /// Sends the browser on.
    pub(crate) fn redirect(&self, location: &str) -> HttpResponse {
        let status = match self.server.spring.redirect_status {
            RedirectStatus::ByMethod if self.request.method() == Method::GET => StatusCode::FOUND,
            RedirectStatus::ByMethod | RedirectStatus::SeeOther => StatusCode::SEE_OTHER,
            RedirectStatus::Found => StatusCode::FOUND,
        };
        answers::redirect(status, location)
    }

    /// Answers with the next step of a request.
    pub(crate) fn answer(
        &self,
        session: &BrowserSession,
        step: Step,
    ) -> Result<HttpResponse, Refusal> {
        match step {
            Step::SignIn(id, client_id) => {
                let named = NamedRequest::waiting(id, client_id);
                let at = &self.server.addresses;
                let page = named.sign_in_page(at, SignInVisit::default());
                let mut response = self.redirect(&page);
                session_cookie::set(&mut response, session, self.server);
                Ok(response)
            }
            Step::Ask(asked) => {
                let status = StatusCode::OK;
                approval_page::ask(self.server, self.request, session, *asked, status)
            }
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
        let mut response = self.redirect(&completed.redirection.location);
        if let Gives::Token(issued) = &completed.gives {
            let habit = Habit::ImplicitGrant;
            self.server.habits.note(habit, Some(&issued.client_id));
            announce(self.server, &[habit], &mut response);
        }
        response
    }

    /// Answers a request that does not go on. `gone` says what it means here that it does not wait.
    pub(crate) async fn stop(
        &self,
        error: AuthorizationError,
        named: &NamedRequest,
        gone: &str,
    ) -> Result<HttpResponse, Refusal> {
        match error {
            AuthorizationError::NothingWaits => Err(self.gone(named, gone).await),
            AuthorizationError::Request(error) => self.refuse(error).await,
            AuthorizationError::Store(error) => Err(error.into()),
            AuthorizationError::Issue(error) => Err(error.into()),
        }
    }

    /// Tells the client that its request cannot be answered now (RFC 6749 §4.1.2.1): it knows what the person was
    /// about to do. What is not our trouble is told to the person.
    pub(crate) async fn tell(
        &self,
        request: &CheckedRequest,
        refusal: Refusal,
    ) -> Result<HttpResponse, Refusal> {
        if !refusal.is_our_trouble() {
            let way_back = way_back(self.server, Some(&request.client.id)).await;
            return Err(refusal.with_way_back(way_back));
        }
        let error = ErrorResponse::new(refusal.code().clone(), refusal.description());
        let redirection = request.answer(AuthorizationOutcome::Error(error));
        Ok(self.redirect(&redirection.location))
    }

    /// A request that does not wait, with the way back to the client that it was of.
    pub(crate) async fn gone(&self, named: &NamedRequest, description: &str) -> Refusal {
        let way_back = way_back(self.server, named.client_id.as_ref()).await;
        Refusal::request_gone(description).with_way_back(way_back)
    }

    /// Tells the client no, or, where that is not safe, the person.
    pub(crate) async fn refuse(&self, error: RequestError) -> Result<HttpResponse, Refusal> {
        self.record_refusal(&error);
        match error {
            RequestError::Unsafe { client, error } => {
                Err(self.explain(client.as_deref(), error).await)
            }
            RequestError::Redirect {
                redirection,
                too_long,
                ..
            } => {
                if let Some(too_long) = too_long {
                    self.server.metrics.limits_reached.count(match too_long {
                        TooLong::State => LONGEST_STATE,
                        TooLong::Request => LONGEST_REQUEST,
                    });
                }
                Ok(self.redirect(&redirection.location))
            }
            RequestError::Store(error) => Err(error.into()),
        }
    }

    fn record_refusal(&self, error: &RequestError) {
        let code;
        let (client, parameter, error, reason) = match error {
            RequestError::Unsafe { client, error } => {
                code = error.code();
                let client = client.as_ref().map(|client| &client.id);
                (client, error.parameter(), &code, error.rule())
            }
            RequestError::Redirect { client, fault, .. } => {
                let error = &fault.response.error;
                (Some(client), fault.parameter, error, fault.said())
            }
            RequestError::Store(_) => return,
        };
        self.server.audit.record(&AuditEvent::AuthorizationRefused {
            client,
            parameter,
            error,
            reason,
            address: &address(self.request),
        });
    }

    /// Tells the person why nothing can be sent to the client.
    async fn explain(&self, client: Option<&Client>, error: UnsafeRequest) -> Refusal {
        let spring = client.map_or(self.server.spring, |client| client.spring);
        let refusal = if spring.authorize_errors {
            spring_refusals::of_authorization_request(error)
        } else {
            error.into()
        };
        let id = client.map(|client| &client.id);
        refusal.with_way_back(way_back(self.server, id).await)
    }
}
