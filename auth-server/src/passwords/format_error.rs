//! Why a text is no hash of a password.

/// What [`HashFormatError`] offers. The ids of Spring's delegating encoder that are missing here
/// (`ldap`, `MD4`, `MD5`, `SHA-1`) are broken hashes: such a password has to be set anew.
const ACCEPTED_IDS: &str = "{argon2}, {argon2@SpringSecurity_v5_8}, {bcrypt}, {pbkdf2}, \
    {pbkdf2@SpringSecurity_v5_8}, {scrypt}, {scrypt@SpringSecurity_v5_8}, {sha256}, {SHA-256}, \
    {sha-256}, {noop}";

/// Why a text is not a hash that can be verified. It never shows the text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashFormatError {
    /// There is no `{id}`, or one that is not known.
    #[error("the hash of a password begins with one of {ACCEPTED_IDS}")]
    UnknownId,
    /// What follows the id is not what the id promises.
    #[error("the text after {{{id}}} is not a hash of that kind: {expected}")]
    Malformed {
        /// The id, as it was written.
        id: &'static str,
        /// What should follow it.
        expected: &'static str,
    },
    /// Verifying would take so much time or memory that one sign-in could stop the server.
    #[error("the cost of this {{{id}}} hash is over the limit: {limit}")]
    TooCostly {
        /// The id, as it was written.
        id: &'static str,
        /// The most that is accepted.
        limit: &'static str,
    },
}
