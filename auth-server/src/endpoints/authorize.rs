//! `/oauth/authorize` ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)): a GET starts; a
//! POST with `user_oauth_approval` decides (E1).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::authorization::AuthorizationRequest;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters::{ParameterError, Parameters, UncheckedParameters};

use crate::audit::AuditEvent;
use crate::authorization::approval::{self, ApprovalNeed};
use crate::authorization::complete;
use crate::authorization::request::{self, CheckedRequest, RequestError};
use crate::endpoints::browser_session::BrowserSession;
use crate::endpoints::confirm_access;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::{Form, FormError, LONGEST_FORM};
use crate::endpoints::login::address;
use crate::endpoints::page_answer::{PageError, redirect, to};
use crate::records::{PendingAuthorization, PendingId};
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::stores::StoreError;

/// The parameter whose presence makes a POST a decision.
const DECISION: &str = "user_oauth_approval";

/// What a browser asks for, and how it is redirected: 302 after a GET, 303 after a POST, so that no form
/// is posted again.
pub(super) struct Browser<'a> {
    pub(super) server: &'a Server,
    pub(super) request: &'a HttpRequest,
    pub(super) redirect_status: StatusCode,
}

pub(super) async fn start(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, PageError> {
    let redirect_status = StatusCode::FOUND;
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status,
    };
    let query = request.query_string().as_bytes();
    let sent = if query.len() > LONGEST_FORM {
        // It would be kept while its owner signs in.
        Err(FormError::Length)
    } else {
        UncheckedParameters::decode(query).map_err(FormError::from)
    };
    let answer = match sent {
        Ok(sent) if !sent.repeated.is_empty() => browser.refuse_repeated(sent),
        Ok(UncheckedParameters { mut single, .. }) => {
            browser
                .authorize(AuthorizationRequest::take(&mut single))
                .await
        }
        Err(error) => Err(unreadable(error)),
    };
    answer.map_err(|error| error.for_reader(&request))
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, PageError> {
    let redirect_status = StatusCode::SEE_OTHER;
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status,
    };
    let answer = match form {
        Ok(Form(form)) if form.contains(DECISION) => browser.decide(form).await,
        Ok(Form(mut form)) => {
            browser
                .authorize(AuthorizationRequest::take(&mut form))
                .await
        }
        Err(error) => Err(error.into()),
    };
    answer.map_err(|error| error.for_reader(&request))
}

fn unreadable(error: FormError) -> PageError {
    EndpointError::from(error).into()
}

