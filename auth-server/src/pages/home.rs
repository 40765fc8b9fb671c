//! The start page.

use askama::Template;

use crate::pages::frame::Frame;

/// Says what this server is, to whoever finds it without being sent.
#[derive(Clone, Debug)]
pub struct HomePage {
    /// Who is signed in.
    pub owner: Option<String>,
}

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("home", &HomeTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: &'a HomePage,
    frame: &'a Frame<'a>,
}
