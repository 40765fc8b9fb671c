//! The keys that sign tokens.

use askama::Template;
use symbolon::clock::Timestamp;

use super::notice::AdministrationNotice;
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists keys, and adds one.
#[derive(Clone, Debug)]
pub struct AdministeredKeysPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// All keys, the youngest first.
    pub keys: Vec<KeyLine>,
}

/// A key, without what it signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// Its name.
    pub kid: String,
    /// What it signs with.
    pub algorithm: &'static str,
    /// What it does now.
    pub state: KeyState,
    /// When it begins to sign, or began.
    pub signs_from: Option<Timestamp>,
    /// When it is removed, where that is known.
    pub published_until: Option<Timestamp>,
}

/// What a key does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It signs later.
    Published,
    /// It signs.
    Signs,
    /// Another signs.
    Replaced,
}

impl KeyState {
    fn class(self) -> &'static str {
        match self {
            Self::Published => "is-waiting",
            Self::Signs => "is-good",
            Self::Replaced => "is-shut",
        }
    }

    fn word(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Published => "administration-key-published",
            Self::Signs => "administration-key-signs",
            Self::Replaced => "administration-key-replaced",
        })
    }
}

impl AdministeredKeysPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("administration_keys", &KeysTemplate { page, menu, frame })
    }
}

#[derive(Template)]
#[template(path = "administration/keys.html")]
struct KeysTemplate<'a> {
    page: &'a AdministeredKeysPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