impl Browser<'_> {
    /// RFC 6749 §3.1: parameters MUST NOT be repeated. The client is told (X2), unless the repetition
    /// leaves open which client that is and where (X1).
    fn refuse_repeated(&self, sent: UncheckedParameters) -> Result<HttpResponse, PageError> {
        let UncheckedParameters {
            mut single,
            repeated,
        } = sent;
        let error = ParameterError::Repeated;
        if repeated.contains("client_id") || repeated.contains("redirect_uri") {
            return Err(unreadable(error.into()));
        }
        let asked = AuthorizationRequest::take(&mut single);
        let body = ErrorResponse::new(ErrorCode::InvalidRequest, error.to_string());
        self.refused(&asked, request::refuse(self.server, &asked, body))
    }

    /// An authorization request: checked first, so that a wrong one never gets as far as the sign-in page.
    async fn authorize(&self, asked: AuthorizationRequest) -> Result<HttpResponse, PageError> {
        let checked = match self.check(&asked)? {
            Ok(checked) => checked,
            Err(refusal) => return Ok(refusal),
        };
        let session = BrowserSession::find_or_begin(self.server, self.request).await?;
        let Some(owner) = session.owner(self.server) else {
            let id = self.keep_pending(&session, asked).await?;
            let mut response = to(StatusCode::FOUND, &format!("/login?authorization={id}"));
            set_cookie(&mut response, &session, self.server);
            return Ok(response);
        };
        match approval::needed_approval(self.server, &owner.name, &checked).await? {
            ApprovalNeed::None => self.grant_all(&checked, owner).await,
            ApprovalNeed::Ask(questions) => {
                let id = self.keep_pending(&session, asked).await?;
                confirm_access::approval_page(self, &session, (&id, &checked), questions)
            }
        }
    }

    /// The owner's decision on a request that waits. What the form says besides the decision counts for
    /// nothing: what is decided on is what was kept.
    async fn decide(&self, mut form: Parameters) -> Result<HttpResponse, PageError> {
        let uninitialized =
            || PageError::expired("Cannot approve uninitialized authorization request.");
        let session = BrowserSession::find(self.server, self.request)
            .await?
            .ok_or_else(uninitialized)?;
        if !session.sent(self.server, form.take("_csrf")) {
            return Err(PageError::forged());
        }
        let says_no = form
            .take(DECISION)
            .is_some_and(|word| word.eq_ignore_ascii_case("false"));
        let id = self
            .named_pending(&session, form.take("authorization"))
            .await?;
        let owner = session.owner(self.server);
        if owner.is_none() && !says_no {
            return Err(uninitialized());
        }
        let id = id.ok_or_else(uninitialized)?;
        let taken = self.server.store.take_pending(&session.id, &id).await?;
        let checked = match self.check(&taken.ok_or_else(uninitialized)?.request)? {
            Ok(checked) => checked,
            Err(refusal) => return Ok(refusal),
        };
        let granted = match owner {
            Some(owner) if !says_no => {
                let approved = |scope: &str| is_approved(&form, scope);
                let scope = approval::decide(self.server, &owner.name, &checked, approved).await?;
                scope.map(|scope| (owner, scope))
            }
            Some(_) | None => None,
        };
        let address = address(self.request);
        self.server.audit.record(&AuditEvent::ConsentDecided {
            client: &checked.client.id,
            owner: owner.map(|owner| owner.name.as_str()),
            granted: granted.as_ref().map(|(_, scope)| scope),
            address: &address,
        });
        let redirection = match granted {
            Some((owner, scope)) => {
                complete::grant(self.server, &checked, (owner, &address), scope).await?
            }
            None => complete::deny(self.server, &checked),
        };
        Ok(redirect(self.redirect_status, &redirection))
    }

    /// Checks a request; the inner error is the redirect that tells the client no.
    pub(super) fn check(
        &self,
        asked: &AuthorizationRequest,
    ) -> Result<Result<CheckedRequest, HttpResponse>, PageError> {
        match request::check(self.server, asked) {
            Ok(checked) => Ok(Ok(checked)),
            Err(error) => self.refused(asked, error).map(Err),
        }
    }

    fn refused(
        &self,
        asked: &AuthorizationRequest,
        error: RequestError,
    ) -> Result<HttpResponse, PageError> {
        let named = asked.client_id.as_deref().map(ClientId::new);
        let known = named.and_then(|id| self.server.clients.find(&id));
        self.server.audit.record(&AuditEvent::AuthorizationRefused {
            client: known.map(|client| &client.id),
            reason: &error.to_string(),
            address: &address(self.request),
        });
        match error {
            RequestError::Unsafe(error) => Err(error.into()),
            RequestError::Redirect { redirection, .. } => {
                Ok(redirect(self.redirect_status, &redirection))
            }
        }
    }

    /// Gives the client what it asked for, because nothing needs to be asked.
    pub(super) async fn grant_all(
        &self,
        checked: &CheckedRequest,
        owner: &ResourceOwner,
    ) -> Result<HttpResponse, PageError> {
        let scope = checked.scope.clone();
        let from = address(self.request);
        let redirection = complete::grant(self.server, checked, (owner, &from), scope).await?;
        Ok(redirect(self.redirect_status, &redirection))
    }

    async fn keep_pending(
        &self,
        session: &BrowserSession,
        request: AuthorizationRequest,
    ) -> Result<PendingId, StoreError> {
        let id = PendingId::mint(self.server.random.as_ref());
        let requested_at = self.server.now();
        let expires_at = requested_at.plus_secs(self.server.lifetimes.pending_secs);
        let pending = PendingAuthorization {
            request,
            requested_at,
            expires_at,
        };
        self.server
            .store
            .store_pending(&session.id, &id, &pending)
            .await?;
        Ok(id)
    }

    /// The request that a form names. Scripts that drive the old server name none: then it is the only
    /// one that waits.
    async fn named_pending(
        &self,
        session: &BrowserSession,
        named: Option<String>,
    ) -> Result<Option<PendingId>, StoreError> {
        if let Some(named) = named {
            return Ok(PendingId::parse(&named));
        }
        let mut waiting = self.server.store.list_pending(&session.id).await?;
        Ok(if waiting.len() == 1 {
            waiting.pop().map(|(id, _)| id)
        } else {
            None
        })
    }
}

/// Spring's reading of a decision: `true`, or a word that begins with `approve`.
fn is_approved(form: &Parameters, scope: &str) -> bool {
    let name = format!("scope.{scope}");
    form.iter().any(|(key, value)| {
        let value = value.to_ascii_lowercase();
        key == name && (value == "true" || value.starts_with("approve"))
    })
}

/// Sets the session's cookie.
pub(super) fn set_cookie(response: &mut HttpResponse, session: &BrowserSession, server: &Server) {
    if let Err(error) = response.add_cookie(&session.cookie(server)) {
        tracing::error!(event = "cookie_not_set", %error);
    }
}
