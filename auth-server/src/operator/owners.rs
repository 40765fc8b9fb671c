//! The operator's commands on owners.

use super::words::{Named, one_word};
use crate::administration::{Changed, OwnerAddition};
use crate::audit::OwnerChange;
use crate::passwords::PasswordHash;
use crate::records::OwnerRegistration;

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
        /// What the person may do.
        authorities: Vec<String>,
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
            Self::Remove(_) => "owners remove",
        }
    }

    /// What it is about, as pairs.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let hash = |password: &PasswordHash| ("password", password.expose().to_owned());
        match self {
            Self::List => Vec::new(),
            Self::Lock(name) | Self::Unlock(name) | Self::Remove(name) => {
                vec![("owner", name.clone())]
            }
            Self::ResetPassword { name, password } => {
                vec![("owner", name.clone()), hash(password)]
            }
            Self::Add {
                name,
                password,
                authorities,
            } => {
                let authorities = authorities.iter().cloned();
                let authorities = authorities.map(|authority| ("authority", authority));
                let who = [("owner", name.clone()), hash(password)];
                who.into_iter().chain(authorities).collect()
            }
        }
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        let name = || named.value("owner");
        let password = || named.value("password")?.parse().ok();
        match words {
            "owners list" => Some(Self::List),
            "owners add" => Some(Self::Add {
                name: name()?,
                password: password()?,
                authorities: named.values("authority"),
            }),
            "owners lock" => name().map(Self::Lock),
            "owners unlock" => name().map(Self::Unlock),
            "owners reset-password" => Some(Self::ResetPassword {
                name: name()?,
                password: password()?,
            }),
            "owners remove" => name().map(Self::Remove),
            _ => None,
        }
    }

    /// Whose account it changes, and how, for the audit stream.
    pub(super) fn change(&self) -> Option<(&str, OwnerChange)> {
        match self {
            Self::List => None,
            Self::Add { name, .. } => Some((name, OwnerChange::Added)),
            Self::Lock(name) => Some((name, OwnerChange::Locked)),
            Self::Unlock(name) => Some((name, OwnerChange::Unlocked)),
            Self::ResetPassword { name, .. } => Some((name, OwnerChange::PasswordReset)),
            Self::Remove(name) => Some((name, OwnerChange::Removed)),
        }
    }
}

/// Its name, its state, what it may do.
pub(super) fn line(owner: &OwnerRegistration) -> String {
    let state = if owner.disabled { "locked" } else { "active" };
    let authorities: Vec<String> = owner.authorities.iter().map(|it| one_word(it)).collect();
    format!(
        "{}  {state}  {}",
        one_word(&owner.name),
        authorities.join(" ")
    )
}

/// Why no account was added.
pub(super) fn not_added(addition: OwnerAddition) -> Option<String> {
    match addition {
        OwnerAddition::Added => None,
        OwnerAddition::Taken => {
            Some("there is an account of that name, here or elsewhere".to_owned())
        }
        OwnerAddition::Name(fault) => Some(format!(
            "the name {}; accepted: {}",
            fault.found(),
            fault.accepted()
        )),
        OwnerAddition::ControlCharacter => Some("the name holds a control character".to_owned()),
    }
}

/// Why nothing was changed.
pub(super) const fn nothing_done(changed: &Changed<()>) -> Option<&'static str> {
    match changed {
        Changed::Done(()) => None,
        Changed::AlreadySo => Some("it is so already"),
        Changed::Unknown => Some("there is no such account"),
        Changed::KeptElsewhere => Some(
            "it is not kept in the store: the settings, a database or a directory hold it, and change it",
        ),
        Changed::Contended => Some("somebody else changes it all the time: nothing was done"),
    }
}
