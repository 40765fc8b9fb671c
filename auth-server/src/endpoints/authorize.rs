//! `/oauth/authorize` ([RFC 6749 §3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)): a GET starts; a
//! POST with `user_oauth_approval` decides.

use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::authorization::AuthorizationRequest;
use symbolon::error::ErrorCode;
use symbolon::parameters::{ParameterError, Parameters, UncheckedParameters};

use crate::audit::AuditEvent;
use crate::authorization::decision::{Decision, DecisionAbout};
use crate::authorization::request::{CheckedRequest, Fault};
use crate::authorization::{AuthorizationError, Step};
use crate::http::announced::announce;
use crate::http::authorization_steps::Browser;
use crate::http::basic_sign_in::{Visit, visit};
use crate::http::caller::address;
use crate::http::form::{LONGEST_FORM, first_of, means_something};
use crate::http::form_error::FormError;
use crate::http::named_request::NamedRequest;
use crate::http::noted_refusal::{OTHER_SESSION, note_fault};
use crate::http::refusals::Refusal;
use crate::http::sending_page::is_from_another_site;
use crate::http::servlet_form::{self, ServletForm};
use crate::http::way_back::way_back;
use crate::http::{answers, approval_page, new_session, session_cookie};
use crate::records::Habit;
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// The answer to a decision when no request waits for it.
const UNINITIALIZED: &str = "Cannot approve uninitialized authorization request.";

pub(super) async fn start(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let browser = Browser {
        server: &server,
        request: &request,
    };
    let query = request.query_string().as_bytes();
    if query.len() > LONGEST_FORM {
        // No form is so long either.
        return Err(FormError::Length.into());
    }
    if server.spring.servlet_parameters {
        let mut sent = servlet_form::query(&request)?;
        return authorize(&browser, asked_of_a_servlet(&mut sent)).await;
    }
    let UncheckedParameters {
        mut single,
        mut repeated,
    } = UncheckedParameters::decode(query).map_err(FormError::from)?;
    repeated.retain(|name| means_something(name));
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
    let fault = Fault::new(first_of(&repeated), ErrorCode::InvalidRequest, text);
    let requests = &server.authorization.requests;
    browser.refuse(requests.refuse(&asked, fault).await).await
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<ServletForm, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let browser = Browser {
        server: &server,
        request: &request,
    };
    let ServletForm(mut form) = form?;
    if Decision::is_in(&form) {
        decide(&browser, form).await
    } else if server.spring.servlet_parameters {
        authorize(&browser, asked_of_a_servlet(&mut form)).await
    } else {
        authorize(&browser, AuthorizationRequest::take(&mut form)).await
    }
}

/// A request as Spring reads it: a `state` that was sent without a value comes back so.
fn asked_of_a_servlet(sent: &mut Parameters) -> AuthorizationRequest {
    let has_state = sent.contains("state");
    let asked = AuthorizationRequest::take(sent);
    AuthorizationRequest {
        state: asked.state.or_else(|| has_state.then(String::new)),
        ..asked
    }
}

/// An authorization request. One for a token is told when that ends.
async fn authorize(
    browser: &Browser<'_>,
    asked: AuthorizationRequest,
) -> Result<HttpResponse, Refusal> {
    let is_implicit = asked.response_type.as_deref() == Some("token");
    let mut response = checked(browser, asked).await?;
    if is_implicit {
        announce(browser.server, &[Habit::ImplicitGrant], &mut response);
    }
    Ok(response)
}

/// An authorization request: checked first, so that a wrong one never gets as far as the sign-in page. Where owners sign
/// in by HTTP Basic that comes before, as at a Spring server.
async fn checked(
    browser: &Browser<'_>,
    asked: AuthorizationRequest,
) -> Result<HttpResponse, Refusal> {
    let visit = if browser.server.spring.basic_sign_in {
        Some(visit(browser.server, browser.request).await?)
    } else {
        None
    };
    let checked = match browser.server.authorization.requests.check(&asked).await {
        Ok(checked) => checked,
        Err(error) => return browser.refuse(error).await,
    };
    match go_on(browser, asked, checked.clone(), visit).await {
        Ok(response) => Ok(response),
        Err(refusal) => browser.tell(&checked, refusal).await,
    }
}

