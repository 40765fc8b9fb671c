//! The page that asks before it signs anybody out.

use askama::Template;

use crate::addresses::Addresses;
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
    pub fn render(&self, language: Language, at: &Addresses) -> Result<String, askama::Error> {
        let template = LogoutTemplate {
            page: self,
            words: Words::of(language),
            at,
        };
        template.render()
    }
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutTemplate<'a> {
    page: &'a LogoutPage,
    words: Words,
    at: &'a Addresses,
}
