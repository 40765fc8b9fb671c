//! The hashes that take milliseconds on purpose: what a person chose can be guessed, and each guess
//! shall be dear.
//!
//! Costs that are written in the hash are bounded when it is parsed: whoever can write a line of a
//! configuration file must not be able to stop the server with it.

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use symbolon::random::Random;
use symbolon::secret::Secret;

use super::format_error::HashFormatError;

/// The most memory that one verification may take, in KiB.
const MAX_MEMORY_KIB: u64 = 1024 * 1024;
/// The most memory that one verification may write, all passes together, in KiB: some seconds.
const MAX_TRAFFIC_KIB: u64 = 4 * MAX_MEMORY_KIB;

/// `{argon2}`: a [PHC string](https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md),
/// as Spring's `Argon2PasswordEncoder` and everybody else writes it (RFC 9106).
pub(super) struct Argon2Hash {
    argon2: Argon2<'static>,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl Argon2Hash {
    /// Bytes of a new hash.
    const DIGEST: usize = 32;

    /// The hash of `password` at our own cost, and how it is written.
    pub(super) fn of(
        password: &Secret,
        random: &dyn Random,
    ) -> Result<(String, Self), argon2::Error> {
        let (memory_kib, passes, lanes) = (19 * 1024, 2, 1);
        let params = Params::new(memory_kib, passes, lanes, Some(Self::DIGEST))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let salt = random.bytes::<16>();
        let mut digest = vec![0; Self::DIGEST];
        argon2.hash_password_into(password.expose().as_bytes(), &salt, &mut digest)?;
        let text = format!(
            "{{argon2}}$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}",
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(&digest),
        );
        let hash = Self {
            argon2,
            salt: salt.to_vec(),
            digest,
        };
        Ok((text, hash))
    }

    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        let malformed = HashFormatError::Malformed {
            id: "argon2",
            expected: "$argon2id$v=19$m=…,t=…,p=…$salt$hash",
        };
        let parsed = phc::PasswordHash::new(text).ok().and_then(|parsed| {
            let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
            // Like Spring (and unlike the PHC text), a hash without version is of version 19.
            let version = parsed.version.map(Version::try_from).transpose().ok()?;
            let params = Params::try_from(&parsed).ok()?;
            Some(Self {
                argon2: Argon2::new(algorithm, version.unwrap_or_default(), params),
                salt: parsed.salt?.to_vec(),
                digest: parsed.hash?.as_bytes().to_vec(),
            })
        });
        let parsed = parsed.ok_or(malformed)?;
        let params = parsed.argon2.params();
        let memory_kib = u64::from(params.m_cost());
        let traffic_kib = memory_kib.saturating_mul(u64::from(params.t_cost()));
        if memory_kib > MAX_MEMORY_KIB || traffic_kib > MAX_TRAFFIC_KIB {
            return Err(HashFormatError::TooCostly {
                id: "argon2",
                limit: "m at most 1048576 (1 GiB), m × t at most 4194304",
            });
        }
        Ok(parsed)
    }

    pub(super) fn cost(&self) -> String {
        let params = self.argon2.params();
        let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
        format!("m={m},t={t},p={p}")
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let mut digest = vec![0; self.digest.len()];
        self.argon2
            .hash_password_into(presented, &self.salt, &mut digest)
            .is_ok()
            && digest.ct_eq(&self.digest).into()
    }
}

/// `{bcrypt}`: `$2a$`, `$2b$` or `$2y$`, the cost, and 53 characters. As in Spring (and in bcrypt
/// itself) only the first 72 bytes of a password count; the rest is ignored, not refused, because an
/// owner who signed in at the old server yesterday must be able to sign in here today.
pub(super) struct BcryptHash(String);

impl BcryptHash {
    const MAX_COST: u32 = 16;

    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        let malformed = HashFormatError::Malformed {
            id: "bcrypt",
            expected: "$2a$, $2b$ or $2y$, a cost of 4 or more, $ and 53 characters",
        };
        // `$2x$` marks hashes of an implementation that had a bug, which ours does not imitate.
        let known = ["$2a$", "$2b$", "$2y$"];
        if !known.iter().any(|version| text.starts_with(version)) {
            return Err(malformed);
        }
        match text.parse::<bcrypt::HashParts>() {
            Ok(parts) if parts.get_cost() > Self::MAX_COST => Err(HashFormatError::TooCostly {
                id: "bcrypt",
                limit: "cost at most 16",
            }),
            Ok(parts) if parts.get_cost() >= 4 => Ok(Self(text.to_owned())),
            Ok(_) | Err(_) => Err(malformed),
        }
    }

    /// The two digits after the version.
    pub(super) fn cost(&self) -> String {
        let cost = self.0.split('$').nth(2);
        cost.unwrap_or_default().to_owned()
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        // The truncating one of the library's two ways to verify.
        bcrypt::verify(presented, &self.0).unwrap_or(false)
    }
}

