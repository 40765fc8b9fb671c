//! What was given, by an owner or to a client.

use askama::Template;
use symbolon::clock::Timestamp;

use super::notice::AdministrationNotice;
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Asks whose access is meant, lists it, and ends it.
#[derive(Clone, Debug)]
pub struct AdministeredAccessPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// Whose access was asked for; may be empty.
    pub username: String,
    /// To whom it was given; may be empty.
    pub client_id: String,
    /// What was found, where anything was asked for.
    pub found: Option<FoundAccess>,
    /// Where ending goes on that was not done by one request.
    pub ends_on: Option<String>,
}

/// A part of what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAccess {
    /// What was found.
    pub grants: Vec<GrantLine>,
    /// Where the search goes on, when not all has been searched.
    pub next: Option<String>,
}

/// One grant. No token is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantLine {
    /// Its id, which opens nothing.
    pub grant_id: String,
    /// Who has it.
    pub client_id: String,
    /// Who gave it; `None` where the client acts for itself.
    pub owner: Option<String>,
    /// What may be done.
    pub scopes: Vec<String>,
    /// When it was given, where that was noted.
    pub since: Option<Timestamp>,
    /// When its last token was issued, where that is known.
    pub last_token: Option<Timestamp>,
    /// When it is over at the latest.
    pub ends: Timestamp,
    /// Whether nobody has exchanged the code yet.
    pub is_code: bool,
}

impl FoundAccess {
    fn none(&self, frame: &Frame<'_>) -> String {
        frame.words.say(if self.next.is_none() {
            "administration-no-access"
        } else {
            "administration-no-access-yet"
        })
    }
}

impl AdministeredAccessPage {
    /// What is searched for a part at a time.
    fn is_searched(&self) -> bool {
        self.username.is_empty() && !self.client_id.is_empty()
    }

    fn end_all_means(&self, frame: &Frame<'_>) -> String {
        frame.words.say(
            match (self.username.is_empty(), self.client_id.is_empty()) {
                (true, _) => "administration-end-of-client",
                (false, true) => "administration-end-of-owner",
                (false, false) => "administration-end-of-both",
            },
        )
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_access",
            &AccessTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/access.html")]
struct AccessTemplate<'a> {
    page: &'a AdministeredAccessPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
