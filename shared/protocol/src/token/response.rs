//! The token endpoint's answer ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::members::{Members, UnreadableMember};
use crate::scope::{self, Scope};
use crate::secret::{self, Secret};

/// A token that was issued (RFC 6749 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenResponse {
    /// What opens the protected resource.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: Secret,
    /// How it is used: `Bearer`, written `bearer` in the Spring dialect. Servers that leave it out
    /// mean a bearer token.
    pub token_type: String,
    /// What is exchanged for the next one.
    #[serde(
        serialize_with = "secret::expose_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub refresh_token: Option<Secret>,
    /// Seconds until the access token expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// What it may be used for; absent means what was asked for.
    #[serde(
        serialize_with = "scope::as_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub scope: Option<Scope>,
    /// What a dialect adds, for example `jti`.
    #[serde(flatten)]
    pub additional: AdditionalMembers,
}

/// Without `access_token` it is no token response; everything else may be missing or odd.
impl<'de> Deserialize<'de> for TokenResponse {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = Members::of("token_response", Map::deserialize(from)?);
        let access_token = token(&said, "access_token");
        let token_type = said.or_let_go(said.text("token_type"));
        let mut read = Self {
            access_token: access_token.ok_or_else(|| D::Error::missing_field("access_token"))?,
            token_type: token_type.map_or_else(bearer, |name| name.trim().to_owned()),
            refresh_token: token(&said, "refresh_token"),
            expires_in: said.or_let_go(said.secs("expires_in")),
            scope: Some(said.scope("scope")).filter(|scope| !scope.is_empty()),
            additional: AdditionalMembers(said.into_map()),
        };
        read.additional
            .0
            .retain(|name, _| !NAMES.contains(&name.as_str()));
        Ok(read)
    }
}

/// The names that RFC 6749 §5.1 gives to members.
const NAMES: [&str; 5] = [
    "access_token",
    "token_type",
    "refresh_token",
    "expires_in",
    "scope",
];

/// A token that is empty, or no text, is none.
fn token(said: &Members, name: &str) -> Option<Secret> {
    let token = match said.value(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => {
            Ok(Some(Secret::new(text.as_str())))
        }
        Some(_) => Err(UnreadableMember {
            name: name.to_owned(),
        }),
    };
    said.or_let_go(token)
}

fn bearer() -> String {
    "Bearer".to_owned()
}

/// Members of a token response that RFC 6749 does not name. Some are as secret as a token (`id_token`), so
/// only their names print.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdditionalMembers(Map<String, Value>);

impl AdditionalMembers {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl From<Map<String, Value>> for AdditionalMembers {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

impl FromIterator<(String, Value)> for AdditionalMembers {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(members: T) -> Self {
        Self(members.into_iter().collect())
    }
}

impl fmt::Debug for AdditionalMembers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::odd;

    #[test]
    fn a_spring_answer_is_understood() {
        let answer = r#"{"access_token":"t","token_type":"bearer","expires_in":"43199","scope":"b a","jti":"j"}"#;
        let response: TokenResponse = serde_json::from_str(answer).unwrap();
        assert_eq!(response.expires_in, Some(43199));
        assert_eq!(response.scope.unwrap().to_string(), "a b");
        assert_eq!(response.additional.get("jti"), Some(&Value::from("j")));
    }

    #[test]
    fn the_scope_of_an_answer_is_one_string() {
        let response = TokenResponse {
            access_token: Secret::new("t"),
            token_type: bearer(),
            refresh_token: None,
            expires_in: Some(60),
            scope: Some(Scope::parse("a b").unwrap()),
            additional: AdditionalMembers::default(),
        };
        let json = serde_json::to_string(&response).unwrap();
        let expected =
            r#"{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a b"}"#;
        assert_eq!(json, expected);
    }

    fn read(json: &Value) -> Option<TokenResponse> {
        serde_json::from_value(json.clone()).ok()
    }

    #[test]
    fn an_odd_scope_does_not_lose_the_token() {
        for (odd, expected) in [
            (json!("photo.read "), Some("photo.read")),
            (json!("a  b"), Some("a b")),
            (json!(["a b"]), None),
            (json!([null, "a"]), Some("a")),
            (json!("a+b"), Some("a+b")),
            (json!([null]), None),
            (json!(""), None),
            (json!(7), None),
        ] {
            let answer = json!({ "access_token": "t", "refresh_token": "r", "scope": odd });
            let response = read(&answer).unwrap();
            assert_eq!(response.refresh_token, Some(Secret::new("r")));
            let scope = response.scope.map(|scope| scope.to_string());
            assert_eq!(scope.as_deref(), expected, "{odd}");
        }
    }

    #[test]
    fn an_empty_token_is_none() {
        for empty in [json!(""), json!(" "), json!(null), json!(7)] {
            assert_eq!(read(&json!({ "access_token": empty })), None, "{empty}");
            let answer = json!({ "access_token": "t", "refresh_token": empty });
            assert_eq!(read(&answer).unwrap().refresh_token, None, "{empty}");
        }
    }

    #[test]
    fn what_a_server_adds_is_there_and_does_not_print() {
        let answer = json!({ "access_token": "t", "id_token": "hush" });
        let response = read(&answer).unwrap();
        assert_eq!(response.additional.get("id_token"), Some(&json!("hush")));
        let printed = format!("{response:?}");
        assert!(
            printed.contains("id_token") && !printed.contains("hush"),
            "{printed}"
        );
    }

    proptest! {
        #[test]
        fn no_optional_member_loses_the_token(odd in prop::collection::vec((any::<usize>(), odd::json()), 0..6)) {
            let required = json!({ "access_token": "t" });
            let optional = ["refresh_token", "token_type", "expires_in", "scope", "jti"];
            let message = odd::message(&required, &optional, &odd);
            let response: TokenResponse = serde_json::from_str(&message).unwrap();
            prop_assert_eq!(response.access_token, Secret::new("t"));
            prop_assert_ne!(response.refresh_token, Some(Secret::new("")));
        }
    }
}
