//! What is around the page that answers a request: in which language, and how the same page is shown in another.
//!
//! What was said last counts: the client's wish (`ui_locales`), or the choice that the person made on one of our pages and the
//! browser keeps in a cookie; then what the browser prefers.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use symbolon::clock::Timestamp;
use symbolon::parameters::{self, Parameters};

use crate::addresses::{Addresses, Endpoint};
use crate::http::answers;
use crate::http::cookie_values::cookie_values;
use crate::pages::{Brand, CHOICE, Frame, Language};
use crate::records::LocalesAsked;
use crate::server::Server;

/// The cookie of the language that was chosen, and when. It is no secret.
const COOKIE: &str = "auth_server_language";

/// How long a choice is kept.
const CHOSEN_FOR: Duration = Duration::days(365);

/// How clients say in which language a page should be.
const UI_LOCALES: &str = "ui_locales";

/// Bytes. A page of a longer address is not linked: what others choose stands there, once for each language.
const LONGEST_ADDRESS: usize = 2048;

/// In a request whose form came too late, where its page is shown once more with what was typed.
pub(crate) struct CameLate;

/// Around the page that answers this request.
pub(crate) fn frame<'a>(server: &'a Server, request: &HttpRequest) -> Frame<'a> {
    let at = &server.addresses;
    let frame = frame_of_refusal(at, &server.brand, request);
    let frame = if request.extensions().contains::<CameLate>() {
        frame.after_late_form()
    } else {
        frame
    };
    match address(at, request, &query(request)) {
        Some(here) => frame.here(here),
        None => frame,
    }
}

/// Around a page that refuses this request. It links itself in no language: what was refused is not repeated on it.
pub(crate) fn frame_of_refusal<'a>(
    at: &'a Addresses,
    brand: &'a Brand,
    request: &HttpRequest,
) -> Frame<'a> {
    let query = query(request);
    let asked_here = query.iter().find(|(name, _)| *name == UI_LOCALES);
    let asked_here = asked_here.and_then(|(_, locales)| Language::first_of(locales));
    let language = asked_here.or_else(|| Some(chosen(at, request)?.0));
    let language = language.unwrap_or_else(|| preferred(request));
    Frame::new(language, at, brand)
}

/// Around a page about a request whose client may have said in which language.
pub(crate) fn frame_about<'a>(
    server: &'a Server,
    request: &HttpRequest,
    asked: Option<&LocalesAsked>,
) -> Frame<'a> {
    let at = &server.addresses;
    let asked = asked.and_then(|asked| Some((Language::first_of(&asked.locales)?, asked.asked_at)));
    let language = match (asked, chosen(at, request)) {
        (Some((_, asked_at)), Some((language, chosen_at))) if chosen_at >= asked_at => language,
        (Some((language, _)), _) | (None, Some((language, _))) => language,
        (None, None) => preferred(request),
    };
    Frame::new(language, at, &server.brand)
}

/// The answer to whoever chooses a language by a link: on to the same page, without the choice in its address.
pub(crate) fn choice(at: &Addresses, request: &HttpRequest) -> Option<HttpResponse> {
    let query = query(request);
    let (_, tag) = query.iter().find(|(name, _)| *name == CHOICE)?;
    let language = Language::tagged(tag)?;
    let here = address(at, request, &query)?;
    let now = request.app_data::<Data<Server>>()?.clock.now();
    let mut answer = answers::redirect(StatusCode::SEE_OTHER, &here);
    let value = format!("{}.{}", language.tag(), now.as_secs());
    let cookie = Cookie::build(at.name_on_host(COOKIE), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(at.is_https())
        .max_age(CHOSEN_FOR)
        .finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::error!(event = "cookie_not_set", %error);
    }
    Some(answer)
}

/// What the person has chosen on one of our pages, and when.
fn chosen(at: &Addresses, request: &HttpRequest) -> Option<(Language, Timestamp)> {
    let name = at.name_on_host(COOKIE);
    cookie_values(request, &name).find_map(|value| {
        let (tag, secs) = value.split_once('.')?;
        Some((
            Language::tagged(tag)?,
            Timestamp::from_secs(secs.parse().ok()?),
        ))
    })
}

/// The language that the browser prefers.
fn preferred(request: &HttpRequest) -> Language {
    let headers = request.headers().get_all(ACCEPT_LANGUAGE);
    // Whatever else stands there, what is a language is read.
    let ranges = headers.map(|header| String::from_utf8_lossy(header.as_bytes()));
    let ranges: Vec<_> = ranges.collect();
    Language::negotiate(Some(&ranges.join(",")))
}

/// Where this page is, if asking once more shows it: the one name that its endpoint has, so nobody is led elsewhere.
fn address(at: &Addresses, request: &HttpRequest, query: &Parameters) -> Option<String> {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return None;
    }
    let page: &Endpoint = at.named(request.match_name()?)?;
    let about_languages = [CHOICE, UI_LOCALES];
    let kept = query
        .iter()
        .filter(|(name, _)| !about_languages.contains(name));
    let kept = parameters::encode(kept.map(|(name, value)| (name, Some(value))));
    let separator = if kept.is_empty() { "" } else { "?" };
    Some(format!("{page}{separator}{kept}")).filter(|address| address.len() <= LONGEST_ADDRESS)
}

fn query(request: &HttpRequest) -> Parameters {
    Parameters::decode(request.query_string().as_bytes()).unwrap_or_default()
}
