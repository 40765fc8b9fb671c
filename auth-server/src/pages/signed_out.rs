//! The page after signing out.

use askama::Template;

use crate::addresses::Addresses;
use crate::pages::language::Language;
use crate::pages::words::Words;

/// Says that the session is over.
#[derive(Clone, Copy, Debug)]
pub struct SignedOutPage {}

impl SignedOutPage {
    /// The page as HTML.
    pub fn render(&self, language: Language, at: &Addresses) -> Result<String, askama::Error> {
        let words = Words::of(language);
        SignedOutTemplate { words, at }.render()
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate<'a> {
    words: Words,
    at: &'a Addresses,
}
