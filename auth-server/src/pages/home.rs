//! The start page.

use askama::Template;

use crate::addresses::Addresses;
use crate::pages::language::Language;
use crate::pages::words::Words;

/// Says what this server is, to whoever finds it without being sent.
#[derive(Clone, Debug)]
pub struct HomePage {
    /// Who is signed in.
    pub owner: Option<String>,
}

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, language: Language, at: &Addresses) -> Result<String, askama::Error> {
        let template = HomeTemplate {
            page: self,
            words: Words::of(language),
            at,
        };
        template.render()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: &'a HomePage,
    words: Words,
    at: &'a Addresses,
}
