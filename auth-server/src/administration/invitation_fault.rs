//! Why nobody is invited to have an account.

/// Why nobody is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationFault {
    /// Nothing sends mails here.
    NoMails,
    /// The account has no address.
    NoAddress,
    /// Somebody has chosen a password already, or was given one.
    HasPassword,
    /// Too many mails wait.
    TooMany,
}

impl InvitationFault {
    /// Why.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoMails => {
                "no mails are sent from here: the settings name nothing that sends them, or no server has the store's file open"
            }
            Self::NoAddress => "an invitation needs an e-mail address",
            Self::HasPassword => "the account has a password already, which somebody knows",
            Self::TooMany => "too many mails wait to be sent: try again",
        }
    }
}
