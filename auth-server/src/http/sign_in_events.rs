//! Sign-ins and their audit events: at the page, and those refused in the password grant.

use std::sync::Arc;

use actix_web::HttpRequest;
use symbolon::secret::Secret;

use crate::audit::{Audit, AuditEvent};
use crate::http::caller::address;
use crate::http::known_browser;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::sign_in::SignInError;
use crate::resource_owners::throttle::Caller;
use crate::server::Server;

/// Who has signed in, or why nobody has.
pub(crate) type SignInOutcome = Result<Arc<ResourceOwner>, SignInError>;

/// Checks a name and a password, and records what came of it.
pub(crate) async fn authenticate(
    server: &Server,
    request: &HttpRequest,
    username: &str,
    password: &Secret,
) -> SignInOutcome {
    let address = &address(request);
    let known_browser = known_browser::recognised(request, server, username);
    let caller = Caller {
        address,
        known_browser: known_browser.as_deref(),
    };
    let signed_in = server.sign_in.authenticate(&caller, username, password);
    let outcome = signed_in.await;
    match &outcome {
        Ok(owner) => server.audit.record(&AuditEvent::OwnerSignedIn {
            owner: &owner.name,
            address,
        }),
        Err(error) => record_sign_in_refused(&server.audit, error, address),
    }
    outcome
}

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
