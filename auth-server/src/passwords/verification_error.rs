//! Why a password was not verified.

/// Why there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// Too many verifications wait already. Answer 503: the caller may try again in a moment.
    #[error("too many passwords wait to be verified")]
    Busy,
    /// The computation was lost, because the server stops or is out of memory.
    #[error("the verification of a password was interrupted")]
    Interrupted,
}
