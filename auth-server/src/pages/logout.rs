//! The page that asks before it signs anybody out.

use askama::Template;

use crate::pages::language::Language;
use crate::pages::words::Words;

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
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        LogoutTemplate { page: self, words }.render()
    }
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutTemplate<'a> {
    page: &'a LogoutPage,
    words: Words,
}
