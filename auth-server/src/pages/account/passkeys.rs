//! What an owner signs in with instead of the password: which there are, adding one, renaming and removing one.

use askama::Template;
use symbolon::clock::Timestamp;

use crate::pages::account::password::{Field, PasswordRefusal};
use crate::pages::frame::Frame;
use crate::pages::login::LoginNotice;
use crate::pages::place::Menu;

/// Lists the passkeys of an account, and changes them: `POST` with `_csrf` and `change`, which is `begin` (with `passkey_name` and
/// `current_password`), `add` (with `passkey_name` and `credential`), `rename` (with `passkey` and `passkey_name`) or `remove`
/// (with `passkey` and `current_password`).
#[derive(Clone, Debug)]
pub struct PasskeysPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What there is to say.
    pub state: PasskeysState,
}

/// What the page says.
#[derive(Clone, Debug)]
pub enum PasskeysState {
    /// Which there are, and how to add one.
    List(PasskeyList),
    /// The password was good: the device is asked now.
    Confirm {
        /// What the passkey will be called.
        name: String,
        /// What the browser is to be asked for.
        options: String,
    },
    /// One of them.
    One {
        /// Which.
        passkey: PasskeyLine,
        /// What was typed as its new name.
        name: String,
        /// What will not do of the form for this.
        fault: Option<PasskeyFault>,
    },
}

/// Which passkeys there are.
#[derive(Clone, Debug, Default)]
pub struct PasskeyList {
    /// In the order in which they were added.
    pub passkeys: Vec<PasskeyLine>,
    /// Whether there may be another.
    pub has_room: bool,
    /// The name that was typed for a new one.
    pub name: String,
    /// What will not do of the form for a new one.
    pub fault: Option<PasskeyFault>,
    /// What has just been done.
    pub notice: Option<PasskeyNotice>,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyLine {
    /// Names it, and opens nothing.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Since when there is one.
    pub added_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// What will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyFault {
    /// It has no name.
    NoName,
    /// The name has more characters than this.
    LongName(u64),
    /// The password, as a sign-in with it would be refused.
    Password(LoginNotice),
    /// What the device said.
    Device,
}

/// What has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyNotice {
    /// There is another one.
    Added,
    /// One has another name.
    Renamed,
    /// One is gone.
    Removed,
}

impl PasskeysPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("account_passkeys", &PasskeysTemplate { page, menu, frame })
    }

    const fn fault(&self) -> Option<PasskeyFault> {
        match &self.state {
            PasskeysState::List(list) => list.fault,
            PasskeysState::One { fault, .. } => *fault,
            PasskeysState::Confirm { .. } => None,
        }
    }

    /// What will not do of the name, in words.
    fn name_fault(&self, frame: &Frame<'_>) -> Option<String> {
        match self.fault()? {
            PasskeyFault::NoName => Some(frame.words.say("passkeys-no-name")),
            PasskeyFault::LongName(most) => {
                Some(frame.words.counting("passkeys-name-too-long", most))
            }
            PasskeyFault::Password(_) | PasskeyFault::Device => None,
        }
    }

    fn password(&self, frame: &Frame<'_>) -> Field {
        let fault = match self.fault() {
            Some(PasskeyFault::Password(notice)) => Some(notice),
            Some(PasskeyFault::NoName | PasskeyFault::LongName(_) | PasskeyFault::Device)
            | None => None,
        };
        Field {
            name: "current_password",
            label: frame.words.say("password-current"),
            autocomplete: "current-password",
            hint: None,
            fault: fault.map(|notice| PasswordRefusal::Current(notice).sentence(frame)),
        }
    }

    const fn is_device_refused(&self) -> bool {
        matches!(self.fault(), Some(PasskeyFault::Device))
    }

    /// Whether the form that removes one is to be seen at once.
    const fn is_removal_refused(&self) -> bool {
        matches!(self.fault(), Some(PasskeyFault::Password(_)))
    }
}

impl PasskeysState {
    /// Whether the browser is asked for a passkey, or will be.
    pub const fn needs_script(&self) -> bool {
        match self {
            Self::List(list) => list.has_room,
            Self::Confirm { .. } => true,
            Self::One { .. } => false,
        }
    }
}

impl PasskeyNotice {
    fn sentence(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Added => "passkeys-added",
            Self::Renamed => "passkeys-renamed",
            Self::Removed => "passkeys-removed",
        })
    }
}

impl PasskeyLine {
    fn address(&self, frame: &Frame<'_>) -> String {
        format!("{}?passkey={}", frame.at.account.passkeys, self.id)
    }
}

#[derive(Template)]
#[template(path = "account/passkeys.html")]
struct PasskeysTemplate<'a> {
    page: &'a PasskeysPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
