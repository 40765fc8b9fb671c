//! Which applications have access to an account.

use askama::Template;
use symbolon::clock::Timestamp;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists what an owner gave, and takes it back: `POST` with `client_id` and `_csrf`.
#[derive(Clone, Debug)]
pub struct ApplicationsPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// Which have access.
    pub applications: Vec<GrantedApplication>,
    /// The one that has none any more, since a moment ago.
    pub removed: Option<String>,
}

/// An application that has access.
#[derive(Clone, Debug)]
pub struct GrantedApplication {
    /// As it is registered.
    pub client_id: String,
    /// As people know it; its id, when it is not registered any more.
    pub name: String,
    /// When access was given first; unknown for what was given before that was kept.
    pub since: Option<Timestamp>,
    /// When it last got a token.
    pub last_token: Option<Timestamp>,
    /// Whether it has anything now.
    pub has_access: bool,
    /// What it may do with that, in words or by name.
    pub scopes: Vec<String>,
    /// What it gets besides, or again, without asking, and until when.
    pub unasked: Option<(Vec<String>, Timestamp)>,
    /// Whether what it got is checked by signature, which nobody can take back before it ends by itself.
    pub has_signed_tokens: bool,
}

impl ApplicationsPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "account_applications",
            &ApplicationsTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "account/applications.html")]
struct ApplicationsTemplate<'a> {
    page: &'a ApplicationsPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
