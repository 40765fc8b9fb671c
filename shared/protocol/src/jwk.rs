//! Public keys: the JWK set of [RFC 7517](https://www.rfc-editor.org/rfc/rfc7517) and the answer of
//! the Spring dialect's `/oauth/token_key`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::members::{Members, UnreadableMember};

/// A signature algorithm of RFC 7518 §3.1 that this software signs and checks with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    ES256,
    /// RSA PKCS #1 v1.5 with SHA-256: what old Spring clients verify.
    RS256,
    /// Ed25519 (RFC 8037).
    EdDSA,
    /// RSA PKCS #1 v1.5 with SHA-512.
    RS512,
    /// HMAC with SHA-256: the key is a shared secret.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ES256,
        Self::RS256,
        Self::EdDSA,
        Self::RS512,
        Self::HS256,
        Self::HS384,
        Self::HS512,
    ];

    /// The `alg` of a JOSE header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
            Self::EdDSA => "EdDSA",
            Self::RS512 => "RS512",
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }

    /// The Java name that `/oauth/token_key` reports.
    pub const fn java_name(self) -> &'static str {
        match self {
            Self::ES256 => "SHA256withECDSA",
            Self::RS256 => "SHA256withRSA",
            Self::EdDSA => "Ed25519",
            Self::RS512 => "SHA512withRSA",
            Self::HS256 => "HMACSHA256",
            Self::HS384 => "HMACSHA384",
            Self::HS512 => "HMACSHA512",
        }
    }

    /// Bytes that a shared secret has at least, as many as its hash (RFC 7518 §3.2); `None` where what checks is public.
    pub const fn shared_secret_bytes(self) -> Option<usize> {
        match self {
            Self::ES256 | Self::RS256 | Self::EdDSA | Self::RS512 => None,
            Self::HS256 => Some(32),
            Self::HS384 => Some(48),
            Self::HS512 => Some(64),
        }
    }

    /// Whether the key is a shared secret: who can check can also sign.
    pub const fn is_shared(self) -> bool {
        self.shared_secret_bytes().is_some()
    }

    /// The algorithm with this Java name, as `/oauth/token_key` reports it.
    pub fn from_java_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.java_name() == name)
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A public key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). It has no private members to leak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// `sig`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub public_key_use: Option<String>,
    /// The algorithm it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Its name in JOSE headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// RSA modulus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// RSA public exponent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// Curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// First coordinate, or the whole public key of an `OKP` key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Second coordinate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

impl Jwk {
    /// Reads a key. `kty` is required, and what says what the key is for has to be readable where it is there:
    /// `use` and `alg`. A name that is no text is no name; what else is odd makes the key unfit, which whoever
    /// uses it finds out. `None` without `kty`.
    fn read(said: &Members) -> Result<Option<Self>, UnreadableMember> {
        let text = |name| said.or_let_go(said.text(name));
        let (public_key_use, alg) = (said.text("use")?, said.text("alg")?);
        Ok(said.text("kty")?.map(|kty| Self {
            kty,
            public_key_use,
            alg,
            kid: text("kid"),
            n: text("n"),
            e: text("e"),
            crv: text("crv"),
            x: text("x"),
            y: text("y"),
        }))
    }
}

/// `{"keys": […]}` (RFC 7517 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys; those of unknown kinds are for others.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// Reads a set; `None` when it has no list of `keys`. An entry that is no key is skipped: RFC 7517 §5 wants
    /// that of those that are not understood, and one mistake must not end the use of all others.
    pub fn read(said: &Members) -> Option<Self> {
        let entries = said.value("keys")?.as_array()?;
        let keys = entries.iter().filter_map(|entry| {
            let key = entry
                .as_object()
                .map(|entry| Members::of("JWK", entry.clone()));
            let key = key.and_then(|key| Jwk::read(&key).ok().flatten());
            if key.is_none() {
                tracing::debug!(event = "key_skipped", reason = "it is no JWK");
            }
            key
        });
        Some(Self {
            keys: keys.collect(),
        })
    }
}

/// The answer of `/oauth/token_key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenKeyResponse {
    /// Java's name of the algorithm; that of RFC 7518 at some servers.
    pub alg: String,
    /// The public key as PEM, or a shared secret.
    pub value: String,
}

impl TokenKeyResponse {
    /// Reads the answer; `None` without the two members that it consists of.
    pub fn read(said: &Members) -> Option<Self> {
        let text = |name| said.text(name).ok().flatten();
        Some(Self {
            alg: text("alg")?,
            value: text("value")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::odd;

    fn read(set: &Value) -> Option<Vec<String>> {
        let said = Members::decode("JWK set", set.to_string().as_bytes()).unwrap();
        let set = JwkSet::read(&said)?;
        Some(set.keys.into_iter().filter_map(|key| key.kid).collect())
    }

    #[test]
    fn an_entry_that_is_no_key_is_skipped() {
        let key = |kid: &str| json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": "AA"});
        for odd in [
            json!(null),
            json!("key"),
            json!([]),
            json!({}),
            json!({"kty": 7.5, "kid": "odd"}),
            json!({"kty": "OKP", "kid": "odd", "use": ["sig"]}),
            json!({"kty": "OKP", "kid": "odd", "alg": {}}),
        ] {
            let set = json!({"keys": [key("a"), odd, key("b")]});
            assert_eq!(read(&set).unwrap(), ["a", "b"], "{set}");
        }
        assert_eq!(read(&json!({"keys": "none"})), None);
        assert_eq!(read(&json!({})), None);
    }

    #[test]
    fn a_key_without_a_readable_name_has_none() {
        let set = json!({"keys": [{"kty": "OKP", "kid": {}}]});
        assert!(read(&set).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn no_optional_member_spoils_a_key_set(
            odd in prop::collection::vec((any::<usize>(), odd::json()), 0..8),
            entry in odd::json(),
        ) {
            let required = json!({"kty": "OKP", "kid": "a", "crv": "Ed25519", "x": "AA"});
            let optional = ["x5c", "x5t", "n", "e", "y", "key_ops", "tenant"];
            let key = odd::message(&required, &optional, &odd);
            let set = format!("{{\"keys\": [{entry}, {key}], \"tenant\": {entry}}}");
            let said = Members::decode("JWK set", set.as_bytes()).unwrap();
            let set = JwkSet::read(&said).unwrap();
            prop_assert!(set.keys.iter().any(|key| key.kid.as_deref() == Some("a")));
        }
    }
}
