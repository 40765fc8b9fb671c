//! What happens around every request: the session's cookie, security headers.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use symbolon::secret::Secret;
use symbolon_service::connections::took_too_long;
use symbolon_service::cookies;
use url::Url;

use super::application::Application;
use super::here::Here;
use super::language::Language;
use super::page::Shell;
use super::problem::Problem;
use super::session::{SessionCookie, Sessions, Visitor};

/// What [`with_session`] has to know.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// All sessions of Print Photo.
    pub(super) sessions: Arc<Sessions>,
    /// All sessions of Photo Stats.
    pub(super) stats_sessions: Arc<Sessions>,
    /// Whether browsers reach us by https only.
    pub(super) https: bool,
    /// See [`content_security_policy`].
    pub(super) content_security_policy: String,
}

/// Scripts and styles of our own only; the page with the script may call the two servers. Chromium
/// applies `form-action` to where the answer to a form redirects, so the authorization server is in it.
pub(super) fn content_security_policy(authorization_server: &Url, resource_server: &Url) -> String {
    // Origins: an address with a path would allow that one path only.
    let authorization_server = authorization_server.origin().ascii_serialization();
    let resource_server = resource_server.origin().ascii_serialization();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; \
         connect-src 'self' {authorization_server} {resource_server}; \
         form-action 'self' {authorization_server}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// Puts the [`Visitor`] where handlers find it, and its cookie into the answer.
pub(super) async fn with_session(
    guard: web::Data<Guard>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let application = Application::at(request.path());
    let headers = request.headers().get_all(header::COOKIE);
    let name = guard.cookie(application);
    let presented = cookies::presented(headers.map(HeaderValue::as_bytes), name);
    let visitor = guard.sessions_of(application).visit(&presented);
    let here = match *request.method() {
        Method::GET if request.path() != application.callback_path() => Here::at(request.path()),
        _ => Here::at(application.home()),
    };
    if let Some(language) = chosen_language(request.query_string()) {
        let answer = HttpResponse::SeeOther()
            .insert_header((header::LOCATION, here.as_str()))
            .cookie(guard.language_cookie(language))
            .finish();
        return Ok(request.into_response(answer));
    }
    let visitor = visitor.at(here, spoken_language(request.headers()));
    visitor.session().follow_last_request();
    request.extensions_mut().insert(visitor.clone());
    let answered = next.call(request).await?;
    let mut answered = with_problem_page(answered, &visitor).await;
    if let Some(cookie) = guard.new_cookie(&visitor, &presented) {
        answered.response_mut().add_cookie(&cookie)?;
    }
    Ok(answered)
}

/// Remembers the language that a person has chosen. It is no secret.
const LANGUAGE_COOKIE: &str = "print_photo_language";

/// `?language=ru`, on any page.
fn chosen_language(query: &str) -> Option<Language> {
    let mut pairs = query.split('&');
    pairs.find_map(|pair| Language::of_tag(pair.strip_prefix("language=")?))
}

/// The language that was chosen, or else the one that the browser prefers.
fn spoken_language(headers: &HeaderMap) -> Language {
    let cookies = headers.get_all(header::COOKIE);
    let mut pairs = cookies.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let chosen = pairs.find_map(|pair| {
        let (name, tag) = std::str::from_utf8(pair).ok()?.trim().split_once('=')?;
        Language::of_tag(tag).filter(|_| name == LANGUAGE_COOKIE)
    });
    chosen.unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        Language::negotiate(accepted.unwrap_or_default())
    })
}

impl Guard {
    /// The name of an application's cookie. Cookies ignore ports, so each demo on localhost has one of its own. Where
    /// browsers come over TLS they take it, by the prefix, from this host only and from no neighbour on the domain
    /// ([RFC 6265bis §4.1.3.2](https://www.rfc-editor.org/rfc/rfc6265bis)).
    const fn cookie(&self, application: Application) -> &'static str {
        match (application, self.https) {
            (Application::PrintPhoto, false) => "print_photo_session",
            (Application::PrintPhoto, true) => "__Host-print_photo_session",
            (Application::PhotoStats, false) => "photo_stats_session",
            (Application::PhotoStats, true) => "__Host-photo_stats_session",
        }
    }

    const fn sessions_of(&self, application: Application) -> &Arc<Sessions> {
        match application {
            Application::PrintPhoto => &self.sessions,
            Application::PhotoStats => &self.stats_sessions,
        }
    }

    fn language_cookie(&self, language: Language) -> Cookie<'static> {
        Cookie::build(LANGUAGE_COOKIE, language.tag())
            .path("/")
            .max_age(Duration::days(365))
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.https)
            .finish()
    }

    /// What the browser has to be told, when it does not know.
    fn new_cookie(&self, visitor: &Visitor, presented: &[Secret]) -> Option<Cookie<'static>> {
        let build = |value: &str| {
            Cookie::build(self.cookie(visitor.application()), value.to_owned())
                .path("/")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(self.https)
                .finish()
        };
        match visitor.cookie() {
            SessionCookie::None => None,
            SessionCookie::Named(name) if presented.contains(&name) => None,
            SessionCookie::Named(name) => Some(build(name.expose())),
            SessionCookie::Ended => {
                let mut cookie = build("");
                cookie.make_removal();
                Some(cookie)
            }
        }
    }
}

/// A page about a problem shows the steps that led to it.
async fn with_problem_page(
    answered: ServiceResponse<BoxBody>,
    visitor: &Visitor,
) -> ServiceResponse<BoxBody> {
    let problem = answered
        .response()
        .error()
        .and_then(|error| error.as_error::<Problem>())
        .cloned();
    match problem {
        Some(problem) => {
            tracing::info!(event = "problem_shown", %problem);
            let allow = answered.headers().get(header::ALLOW).cloned();
            let mut page = problem.page(Shell::of(visitor).await);
            if let Some(allow) = allow {
                page.headers_mut().insert(header::ALLOW, allow);
            }
            answered.into_response(page)
        }
        None => answered,
    }
}

/// Headers of every answer, whatever went wrong before.
pub(super) async fn with_security_headers(
    guard: web::Data<Guard>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answered = next.call(request).await?;
    let headers = answered.headers_mut();
    let policy = HeaderValue::from_str(&guard.content_security_policy);
    if let (Ok(policy), false) = (
        policy,
        headers.contains_key(header::CONTENT_SECURITY_POLICY),
    ) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(answered)
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visitor = request.extensions().get::<Self>().cloned();
        std::future::ready(visitor.ok_or(Problem::Internal))
    }
}

#[derive(Deserialize)]
struct WithToken<F> {
    csrf: Secret,
    #[serde(flatten)]
    form: F,
}

fn unread(error: &Error) -> Problem {
    if took_too_long(error) {
        Problem::SlowForm
    } else {
        Problem::MalformedForm
    }
}

/// A form that was filled in on a page of this session: there is no other way to its fields.
#[derive(Debug)]
pub(super) struct OwnForm<F>(pub(super) F);

/// A form that is only a button.
#[derive(Debug, Deserialize)]
pub(super) struct Button {}

impl<F: DeserializeOwned + 'static> FromRequest for OwnForm<F> {
    type Error = Problem;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload).into_inner();
        let form = web::Form::<WithToken<F>>::from_request(request, payload);
        Box::pin(async move {
            let visitor = visitor?;
            let WithToken { csrf, form } = form.await.map_err(|error| unread(&error))?.into_inner();
            if csrf == visitor.session().csrf {
                Ok(Self(form))
            } else {
                Err(Problem::ForeignForm)
            }
        })
    }
}