/// `{pbkdf2}`, of Spring's `Pbkdf2PasswordEncoder` with an empty secret (RFC 8018 §5.2): the
/// hexadecimal digits of salt ‖ 256 bits. The iterations are not written, they are those of the
/// version of Spring that the id names.
pub(super) struct Pbkdf2Hash {
    derivation: Derivation,
    salt: Vec<u8>,
    digest: [u8; 32],
}

#[derive(Clone, Copy)]
enum Derivation {
    /// `{pbkdf2}`: HMAC-SHA-1, the default until Spring Security 5.8.
    Sha1,
    /// `{pbkdf2@SpringSecurity_v5_8}`: HMAC-SHA-256.
    Sha256,
}

impl Pbkdf2Hash {
    /// Reads a hash of Spring Security 4.1 to 5.7.
    pub(super) fn parse_5_5(text: &str) -> Result<Self, HashFormatError> {
        Self::split::<8>(text, Derivation::Sha1).ok_or(HashFormatError::Malformed {
            id: "pbkdf2",
            expected: "80 hexadecimal digits, a salt of 8 bytes and a hash of 32",
        })
    }

    /// Reads a hash of Spring Security 5.8 and later.
    pub(super) fn parse_5_8(text: &str) -> Result<Self, HashFormatError> {
        Self::split::<16>(text, Derivation::Sha256).ok_or(HashFormatError::Malformed {
            id: "pbkdf2@SpringSecurity_v5_8",
            expected: "96 hexadecimal digits, a salt of 16 bytes and a hash of 32",
        })
    }

    fn split<const SALT: usize>(text: &str, derivation: Derivation) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        let (salt, digest) = bytes.split_first_chunk::<SALT>()?;
        Some(Self {
            derivation,
            salt: salt.to_vec(),
            digest: digest.try_into().ok()?,
        })
    }

    pub(super) fn cost(&self) -> String {
        match self.derivation {
            Derivation::Sha1 => "sha-1".to_owned(),
            Derivation::Sha256 => "sha-256".to_owned(),
        }
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let mut digest = [0; 32];
        match self.derivation {
            Derivation::Sha1 => {
                pbkdf2::pbkdf2_hmac::<Sha1>(presented, &self.salt, 185_000, &mut digest);
            }
            Derivation::Sha256 => {
                pbkdf2::pbkdf2_hmac::<Sha256>(presented, &self.salt, 310_000, &mut digest);
            }
        }
        digest.ct_eq(&self.digest).into()
    }
}

/// `{scrypt}`, of Spring's `SCryptPasswordEncoder` (RFC 7914): `$costs$salt$hash`, where the costs are
/// the hexadecimal digits of log₂ N ‖ r ‖ p (16, 8 and 8 bits) and the rest is base64.
pub(super) struct ScryptHash {
    params: scrypt::Params,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl ScryptHash {
    pub(super) fn parse(text: &str) -> Result<Self, HashFormatError> {
        let parsed = Self::split(text).ok_or(HashFormatError::Malformed {
            id: "scrypt",
            expected: "$costs$salt$hash, the costs in hexadecimal and the rest in base64",
        })?;
        // 128 · N · r bytes of memory, once per lane.
        let memory_kib = (parsed.params.n() / 8).saturating_mul(u64::from(parsed.params.r()));
        let traffic_kib = memory_kib.saturating_mul(u64::from(parsed.params.p()));
        if memory_kib > MAX_MEMORY_KIB || traffic_kib > MAX_TRAFFIC_KIB {
            return Err(HashFormatError::TooCostly {
                id: "scrypt",
                limit: "128 × N × r at most 1 GiB, and at most 4 GiB times p",
            });
        }
        Ok(parsed)
    }

    fn split(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let costs = u32::from_str_radix(parts.next()?, 16).ok()?;
        let [high, log_n, r, p] = costs.to_be_bytes();
        let salt = STANDARD.decode(parts.next()?).ok()?;
        let digest = STANDARD.decode(parts.next()?).ok()?;
        // A short hash would be matched by chance.
        let complete =
            high == 0 && log_n > 0 && parts.next().is_none() && (16..=64).contains(&digest.len());
        complete.then_some(())?;
        Some(Self {
            params: scrypt::Params::new(log_n, u32::from(r), u32::from(p)).ok()?,
            salt,
            digest,
        })
    }

    pub(super) fn cost(&self) -> String {
        let (n, r, p) = (self.params.n(), self.params.r(), self.params.p());
        format!("n={n},r={r},p={p}")
    }

    pub(super) fn matches(&self, presented: &[u8]) -> bool {
        let mut digest = vec![0; self.digest.len()];
        scrypt::scrypt(presented, &self.salt, &self.params, &mut digest).is_ok()
            && digest.ct_eq(&self.digest).into()
    }
}
