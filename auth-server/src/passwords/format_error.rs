//! Why a text is no hash of a password.

use super::hash_id::HashId;

/// Why a text is not a hash that can be verified. It never shows the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hash {}; accepted: {}", self.found(), self.accepted())]
pub enum HashFormatError {
    /// There is no `{id}`, or one that is not known.
    UnknownId,
    /// There is no `{id}` before a hash that shows what it is, as in tables of a server older than Spring
    /// Security 5.
    MissingId {
        /// What it is.
        id: &'static str,
    },
    /// What follows the id is not what the id promises.
    Malformed {
        /// The id, as it was written.
        id: &'static str,
        /// What should follow it.
        expected: &'static str,
    },
    /// Verifying would take so much time or memory that one sign-in could stop the server.
    TooCostly {
        /// The id, as it was written.
        id: &'static str,
        /// The most that is accepted.
        limit: &'static str,
    },
}

impl HashFormatError {
    /// What was found.
    pub fn found(&self) -> String {
        match self {
            Self::UnknownId => "begins with no {id} of a hash that can be verified".to_owned(),
            Self::MissingId { .. } => "has no {id} before it".to_owned(),
            Self::Malformed { id, .. } => format!("is {{{id}}} and no hash of that kind"),
            Self::TooCostly { id, .. } => {
                format!("is {{{id}}} of a cost that could stop the server")
            }
        }
    }

    /// What to write instead.
    pub fn accepted(&self) -> String {
        match self {
            Self::UnknownId => {
                let ids = HashId::ALL.map(|id| id.to_string()).join(", ");
                format!("what `auth-server hash-secret` prints, or a hash with its id: {ids}")
            }
            Self::MissingId { id } => format!("{{{id}}} and the hash"),
            Self::Malformed { expected, .. } => (*expected).to_owned(),
            Self::TooCostly { limit, .. } => (*limit).to_owned(),
        }
    }

    /// Why a text that begins with no id is none.
    pub(super) fn without_id(text: &str) -> Self {
        const BEGINNINGS: [(&str, &str); 6] = [
            ("$2a$", "bcrypt"),
            ("$2b$", "bcrypt"),
            ("$2y$", "bcrypt"),
            ("$argon2", "argon2"),
            ("$e0801$", "scrypt"),
            ("$100801$", "scrypt@SpringSecurity_v5_8"),
        ];
        let mut beginnings = BEGINNINGS.into_iter();
        match beginnings.find(|(beginning, _)| text.starts_with(beginning)) {
            Some((_, id)) => Self::MissingId { id },
            None => Self::UnknownId,
        }
    }
}
