//! What all calls have in common: names in the path, and why nothing was done.

use actix_web::web;
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

/// What is so already is answered as if it had been done: whoever got no answer asks again.
pub(super) fn refused(changed: &Changed<()>, what: Kept) -> Result<(), Refusal> {
    let why = changed.nothing_done(what).unwrap_or_default();
    match changed {
        Changed::Done(()) | Changed::AlreadySo => Ok(()),
        Changed::Unknown => Err(Refusal::no_such(why)),
        Changed::KeptElsewhere | Changed::Contended | Changed::HasNone | Changed::SaysOther => {
            Err(Refusal::conflict(why))
        }
    }
}

/// Why nothing was done, as all errors of this server are told (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "it describes what refusals are written as")]
pub(super) struct Problem {
    /// For programs: `invalid_request`, `invalid_token`, `insufficient_scope`, `access_denied`, `not_found`, `conflict` …
    error: String,
    /// For people.
    #[schema(required = false)]
    error_description: String,
    /// The scope that would do, with `insufficient_scope`.
    #[schema(required = false)]
    scope: String,
}
