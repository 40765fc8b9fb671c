//! Hashing anew what was hashed in a weaker way.

use std::fmt;

use symbolon::secret::Secret;

use super::PasswordHash;

/// Is told of every password and secret that was right, although its hash is of a form that this server does not make of
/// what people choose.
pub trait Rehash: Send + Sync + fmt::Debug {
    /// Hashes `presented` anew beside the request, if there is somewhere to keep that; `verified` is the hash for which
    /// it was right.
    fn begin(&self, name: &str, presented: &Secret, verified: &PasswordHash);
}
