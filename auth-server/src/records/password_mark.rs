//! Which password an account had.

use serde::{Deserialize, Serialize};

/// Which password an account had when something was done with it: a keyed digest of its hash, which shows
/// nothing of either. Another one means that the password has been changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordMark(String);

impl PasswordMark {
    /// The mark of this text.
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
