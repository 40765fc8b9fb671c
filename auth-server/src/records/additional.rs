//! What is said of a token besides what the protocol says.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Members that mean something to somebody who reads an answer or a JWT: OAuth 2 (RFC 6749 §5), JWT (RFC 7519 §4.1, RFC
/// 9068 §2.2), introspection (RFC 7662 §2.2), who else acts or may (RFC 8693 §4), proof of possession (RFC 7800 §3.1),
/// `OpenID` Connect, and Spring's dialect.
const RESERVED: [&str; 32] = [
    "access_token",
    "token_type",
    "refresh_token",
    "expires_in",
    "scope",
    "scp",
    "id_token",
    "issued_token_type",
    "state",
    "error",
    "error_description",
    "error_uri",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "ati",
    "nonce",
    "cnf",
    "act",
    "may_act",
    "authorization_details",
    "active",
    "client_id",
    "username",
    "user_name",
    "authorities",
    "grant_type",
    "azp",
];
/// Bytes of the longest name.
const LONGEST_NAME: usize = 64;
/// How many members there may be.
const MOST_MEMBERS: usize = 32;
/// Bytes of all of them as JSON: they are kept with every token, and travel in every JWT.
const LONGEST_JSON: usize = 4096;

/// Members that are added to the answer with a token, to the claims of a JWT, and to what is told about it. None of them is
/// a member of the protocol.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdditionalInformation(Map<String, Value>);

/// A member cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdditionalInformationFault {
    /// It is one of the protocol's own.
    #[error("the member `{0}` is the protocol's own")]
    Reserved(String),
    /// It has no name, or one that is too long or holds a control character.
    #[error("a member needs a name of at most {LONGEST_NAME} bytes, without control characters")]
    Name,
    /// There are too many, or they are too long.
    #[error(
        "the member `{0}` is one too many, or too long; accepted: {MOST_MEMBERS} members, {LONGEST_JSON} bytes as JSON"
    )]
    Size(String),
}

impl AdditionalInformation {
    /// These and one more member, in place of one of the same name.
    pub fn with(
        mut self,
        name: &str,
        value: impl Into<Value>,
    ) -> Result<Self, AdditionalInformationFault> {
        if RESERVED.contains(&name) {
            return Err(AdditionalInformationFault::Reserved(name.to_owned()));
        }
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(AdditionalInformationFault::Name);
        }
        self.0.insert(name.to_owned(), value.into());
        let json = serde_json::to_string(&self.0).map_or(usize::MAX, |json| json.len());
        if self.0.len() > MOST_MEMBERS || json > LONGEST_JSON {
            return Err(AdditionalInformationFault::Size(name.to_owned()));
        }
        Ok(self)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }
}

/// They may say something about people, so only their names print.
impl fmt::Debug for AdditionalInformation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_own_members_cannot_be_added() {
        for name in RESERVED {
            let refused = AdditionalInformation::default().with(name, true);
            let expected = AdditionalInformationFault::Reserved(name.to_owned());
            assert_eq!(refused.unwrap_err(), expected);
        }
    }

    #[test]
    fn what_is_added_is_bounded() {
        let none = AdditionalInformation::default;
        let longest = "x".repeat(LONGEST_JSON);
        assert!(none().with("a", longest.as_str()).is_err());
        let name = "x".repeat(LONGEST_NAME);
        assert!(none().with(&name, 1).is_ok());
        for name in [format!("{name}x"), String::new(), "a\n".to_owned()] {
            assert_eq!(none().with(&name, 1), Err(AdditionalInformationFault::Name));
        }
        let mut many = none();
        for number in 0..MOST_MEMBERS {
            many = many.with(&format!("m{number}"), number).unwrap();
        }
        assert!(many.clone().with("m0", 1).is_ok());
        assert!(many.with("more", 1).is_err());
    }

    #[test]
    fn what_is_added_does_not_print() {
        let added = AdditionalInformation::default()
            .with("home", "hush")
            .unwrap();
        assert_eq!(format!("{added:?}"), "{\"home\"}");
    }
}
