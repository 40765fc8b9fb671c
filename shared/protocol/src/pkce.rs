//! Proof Key for Code Exchange, method `S256` only ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::random::Random;
use crate::secret::Secret;

/// The only `code_challenge_method` there is: RFC 9700 §2.1.1 asks for one that does not reveal the
/// verifier, so `plain` is refused.
pub const CODE_CHALLENGE_METHOD: &str = "S256";

/// How long a verifier may be, in characters (RFC 7636 §4.1).
const VERIFIER_LENGTHS: RangeInclusive<usize> = 43..=128;

/// How many random bytes a new verifier has (RFC 7636 §4.1 recommends 32).
const VERIFIER_BYTES: usize = 32;

/// How long the base64url text of a SHA-256 is, in characters.
const CHALLENGE_LENGTH: usize = 43;

/// The secret of one authorization request (RFC 7636 §4.1). Not `Clone`: it is used once.
#[derive(Debug)]
pub struct CodeVerifier(Secret);

/// A verifier or challenge does not have the form that RFC 7636 §4.1 and §4.2 give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 43 to 128 characters of A-Z, a-z, 0-9, '-', '.', '_' and '~'")]
pub struct InvalidPkceValue;

impl CodeVerifier {
    /// A new verifier.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Secret::new(random.text::<VERIFIER_BYTES>()))
    }

    /// A verifier as it was presented.
    pub fn parse(text: String) -> Result<Self, InvalidPkceValue> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if VERIFIER_LENGTHS.contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(Secret::new(text)))
        } else {
            Err(InvalidPkceValue)
        }
    }

    /// `BASE64URL(SHA256(verifier))`. RFC 7636 §4.6: the verifier is the right one when this is the challenge of the
    /// authorization request.
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose())))
    }

    /// The text for the token request; the verifier is used up.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

/// What the authorization request shows of the verifier (RFC 7636 §4.2). It is no secret, so comparing two may take as
/// long as it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// A challenge as it was presented: a SHA-256 in base64url.
    pub fn parse(text: String) -> Result<Self, InvalidPkceValue> {
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == CHALLENGE_LENGTH && text.bytes().all(base64url) {
            Ok(Self(text))
        } else {
            Err(InvalidPkceValue)
        }
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    /// RFC 7636 appendix B.
    #[test]
    fn the_challenge_is_the_rfc_example() {
        let verifier =
            CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned()).unwrap();
        assert_eq!(
            verifier.challenge().as_str(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn only_the_right_verifier_meets_a_challenge() {
        let verifier = CodeVerifier::generate(&SystemRandom);
        let again = CodeVerifier::parse(verifier.0.expose().to_owned()).unwrap();
        assert_eq!(again.challenge(), verifier.challenge());
        let other = CodeVerifier::generate(&SystemRandom);
        assert_ne!(other.challenge(), verifier.challenge());
    }

    #[test]
    fn a_short_or_odd_verifier_is_refused() {
        assert!(CodeVerifier::parse("a".repeat(42)).is_err());
        assert!(CodeVerifier::parse("a".repeat(129)).is_err());
        assert!(CodeVerifier::parse(" ".repeat(50)).is_err());
    }
}
