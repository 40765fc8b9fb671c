//! `/oauth/check_token`: what a resource server asks about a token in the Spring dialect.

use serde::Serialize;
use serde_json::Value;

use crate::access_token::is_refresh_token;
use crate::clock::Timestamp;
use crate::error::ErrorCode;
use crate::identifiers::ClientId;
use crate::members::{Members, UnreadableMember};
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckTokenResponse {
    /// Always true; some releases of Spring leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Who the token is for. Spring's servers always say it, others may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Whose data it opens; absent when the client acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The owner's authorities, or the client's when it acts for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// What may be done.
    pub scope: Scope,
    /// The resource ids where it is good; none means everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// When it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    /// The token's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// What `check_token` says about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckTokenVerdict {
    /// It is good.
    Active(CheckTokenResponse),
    /// It is not; servers of other makers say so as introspection does.
    Inactive,
    /// It is not, or the question was not answered, as the code says.
    Error(ErrorCode),
    /// It is a refresh token: old servers vouch for those too.
    RefreshToken,
    /// The answer does not tell.
    Unclear,
}

impl CheckTokenVerdict {
    /// Reads the answer. What decides whom the token speaks for, where and when it is good has to be readable
    /// where it is there: `user_name`, `aud` and `exp`. All others may be missing or odd.
    pub fn read(said: &Members) -> Result<Self, UnreadableMember> {
        if let Some(error) = said.value("error") {
            let code = error.as_str().unwrap_or_default().to_owned();
            return Ok(Self::Error(ErrorCode::from(code)));
        }
        let client_id = said.or_let_go(said.text("client_id"));
        let active = match said.value("active") {
            // Some releases of Spring leave it out, and all of them name the client.
            None if client_id.is_none() => return Ok(Self::Unclear),
            None => true,
            Some(Value::Bool(active)) => *active,
            // Spring compares the text.
            Some(active) => active.as_str() == Some("true"),
        };
        if !active {
            return Ok(Self::Inactive);
        }
        if is_refresh_token(said) {
            return Ok(Self::RefreshToken);
        }
        Ok(Self::Active(CheckTokenResponse {
            active: Some(active),
            client_id: client_id.map(ClientId::new),
            user_name: said.text("user_name")?,
            authorities: said.or_let_go(said.texts("authorities")),
            scope: said.scope("scope"),
            aud: said.texts("aud")?,
            exp: said.time("exp")?,
            jti: said.or_let_go(said.text("jti")),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::odd;

    #[test]
    fn the_answer_of_a_spring_server_is_understood() {
        let answer = r#"{"aud":["oauth2-resource"],"user_name":"user","scope":["read"],"active":true,"exp":1795317957,"authorities":["ROLE_USER"],"client_id":"my-trusted-client"}"#;
        let said = Members::decode("check_token", answer.as_bytes()).unwrap();
        let Ok(CheckTokenVerdict::Active(response)) = CheckTokenVerdict::read(&said) else {
            panic!("not active");
        };
        assert_eq!(response.user_name.as_deref(), Some("user"));
        assert!(response.scope.contains("read"));
        assert_eq!(response.exp, Some(Timestamp::from_secs(1_795_317_957)));
    }

    #[test]
    fn scope_and_audience_are_arrays() {
        let mut response = CheckTokenResponse {
            active: Some(true),
            client_id: Some(ClientId::new("c")),
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
        response.active = None;
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(json, expected.replace("\"active\":true,", ""));
    }

    fn read(message: &str) -> CheckTokenVerdict {
        let said = Members::decode("check_token answer", message.as_bytes()).unwrap();
        CheckTokenVerdict::read(&said).unwrap()
    }

    #[test]
    fn an_answer_that_does_not_tell_is_believed_by_nobody() {
        for answer in ["{}", r#"{"aud":["photo-space"]}"#, r#"{"client_id":null}"#] {
            assert_eq!(read(answer), CheckTokenVerdict::Unclear, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn no_optional_member_spoils_a_check_token_answer(
            odd in prop::collection::vec((any::<usize>(), odd::json()), 0..8),
        ) {
            let optional = ["client_id", "scope", "authorities", "jti", "iat", "tenant"];
            for (active, good) in [(json!(true), true), (json!("true"), true), (json!(false), false)] {
                let required = json!({"active": active, "user_name": "xiaoming", "aud": ["photo-space"]});
                let verdict = read(&odd::message(&required, &optional, &odd));
                if let CheckTokenVerdict::Active(response) = verdict {
                    prop_assert!(good);
                    prop_assert_eq!(response.user_name.as_deref(), Some("xiaoming"));
                    prop_assert_eq!(response.aud, ["photo-space"]);
                } else {
                    prop_assert!(!good);
                    prop_assert_eq!(verdict, CheckTokenVerdict::Inactive);
                }
            }
        }
    }
}
