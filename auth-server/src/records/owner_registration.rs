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
}

impl OwnerRegistration {
    /// Whether the person reads mails at that address, however its letters are written.
    pub fn reads_at(&self, email: &EmailAddress) -> bool {
        self.email.as_ref().is_some_and(|own| own.is_like(email))
    }
}
