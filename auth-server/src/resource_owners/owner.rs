//! A resource owner ([RFC 6749 §1.1](https://www.rfc-editor.org/rfc/rfc6749#section-1.1)).

use std::collections::HashMap;

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
}

/// The accounts.
#[derive(Clone, Debug, Default)]
pub struct ResourceOwners(HashMap<String, ResourceOwner>);

impl ResourceOwners {
    /// These accounts.
    pub fn new(owners: impl IntoIterator<Item = ResourceOwner>) -> Self {
        Self(
            owners
                .into_iter()
                .map(|owner| (owner.name.clone(), owner))
                .collect(),
        )
    }

    /// The account of this name.
    pub fn find(&self, name: &str) -> Option<&ResourceOwner> {
        self.0.get(name)
    }
}
