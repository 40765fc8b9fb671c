//! Sign-ins and their audit events: at the page, and those refused in the password grant.

use std::sync::Arc;

use actix_web::HttpRequest;
use symbolon::secret::Secret;

use crate::audit::{Audit, AuditEvent};
use crate::http::caller::address;
use crate::http::known_browser;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::sign_in::{PasswordShown, SignInError};
use crate::resource_owners::throttle::Caller;
use crate::server::Server;

/// Who has signed in, or why nobody has.
pub(crate) type SignInOutcome = Result<Arc<ResourceOwner>, SignInError>;

/// Checks the name and the password of somebody who can show no more, and records what came of it.
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
        Ok(owner) => record_sign_in(&server.audit, owner, address),
        Err(error) => record_sign_in_refused(&server.audit, error, address),
    }
    outcome
}

/// Checks a name and a password, and records why they are not good. Whoever asks records the sign-in, when it is one.
pub(crate) async fn check_password(
    server: &Server,
    request: &HttpRequest,
    username: &str,
    password: &Secret,
) -> Result<PasswordShown, SignInError> {
    let address = &address(request);
    let known_browser = known_browser::recognised(request, server, username);
    let caller = Caller {
        address,
        known_browser: known_browser.as_deref(),
    };
    let checked = server.sign_in.check_password(&caller, username, password);
    let checked = checked.await;
    if let Err(error) = &checked {
        record_sign_in_refused(&server.audit, error, address);
    }
    checked
}

/// Checks the password of whoever is signed in, before something about the account is changed. It is in the stream as a
/// sign-in.
pub(crate) async fn prove_owner(
    server: &Server,
    request: &HttpRequest,
    owner: &ResourceOwner,
    password: &Secret,
) -> Result<(), SignInError> {
    let shown = check_password(server, request, &owner.name, password).await?;
    record_sign_in(&server.audit, &shown.owner, &address(request));
    Ok(())
}

/// Records that somebody at `address` has signed in.
pub(crate) fn record_sign_in(audit: &Audit, owner: &ResourceOwner, address: &str) {
    audit.record(&AuditEvent::OwnerSignedIn {
        owner: &owner.name,
        address,
    });
}

/// Records why somebody at `address` could not sign in.
pub(crate) fn record_sign_in_refused(audit: &Audit, error: &SignInError, address: &str) {
    match error {
        SignInError::BadCredentials { owner } => audit.record(&AuditEvent::SignInFailed {
            owner: owner.as_deref(),
            address,
        }),
        SignInError::SecondFactorNeeded { owner } => {
            audit.record(&AuditEvent::SecondFactorFailed {
                owner,
                reason: "needed",
                address,
            });
        }
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
