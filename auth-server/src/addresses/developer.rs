//! Where developers register applications.

use super::{Below, Endpoint, IssuerError};

/// They are below `/developer`.
#[derive(Clone, Debug)]
pub struct DeveloperAddresses {
    /// Their applications.
    pub list: Endpoint,
    /// A new one.
    pub new: Endpoint,
    /// One of them.
    pub application: Endpoint,
    /// Gives it another secret.
    pub secret: Endpoint,
    /// Removes it.
    pub removal: Endpoint,
}

impl DeveloperAddresses {
    pub(super) fn below(below: &Below<'_>) -> Result<Self, IssuerError> {
        Ok(Self {
            list: below.endpoint("/developer")?,
            new: below.endpoint("/developer/new")?,
            application: below.endpoint("/developer/application")?,
            secret: below.endpoint("/developer/application/secret")?,
            removal: below.endpoint("/developer/application/removal")?,
        })
    }

    pub(super) const fn all(&self) -> [&Endpoint; 5] {
        [
            &self.list,
            &self.new,
            &self.application,
            &self.secret,
            &self.removal,
        ]
    }
}
