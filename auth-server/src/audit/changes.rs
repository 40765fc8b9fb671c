//! What became of registrations and accounts.

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientChange {
    /// It says something else.
    Updated,
    /// It has another secret.
    SecretRotated,
    /// An administrator has let it in.
    Approved,
    /// An administrator has locked it.
    Suspended,
    /// And has taken that back.
    Resumed,
    /// It is gone.
    Removed,
}

/// What became of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerChange {
    /// It is there.
    Added,
    /// Nobody signs in any more.
    Locked,
    /// That was taken back.
    Unlocked,
    /// It has another password.
    PasswordReset,
    /// Whoever is to have it is invited to choose its first password.
    Invited,
    /// Its owner reads mails elsewhere.
    EmailChanged,
    /// Its password is enough again.
    SecondFactorRemoved,
    /// It is gone.
    Removed,
}

impl OwnerChange {
    /// Its name in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::PasswordReset => "password_reset",
            Self::Invited => "invited",
            Self::EmailChanged => "email_changed",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::Removed => "removed",
        }
    }
}

impl ClientChange {
    /// Its name in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::SecretRotated => "secret_rotated",
            Self::Approved => "approved",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Removed => "removed",
        }
    }
}
