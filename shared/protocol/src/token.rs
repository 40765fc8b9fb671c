//! The token endpoint's messages ([RFC 6749 §4 and §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::parameters::{self, Parameters};
use crate::scope::Scope;
use crate::secret::{self, Secret};

/// How a client may come to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §4.2; never at the token endpoint.
    Implicit,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §6.
    RefreshToken,
}

impl GrantType {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
        }
    }

    /// Every grant.
    pub const ALL: [Self; 5] = [
        Self::AuthorizationCode,
        Self::Implicit,
        Self::Password,
        Self::ClientCredentials,
        Self::RefreshToken,
    ];

    /// The grant with this word on the wire.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|grant_type| grant_type.as_str() == word)
    }
}

/// A request for a token, without the client's credentials, which travel beside it.
#[derive(Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.1.3, RFC 7636 §4.5.
    AuthorizationCode {
        /// What the authorization endpoint gave.
        code: Secret,
        /// The same as in the authorization request.
        redirect_uri: Option<String>,
        /// RFC 7636 §4.1.
        code_verifier: Option<Secret>,
    },
    /// RFC 6749 §4.3.2.
    Password {
        /// The owner's name.
        username: String,
        /// The owner's password.
        password: Secret,
        /// What for; absent means all that the client may have.
        scope: Option<String>,
    },
    /// RFC 6749 §4.4.2.
    ClientCredentials {
        /// What for; absent means all that the client may have.
        scope: Option<String>,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// The token to be exchanged.
        refresh_token: Secret,
        /// What for; absent means what was granted.
        scope: Option<String>,
    },
}

/// A token request that cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRequestError {
    /// `grant_type` is absent.
    #[error("Missing grant type")]
    MissingGrantType,
    /// `grant_type=implicit`.
    #[error("Implicit grant type not supported from token endpoint")]
    ImplicitAtTokenEndpoint,
    /// A `grant_type` that this software does not know.
    #[error("Unsupported grant type")]
    UnsupportedGrantType,
    /// `code` is absent.
    #[error("An authorization code must be supplied.")]
    MissingCode,
    /// `refresh_token` is absent.
    #[error("refresh_token parameter not provided")]
    MissingRefreshToken,
    /// `username` or `password` is absent.
    #[error("username and password must be supplied")]
    MissingOwnerCredentials,
}

impl TokenRequest {
    /// Takes the request out of the form.
    pub fn decode(sent: &mut Parameters) -> Result<Self, TokenRequestError> {
        let grant_type = sent
            .take("grant_type")
            .ok_or(TokenRequestError::MissingGrantType)?;
        match grant_type.as_str() {
            "authorization_code" => Ok(Self::AuthorizationCode {
                code: sent
                    .take("code")
                    .map(Secret::new)
                    .ok_or(TokenRequestError::MissingCode)?,
                redirect_uri: sent.take("redirect_uri"),
                code_verifier: sent.take("code_verifier").map(Secret::new),
            }),
            "password" => Ok(Self::Password {
                username: sent
                    .take("username")
                    .ok_or(TokenRequestError::MissingOwnerCredentials)?,
                password: sent
                    .take("password")
                    .map(Secret::new)
                    .ok_or(TokenRequestError::MissingOwnerCredentials)?,
                scope: sent.take("scope"),
            }),
            "client_credentials" => Ok(Self::ClientCredentials {
                scope: sent.take("scope"),
            }),
            "refresh_token" => Ok(Self::RefreshToken {
                refresh_token: sent
                    .take("refresh_token")
                    .map(Secret::new)
                    .ok_or(TokenRequestError::MissingRefreshToken)?,
                scope: sent.take("scope"),
            }),
            "implicit" => Err(TokenRequestError::ImplicitAtTokenEndpoint),
            _ => Err(TokenRequestError::UnsupportedGrantType),
        }
    }

    /// The form that says this. It holds secrets: for the wire only.
    pub fn encode(&self) -> Secret {
        let grant_type = ("grant_type", Some(self.grant_type().as_str()));
        let form = match self {
            Self::AuthorizationCode {
                code,
                redirect_uri,
                code_verifier,
            } => parameters::encode([
                grant_type,
                ("code", Some(code.expose())),
                ("redirect_uri", redirect_uri.as_deref()),
                ("code_verifier", code_verifier.as_ref().map(Secret::expose)),
            ]),
            Self::Password {
                username,
                password,
                scope,
            } => parameters::encode([
                grant_type,
                ("username", Some(username)),
                ("password", Some(password.expose())),
                ("scope", scope.as_deref()),
            ]),
            Self::ClientCredentials { scope } => {
                parameters::encode([grant_type, ("scope", scope.as_deref())])
            }
            Self::RefreshToken {
                refresh_token,
                scope,
            } => parameters::encode([
                grant_type,
                ("refresh_token", Some(refresh_token.expose())),
                ("scope", scope.as_deref()),
            ]),
        };
        Secret::new(form)
    }

    /// Which grant it asks for.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::Password { .. } => GrantType::Password,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
        }
    }
}

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

impl TokenResponse {
    pub(super) fn front_channel_parameters(&self, pairs: &mut Vec<(&str, String)>) {
        pairs.push(("access_token", self.access_token.expose().to_owned()));
        pairs.push(("token_type", self.token_type.clone()));
        if let Some(expires_in) = self.expires_in {
            pairs.push(("expires_in", expires_in.to_string()));
        }
        if let Some(scope) = &self.scope {
            pairs.push(("scope", scope.to_string()));
        }
        if let Some(Value::String(jti)) = self.additional.get("jti") {
            pairs.push(("jti", jti.clone()));
        }
    }
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
    fn a_request_survives_the_wire() {
        let request = TokenRequest::Password {
            username: "xiaoming".to_owned(),
            password: Secret::new("p&s=s w+rd%"),
            scope: Some("photo.read".to_owned()),
        };
        let form = request.encode();
        let mut sent = Parameters::decode(form.expose().as_bytes()).unwrap();
        let decoded = TokenRequest::decode(&mut sent).unwrap();
        assert_eq!(decoded.encode(), form);
    }

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

    #[test]
    fn each_missing_parameter_is_named() {
        let error = |form: &str| {
            TokenRequest::decode(&mut Parameters::decode(form.as_bytes()).unwrap()).unwrap_err()
        };
        assert_eq!(error(""), TokenRequestError::MissingGrantType);
        assert_eq!(
            error("grant_type=implicit"),
            TokenRequestError::ImplicitAtTokenEndpoint
        );
        assert_eq!(
            error("grant_type=magic"),
            TokenRequestError::UnsupportedGrantType
        );
        assert_eq!(
            error("grant_type=authorization_code&code="),
            TokenRequestError::MissingCode
        );
        assert_eq!(
            error("grant_type=refresh_token"),
            TokenRequestError::MissingRefreshToken
        );
        assert_eq!(
            error("grant_type=password&username=a"),
            TokenRequestError::MissingOwnerCredentials
        );
    }
}
