//! What a good token stands for: the client, the owner if there is one, and what may be done.

use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};
#[cfg(feature = "access-expressions")]
use symbolon::access_expression::{AccessExpression, Caller, TokenOfCaller};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;

use crate::error::AccessError;

/// The facts that a token stands for, in neither dialect. There may be more of them with more kinds of tokens, so
/// a verifier of your own ends with `..TokenFacts::default()`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// Who the token was issued to; `None` where the authorization server does not say it.
    pub client_id: Option<ClientId>,
    /// Whose data it opens; `None` when the client acts for itself.
    pub owner: Option<String>,
    /// What may be done.
    pub scope: Scope,
    /// The owner's authorities, or the client's when it acts for itself.
    pub authorities: Vec<String>,
    /// The resource ids where the token is good; none means everywhere, unless the resource server is
    /// [strict](crate::ResourceId::require_audience).
    pub audience: Vec<String>,
    /// When it expires; `None` when the authorization server set no end.
    pub expires_at: Option<Timestamp>,
    /// The token's own id (`jti`): fit for audits, not for use as a token.
    pub token_id: Option<String>,
    /// Everything that the authorization server says about the token, in its own words: the claims of a JWT, or
    /// the members of an answer.
    pub claims: Map<String, Value>,
}

/// The authenticated caller: [`TokenFacts`] that a
/// [`TokenVerifier`](crate::verifier::TokenVerifier) vouches for. Cheap to clone.
///
/// Handlers take it as an argument; everybody else reads it with [`Authentication::of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication(Arc<TokenFacts>);

impl From<TokenFacts> for Authentication {
    fn from(facts: TokenFacts) -> Self {
        Self(Arc::new(facts))
    }
}

impl Deref for Authentication {
    type Target = TokenFacts;

    fn deref(&self) -> &TokenFacts {
        &self.0
    }
}

impl Authentication {
    /// The token carries this scope.
    pub fn require_scope(&self, name: &str) -> Result<(), AccessError> {
        self.require_all_scopes([name])
    }

    /// The token carries every one of these scopes.
    pub fn require_all_scopes<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), AccessError> {
        let names: Vec<&str> = names.into_iter().collect();
        if names.iter().all(|name| self.scope.contains(name)) {
            Ok(())
        } else {
            Err(AccessError::insufficient_scope(names))
        }
    }

    /// The token carries at least one of these scopes.
    pub fn require_any_scope<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), AccessError> {
        let names: Vec<&str> = names.into_iter().collect();
        if names.iter().any(|name| self.scope.contains(name)) {
            Ok(())
        } else {
            Err(AccessError::insufficient_scope(names))
        }
    }

    /// The owner (or the client that acts for itself) has this authority, to the letter.
    pub fn require_authority(&self, authority: &str) -> Result<(), AccessError> {
        self.require_any_authority([authority])
    }

    /// The owner (or the client that acts for itself) has at least one of these authorities.
    pub fn require_any_authority<'a>(
        &self,
        authorities: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), AccessError> {
        let found = authorities
            .into_iter()
            .any(|authority| self.authorities.iter().any(|own| own == authority));
        allowed(found)
    }

    /// The token was issued to one of these clients.
    pub fn require_any_client<'a>(
        &self,
        client_ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), AccessError> {
        let own = self.client_id.as_ref().map(ClientId::as_str);
        let found = own.is_some_and(|own| client_ids.into_iter().any(|client_id| client_id == own));
        allowed(found)
    }

    /// A person stands behind the token; answers with the owner's name.
    pub fn require_owner(&self) -> Result<&str, AccessError> {
        self.owner.as_deref().ok_or(AccessError::AccessDenied)
    }

    /// The client acts for itself.
    pub fn require_client_itself(&self) -> Result<(), AccessError> {
        allowed(self.owner.is_none())
    }

    /// An access rule of Spring's lets the caller go on, as its annotations of methods ask for. Of scopes that were
    /// asked for in vain all are named, in the order of the rule; else access is denied.
    #[cfg(feature = "access-expressions")]
    pub fn require_access(&self, rule: &AccessExpression) -> Result<(), AccessError> {
        let decision = rule.decide(&Caller::authenticated(&self.authorities).with_token(
            TokenOfCaller {
                scope: &self.scope,
                has_owner: self.owner.is_some(),
                client_authorities: match self.owner {
                    Some(_) => &[],
                    None => &self.authorities,
                },
            },
        ));
        if decision.is_allowed || decision.missing_scopes.is_empty() {
            return allowed(decision.is_allowed);
        }
        let missing = decision.missing_scopes.iter().map(String::as_str);
        Err(AccessError::insufficient_scope(missing))
    }
}

fn allowed(yes: bool) -> Result<(), AccessError> {
    if yes {
        Ok(())
    } else {
        Err(AccessError::AccessDenied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authentication(owner: Option<&str>) -> Authentication {
        TokenFacts {
            client_id: Some(ClientId::new("print-photo")),
            owner: owner.map(str::to_owned),
            scope: Scope::parse("photo.read profile").unwrap(),
            authorities: vec!["ROLE_USER".to_owned()],
            ..TokenFacts::default()
        }
        .into()
    }

    #[test]
    fn a_missing_scope_is_named_in_the_refusal() {
        let error = authentication(None)
            .require_all_scopes(["photo.write", "photo.read"])
            .unwrap_err();
        assert_eq!(
            error,
            AccessError::InsufficientScope {
                scope: "photo.write photo.read".to_owned()
            }
        );
    }

    #[test]
    fn one_of_many_scopes_is_enough_when_any_will_do() {
        let authentication = authentication(None);
        assert_eq!(authentication.require_any_scope(["x", "profile"]), Ok(()));
        assert!(authentication.require_any_scope(["x", "y"]).is_err());
        assert!(authentication.require_any_scope([]).is_err());
    }

    #[test]
    fn authorities_and_clients_are_compared_to_the_letter() {
        let authentication = authentication(None);
        assert_eq!(authentication.require_authority("ROLE_USER"), Ok(()));
        assert!(authentication.require_authority("USER").is_err());
        assert_eq!(authentication.require_any_client(["print-photo"]), Ok(()));
        assert!(authentication.require_any_client(["Print-Photo"]).is_err());
        let of_nobody = Authentication::from(TokenFacts::default());
        assert!(of_nobody.require_any_client(["print-photo", ""]).is_err());
    }

    #[test]
    fn a_client_that_acts_for_itself_is_not_a_person() {
        assert!(authentication(None).require_owner().is_err());
        assert_eq!(authentication(None).require_client_itself(), Ok(()));
        let person = authentication(Some("lihua"));
        assert_eq!(person.require_owner(), Ok("lihua"));
        assert!(person.require_client_itself().is_err());
    }
}
