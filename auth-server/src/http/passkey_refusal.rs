//! From what went wrong with a passkey to what is recorded of it, or to a refusal.

use crate::http::refusals::Refusal;
use crate::passkeys::PasskeyError;
use crate::stores::StoreError;

/// The word in the audit stream, where the passkey is at fault.
pub(crate) fn reason(error: PasskeyError) -> Result<&'static str, Refusal> {
    match (error.reason(), error) {
        (Some(reason), _) => Ok(reason),
        (None, PasskeyError::Store(error)) => Err(error.into()),
        (None, error) => Err(StoreError::Unavailable(error.to_string()).into()),
    }
}
