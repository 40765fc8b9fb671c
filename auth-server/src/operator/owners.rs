//! The operator's commands on owners.

use super::words::{Named, one_word};
use crate::administration::{OwnerAction, OwnerFactors};
use crate::passwords::PasswordHash;
use crate::records::{EmailAddress, OwnerRegistration};

/// What an operator can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerCommand {
    /// List those of the store.
    List,
    /// Add one.
    Add {
        /// The account's name.
        name: String,
        /// The hash of the password.
        password: PasswordHash,
        /// Whether nobody knows that, and the person is sent an invitation to choose one.
        invited: bool,
        /// What the person may do.
        authorities: Vec<String>,
        /// Where the person reads mails.
        email: Option<EmailAddress>,
    },
    /// Lock one.
    Lock(String),
    /// Take that back.
    Unlock(String),
    /// Give one another password.
    ResetPassword {
        /// The account's name.
        name: String,
        /// The hash of the password.
        password: PasswordHash,
    },
    /// Send whoever is to have one another invitation.
    Invite {
        /// The account's name.
        name: String,
        /// The hash of a password that nobody knows.
        password: PasswordHash,
    },
    /// Its owner reads mails there, or nowhere.
    SetEmail {
        /// The account's name.
        name: String,
        /// The address.
        email: Option<EmailAddress>,
    },
    /// Make the password of one enough again.
    RemoveSecondFactor(String),
    /// Remove one.
    Remove(String),
}

impl OwnerCommand {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::List => "owners list",
            Self::Add { .. } => "owners add",
            Self::Lock(_) => "owners lock",
            Self::Unlock(_) => "owners unlock",
            Self::ResetPassword { .. } => "owners reset-password",
            Self::Invite { .. } => "owners invite",
            Self::SetEmail { .. } => "owners set-email",
            Self::RemoveSecondFactor(_) => "owners remove-second-factor",
            Self::Remove(_) => "owners remove",
        }
    }

    /// What it is about, as pairs.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let hash = |password: &PasswordHash| ("password", password.expose().to_owned());
        let address = |email: &Option<EmailAddress>| {
            let email = email.as_ref();
            email.map(|email| ("email", email.to_string()))
        };
        match self {
            Self::List => Vec::new(),
            Self::Lock(name)
            | Self::Unlock(name)
            | Self::RemoveSecondFactor(name)
            | Self::Remove(name) => {
                vec![("owner", name.clone())]
            }
            Self::ResetPassword { name, password } | Self::Invite { name, password } => {
                vec![("owner", name.clone()), hash(password)]
            }
            Self::SetEmail { name, email } => {
                let who = [("owner", name.clone())];
                who.into_iter().chain(address(email)).collect()
            }
            Self::Add {
                name,
                password,
                invited,
                authorities,
                email,
            } => {
                let authorities = authorities.iter().cloned();
                let authorities = authorities.map(|authority| ("authority", authority));
                let who = [("owner", name.clone()), hash(password)];
                let who = who.into_iter().chain(authorities);
                let invited = invited.then(|| ("invited", "true".to_owned()));
                who.chain(address(email)).chain(invited).collect()
            }
        }
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        let name = || named.value("owner");
        let password = || named.value("password")?.parse().ok();
        let email = || match named.value("email") {
            Some(email) => EmailAddress::parse(&email).map(Some),
            None => Some(None),
        };
        match words {
            "owners list" => Some(Self::List),
            "owners add" => Some(Self::Add {
                name: name()?,
                password: password()?,
                invited: named.value("invited").is_some(),
                authorities: named.values("authority"),
                email: email()?,
            }),
            "owners set-email" => Some(Self::SetEmail {
                name: name()?,
                email: email()?,
            }),
            "owners lock" => name().map(Self::Lock),
            "owners unlock" => name().map(Self::Unlock),
            "owners reset-password" => Some(Self::ResetPassword {
                name: name()?,
                password: password()?,
            }),
            "owners invite" => Some(Self::Invite {
                name: name()?,
                password: password()?,
            }),
            "owners remove-second-factor" => name().map(Self::RemoveSecondFactor),
            "owners remove" => name().map(Self::Remove),
            _ => None,
        }
    }

    /// Whose account it changes, and how.
    pub(super) fn action(&self) -> Option<(&str, OwnerAction)> {
        match self {
            Self::List | Self::Add { .. } => None,
            Self::Lock(name) => Some((name, OwnerAction::Lock)),
            Self::Unlock(name) => Some((name, OwnerAction::Unlock)),
            Self::ResetPassword { name, password } => {
                Some((name, OwnerAction::ResetPassword(password.clone())))
            }
            Self::Invite { name, password } => Some((name, OwnerAction::Invite(password.clone()))),
            Self::SetEmail { name, email } => Some((name, OwnerAction::SetEmail(email.clone()))),
            Self::RemoveSecondFactor(name) => Some((name, OwnerAction::RemoveSecondFactor)),
            Self::Remove(name) => Some((name, OwnerAction::Remove)),
        }
    }
}

/// Its name, its state, what is shown besides its password or in its place, what it may do.
pub(super) fn line((owner, factors): &(OwnerRegistration, OwnerFactors)) -> String {
    let state = if owner.disabled {
        "locked"
    } else if owner.invited {
        "invited"
    } else {
        "active"
    };
    let authorities: Vec<String> = owner.authorities.iter().map(|it| one_word(it)).collect();
    format!(
        "{}  {state}  {}  {}",
        one_word(&owner.name),
        factors_word(*factors),
        authorities.join(" ")
    )
}

/// `-` where the password is all there is.
fn factors_word(factors: OwnerFactors) -> String {
    match (factors.second_factor, factors.passkeys) {
        (false, 0) => "-".to_owned(),
        (true, 0) => "second-factor".to_owned(),
        (false, passkeys) => format!("passkeys:{passkeys}"),
        (true, passkeys) => format!("second-factor,passkeys:{passkeys}"),
    }
}
