//! `/login` (E7): one sign-in serves every client.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;
use symbolon_service::client_address::client_address;

use crate::authorization::request::{self, CheckedRequest};
use crate::endpoints::authorize::set_cookie;
use crate::endpoints::browser_session::BrowserSession;
use crate::endpoints::confirm_access::pending_id;
use crate::endpoints::errors::{EndpointError, RETRY_AFTER_SECS};
use crate::endpoints::form::Form;
use crate::endpoints::page_answer::{PageError, language, page, to};
use crate::endpoints::pages::{LoginNotice, LoginPage};
use crate::records::PendingId;
use crate::resource_owners::sign_in::{self, SignInError};
use crate::server::Server;
use crate::stores::StoreError;

/// Whose attempts are counted together.
pub(super) fn address(request: &HttpRequest) -> String {
    client_address(request).map_or_else(String::new, |address| address.to_string())
}

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, PageError> {
    let answer = async {
        let session = BrowserSession::find_or_begin(&server, &request).await?;
        let form = LoginForm {
            server: &server,
            request: &request,
            session: &session,
        };
        let waiting = form.waiting(pending_id(&request)).await?;
        form.page(StatusCode::OK, waiting, String::new(), None)
    };
    answer
        .await
        .map_err(|error: PageError| error.for_reader(&request))
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, PageError> {
    let answer = match form {
        Ok(Form(form)) => sign_in(&server, &request, form).await,
        Err(error) => Err(error.into()),
    };
    answer.map_err(|error| error.for_reader(&request))
}

async fn sign_in(
    server: &Server,
    request: &HttpRequest,
    mut sent: Parameters,
) -> Result<HttpResponse, PageError> {
    let named = sent
        .take("authorization")
        .as_deref()
        .and_then(PendingId::parse);
    let username = sent.take("username").unwrap_or_default();
    let password = Secret::new(sent.take("password").unwrap_or_default());
    let csrf_token = sent.take("_csrf");
    let Some(session) = BrowserSession::find(server, request).await? else {
        // The page was open for so long that its session ended: a new page, with a new session.
        let session = BrowserSession::find_or_begin(server, request).await?;
        let form = LoginForm {
            server,
            request,
            session: &session,
        };
        let notice = Some(LoginNotice::SessionExpired);
        return form.page(StatusCode::BAD_REQUEST, None, username, notice);
    };
    if !session.sent(server, csrf_token) {
        return Err(PageError::forged());
    }
    let form = LoginForm {
        server,
        request,
        session: &session,
    };
    let waiting = form.waiting(named).await?;
    match sign_in::authenticate(server, &address(request), &username, &password).await {
        Ok(owner) => {
            let location = match &waiting {
                Some((id, _)) => format!("/oauth/confirm_access?authorization={id}"),
                None => "/".to_owned(),
            };
            let session = session.renew(server, &owner.name).await?;
            let mut response = to(StatusCode::SEE_OTHER, &location);
            set_cookie(&mut response, &session, server);
            Ok(response)
        }
        Err(error) => form.refused(waiting, username, error),
    }
}

/// The sign-in page of one session.
struct LoginForm<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    session: &'a BrowserSession,
}

/// A request that waits for somebody to sign in.
type Waiting = Option<(PendingId, CheckedRequest)>;

impl LoginForm<'_> {
    /// The named request, if it waits in this session: the only place that a sign-in returns to.
    async fn waiting(&self, named: Option<PendingId>) -> Result<Waiting, StoreError> {
        let Some(named) = named else { return Ok(None) };
        let waiting = self.server.store.list_pending(&self.session.id).await?;
        let found = waiting.into_iter().find(|(id, _)| *id == named);
        Ok(found.and_then(|(id, pending)| {
            let checked = request::check(self.server, &pending.request).ok()?;
            Some((id, checked))
        }))
    }

    fn refused(
        &self,
        waiting: Waiting,
        username: String,
        error: SignInError,
    ) -> Result<HttpResponse, PageError> {
        let (status, notice, retry_after_secs) = match error {
            SignInError::BadCredentials => {
                (StatusCode::UNAUTHORIZED, LoginNotice::BadCredentials, None)
            }
            SignInError::TooManyAttempts { retry_after_secs } => {
                let notice = LoginNotice::TooManyAttempts { retry_after_secs };
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    notice,
                    Some(retry_after_secs),
                )
            }
            SignInError::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                LoginNotice::Busy,
                Some(RETRY_AFTER_SECS),
            ),
        };
        let mut response = self.page(status, waiting, username, Some(notice))?;
        if let Some(secs) = retry_after_secs {
            response.headers_mut().insert(RETRY_AFTER, secs.into());
        }
        Ok(response)
    }

    fn page(
        &self,
        status: StatusCode,
        waiting: Waiting,
        username: String,
        notice: Option<LoginNotice>,
    ) -> Result<HttpResponse, PageError> {
        let shown = LoginPage {
            csrf_token: self.session.csrf_token(self.server).expose().to_owned(),
            authorization: waiting.as_ref().map(|(id, _)| id.to_string()),
            client_name: waiting
                .as_ref()
                .map(|(_, checked)| checked.client.name.clone()),
            username,
            notice,
        };
        let target = waiting.and_then(|(_, checked)| checked.redirect.csp_source());
        let html = shown.render(language(self.request));
        let mut response = page(status, html, target.as_deref())?;
        set_cookie(&mut response, self.session, self.server);
        Ok(response)
    }
}
