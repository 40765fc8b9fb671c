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
mod hash_id;
mod kinds;
mod queue;
mod rehash;
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
pub use hash_id::HashId;
pub use kinds::HashKinds;
pub use queue::{HashLimits, HashQueue, Lane};
pub use rehash::Rehash;
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
    Digest(fast::MessageDigest),
    Ldap(fast::LdapSha),
    Plain(fast::Plain),
    /// Somebody else has it, and checks it.
    Elsewhere,
}

impl Form {
    fn parse(id: HashId, hash: &str) -> Result<Self, HashFormatError> {
        let digest = |algorithm| fast::MessageDigest::parse(algorithm, hash).map(Self::Digest);
        match id {
            HashId::Argon2 | HashId::Argon2Of58 => slow::Argon2Hash::parse(hash).map(Self::Argon2),
            HashId::Bcrypt => slow::BcryptHash::parse(hash).map(Self::Bcrypt),
            HashId::Pbkdf2 => slow::Pbkdf2Hash::parse_5_5(hash).map(Self::Pbkdf2),
            HashId::Pbkdf2Of58 => slow::Pbkdf2Hash::parse_5_8(hash).map(Self::Pbkdf2),
            HashId::Scrypt | HashId::ScryptOf58 => slow::ScryptHash::parse(hash).map(Self::Scrypt),
            HashId::IteratedSha256 => fast::IteratedSha256::parse(hash).map(Self::IteratedSha256),
            HashId::Ldap => fast::LdapSha::parse(hash).map(Self::Ldap),
            HashId::Md4 => digest(fast::Algorithm::Md4),
            HashId::Md5 => digest(fast::Algorithm::Md5),
            HashId::Sha1 => digest(fast::Algorithm::Sha1),
            HashId::Sha256 | HashId::OurSha256 => digest(fast::Algorithm::Sha256),
            HashId::Noop => Ok(Self::Plain(fast::Plain::of(hash))),
        }
    }
}

/// Whether a text that should be a password itself was rather meant to be a hash: whoever reads it could sign in with it.
fn is_a_slip(text: &str) -> bool {
    let written = text.trim_start();
    let lacks_a_brace = |id: HashId| {
        let rest = written.strip_prefix(id.name());
        rest.is_some_and(|rest| rest.starts_with('}'))
    };
    written.starts_with('{')
        || HashId::ALL.into_iter().any(lacks_a_brace)
        || HashFormatError::without_id(written) != HashFormatError::UnknownId
}

/// A new hash could not be computed, which takes 19 MiB of free memory.
#[derive(Debug, thiserror::Error)]
#[error("the hash of the password could not be computed: {0}")]
pub struct HashingError(argon2::Error);

impl PasswordHash {
    /// Reads a hash. Where no id that is known stands before it, it is read as if `without_id` did, like Spring's
    /// `setDefaultPasswordEncoderForMatches`; without that it is refused, because nobody guesses how a hash was made.
    pub fn read(text: &str, without_id: Option<HashId>) -> Result<Self, HashFormatError> {
        let written = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let known = written.and_then(|(id, hash)| Some((HashId::named(id)?, hash)));
        if let Some((id, hash)) = known {
            return Ok(Self::of_form(Secret::new(text), Form::parse(id, hash)?));
        }
        match without_id {
            None if written.is_some() => Err(HashFormatError::UnknownId),
            None => Err(HashFormatError::without_id(text)),
            Some(HashId::Noop) if is_a_slip(text) => Err(HashFormatError::without_id(text)),
            Some(id) => {
                let written = Secret::new(format!("{id}{text}"));
                Ok(Self::of_form(written, Form::parse(id, text)?))
            }
        }
    }

    /// The password of an account that somebody else checks: nothing here is ever the right one. `mark` is another
    /// text when the password is another.
    pub fn elsewhere(mark: &str) -> Self {
        Self::of_form(Secret::new(mark), Form::Elsewhere)
    }

    /// Whether somebody else checks it.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.0.form, Form::Elsewhere)
    }

    fn of_form(text: Secret, form: Form) -> Self {
        Self(Arc::new(Parsed { text, form }))
    }

    /// The hash as it is written in a file or a store: `{id}hash`. Never for a log.
    pub fn expose(&self) -> &str {
        self.0.text.expose()
    }

    /// Whether one verification takes milliseconds of a core, on purpose.
    pub fn is_slow(&self) -> bool {
        match self.0.form {
            Form::Argon2(_) | Form::Bcrypt(_) | Form::Pbkdf2(_) | Form::Scrypt(_) => true,
            Form::IteratedSha256(_)
            | Form::Digest(_)
            | Form::Ldap(_)
            | Form::Plain(_)
            | Form::Elsewhere => false,
        }
    }

    /// Whether it is of another form than [`hash_password`] gives.
    pub fn can_be_stronger(&self) -> bool {
        !matches!(self.0.form, Form::Argon2(_) | Form::Elsewhere)
    }

    /// What is wrong with it, if whoever reads it has the password too, or computes it in no time from a list of
    /// those that people choose.
    pub fn weakness(&self) -> Option<&'static str> {
        match &self.0.form {
            Form::Plain(_) => Some("is {noop}: whoever reads it has the password"),
            Form::Digest(hash) => hash.weakness(),
            Form::Ldap(_) => {
                Some("is {ldap}, one fast SHA-1: whoever reads it soon has the password")
            }
            Form::Argon2(_)
            | Form::Bcrypt(_)
            | Form::Pbkdf2(_)
            | Form::Scrypt(_)
            | Form::IteratedSha256(_)
            | Form::Elsewhere => None,
        }
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
            Form::Digest(hash) => hash.matches(presented),
            Form::Ldap(hash) => hash.matches(presented),
            Form::Plain(hash) => hash.matches(presented),
            Form::Elsewhere => false,
        }
    }

    /// The algorithm and what it costs: hashes of which this is the same take the same time.
    fn cost(&self) -> String {
        let cost = match &self.0.form {
            Form::Argon2(hash) => hash.cost(),
            Form::Bcrypt(hash) => hash.cost(),
            Form::Pbkdf2(hash) => hash.cost(),
            Form::Scrypt(hash) => hash.cost(),
            Form::IteratedSha256(_)
            | Form::Digest(_)
            | Form::Ldap(_)
            | Form::Plain(_)
            | Form::Elsewhere => String::new(),
        };
        format!("{} {cost}", self.id())
    }

    fn id(&self) -> &'static str {
        match &self.0.form {
            Form::Argon2(_) => "argon2",
            Form::Bcrypt(_) => "bcrypt",
            Form::Pbkdf2(_) => "pbkdf2",
            Form::Scrypt(_) => "scrypt",
            Form::IteratedSha256(_) => "sha256",
            Form::Digest(hash) => hash.id(),
            Form::Ldap(_) => "ldap",
            Form::Plain(_) => "noop",
            Form::Elsewhere => "elsewhere",
        }
    }
}

impl FromStr for PasswordHash {
    type Err = HashFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text, None)
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
    Ok(PasswordHash::of_form(Secret::new(text), Form::Argon2(hash)))
}

/// A client's secret: 256 random bits.
pub fn generate_secret(random: &dyn Random) -> Secret {
    Secret::new(random.text::<32>())
}

/// Hashes a secret that we generated. A slow hash protects a secret that can be guessed; 256 random
/// bits cannot, so one SHA-256 without salt is enough, and a token request stays cheap.
pub fn hash_generated_secret(secret: &Secret) -> PasswordHash {
    let (text, hash) = fast::MessageDigest::of(secret);
    PasswordHash::of_form(Secret::new(text), Form::Digest(hash))
}
