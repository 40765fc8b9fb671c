//! What the account is, and what can be done about it.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// The first page of an account.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// Whose account it is.
    pub menu: Menu,
    /// How many applications have access.
    pub applications: u64,
    /// In how many browsers somebody is signed in.
    pub sessions: u64,
    /// Whether signing in asks for more than the password.
    pub has_second_factor: bool,
    /// How many passkeys there are; `None` where nobody has any.
    pub passkeys: Option<u64>,
}

impl AccountPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("account", &AccountTemplate { page, menu, frame })
    }

    fn passkeys_in_words(&self, frame: &Frame<'_>) -> Option<String> {
        Some(match self.passkeys? {
            0 => frame.words.say("passkeys-none"),
            count => frame.words.counting("passkeys-count", count),
        })
    }
}

#[derive(Template)]
#[template(path = "account/overview.html")]
struct AccountTemplate<'a> {
    page: &'a AccountPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
