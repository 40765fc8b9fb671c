//! `/oauth/authorize` ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)): a GET starts; a
//! POST with `user_oauth_approval` decides.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::authorization::AuthorizationRequest;
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::parameters::{ParameterError, Parameters, UncheckedParameters};

use crate::audit::AuditEvent;
use crate::authorization::decision::Decision;
use crate::http::authorization_steps::Browser;
use crate::http::caller::address;
use crate::http::form::{Form, LONGEST_FORM};
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::server::Server;

/// The answer to a decision when no request waits for it.
const UNINITIALIZED: &str = "Cannot approve uninitialized authorization request.";

pub(super) async fn start(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status: StatusCode::FOUND,
    };
    let query = request.query_string().as_bytes();
    if query.len() > LONGEST_FORM {
        // It would be kept while its owner signs in.
        return Err(FormError::Length.into());
    }
    let UncheckedParameters {
        mut single,
        repeated,
    } = UncheckedParameters::decode(query).map_err(FormError::from)?;
    if repeated.contains("client_id") || repeated.contains("redirect_uri") {
        // Which client that is, and where, is left open: nothing can be sent to it.
        return Err(FormError::from(ParameterError::Repeated).into());
    }
    let asked = AuthorizationRequest::take(&mut single);
    if repeated.is_empty() {
        return authorize(&browser, asked).await;
    }
    // RFC 6749 §3.1: parameters MUST NOT be repeated.
    let text = ParameterError::Repeated.to_string();
    let error = ErrorResponse::new(ErrorCode::InvalidRequest, text);
    let requests = &server.authorization.requests;
    browser.refuse(requests.refuse(&asked, error).await)
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status: StatusCode::SEE_OTHER,
    };
    let Form(mut form) = form?;
    if Decision::is_in(&form) {
        decide(&browser, form).await
    } else {
        authorize(&browser, AuthorizationRequest::take(&mut form)).await
    }
}

/// An authorization request: checked first, so that a wrong one never gets as far as the sign-in page.
async fn authorize(
    browser: &Browser<'_>,
    asked: AuthorizationRequest,
) -> Result<HttpResponse, Refusal> {
    let server = browser.server;
    let checked = match server.authorization.requests.check(&asked).await {
        Ok(checked) => checked,
        Err(error) => return browser.refuse(error),
    };
    let cookie = session_cookie::presented(browser.request);
    let session = server.sessions.find_or_begin(cookie).await?;
    match server.authorization.start(&session, asked, checked).await {
        Ok(step) => browser.answer(&session, step),
        Err(error) => browser.stop(error, UNINITIALIZED),
    }
}

/// The owner's decision on a request that waits.
async fn decide(browser: &Browser<'_>, mut form: Parameters) -> Result<HttpResponse, Refusal> {
    let server = browser.server;
    let cookie = session_cookie::presented(browser.request);
    let Some(session) = server.sessions.find(cookie).await? else {
        return Err(Refusal::request_gone(UNINITIALIZED));
    };
    if !server.sessions.is_own_form(&session, form.take("_csrf")) {
        return Err(Refusal::forged_form());
    }
    let decision = Decision::decode(&mut form);
    let decided = match server.authorization.decide(&session, decision).await {
        Ok(decided) => decided,
        Err(error) => return browser.stop(error, UNINITIALIZED),
    };
    server.audit.record(&AuditEvent::ConsentDecided {
        client: &decided.client_id,
        owner: decided.owner.as_deref(),
        granted: decided.granted.as_ref(),
        address: &address(browser.request),
    });
    Ok(browser.complete(&decided.outcome?))
}