/// What comes next for a request that is in order.
async fn go_on(
    browser: &Browser<'_>,
    asked: AuthorizationRequest,
    checked: CheckedRequest,
    known: Option<Visit>,
) -> Result<HttpResponse, Refusal> {
    let Browser { server, request } = browser;
    let visit = match known {
        Some(visit) => visit,
        None => visit(server, request).await?,
    };
    let begins = matches!(visit, Visit::Begun(_));
    let session = match visit {
        Visit::Kept(session) => {
            new_session::count_request(server, request, &session)?;
            session
        }
        Visit::Begun(session) => session,
        Visit::Stranger if request.method() == Method::POST => {
            // Browsers keep our cookie back when another site's form sends them, and send it along here.
            let here = format!("{}?{}", server.addresses.authorize, asked.encode());
            return Ok(answers::redirect(StatusCode::SEE_OTHER, &here));
        }
        Visit::Stranger => new_session::begin(server, request).await?,
    };
    let named = NamedRequest {
        id: None,
        client_id: Some(checked.client.id.clone()),
        next: None,
    };
    match server.authorization.start(&session, asked, checked).await {
        Ok(Step::Complete(completed)) if begins => {
            let mut response = browser.complete(&completed);
            session_cookie::set(&mut response, &session, server);
            Ok(response)
        }
        Ok(step) => browser.answer(&session, step),
        Err(error) => browser.stop(error, &named, UNINITIALIZED).await,
    }
}

/// The owner's decision on a request that waits.
async fn decide(browser: &Browser<'_>, mut form: Parameters) -> Result<HttpResponse, Refusal> {
    let server = browser.server;
    let named = NamedRequest::peek(&form);
    let session = match form_session(browser, form.take("_csrf")).await? {
        FormSession::Own(session) => session,
        FormSession::Other(session) => return ask_again(browser, &session, &named).await,
        FormSession::Over(_) | FormSession::Unknown => {
            return Err(browser.gone(&named, UNINITIALIZED).await);
        }
    };
    let mut decision = Decision::decode(&mut form);
    if server.spring.approvals_without_csrf && decision.about == DecisionAbout::TheOnlyOne {
        decision.about = DecisionAbout::TheLast;
    }
    let decided = match server.authorization.decide(&session, decision).await {
        Ok(decided) => decided,
        Err(error) => return browser.stop(error, &named, UNINITIALIZED).await,
    };
    let address = address(browser.request);
    for grant_id in &decided.ended {
        server.audit.record(&AuditEvent::AccessEnded {
            client: &decided.client_id,
            owner: decided.owner.as_deref(),
            grant_id: Some(*grant_id),
            by: decided.owner.as_deref(),
            address: &address,
        });
    }
    if !decided.again {
        server.audit.record(&AuditEvent::ConsentDecided {
            client: &decided.client_id,
            owner: decided.owner.as_deref(),
            granted: decided.granted.as_ref(),
            address: &address,
        });
    }
    Ok(browser.complete(&decided.outcome?))
}

/// Which session a form came from. One without a field of our page is of the session that it comes with, where that is a
/// habit and no page of another site can have sent it.
async fn form_session(
    browser: &Browser<'_>,
    csrf_token: Option<String>,
) -> Result<FormSession, Refusal> {
    let Browser { server, request } = browser;
    let is_bare = csrf_token.is_none() && server.spring.approvals_without_csrf;
    if is_bare && !is_from_another_site(server, request) {
        return Ok(match visit(server, request).await? {
            Visit::Kept(session) | Visit::Begun(session) => FormSession::Own(session),
            Visit::Stranger => FormSession::Unknown,
        });
    }
    let cookies = session_cookie::presented(request, server);
    Ok(server.sessions.find_of_form(cookies, csrf_token).await?)
}

/// After a form that is not of this session: it is older than the sign-in, or forged. It decides nothing; whose
/// request still waits is asked again.
async fn ask_again(
    browser: &Browser<'_>,
    session: &BrowserSession,
    named: &NamedRequest,
) -> Result<HttpResponse, Refusal> {
    let Browser { server, request } = browser;
    let asked = match &named.id {
        Some(id) => server.authorization.ask(session, id.clone()).await,
        None => Err(AuthorizationError::NothingWaits),
    };
    match asked {
        Ok(Step::Ask(asked)) => {
            note_fault(request, session.signed_in_as(), OTHER_SESSION);
            approval_page::ask(server, request, session, *asked, StatusCode::FORBIDDEN)
        }
        Ok(step) => browser.answer(session, step),
        Err(AuthorizationError::NothingWaits) => {
            let way_back = way_back(server, named.client_id.as_ref()).await;
            Err(Refusal::forged_form().with_way_back(way_back))
        }
        Err(error) => browser.stop(error, named, UNINITIALIZED).await,
    }
}
