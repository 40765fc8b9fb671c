//! `/oauth/check_token`: what a resource server asks about a token in the Spring dialect.

use serde::{Deserialize, Deserializer, Serialize};

use crate::clock::Timestamp;
use crate::identifiers::ClientId;
use crate::parameters::{self, Parameters};
use crate::scope::Scope;
use crate::secret::Secret;

/// Is this token good, and what does it stand for?
#[derive(Debug)]
pub struct CheckTokenRequest {
    /// The access token in question.
    pub token: Secret,
}

impl CheckTokenRequest {
    /// Takes the request out of the form; `None` without a token.
    pub fn decode(sent: &mut Parameters) -> Option<Self> {
        sent.take("token").map(|token| Self {
            token: Secret::new(token),
        })
    }

    /// The form that says this.
    pub fn encode(&self) -> Secret {
        Secret::new(parameters::encode([("token", Some(self.token.expose()))]))
    }
}

/// A good token. (The answer about a bad one is an [`ErrorResponse`](crate::error::ErrorResponse)
/// with status 400.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckTokenResponse {
    /// Always true; some releases of Spring leave it out.
    #[serde(default = "yes")]
    pub active: bool,
    /// Who the token is for.
    pub client_id: ClientId,
    /// Whose data it opens; absent when the client acts for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The owner's authorities, or the client's when it acts for itself.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub authorities: Vec<String>,
    /// What may be done.
    #[serde(default)]
    pub scope: Scope,
    /// The resource ids where it is good; none means everywhere.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub aud: Vec<String>,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    /// The token's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

fn yes() -> bool {
    true
}

/// Reads a list that may be written as one string (RFC 7519 §4.1.3 for `aud`; Spring for
/// `authorities`, where commas separate).
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::One(list) => list.split(',').map(|one| one.trim().to_owned()).collect(),
        OneOrMany::Many(list) => list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_a_spring_server_is_understood() {
        let answer = r#"{"aud":["oauth2-resource"],"user_name":"user","scope":["read"],"active":true,"exp":1795317957,"authorities":["ROLE_USER"],"client_id":"my-trusted-client"}"#;
        let response: CheckTokenResponse = serde_json::from_str(answer).unwrap();
        assert_eq!(response.user_name.as_deref(), Some("user"));
        assert!(response.scope.contains("read"));
        assert_eq!(response.exp, Some(Timestamp::from_secs(1_795_317_957)));
    }

    #[test]
    fn scope_and_audience_are_arrays() {
        let response = CheckTokenResponse {
            active: true,
            client_id: ClientId::new("c"),
            user_name: None,
            authorities: Vec::new(),
            scope: Scope::parse("a b").unwrap(),
            aud: vec!["photo-space".to_owned()],
            exp: None,
            jti: None,
        };
        let json = serde_json::to_string(&response).unwrap();
        let expected = r#"{"active":true,"client_id":"c","scope":["a","b"],"aud":["photo-space"]}"#;
        assert_eq!(json, expected);
    }
}
