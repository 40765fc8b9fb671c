//! The hashes that take microseconds: right for secrets of many random bits, and what an old Spring
//! server may have kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md4::Md4;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use symbolon::secret::Secret;

use super::format_error::HashFormatError;
use super::hash_id::HashId;

/// Bytes of a SHA-256 digest.
const DIGEST: usize = 32;

/// `{sha256}`, of Spring's `StandardPasswordEncoder`: the hexadecimal digits of salt ‖ digest, where
/// the digest is SHA-256 applied 1024 times to salt ‖ password.
pub(super) struct IteratedSha256 {
    salt: [u8; 8],
    digest: [u8; DIGEST],
}

impl IteratedSha256 {
    const ITERATIONS: usize = 1024;

    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        let malformed = HashFormatError::Malformed {
            id: "sha256",
            expected: "80 hexadecimal digits, a salt of 8 bytes and a digest of 32",
        };
        let parsed = hex::decode(text).ok().and_then(|bytes| {
            let (salt, digest) = bytes.split_first_chunk()?;
            Some(Self {
                salt: *salt,
                digest: digest.try_into().ok()?,
            })
        });
        parsed.ok_or(malformed)
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let first = Sha256::new()
            .chain_update(self.salt)
            .chain_update(presented)
            .finalize();
        let digest = (1..Self::ITERATIONS).fold(first, |digest, _| Sha256::digest(digest));
        digest.as_slice().ct_eq(&self.digest).into()
    }
}

/// What `MessageDigestPasswordEncoder` and `Md4PasswordEncoder` digest with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Md4,
    Md5,
    Sha1,
    Sha256,
}

impl Algorithm {
    /// The digest of the parts, one after another.
    fn digest(self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn of<D: Digest>(parts: [&[u8]; 2]) -> Vec<u8> {
            let [first, second] = parts;
            let digest = D::new().chain_update(first).chain_update(second).finalize();
            digest.to_vec()
        }
        match self {
            Self::Md4 => of::<Md4>(parts),
            Self::Md5 => of::<Md5>(parts),
            Self::Sha1 => of::<Sha1>(parts),
            Self::Sha256 => of::<Sha256>(parts),
        }
    }

    /// Bytes.
    const fn length(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => DIGEST,
        }
    }
}

/// `{MD4}`, `{MD5}`, `{SHA-1}` and `{SHA-256}`: the hexadecimal digits of one digest over password ‖ salt, after the
/// salt itself. The salt may be empty; when there is one, its braces are part of it.
pub(super) struct MessageDigest {
    algorithm: Algorithm,
    salt: String,
    digest: Vec<u8>,
}

impl MessageDigest {
    /// The SHA-256 of `secret` without salt, and how it is written.
    pub(super) fn of(secret: &Secret) -> (String, Self) {
        let algorithm = Algorithm::Sha256;
        let digest = algorithm.digest([secret.expose().as_bytes(), b""]);
        let text = format!("{}{}", HashId::OurSha256, hex::encode(&digest));
        let hash = Self {
            algorithm,
            salt: String::new(),
            digest,
        };
        (text, hash)
    }

    pub(super) fn parse(algorithm: Algorithm, text: &str) -> Result<Self, HashFormatError> {
        let (salt, digits) = match text.rfind('}') {
            Some(end) if text.starts_with('{') => text.split_at(end + 1),
            _ => ("", text),
        };
        let mut hash = Self {
            algorithm,
            salt: salt.to_owned(),
            digest: Vec::new(),
        };
        let read = hex::decode(digits).ok();
        let whole = read.filter(|bytes| bytes.len() == algorithm.length());
        hash.digest = whole.ok_or_else(|| hash.malformed())?;
        Ok(hash)
    }

    fn malformed(&self) -> HashFormatError {
        HashFormatError::Malformed {
            id: self.id(),
            expected: match self.algorithm.length() {
                16 => "32 hexadecimal digits, perhaps after a salt in braces",
                20 => "40 hexadecimal digits, perhaps after a salt in braces",
                _ => "64 hexadecimal digits, perhaps after a salt in braces",
            },
        }
    }

    pub(super) const fn id(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Md4 => "MD4",
            Algorithm::Md5 => "MD5",
            Algorithm::Sha1 => "SHA-1",
            Algorithm::Sha256 => "SHA-256",
        }
    }

    /// A SHA-256 is what a secret that we made is kept as.
    pub(super) const fn weakness(&self) -> Option<&'static str> {
        match self.algorithm {
            Algorithm::Md4 => Some("is {MD4}: whoever reads it soon has the password"),
            Algorithm::Md5 => Some("is {MD5}: whoever reads it soon has the password"),
            Algorithm::Sha1 => Some("is {SHA-1}: whoever reads it soon has the password"),
            Algorithm::Sha256 => None,
        }
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let digest = self.algorithm.digest([presented, self.salt.as_bytes()]);
        digest.ct_eq(&self.digest).into()
    }
}

/// `{ldap}`, of Spring's `LdapShaPasswordEncoder`: `{SSHA}` and the base64 of SHA-1 over password ‖ salt with the salt
/// behind it, or `{SHA}` and the base64 of SHA-1 alone.
pub(super) struct LdapSha {
    salt: Vec<u8>,
    digest: [u8; Self::LENGTH],
}

impl LdapSha {
    const LENGTH: usize = 20;

    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        Self::split(text).ok_or(HashFormatError::Malformed {
            id: "ldap",
            expected: "{SSHA} or {SHA}, and base64",
        })
    }

    fn split(text: &str) -> Option<Self> {
        let (scheme, base64) = text.strip_prefix('{')?.split_once('}')?;
        let bytes = STANDARD.decode(base64).ok()?;
        let (digest, salt) = bytes.split_first_chunk()?;
        let is_salted = match scheme {
            "SSHA" | "ssha" => true,
            "SHA" | "sha" => false,
            _ => return None,
        };
        (is_salted != salt.is_empty()).then(|| Self {
            salt: salt.to_vec(),
            digest: *digest,
        })
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let digest = Algorithm::Sha1.digest([presented, &self.salt]);
        digest.ct_eq(self.digest.as_slice()).into()
    }
}

/// `{noop}`: the password itself, for tests and demonstrations.
pub(super) struct Plain {
    digest: [u8; DIGEST],
}

impl Plain {
    pub(super) fn of(password: &str) -> Self {
        Self {
            digest: Sha256::digest(password).into(),
        }
    }

    /// Compares digests, so that not even the length of the password shows in the time it takes.
    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        Sha256::digest(presented)
            .as_slice()
            .ct_eq(&self.digest)
            .into()
    }
}
