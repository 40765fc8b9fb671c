//! `/login`: one sign-in serves every client.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::authorization::request::CheckedRequest;
use crate::http::caller::{address, language};
use crate::http::form::Form;
use crate::http::pending_request::named_in_query;
use crate::http::refusals::Refusal;
use crate::http::sign_in_events::record_sign_in_refused;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::{answers, session_cookie};
use crate::pages::{LoginNotice, LoginPage};
use crate::records::PendingId;
use crate::resource_owners::throttle::Caller;
use crate::server::Server;
use crate::sessions::BrowserSession;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let cookie = session_cookie::presented(&request);
    let session = server.sessions.find_or_begin(cookie).await?;
    let page = SignInPage {
        server: &server,
        request: &request,
        waiting: waiting(&server, &session, named_in_query(&request)).await?,
        session: &session,
    };
    page.show(StatusCode::OK, String::new(), None)
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form?;
    let submitted = Submitted::decode(form);
    let cookie = session_cookie::presented(&request);
    let Some(session) = server.sessions.find(cookie).await? else {
        // The page was open for so long that its session ended: a new page, with a new session.
        let session = server.sessions.find_or_begin(None).await?;
        let page = SignInPage {
            server: &server,
            request: &request,
            waiting: None,
            session: &session,
        };
        let notice = Some(LoginNotice::SessionExpired);
        return page.show(StatusCode::BAD_REQUEST, submitted.username, notice);
    };
    let csrf_token = submitted.csrf_token.clone();
    if !server.sessions.is_own_form(&session, csrf_token) {
        return Err(Refusal::forged_form());
    }
    sign_in(&server, &request, session, submitted).await
}

/// What the form of the sign-in page sends.
struct Submitted {
    authorization: Option<PendingId>,
    username: String,
    password: Secret,
    csrf_token: Option<String>,
}

impl Submitted {
    fn decode(mut form: Parameters) -> Self {
        let named = form.take("authorization");
        Self {
            authorization: named.as_deref().and_then(PendingId::parse),
            username: form.take("username").unwrap_or_default(),
            password: Secret::new(form.take("password").unwrap_or_default()),
            csrf_token: form.take("_csrf"),
        }
    }
}

async fn sign_in(
    server: &Server,
    request: &HttpRequest,
    session: BrowserSession,
    submitted: Submitted,
) -> Result<HttpResponse, Refusal> {
    let Submitted {
        authorization,
        username,
        password,
        ..
    } = submitted;
    let waiting = waiting(server, &session, authorization).await?;
    let address = &address(request);
    let caller = Caller {
        address,
        known_browser: None,
    };
    let signed_in = server.sign_in.authenticate(&caller, &username, &password);
    match signed_in.await {
        Ok(owner) => {
            let name = &owner.name;
            let event = AuditEvent::OwnerSignedIn {
                owner: name,
                address,
            };
            server.audit.record(&event);
            let session = server.sessions.renew(session, &owner).await?;
            Ok(go_on(server, &session, waiting))
        }
        Err(error) => {
            record_sign_in_refused(&server.audit, &error, address);
            let page = SignInPage {
                server,
                request,
                waiting,
                session: &session,
            };
            page.again(username, SignInRefusal::try_from(error)?)
        }
    }
}

/// To the request that waits, else to the start page.
fn go_on(server: &Server, session: &BrowserSession, waiting: Option<Waiting>) -> HttpResponse {
    let location = waiting.map_or_else(
        || "/".to_owned(),
        |waiting| format!("/oauth/confirm_access?authorization={}", waiting.id),
    );
    let mut response = answers::redirect(StatusCode::SEE_OTHER, &location);
    session_cookie::set(&mut response, session, server);
    response
}

/// A request that waits for somebody to sign in.
struct Waiting {
    id: PendingId,
    request: CheckedRequest,
}

/// The named request, if it waits in this session: the only place that a sign-in returns to.
async fn waiting(
    server: &Server,
    session: &BrowserSession,
    named: Option<PendingId>,
) -> Result<Option<Waiting>, Refusal> {
    let Some(id) = named else { return Ok(None) };
    let authorization = &server.authorization;
    let Some(asked) = authorization.pending.find(&session.id, &id).await? else {
        return Ok(None);
    };
    let checked = authorization.requests.check(&asked).await.ok();
    Ok(checked.map(|request| Waiting { id, request }))
}

/// The sign-in page of one session.
struct SignInPage<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    session: &'a BrowserSession,
    waiting: Option<Waiting>,
}

impl SignInPage<'_> {
    fn again(self, username: String, refusal: SignInRefusal) -> Result<HttpResponse, Refusal> {
        let mut response = self.show(refusal.status, username, Some(refusal.notice))?;
        if let Some(secs) = refusal.retry_after_secs {
            response.headers_mut().insert(RETRY_AFTER, secs.into());
        }
        Ok(response)
    }

    fn show(
        self,
        status: StatusCode,
        username: String,
        notice: Option<LoginNotice>,
    ) -> Result<HttpResponse, Refusal> {
        let waiting = self.waiting.as_ref();
        let shown = LoginPage {
            csrf_token: self.server.sessions.csrf_token(self.session),
            authorization: waiting.map(|waiting| waiting.id.to_string()),
            client_name: waiting.map(|waiting| waiting.request.client.name.clone()),
            username,
            notice,
        };
        let html = shown.render(language(self.request))?;
        let target = waiting.and_then(|waiting| waiting.request.redirect.csp_source());
        let mut response = answers::page(status, target.as_deref()).body(html);
        session_cookie::set(&mut response, self.session, self.server);
        Ok(response)
    }
}
