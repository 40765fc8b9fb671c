//! A resource owner ([RFC 6749 §1.1](https://www.rfc-editor.org/rfc/rfc6749#section-1.1)).

use crate::passwords::PasswordHash;

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
}
