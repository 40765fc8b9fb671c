//! What was typed into a form whose session is over. Nothing of it is kept by us: the answer carries it, and whoever has signed
//! in sends it once more, which shows the page of the form with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use crate::http::answers::{self, Forms};
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::pages::{KeptField, LateFormPage, Place};
use crate::server::Server;

/// What people type or choose, and what says about which thing. Passwords, codes and whatever is not named here are left out.
const KEPT: [&str; 16] = [
    "action",
    "authorities",
    "change",
    "client_id",
    "client_name",
    "client_type",
    "client_uri",
    "contacts",
    "email",
    "invite",
    "logo_uri",
    "passkey",
    "passkey_name",
    "policy_uri",
    "redirect_uris",
    "tos_uri",
];

/// The same of an account: its name is typed on a page of administrators, and elsewhere stands beside a password.
const NAME: &str = "username";

/// The page that says what to do, with what was typed.
pub(crate) fn ask_to_sign_in(
    server: &Server,
    request: &HttpRequest,
    form: &Parameters,
    place: Place,
) -> Result<HttpResponse, Refusal> {
    let at = &server.addresses;
    let named = NamedRequest {
        next: Some(place),
        ..NamedRequest::default()
    };
    let action = request.match_name().and_then(|name| at.named(name));
    let action = action.unwrap_or_else(|| place.endpoint(at));
    let kept = form.iter().filter(|(name, _)| is_kept(name, place));
    let page = LateFormPage {
        sign_in: named.sign_in_page(at, SignInVisit::default()),
        action: action.to_string(),
        fields: kept
            .map(|(name, value)| KeptField {
                name: name.to_owned(),
                value: value.to_owned(),
            })
            .collect(),
    };
    let html = page.render(&frame(server, request))?;
    Ok(answers::page(StatusCode::FORBIDDEN, Forms::StayHere).body(html))
}

fn is_kept(name: &str, place: Place) -> bool {
    KEPT.contains(&name)
        || (name == NAME && place == Place::Administration)
        || name.starts_with("grant.")
        || name.starts_with("scope.")
}
