//! Where the pages of somebody's own account are.

use super::endpoint::{Below, Endpoint};
use super::issuer::IssuerError;

/// They are below `/account`.
#[derive(Clone, Debug)]
pub struct AccountAddresses {
    /// What the account is.
    pub overview: Endpoint,
    /// Which applications have access.
    pub applications: Endpoint,
    /// Where somebody is signed in.
    pub sessions: Endpoint,
    /// A new password.
    pub password: Endpoint,
    /// Where mails are read.
    pub email: Endpoint,
    /// What is asked for besides the password.
    pub second_factor: Endpoint,
    /// What somebody signs in with instead.
    pub passkeys: Endpoint,
}

impl AccountAddresses {
    pub(super) fn below(below: &Below<'_>) -> Result<Self, IssuerError> {
        Ok(Self {
            overview: below.endpoint("/account")?,
            applications: below.endpoint("/account/applications")?,
            sessions: below.endpoint("/account/sessions")?,
            password: below.endpoint("/account/password")?,
            email: below.endpoint("/account/email")?,
            second_factor: below.endpoint("/account/second-factor")?,
            passkeys: below.endpoint("/account/passkeys")?,
        })
    }

    pub(super) const fn all(&self) -> [&Endpoint; 7] {
        [
            &self.overview,
            &self.applications,
            &self.sessions,
            &self.password,
            &self.email,
            &self.second_factor,
            &self.passkeys,
        ]
    }
}
