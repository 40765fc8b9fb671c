//! Passwords of resource owners and secrets of clients, kept as hashes.
//!
//! A hash is written `{id}hash`, the form of the delegating encoder that Spring Security has used since
//! version 5, so the hashes of a server that is being replaced are taken over as they are. The id says
//! how to verify; what a person chose is hashed slowly (argon2id), a secret of 256 random bits quickly.
//!
//! [`PasswordHash`] is one parsed hash, [`PasswordVerifier`] verifies without blocking the server,
//! [`HashKinds`] knows what an unknown name has to cost, and [`VerifiedSecrets`] remembers for minutes which
//! client secrets were good.

mod fast;
mod format_error;
mod hex;
mod kinds;
mod queue;
mod slow;
#[cfg(test)]
mod vectors;
mod verification_error;
mod verified_secrets;
mod verifier;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use symbolon::random::Random;
use symbolon::secret::Secret;

pub use format_error::HashFormatError;
pub use kinds::HashKinds;
pub use queue::{HashLimits, HashQueue, Lane};
pub use verification_error::VerificationError;
pub use verified_secrets::{Recall, SecretMemory, VerifiedSecrets};
pub use verifier::{HashCount, HashObserver, NameKey, PasswordVerifier, Question, Turn};

/// The hash of a password or of a client secret, parsed once and then verified against. It prints its
/// id and nothing more.
#[derive(Clone)]
pub struct PasswordHash(Arc<Parsed>);

struct Parsed {
    /// As it was written. With `{noop}` this is the password itself.
    text: Secret,
    form: Form,
}

/// How the hash was made.
enum Form {
    Argon2(slow::Argon2Hash),
    Bcrypt(slow::BcryptHash),
    Pbkdf2(slow::Pbkdf2Hash),
    Scrypt(slow::ScryptHash),
    IteratedSha256(fast::IteratedSha256),
    Sha256(fast::MessageDigest),
    Plain(fast::Plain),
}

/// A new hash could not be computed, which takes 19 MiB of free memory.
#[derive(Debug, thiserror::Error)]
#[error("the hash of the password could not be computed: {0}")]
pub struct HashingError(argon2::Error);

impl PasswordHash {
    /// The hash as it is written in a file or a store: `{id}hash`. Never for a log.
    pub fn expose(&self) -> &str {
        self.0.text.expose()
    }

    /// Whether one verification takes milliseconds of a core, on purpose.
    pub fn is_slow(&self) -> bool {
        match self.0.form {
            Form::Argon2(_) | Form::Bcrypt(_) | Form::Pbkdf2(_) | Form::Scrypt(_) => true,
            Form::IteratedSha256(_) | Form::Sha256(_) | Form::Plain(_) => false,
        }
    }

    /// Whether it is `{noop}`: the password itself.
    pub fn is_plain(&self) -> bool {
        matches!(self.0.form, Form::Plain(_))
    }

    /// Whether it is the hash of the empty text, as far as that can be told at once: an account that anybody opens
    /// who leaves the field empty. Of a slow hash the answer is no.
    pub fn is_of_nothing(&self) -> bool {
        !self.is_slow() && self.matches(&Secret::new(""))
    }

    /// Whether `presented` is what was hashed. This computes on the spot: a server asks its
    /// [`PasswordVerifier`], which knows where to compute a slow hash.
    pub fn matches(&self, presented: &Secret) -> bool {
        let presented = presented.expose().as_bytes();
        match &self.0.form {
            Form::Argon2(hash) => hash.matches(presented),
            Form::Bcrypt(hash) => hash.matches(presented),
            Form::Pbkdf2(hash) => hash.matches(presented),
            Form::Scrypt(hash) => hash.matches(presented),
            Form::IteratedSha256(hash) => hash.matches(presented),
            Form::Sha256(hash) => hash.matches(presented),
            Form::Plain(hash) => hash.matches(presented),
        }
    }

    /// The algorithm and what it costs: hashes of which this is the same take the same time.
    fn cost(&self) -> String {
        let cost = match &self.0.form {
            Form::Argon2(hash) => hash.cost(),
            Form::Bcrypt(hash) => hash.cost(),
            Form::Pbkdf2(hash) => hash.cost(),
            Form::Scrypt(hash) => hash.cost(),
            Form::IteratedSha256(_) | Form::Sha256(_) | Form::Plain(_) => String::new(),
        };
        format!("{} {cost}", self.id())
    }

    fn id(&self) -> &'static str {
        match self.0.form {
            Form::Argon2(_) => "argon2",
            Form::Bcrypt(_) => "bcrypt",
            Form::Pbkdf2(_) => "pbkdf2",
            Form::Scrypt(_) => "scrypt",
            Form::IteratedSha256(_) => "sha256",
            Form::Sha256(_) => "sha-256",
            Form::Plain(_) => "noop",
        }
    }
}

impl FromStr for PasswordHash {
    type Err = HashFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (id, hash) = text
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
            .ok_or_else(|| HashFormatError::without_id(text))?;
        let form = match id {
            "argon2" | "argon2@SpringSecurity_v5_8" => Form::Argon2(slow::Argon2Hash::parse(hash)?),
            "bcrypt" => Form::Bcrypt(slow::BcryptHash::parse(hash)?),
            "pbkdf2" => Form::Pbkdf2(slow::Pbkdf2Hash::parse_5_5(hash)?),
            "pbkdf2@SpringSecurity_v5_8" => Form::Pbkdf2(slow::Pbkdf2Hash::parse_5_8(hash)?),
            "scrypt" | "scrypt@SpringSecurity_v5_8" => Form::Scrypt(slow::ScryptHash::parse(hash)?),
            "sha256" => Form::IteratedSha256(fast::IteratedSha256::parse(hash)?),
            "SHA-256" | "sha-256" => Form::Sha256(fast::MessageDigest::parse(hash)?),
            "noop" => Form::Plain(fast::Plain::of(hash)),
            _ => return Err(HashFormatError::UnknownId),
        };
        Ok(Self(Arc::new(Parsed {
            text: Secret::new(text),
            form,
        })))
    }
}

impl<'de> Deserialize<'de> for PasswordHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Through `Secret`: a text that does not parse is wiped as well.
        let text = Secret::deserialize(deserializer)?;
        text.expose().parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{}}}[redacted]", self.id())
    }
}

impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for PasswordHash {}

/// Hashes what a person chose: argon2id with 19 MiB, two passes and one lane, the first choice of the
/// [OWASP cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
/// Takes about 30 ms of a core.
pub fn hash_password(password: &Secret, random: &dyn Random) -> Result<PasswordHash, HashingError> {
    let (text, hash) = slow::Argon2Hash::of(password, random).map_err(HashingError)?;
    Ok(PasswordHash(Arc::new(Parsed {
        text: Secret::new(text),
        form: Form::Argon2(hash),
    })))
}

/// Hashes a secret that we generated. A slow hash protects a secret that can be guessed; 256 random
/// bits cannot, so one SHA-256 without salt is enough, and a token request stays cheap.
pub fn hash_generated_secret(secret: &Secret) -> PasswordHash {
    let (text, hash) = fast::MessageDigest::of(secret);
    PasswordHash(Arc::new(Parsed {
        text: Secret::new(text),
        form: Form::Sha256(hash),
    }))
}
