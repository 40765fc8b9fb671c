//! The start page.

use askama::Template;
use symbolon::metadata;

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
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let template = HomeTemplate {
            page: self,
            words: Words::of(language),
            metadata: metadata::WELL_KNOWN_PATH,
        };
        template.render()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: &'a HomePage,
    words: Words,
    metadata: &'static str,
}
