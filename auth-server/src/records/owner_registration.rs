//! A resource owner's registration, as it is written down.

use serde::{Deserialize, Serialize};
use symbolon::secret::{self, Secret};

use crate::records::client_registration::is_no;
use crate::records::{EmailAddress, PasswordMark};

/// A registration as a settings file and a store hold it, not yet judged. For unknown fields see
/// [`ClientRegistration`](crate::records::ClientRegistration).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerRegistration {
    /// The account's name.
    pub name: String,
    /// `{id}hash`.
    #[serde(serialize_with = "secret::expose")]
    pub password: Secret,
    /// What the person may do.
    #[serde(default)]
    pub authorities: Vec<String>,
    /// Whether the account is locked: nobody signs in, and what the person granted is not good meanwhile.
    #[serde(default, skip_serializing_if = "is_no")]
    pub disabled: bool,
    /// Which password it is, where the server has hashed it anew: that of the hash before. A store alone has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_mark: Option<PasswordMark>,
    /// Where the person reads mails: who reads them there may choose a new password. A store alone has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Whether the person was invited and has not chosen a password yet: it is the hash of one that nobody has ever seen. A
    /// store alone has it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub invited: bool,
}

impl OwnerRegistration {
    /// The same with another password, which somebody knows.
    #[must_use]
    pub fn with_password(self, hash: Secret) -> Self {
        Self {
            password: hash,
            password_mark: None,
            invited: false,
            ..self
        }
    }

    /// The same with one that nobody knows, for whoever is invited to choose one.
    #[must_use]
    pub fn invited_with(self, hash: Secret) -> Self {
        Self {
            invited: true,
            ..self.with_password(hash)
        }
    }
}

impl OwnerRegistration {
    /// Whether the person reads mails at that address, however its letters are written.
    pub fn reads_at(&self, email: &EmailAddress) -> bool {
        self.email.as_ref().is_some_and(|own| own.is_like(email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_was_written_before_there_were_invitations_is_read_and_written_as_it_was() {
        let written = r#"{"name":"wang","password":"{noop}x","authorities":[]}"#;
        let owner: OwnerRegistration = serde_json::from_str(written).unwrap();
        assert!(!owner.invited);
        assert_eq!(serde_json::to_string(&owner).unwrap(), written);
        let invited = OwnerRegistration {
            invited: true,
            ..owner
        };
        assert!(!invited.with_password(Secret::new("{noop}y")).invited);
    }
}
