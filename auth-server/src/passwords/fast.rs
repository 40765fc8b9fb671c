//! The hashes that take microseconds: right for secrets of many random bits, and what an old Spring
//! server may have kept.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use symbolon::secret::Secret;

use super::format_error::HashFormatError;
use super::hex;

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
        let parsed = hex::decode(text).and_then(|bytes| {
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

/// `{SHA-256}`, of Spring's `MessageDigestPasswordEncoder`: the hexadecimal digits of one SHA-256 over
/// password ‖ salt, after the salt itself. The salt may be empty; when there is one, its braces are
/// part of it.
pub(super) struct MessageDigest {
    salt: String,
    digest: [u8; DIGEST],
}

impl MessageDigest {
    /// The hash of `secret` without salt, and how it is written.
    pub(super) fn of(secret: &Secret) -> (String, Self) {
        let digest: [u8; DIGEST] = Sha256::digest(secret.expose()).into();
        let text = format!("{{sha-256}}{}", hex::encode(&digest));
        let hash = Self {
            salt: String::new(),
            digest,
        };
        (text, hash)
    }

    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        let malformed = HashFormatError::Malformed {
            id: "SHA-256",
            expected: "64 hexadecimal digits, perhaps after a salt in braces",
        };
        let (salt, digits) = match text.rfind('}') {
            Some(end) if text.starts_with('{') => text.split_at(end + 1),
            _ => ("", text),
        };
        let parsed = hex::decode(digits).and_then(|bytes| {
            Some(Self {
                salt: salt.to_owned(),
                digest: bytes.try_into().ok()?,
            })
        });
        parsed.ok_or(malformed)
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let digest = Sha256::new()
            .chain_update(presented)
            .chain_update(&self.salt)
            .finalize();
        digest.as_slice().ct_eq(&self.digest).into()
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
