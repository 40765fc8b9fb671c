//! The pages of whoever is signed in, and the menu that leads from one to another.

use crate::addresses::{Addresses, Endpoint};
use crate::pages::frame::Frame;

/// A page of whoever is signed in. After a sign-in people go on to one of these, and nowhere else of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What the account is.
    Account,
    /// Which applications have access.
    Applications,
    /// Where somebody is signed in.
    Sessions,
    /// The applications that somebody has registered, where that is possible.
    Developer,
    /// A new password.
    Password,
    /// Where mails are read, where the server sends some.
    Email,
    /// What is asked for besides the password.
    SecondFactor,
    /// What somebody signs in with instead, where browsers have passkeys.
    Passkeys,
    /// What administrators look after.
    Administration,
}

impl Place {
    /// Those that everybody has.
    pub const OF_EVERYBODY: [Self; 5] = [
        Self::Account,
        Self::Applications,
        Self::Sessions,
        Self::Password,
        Self::SecondFactor,
    ];

    /// Where it is.
    pub const fn endpoint(self, at: &Addresses) -> &Endpoint {
        match self {
            Self::Account => &at.account.overview,
            Self::Applications => &at.account.applications,
            Self::Sessions => &at.account.sessions,
            Self::Developer => &at.developer.list,
            Self::Password => &at.account.password,
            Self::Email => &at.account.email,
            Self::SecondFactor => &at.account.second_factor,
            Self::Passkeys => &at.account.passkeys,
            Self::Administration => &at.administration.overview,
        }
    }

    /// What a form or an address calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Applications => "applications",
            Self::Sessions => "sessions",
            Self::Developer => "developer",
            Self::Password => "password",
            Self::Email => "email",
            Self::SecondFactor => "second-factor",
            Self::Passkeys => "passkeys",
            Self::Administration => "administration",
        }
    }

    /// The place of this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::OF_EVERYBODY.into_iter().chain([
            Self::Email,
            Self::Passkeys,
            Self::Developer,
            Self::Administration,
        ]);
        all.find(|place| place.name() == name)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Account => "menu-account",
            Self::Applications => "menu-applications",
            Self::Sessions => "menu-sessions",
            Self::Developer => "menu-developer",
            Self::Password => "menu-password",
            Self::Email => "menu-email",
            Self::SecondFactor => "menu-second-factor",
            Self::Passkeys => "menu-passkeys",
            Self::Administration => "menu-administration",
        }
    }
}

/// The menu of one page.
#[derive(Clone, Debug)]
pub struct Menu {
    /// Who is signed in.
    pub owner: String,
    /// Where this page is.
    pub here: Place,
    /// Where it leads.
    pub places: Vec<Place>,
}

pub(super) struct MenuLink {
    pub(super) text: String,
    pub(super) address: String,
    pub(super) is_here: bool,
}

impl Menu {
    pub(super) fn links(&self, frame: &Frame<'_>) -> Vec<MenuLink> {
        let link = |place: &Place| MenuLink {
            text: frame.words.say(place.label()),
            address: place.endpoint(frame.at).to_string(),
            is_here: *place == self.here,
        };
        self.places.iter().map(link).collect()
    }
}
