//! The page after a form whose session is over.

use askama::Template;

use crate::pages::frame::Frame;

/// Asks to sign in, and keeps what was typed: nobody else does.
#[derive(Clone, Debug)]
pub struct LateFormPage {
    /// Where to sign in.
    pub sign_in: String,
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub fields: Vec<KeptField>,
}

/// A field with what was typed into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptField {
    /// Its name in the form.
    pub name: String,
    /// As it was typed.
    pub value: String,
}

impl LateFormPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("late_form", &LateFormTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "late_form.html")]
struct LateFormTemplate<'a> {
    page: &'a LateFormPage,
    frame: &'a Frame<'a>,
}
