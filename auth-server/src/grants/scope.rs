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

/// The same as a Spring server takes it: an empty name between two blanks is a name that no client has.
pub fn requested_as_of_spring(
    client: &Client,
    requested: Option<&str>,
) -> Result<Scope, ScopeError> {
    if requested.is_some_and(names_nothing_between) && !client.has_any_scope() {
        let registered = client.scope.clone();
        return Err(ScopeError::Invalid { registered });
    }
    requested_scope(client, requested)
}

/// Each single blank separates, so two of them have an empty name between them, which no client has. What ends a text
/// counts for nothing.
fn names_nothing_between(scope: &str) -> bool {
    let is_separator = |character: char| character.is_ascii_whitespace() || character == '+';
    let names = scope.trim_end_matches(is_separator);
    !names.is_empty() && names.split(is_separator).any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_blanks_have_an_empty_name_between_them() {
        for (scope, expected) in [
            ("", false),
            ("  ", false),
            ("a", false),
            ("a b", false),
            ("a+b", false),
            ("a ", false),
            ("a  b", true),
            ("a +b", true),
            (" a", true),
        ] {
            assert_eq!(names_nothing_between(scope), expected, "{scope:?}");
        }
    }
}
