//! How to reach Redis.

use std::fmt;

use symbolon::secret::Secret;

/// How to reach Redis.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisSettings {
    /// `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS.
    pub url: String,
    /// The password, unless the address holds it.
    pub password: Option<Secret>,
    /// The beginning of every key, so that others may use the same Redis.
    pub key_prefix: String,
    /// How long an operation may take, in milliseconds, with connecting. Past it the answer is
    /// [`StoreError::Unavailable`](crate::stores::StoreError::Unavailable).
    pub timeout_ms: u64,
    /// Who signed the certificate of a `rediss://` server, as PEM; `None` means one of the public
    /// authorities.
    pub authority: Option<Vec<u8>>,
}

impl RedisSettings {
    /// The usual beginning of keys.
    pub const DEFAULT_KEY_PREFIX: &str = "symbolon:";
    /// The usual time limit, in milliseconds.
    pub const DEFAULT_TIMEOUT_MS: u64 = 1000;

    /// The usual settings for an address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            key_prefix: Self::DEFAULT_KEY_PREFIX.to_owned(),
            timeout_ms: Self::DEFAULT_TIMEOUT_MS,
            password: None,
            authority: None,
        }
    }
}

impl fmt::Debug for RedisSettings {
    /// Without the address: it may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisSettings")
            .field("url", &"[redacted]")
            .field("key_prefix", &self.key_prefix)
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}
