//! The claims of an access token that is a JWT, in both dialects: Spring's
//! (`user_name`, `authorities`, `scope` as an array) and the standard's
//! ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).

use serde::{Deserialize, Serialize};

use crate::check_token::one_or_many;
use crate::clock::Timestamp;
use crate::identifiers::ClientId;
use crate::scope::Scope;

/// `typ` of the header in the Spring dialect.
pub const SPRING_TYPE: &str = "JWT";
/// `typ` of the header of RFC 9068 §2.1.
pub const STANDARD_TYPE: &str = "at+jwt";

/// Claims in the Spring dialect. There is no `iss`, `sub` or `iat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpringClaims {
    /// The resource ids where it is good.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub aud: Vec<String>,
    /// Whose data it opens; absent when the client acts for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// What may be done.
    pub scope: Scope,
    /// When it expires.
    pub exp: Timestamp,
    /// The owner's authorities, or the client's when it acts for itself.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub authorities: Vec<String>,
    /// The token's own id.
    pub jti: String,
    /// Who the token is for.
    pub client_id: ClientId,
}

/// Claims of RFC 9068 §2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardClaims {
    /// Who issued it.
    pub iss: String,
    /// The owner, or the client when it acts for itself.
    pub sub: String,
    /// The resource ids where it is good.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub aud: Vec<String>,
    /// Who the token is for.
    pub client_id: ClientId,
    /// What may be done: names separated by blanks.
    pub scope: String,
    /// The owner's authorities, or the client's when it acts for itself (RFC 9068 §2.2.3.1 names such
    /// attributes `roles` and `entitlements`; this is the word of the other dialect).
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub authorities: Vec<String>,
    /// When it was issued.
    pub iat: Timestamp,
    /// When it expires.
    pub exp: Timestamp,
    /// The token's own id.
    pub jti: String,
}

/// The claims of either dialect, as a resource server reads them from a token whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccessTokenClaims {
    /// Standard dialect: who issued it.
    #[serde(default)]
    pub iss: Option<String>,
    /// Standard dialect: the owner, or the client when it acts for itself.
    #[serde(default)]
    pub sub: Option<String>,
    /// Spring dialect: the owner.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Who the token is for.
    pub client_id: ClientId,
    /// What may be done.
    #[serde(default)]
    pub scope: Scope,
    /// The owner's authorities, or the client's when it acts for itself.
    #[serde(default, deserialize_with = "one_or_many")]
    pub authorities: Vec<String>,
    /// The resource ids where it is good.
    #[serde(default, deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// When it expires.
    #[serde(default)]
    pub exp: Option<Timestamp>,
    /// When it begins to be good.
    #[serde(default)]
    pub nbf: Option<Timestamp>,
    /// Only refresh tokens of the Spring dialect have it: the `jti` of their access token.
    #[serde(default)]
    pub ati: Option<String>,
    /// The token's own id.
    #[serde(default)]
    pub jti: Option<String>,
}

impl AccessTokenClaims {
    /// The owner's name; `None` when the client acts for itself.
    pub fn owner(&self) -> Option<&str> {
        let sub = self
            .sub
            .as_deref()
            .filter(|sub| *sub != self.client_id.as_str());
        self.user_name.as_deref().or(sub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_name_the_owner() {
        let spring = r#"{"user_name":"xiaoming","client_id":"c","scope":["a"],"exp":1,"jti":"j"}"#;
        let standard = r#"{"iss":"i","sub":"xiaoming","client_id":"c","scope":"a","aud":"x","exp":1,"iat":0,"jti":"j"}"#;
        for json in [spring, standard] {
            let claims: AccessTokenClaims = serde_json::from_str(json).unwrap();
            assert_eq!(claims.owner(), Some("xiaoming"));
            assert!(claims.scope.contains("a"));
        }
    }

    #[test]
    fn a_client_that_acts_for_itself_is_no_owner() {
        let json = r#"{"iss":"i","sub":"c","client_id":"c","scope":"a","exp":1}"#;
        let claims: AccessTokenClaims = serde_json::from_str(json).unwrap();
        assert_eq!(claims.owner(), None);
    }
}
