//! Authorization server metadata ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::members::{Members, UnreadableMember};

/// Where the document is: this goes between the host and the path of the issuer (RFC 8414 §3.1).
pub const WELL_KNOWN_PATH: &str = "/.well-known/oauth-authorization-server";

/// Where the document of an issuer with this path is on the issuer's host (RFC 8414 §3.1).
///
/// ```
/// use symbolon::metadata::well_known_path;
///
/// assert_eq!(well_known_path("/tenant"), "/.well-known/oauth-authorization-server/tenant");
/// ```
pub fn well_known_path(issuer_path: &str) -> String {
    format!("{WELL_KNOWN_PATH}{}", issuer_path.trim_end_matches('/'))
}

/// What an authorization server says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorizationServerMetadata {
    /// Its name: the address that tokens and responses carry as `iss`.
    pub issuer: String,
    /// RFC 6749 §3.1; a server whose grants need no browser has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<Url>,
    /// RFC 6749 §3.2; a server of the implicit grant alone has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<Url>,
    /// Public keys of its JWTs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Url>,
    /// RFC 7662.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<Url>,
    /// RFC 7009.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<Url>,
    /// RFC 7591.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<Url>,
    /// Scope names that clients may ask for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// `response_type` values.
    pub response_types_supported: Vec<String>,
    /// How an authorization response travels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_modes_supported: Vec<String>,
    /// `grant_type` values; absent means `authorization_code` and `implicit`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    /// How a client may authenticate at the token endpoint; absent means HTTP Basic.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// How a client may authenticate at the introspection endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    /// How a client may authenticate at the revocation endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 7636 methods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<String>,
    /// The languages of the pages that owners see, as tags of BCP 47.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    /// RFC 9207: every authorization response carries `iss`.
    pub authorization_response_iss_parameter_supported: bool,
}

/// Without `issuer` it is no metadata (RFC 8414 §3.3); which endpoints are needed, only their user knows.
impl<'de> Deserialize<'de> for AuthorizationServerMetadata {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = Members::of("metadata", Map::deserialize(from)?);
        let issuer = said.value("issuer").and_then(Value::as_str);
        let url = |name| said.or_let_go(url(&said, name));
        let words = |name| said.or_let_go(said.texts(name));
        Ok(Self {
            issuer: issuer
                .ok_or_else(|| D::Error::missing_field("issuer"))?
                .to_owned(),
            authorization_endpoint: url("authorization_endpoint"),
            token_endpoint: url("token_endpoint"),
            jwks_uri: url("jwks_uri"),
            introspection_endpoint: url("introspection_endpoint"),
            revocation_endpoint: url("revocation_endpoint"),
            registration_endpoint: url("registration_endpoint"),
            scopes_supported: words("scopes_supported"),
            response_types_supported: words("response_types_supported"),
            response_modes_supported: words("response_modes_supported"),
            grant_types_supported: words("grant_types_supported"),
            token_endpoint_auth_methods_supported: words("token_endpoint_auth_methods_supported"),
            introspection_endpoint_auth_methods_supported: words(
                "introspection_endpoint_auth_methods_supported",
            ),
            revocation_endpoint_auth_methods_supported: words(
                "revocation_endpoint_auth_methods_supported",
            ),
            code_challenge_methods_supported: words("code_challenge_methods_supported"),
            ui_locales_supported: words("ui_locales_supported"),
            authorization_response_iss_parameter_supported: said.or_let_go(flag(
                &said,
                "authorization_response_iss_parameter_supported",
            )),
        })
    }
}

fn url(said: &Members, name: &str) -> Result<Option<Url>, UnreadableMember> {
    let url = said.text(name)?.map(|text| Url::parse(text.trim()));
    url.transpose().map_err(|_| unreadable(name))
}

/// Yes or no, also in quotes.
fn flag(said: &Members, name: &str) -> Result<bool, UnreadableMember> {
    match said.value(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => {
            let word = other.as_str().map(str::trim);
            word.and_then(|word| word.parse().ok())
                .ok_or_else(|| unreadable(name))
        }
    }
}

fn unreadable(name: &str) -> UnreadableMember {
    UnreadableMember {
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::odd;

    #[test]
    fn a_server_without_an_authorization_endpoint_is_understood() {
        let document = json!({
            "issuer": "https://as.example", "token_endpoint": "https://as.example/token",
            "authorization_endpoint": null, "scopes_supported": null, "jwks_uri": "",
            "grant_types_supported": ["client_credentials", null],
        });
        let metadata: AuthorizationServerMetadata = serde_json::from_value(document).unwrap();
        assert_eq!(metadata.authorization_endpoint, None);
        assert_eq!(metadata.jwks_uri, None);
        assert_eq!(metadata.grant_types_supported, ["client_credentials"]);
        assert!(metadata.token_endpoint.is_some());
    }

    proptest! {
        #[test]
        fn no_optional_member_hides_the_server(odd in prop::collection::vec((any::<usize>(), odd::json()), 0..8)) {
            let required = json!({ "issuer": "https://as.example" });
            let optional = [
                "authorization_endpoint", "token_endpoint", "jwks_uri", "scopes_supported",
                "response_types_supported", "grant_types_supported",
                "authorization_response_iss_parameter_supported", "claims_supported",
            ];
            let message = odd::message(&required, &optional, &odd);
            let metadata: AuthorizationServerMetadata = serde_json::from_str(&message).unwrap();
            prop_assert_eq!(metadata.issuer, "https://as.example");
        }
    }
}
