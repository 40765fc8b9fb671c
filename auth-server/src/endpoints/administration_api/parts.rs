//! What all calls have in common: names in the path, and why nothing was done.

use actix_web::http::header::{Header as _, IF_MATCH, IfMatch};
use actix_web::{HttpRequest, web};
use serde::Serialize;
use symbolon::parameters::Parameters;
use utoipa::ToSchema;

use crate::administration::{Changed, Kept};
use crate::http::refusals::Refusal;

/// A name in the path, which may hold any character.
pub(super) type Named = Result<web::Path<String>, actix_web::Error>;

/// It; what is no text is the name of nothing.
pub(super) fn named(name: Named) -> Result<String, Refusal> {
    let name = name.map_err(|_| Refusal::not_found())?;
    Ok(name.into_inner())
}

/// One that was said and left empty, as by a script whose variable is not set, would mean all.
pub(super) fn said(query: &mut Parameters, name: &str) -> Result<Option<String>, Refusal> {
    let is_said = query.contains(name);
    match query.take(name) {
        None if is_said => Err(Refusal::bad_request(format!("{name} is empty"))),
        value => Ok(value),
    }
}

/// What the caller has looked at, by the tags of the answers that showed it (RFC 9110 §13.1.1); `None`: whatever it is now.
pub(super) fn looked_at(request: &HttpRequest) -> Result<Option<Vec<String>>, Refusal> {
    if !request.headers().contains_key(IF_MATCH) {
        return Ok(None);
    }
    let wrong = |_| Refusal::bad_request("If-Match is neither * nor a list of tags in quotes");
    match IfMatch::parse(request).map_err(wrong)? {
        IfMatch::Any => Ok(None),
        IfMatch::Items(tags) => {
            // A weak tag is good for no change.
            let strong = tags.iter().filter(|tag| !tag.weak);
            Ok(Some(strong.map(|tag| tag.tag().to_owned()).collect()))
        }
    }
}

/// What is so already is answered as if it had been done: whoever got no answer asks again.
pub(super) fn refused(changed: &Changed<()>, what: Kept) -> Result<(), Refusal> {
    let why = changed.nothing_done(what).unwrap_or_default();
    match changed {
        Changed::Done(()) | Changed::AlreadySo => Ok(()),
        Changed::Unknown => Err(Refusal::no_such(why)),
        Changed::KeptElsewhere | Changed::Contended | Changed::HasNone | Changed::NotInvited(_) => {
            Err(Refusal::conflict(why))
        }
        Changed::SaysOther => Err(Refusal::precondition_failed(why)),
    }
}

/// Why nothing was done, as all errors of this server are told (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "it describes what refusals are written as")]
pub(super) struct Problem {
    /// For programs: `invalid_request`, `invalid_token`, `insufficient_scope`, `access_denied`, `not_found`, `conflict`,
    /// `precondition_failed` …
    error: String,
    /// For people.
    #[schema(required = false)]
    error_description: String,
    /// The scope that would do, with `insufficient_scope`.
    #[schema(required = false)]
    scope: String,
}
