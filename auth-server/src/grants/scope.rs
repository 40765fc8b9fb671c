//! Which scope a request asks for ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).

use symbolon::scope::{InvalidScope, Scope};

use crate::clients::client::Client;

/// Why a scope cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// It is malformed or not registered with the client.
    #[error("Invalid scope")]
    Invalid {
        /// What the client may ask for.
        registered: Scope,
    },
    /// There is nothing that the client may have.
    #[error("Empty scope (either the client or the user is not allowed the requested scopes)")]
    Empty,
}

/// The scope that a request names; `None` when it names nothing, which a blank text does not either.
pub(super) fn named(requested: Option<&str>) -> Result<Option<Scope>, InvalidScope> {
    let named = requested.map(Scope::parse).transpose()?;
    Ok(named.filter(|scope| !scope.is_empty()))
}

/// The scope that a client asks for, checked against its registration; all of that when it does not say.
pub fn requested_scope(client: &Client, requested: Option<&str>) -> Result<Scope, ScopeError> {
    let invalid = || ScopeError::Invalid {
        registered: client.scope.clone(),
    };
    let scope = named(requested).map_err(|_| invalid())?;
    let scope = scope.unwrap_or_else(|| client.scope.clone());
    if scope.is_empty() {
        Err(ScopeError::Empty)
    } else if client.may_have(&scope) {
        Ok(scope)
    } else {
        Err(invalid())
    }
}
