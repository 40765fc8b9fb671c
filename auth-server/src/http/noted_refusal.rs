//! What there is of a request that was refused for whoever asks later why: it goes into the journal, and not to the caller.

use actix_web::{HttpMessage as _, HttpRequest};
use symbolon::error::ErrorCode;
use symbolon::identifiers::ClientId;

/// The rule of a form that is older than the sign-in, or somebody else's.
pub(crate) const OTHER_SESSION: &str = "_csrf is not of the session that the browser is in";
/// The rule of a form that nobody who is signed in has sent.
pub(crate) const NO_SESSION: &str = "_csrf is of a session that is over, or of none";
/// The rule of a field that takes the address of a mailbox.
pub(crate) const NO_ADDRESS: &str = "email: it is no address of a mailbox";

/// A no, whatever its answer looks like: one with a status of its own, a page once more, or the way to another page.
#[derive(Clone, Debug)]
pub(crate) struct NotedRefusal {
    pub(crate) error: ErrorCode,
    pub(crate) reason: String,
    pub(crate) asker: Asker,
}

/// Who was refused, where that is proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) client: Option<ClientId>,
    pub(crate) owner: Option<String>,
}

impl Asker {
    /// An owner who is signed in.
    pub(crate) fn owner(name: &str) -> Self {
        Self {
            client: None,
            owner: Some(name.to_owned()),
        }
    }
}

/// Notes that a form came to nothing, and by which rule: its field and what is wrong, never what was typed.
pub(crate) fn note_fault(request: &HttpRequest, owner: Option<&str>, rule: impl Into<String>) {
    request.extensions_mut().insert(NotedRefusal {
        error: ErrorCode::InvalidRequest,
        reason: rule.into(),
        asker: owner.map(Asker::owner).unwrap_or_default(),
    });
}
