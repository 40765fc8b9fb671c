//! A public key of the authorization server, fit for use: read from `token_key` or from a member of a JWK set.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{AlgorithmFamily, DecodingKey, DecodingKeyKind};
use symbolon::jwk::{Jwk, TokenKeyResponse};
use symbolon::secret::Secret;

use crate::verifier::algorithm::VerificationAlgorithm;

/// A key that checks signatures, with the algorithms that it is for. The key decides them and the token's header
/// never does (RFC 8725 §3.1).
pub(crate) struct VerificationKey {
    pub(crate) kid: Option<String>,
    pub(crate) algorithms: Vec<VerificationAlgorithm>,
    pub(crate) key: DecodingKey,
}

impl VerificationKey {
    /// The answer of `/oauth/token_key`; the key has no name there. The error says what the endpoint does wrong.
    pub(super) fn from_token_key(response: &TokenKeyResponse) -> Result<Self, &'static str> {
        let algorithm = VerificationAlgorithm::of_token_key(&response.alg)
            .ok_or("names an unknown algorithm")?;
        Self::read(algorithm, &response.value)
    }

    /// A key of which only the text is known, which decides what it is for.
    pub(super) fn of_kind(key: &Secret) -> Result<Self, &'static str> {
        let text = key.expose().trim();
        let algorithm = if is_pem(text) || in_ssh_form(text).is_some() {
            VerificationAlgorithm::RS256
        } else {
            VerificationAlgorithm::HS256
        };
        if text.is_empty() {
            return Err("is empty");
        }
        Self::read(algorithm, text)
    }

    fn read(algorithm: VerificationAlgorithm, text: &str) -> Result<Self, &'static str> {
        if text.contains("PRIVATE KEY-----") {
            return Err("holds a private key, so anybody could sign");
        }
        let pem = text.as_bytes();
        let rsa = in_ssh_form(text);
        let key = match algorithm.family() {
            AlgorithmFamily::Ec => DecodingKey::from_ec_pem(pem).ok(),
            AlgorithmFamily::Rsa => rsa.or_else(|| DecodingKey::from_rsa_pem(pem).ok()),
            AlgorithmFamily::Ed => DecodingKey::from_ed_pem(pem).ok(),
            // A public key is no secret: whoever reads it could sign with it.
            AlgorithmFamily::Hmac if rsa.is_some() || is_pem(text) => {
                return Err("calls a public key a shared secret, so anybody could sign");
            }
            AlgorithmFamily::Hmac => Some(DecodingKey::from_secret(pem)),
        };
        Ok(Self {
            kid: None,
            algorithms: vec![algorithm],
            key: key.ok_or("holds a key that does not fit its algorithm")?,
        })
    }

    /// `None` for keys of other kinds and uses, and for those that are malformed. Shared secrets (`oct`) are
    /// among them: a set that anybody may read has none.
    pub(super) fn from_jwk(jwk: &Jwk) -> Option<Self> {
        if jwk
            .public_key_use
            .as_deref()
            .is_some_and(|use_| use_ != "sig")
        {
            return None;
        }
        let (x, y) = (jwk.x.as_deref(), jwk.y.as_deref());
        let key = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("EC", Some("P-256" | "P-384")) => DecodingKey::from_ec_components(x?, y?),
            ("OKP", Some("Ed25519")) => DecodingKey::from_ed_components(x?),
            ("RSA", _) => DecodingKey::from_rsa_components(jwk.n.as_deref()?, jwk.e.as_deref()?),
            _ => return None,
        };
        let mut algorithms = algorithms_of(jwk);
        if let Some(declared) = jwk.alg.as_deref() {
            algorithms
                .retain(|algorithm| VerificationAlgorithm::named(declared) == Some(*algorithm));
        }
        let key = key.ok().filter(|_| !algorithms.is_empty())?;
        Some(Self {
            kid: jwk.kid.clone(),
            algorithms,
            key,
        })
    }

    /// The same name, algorithms and key material.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.kid == other.kid
            && self.algorithms == other.algorithms
            && same_material(&self.key, &other.key)
    }
}

fn is_pem(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN")
}

/// The name of the key's kind in the form of SSH.
const SSH_RSA: &str = "ssh-rsa";

/// An RSA key as SSH writes it (RFC 4253 §6.6), which Spring takes too: `ssh-rsa`, the base64 of name, exponent and
/// modulus, and a comment; or the base64 alone.
fn in_ssh_form(text: &str) -> Option<DecodingKey> {
    let encoded = text.split_whitespace().find(|word| *word != SSH_RSA)?;
    let blob = STANDARD.decode(encoded).ok()?;
    let (name, rest) = ssh_string(&blob)?;
    let (exponent, rest) = ssh_string(rest)?;
    let (modulus, rest) = ssh_string(rest)?;
    let whole = name == SSH_RSA.as_bytes() && rest.is_empty();
    whole.then(|| DecodingKey::from_rsa_raw_components(unsigned(modulus), unsigned(exponent)))
}

/// Four bytes of length, and as many as that.
fn ssh_string(blob: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = blob.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// Without the zeros that keep a number of SSH from being negative.
fn unsigned(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// What a key of this kind and curve can check.
fn algorithms_of(jwk: &Jwk) -> Vec<VerificationAlgorithm> {
    use VerificationAlgorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("EC", Some("P-256")) => vec![ES256],
        ("EC", Some("P-384")) => vec![ES384],
        ("OKP", Some("Ed25519")) => vec![EdDSA],
        ("RSA", _) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        _ => Vec::new(),
    }
}

fn same_material(left: &DecodingKey, right: &DecodingKey) -> bool {
    use DecodingKeyKind::{RsaModulusExponent, SecretOrDer};
    match (left.kind(), right.kind()) {
        (SecretOrDer(left), SecretOrDer(right)) => left == right,
        (
            RsaModulusExponent { n, e },
            RsaModulusExponent {
                n: other_n,
                e: other_e,
            },
        ) => n == other_n && e == other_e,
        (SecretOrDer(_), RsaModulusExponent { .. })
        | (RsaModulusExponent { .. }, SecretOrDer(_)) => false,
    }
}
