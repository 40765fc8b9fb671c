//! The page that asks before it signs anybody out.

use askama::Template;

use crate::pages::frame::Frame;

/// Asks whether to sign out: `POST /logout` with `_csrf`.
#[derive(Clone, Debug)]
pub struct LogoutPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// Who is signed in.
    pub owner: String,
}

impl LogoutPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("logout", &LogoutTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutTemplate<'a> {
    page: &'a LogoutPage,
    frame: &'a Frame<'a>,
}
