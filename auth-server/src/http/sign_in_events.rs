//! The audit events of a sign-in that was refused, at the page and in the password grant.

use crate::audit::{Audit, AuditEvent};
use crate::resource_owners::sign_in::SignInError;

/// Records why somebody at `address` could not sign in.
pub(crate) fn record_sign_in_refused(audit: &Audit, error: &SignInError, address: &str) {
    match error {
        SignInError::BadCredentials { owner } => audit.record(&AuditEvent::SignInFailed {
            owner: owner.as_deref(),
            address,
        }),
        SignInError::TooManyAttempts(throttled) => audit.record(&AuditEvent::SignInThrottled {
            limit: throttled.limit.as_str(),
            address,
        }),
        SignInError::Busy(error) => audit.record(&AuditEvent::SignInNotVerified {
            reason: &error.to_string(),
            address,
        }),
        SignInError::Store(error) => audit.record(&AuditEvent::SignInNotVerified {
            reason: &error.to_string(),
            address,
        }),
    }
}
