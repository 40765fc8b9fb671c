//! What administrators do with owners, clients, access and keys: by command, by API, and on pages. Only what is kept in the
//! store can be changed; what the settings, a database or a directory hold is changed there.

mod access;
mod administrators;
mod applications;
mod invitation_fault;
mod invitations;
mod keys;
mod new_applications;
mod new_passwords;
mod owner_factors;
mod owners;
mod recorded;

pub use access::{Ended, ListedGrant};
pub use administrators::{Administrator, Administrators};
pub use applications::{ApplicationFilter, ApplicationState, Applications, fingerprint};
pub use invitation_fault::InvitationFault;
pub use keys::{KeyState, PublishedKey, PublishedKeys};
pub use new_applications::{ApplicationAddition, NewApplication, NewApplications};
pub use new_passwords::{NewPasswordError, NewPasswords};
pub use owner_factors::OwnerFactors;
pub use owners::{NewAccount, OwnerAccounts, OwnerAddition};
pub use recorded::{Administration, ApplicationAction, OwnerAction};

/// How many are on a page at most.
pub const PAGE: usize = 50;

/// How often a change is tried anew that somebody else was faster with.
const ATTEMPTS: usize = 3;

/// A page of a list, and what to go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The name of the last, when there may be more behind it.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page that was asked for with one more than it holds.
    fn of(mut items: Vec<T>, limit: usize, name: impl Fn(&T) -> String) -> Self {
        let is_cut = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| is_cut).map(name);
        Self { items, next }
    }
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed<T> {
    /// It is done, and this is so now.
    Done(T),
    /// It was so already.
    AlreadySo,
    /// There is none of that name.
    Unknown,
    /// It is kept elsewhere: in the settings, a database or a directory.
    KeptElsewhere,
    /// Others change it all the time.
    Contended,
    /// It has nothing of that kind to change.
    HasNone,
    /// It says something else than what was looked at.
    SaysOther,
    /// Nobody can be invited to it.
    NotInvited(InvitationFault),
}

impl Changed<()> {
    /// Why nothing was done to a thing of that kind, where nothing was.
    pub const fn nothing_done(&self, what: Kept) -> Option<&'static str> {
        match (self, what) {
            (Self::Done(()), _) => None,
            (Self::AlreadySo, _) => Some("it is so already"),
            (Self::Unknown, Kept::Client) => Some("there is no such client"),
            (Self::Unknown, Kept::Owner) => Some("there is no such account"),
            (Self::KeptElsewhere, Kept::Client) => Some(
                "it is not kept in the store: the settings or a database hold it, and change it",
            ),
            (Self::KeptElsewhere, Kept::Owner) => Some(
                "it is not kept in the store: the settings, a database or a directory hold it, and change it",
            ),
            (Self::Contended, _) => Some("somebody else changes it all the time: nothing was done"),
            (Self::NotInvited(fault), _) => Some(fault.as_str()),
            (Self::HasNone, Kept::Client) => {
                Some("it cannot keep a secret, and has none to replace")
            }
            (Self::HasNone, Kept::Owner) => Some("it has none to replace"),
            (Self::SaysOther, _) => {
                Some("it says something else than what was looked at: look again")
            }
        }
    }
}

/// What may be kept in the store or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A client.
    Client,
    /// An account.
    Owner,
}

impl<T> Changed<T> {
    /// The same, without what is so now.
    pub fn forget(self) -> Changed<()> {
        match self {
            Self::Done(_) => Changed::Done(()),
            Self::AlreadySo => Changed::AlreadySo,
            Self::Unknown => Changed::Unknown,
            Self::KeptElsewhere => Changed::KeptElsewhere,
            Self::Contended => Changed::Contended,
            Self::HasNone => Changed::HasNone,
            Self::SaysOther => Changed::SaysOther,
            Self::NotInvited(fault) => Changed::NotInvited(fault),
        }
    }
}
