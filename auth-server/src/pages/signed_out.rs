//! The page after signing out.

use askama::Template;

use crate::pages::frame::Frame;

/// Says that the session is over.
#[derive(Clone, Copy, Debug)]
pub struct SignedOutPage {}

impl SignedOutPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("signed_out", &SignedOutTemplate { frame })
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate<'a> {
    frame: &'a Frame<'a>,
}
