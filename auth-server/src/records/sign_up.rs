//! Somebody who wants an account, and has not chosen its name yet.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use crate::records::EmailAddress;

/// What a link of a sign-up stands for: whoever has it reads mails there, and may have an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// Where the link was sent.
    pub email: EmailAddress,
    /// Until when it is good.
    pub expires_at: Timestamp,
}
