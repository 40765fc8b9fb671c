//! The ids that stand before hashes: those of Spring's `DelegatingPasswordEncoder`, of every version.

use std::fmt;

/// How a hash was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashId {
    /// `Argon2PasswordEncoder`.
    Argon2,
    /// The same, of Spring Security 5.8.
    Argon2Of58,
    /// `BCryptPasswordEncoder`.
    Bcrypt,
    /// `Pbkdf2PasswordEncoder`.
    Pbkdf2,
    /// The same, of Spring Security 5.8.
    Pbkdf2Of58,
    /// `SCryptPasswordEncoder`.
    Scrypt,
    /// The same, of Spring Security 5.8.
    ScryptOf58,
    /// `StandardPasswordEncoder`.
    IteratedSha256,
    /// `MessageDigestPasswordEncoder` with SHA-256.
    Sha256,
    /// The same without salt, as this server writes it for secrets of many random bits.
    OurSha256,
    /// `MessageDigestPasswordEncoder` with SHA-1.
    Sha1,
    /// `MessageDigestPasswordEncoder` with MD5.
    Md5,
    /// `Md4PasswordEncoder`.
    Md4,
    /// `LdapShaPasswordEncoder`.
    Ldap,
    /// `NoOpPasswordEncoder`: the password itself.
    Noop,
}

impl HashId {
    /// All of them, the best first.
    pub const ALL: [Self; 15] = [
        Self::Argon2,
        Self::Argon2Of58,
        Self::Bcrypt,
        Self::Pbkdf2,
        Self::Pbkdf2Of58,
        Self::Scrypt,
        Self::ScryptOf58,
        Self::IteratedSha256,
        Self::Sha256,
        Self::OurSha256,
        Self::Sha1,
        Self::Md5,
        Self::Md4,
        Self::Ldap,
        Self::Noop,
    ];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.name() == name)
    }

    /// What stands between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Argon2 => "argon2",
            Self::Argon2Of58 => "argon2@SpringSecurity_v5_8",
            Self::Bcrypt => "bcrypt",
            Self::Pbkdf2 => "pbkdf2",
            Self::Pbkdf2Of58 => "pbkdf2@SpringSecurity_v5_8",
            Self::Scrypt => "scrypt",
            Self::ScryptOf58 => "scrypt@SpringSecurity_v5_8",
            Self::IteratedSha256 => "sha256",
            Self::Sha256 => "SHA-256",
            Self::OurSha256 => "sha-256",
            Self::Sha1 => "SHA-1",
            Self::Md5 => "MD5",
            Self::Md4 => "MD4",
            Self::Ldap => "ldap",
            Self::Noop => "noop",
        }
    }
}

/// With its braces.
impl fmt::Display for HashId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{}}}", self.name())
    }
}
