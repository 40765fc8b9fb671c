//! A resource owner ([RFC 6749 §1.1](https://www.rfc-editor.org/rfc/rfc6749#section-1.1)).

use crate::passwords::PasswordHash;
use crate::records::PasswordMark;

/// A person with an account.
#[derive(Clone, Debug)]
pub struct ResourceOwner {
    /// The account's name.
    pub name: String,
    /// What the password is checked against.
    pub password: PasswordHash,
    /// What the person may do, for example `ROLE_USER`.
    pub authorities: Vec<String>,
    /// Whether the account is locked.
    pub disabled: bool,
    /// Which password it is, where it was hashed anew since it was chosen.
    pub password_mark: Option<PasswordMark>,
}

impl ResourceOwner {
    /// Which password the account has: `of_hash` says it by the hash, unless that is not the one that it was chosen with.
    pub fn mark(&self, of_hash: impl FnOnce(&str) -> Option<PasswordMark>) -> Option<PasswordMark> {
        let kept = self.password_mark.clone();
        kept.or_else(|| of_hash(self.password.expose()))
    }
}
