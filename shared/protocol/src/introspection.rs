//! Token introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use serde::Serialize;
use serde_json::Value;

use crate::access_token::is_refresh_token;
use crate::clock::Timestamp;
use crate::identifiers::ClientId;
use crate::members::{Members, UnreadableMember};
use crate::parameters::{self, Parameters};
use crate::scope::{self, Scope};
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IntrospectionResponse {
    /// Whether the token is good.
    pub active: bool,
    /// What may be done; one text of names separated by spaces.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "scope::as_text"
    )]
    pub scope: Option<Scope>,
    /// Who the token is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The owner's name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `Bearer` for access tokens, `N_A` (RFC 8693 §2.2.1) for refresh tokens, which open no resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// When it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<Timestamp>,
    /// The owner, or the client when it acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The resource ids where it is good.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The token's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The owner's authorities, or the client's when it acts for itself: an extension member, so that
    /// a resource server learns the same facts in both dialects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
}

/// What introspection says about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntrospectionVerdict {
    /// It is good.
    Active(Box<IntrospectionResponse>),
    /// It is not.
    Inactive,
    /// It is a refresh token: servers are asked about those too (RFC 7662 §2.1).
    RefreshToken,
    /// The answer does not tell: `active`, which is required, is missing or odd.
    Unclear,
}

impl IntrospectionVerdict {
    /// Reads the answer. `active` is required (RFC 7662 §2.2). What decides whom the token speaks for, where and
    /// when it is good and of which kind it is has to be readable where it is there: `username`, `sub`, `aud`,
    /// `exp` and `token_type`. All others may be missing or odd.
    pub fn read(said: &Members) -> Result<Self, UnreadableMember> {
        match said.value("active") {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => return Ok(Self::Inactive),
            Some(_) | None => return Ok(Self::Unclear),
        }
        if is_refresh_token(said) {
            return Ok(Self::RefreshToken);
        }
        let client_id = said.or_let_go(said.text("client_id"));
        Ok(Self::Active(Box::new(IntrospectionResponse {
            active: true,
            scope: said.contains("scope").then(|| said.scope("scope")),
            client_id: client_id.map(ClientId::new),
            username: said.text("username")?,
            token_type: said.text("token_type")?,
            exp: said.time("exp")?,
            iat: said.or_let_go(said.time("iat")),
            sub: said.text("sub")?,
            aud: said.texts("aud")?,
            iss: said.or_let_go(said.text("iss")),
            jti: said.or_let_go(said.text("jti")),
            authorities: said.or_let_go(said.texts("authorities")),
        })))
    }
}

impl IntrospectionResponse {
    /// Whose data the token opens; `None` when the client acts for itself, which is then the `sub` too.
    pub fn owner(&self) -> Option<&str> {
        let client_id = self.client_id.as_ref().map(ClientId::as_str);
        let subject = self.sub.as_deref().filter(|sub| Some(*sub) != client_id);
        self.username.as_deref().or(subject)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::odd;

    #[test]
    fn about_a_bad_token_nothing_is_said() {
        let json = serde_json::to_string(&IntrospectionResponse::default()).unwrap();
        assert_eq!(json, r#"{"active":false}"#);
    }

    proptest! {
        #[test]
        fn no_optional_member_spoils_an_introspection_answer(
            odd in prop::collection::vec((any::<usize>(), odd::json()), 0..8),
        ) {
            let optional = ["client_id", "scope", "authorities", "jti", "iat", "iss", "nbf", "tenant"];
            for active in [true, false] {
                let required = json!({"active": active, "sub": "xiaoming", "aud": "photo-space"});
                let message = odd::message(&required, &optional, &odd);
                let said = Members::decode("introspection answer", message.as_bytes()).unwrap();
                let verdict = IntrospectionVerdict::read(&said).unwrap();
                if let IntrospectionVerdict::Active(response) = verdict {
                    prop_assert!(active);
                    prop_assert_eq!(response.sub.as_deref(), Some("xiaoming"));
                    prop_assert_eq!(response.aud, ["photo-space"]);
                } else {
                    prop_assert!(!active);
                    prop_assert_eq!(verdict, IntrospectionVerdict::Inactive);
                }
            }
        }
    }
}
