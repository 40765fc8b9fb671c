//! In which browsers somebody is signed in.

use askama::Template;
use symbolon::clock::Timestamp;

use crate::pages::account::device::device;
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists an owner's sessions, and ends them: `POST` with `_csrf` and `session`, or with `everywhere` for all.
#[derive(Clone, Debug)]
pub struct SessionsPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// The sessions, this browser's first.
    pub sessions: Vec<OpenSession>,
    /// One has been ended a moment ago.
    pub ended: bool,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Names the session, and opens nothing.
    pub id: String,
    /// What the browser called itself.
    pub user_agent: Option<String>,
    /// Where the sign-in came from.
    pub address: Option<String>,
    /// When somebody signed in.
    pub signed_in_at: Timestamp,
    /// When it was last seen.
    pub seen_at: Option<Timestamp>,
    /// This page is shown in it.
    pub is_this: bool,
}

impl SessionsPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("account_sessions", &SessionsTemplate { page, menu, frame })
    }
}

impl OpenSession {
    fn device(&self, frame: &Frame<'_>) -> String {
        let known = self.user_agent.as_deref().and_then(device);
        known.unwrap_or_else(|| frame.words.say("account-unknown-device"))
    }
}

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsTemplate<'a> {
    page: &'a SessionsPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
