//! Who calls, and whether they may go on.

use crate::scope::Scope;

/// What a rule may ask about a caller.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    authorities: Option<&'a [String]>,
    token: Option<TokenOfCaller<'a>>,
}

/// The token that a caller presented.
#[derive(Clone, Copy, Debug)]
pub struct TokenOfCaller<'a> {
    /// What it is good for.
    pub scope: &'a Scope,
    /// Whether it was given in the name of an owner.
    pub has_owner: bool,
    /// What its client may do for itself, where that is known.
    pub client_authorities: &'a [String],
}

impl<'a> Caller<'a> {
    /// Somebody who did not say who they are.
    pub const fn anonymous() -> Self {
        Self {
            authorities: None,
            token: None,
        }
    }

    /// Somebody who is known, and what they may do.
    pub const fn authenticated(authorities: &'a [String]) -> Self {
        Self {
            authorities: Some(authorities),
            token: None,
        }
    }

    /// The same, known by this token.
    #[must_use]
    pub const fn with_token(mut self, token: TokenOfCaller<'a>) -> Self {
        self.token = Some(token);
        self
    }

    pub(super) const fn is_anonymous(&self) -> bool {
        self.authorities.is_none()
    }

    pub(super) fn has_authority(&self, name: &str) -> bool {
        let granted = self.authorities.unwrap_or_default();
        granted.iter().any(|granted| granted == name)
    }

    pub(super) const fn token(&self) -> Option<&TokenOfCaller<'a>> {
        self.token.as_ref()
    }
}

/// What came of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Whether the caller may go on.
    pub is_allowed: bool,
    /// If not: the scopes, or patterns of them, that were asked for in vain, in the order of the rule. Spring's
    /// resource servers name them in `insufficient_scope`; when there are none it is `access_denied`.
    pub missing_scopes: Vec<String>,
}
