//! The token endpoint's answer ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::scope::Scope;
use crate::secret::{self, Secret};

/// A token that was issued (RFC 6749 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// What opens the protected resource.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: Secret,
    /// How it is used: `Bearer`, written `bearer` in the Spring dialect. Servers that leave it out
    /// mean a bearer token.
    #[serde(default = "bearer")]
    pub token_type: String,
    /// What is exchanged for the next one.
    #[serde(
        default,
        serialize_with = "secret::expose_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub refresh_token: Option<Secret>,
    /// Seconds until the access token expires.
    #[serde(
        default,
        deserialize_with = "secs",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_in: Option<u64>,
    /// What it may be used for; absent means what was asked for.
    #[serde(
        default,
        serialize_with = "as_text",
        deserialize_with = "scope_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub scope: Option<Scope>,
    /// What a dialect adds, for example `jti`.
    #[serde(flatten)]
    pub additional: Map<String, Value>,
}

fn bearer() -> String {
    "Bearer".to_owned()
}

#[allow(clippy::ref_option, reason = "the signature that serde calls")]
fn as_text<S: serde::Serializer>(scope: &Option<Scope>, to: S) -> Result<S::Ok, S::Error> {
    match scope {
        Some(scope) => to.collect_str(scope),
        None => to.serialize_none(),
    }
}

/// Servers write an empty scope as `""`, and some as `null`.
fn scope_or_nothing<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Scope>, D::Error> {
    Ok(Option::<Scope>::deserialize(from)?.filter(|scope| !scope.is_empty()))
}

/// Servers write seconds as a number or as a string of digits.
fn secs<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Secs {
        Number(u64),
        Text(String),
    }
    match Option::<Secs>::deserialize(from)? {
        None => Ok(None),
        Some(Secs::Number(secs)) => Ok(Some(secs)),
        Some(Secs::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            additional: Map::new(),
        };
        let json = serde_json::to_string(&response).unwrap();
        let expected =
            r#"{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a b"}"#;
        assert_eq!(json, expected);
    }
}
