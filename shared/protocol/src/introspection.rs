//! Token introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use serde::{Deserialize, Serialize};

use crate::check_token::one_or_many;
use crate::clock::Timestamp;
use crate::identifiers::ClientId;
use crate::parameters::{self, Parameters};
use crate::secret::Secret;

/// Is this token good, and what does it stand for?
#[derive(Debug)]
pub struct IntrospectionRequest {
    /// The access or refresh token in question.
    pub token: Secret,
}

impl IntrospectionRequest {
    /// Takes the request out of the form; `None` without a token. `token_type_hint` is let go: a
    /// handle says itself what it is.
    pub fn decode(sent: &mut Parameters) -> Option<Self> {
        sent.take("token").map(|token| Self {
            token: Secret::new(token),
        })
    }

    /// The form that says this.
    pub fn encode(&self) -> Secret {
        let hint = ("token_type_hint", Some("access_token"));
        Secret::new(parameters::encode([
            ("token", Some(self.token.expose())),
            hint,
        ]))
    }
}

/// The answer (RFC 7662 §2.2). About a token that is not good it says `"active": false` and no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntrospectionResponse {
    /// Whether the token is good.
    pub active: bool,
    /// What may be done: names separated by blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Who the token is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The owner's name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `Bearer` for access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    /// When it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<Timestamp>,
    /// The owner, or the client when it acts for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The resource ids where it is good.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub aud: Vec<String>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The token's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The owner's authorities, or the client's when it acts for itself: an extension member, so that
    /// a resource server learns the same facts in both dialects.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub authorities: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_bad_token_nothing_is_said() {
        let json = serde_json::to_string(&IntrospectionResponse::default()).unwrap();
        assert_eq!(json, r#"{"active":false}"#);
    }
}
