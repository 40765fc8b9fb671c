//! The page after signing out.

use askama::Template;

use crate::pages::language::Language;
use crate::pages::words::Words;

/// Says that the session is over.
#[derive(Clone, Copy, Debug)]
pub struct SignedOutPage {}

impl SignedOutPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        SignedOutTemplate { words }.render()
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate {
    words: Words,
}
