//! An application of a developer.

use askama::Template;

use super::form::ApplicationForm;
use super::list::{ApplicationState, DeveloperNotice};
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Shows an application, and lets it be changed, given another secret, and removed.
#[derive(Clone, Debug)]
pub struct ApplicationPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// Its public name.
    pub client_id: String,
    /// Its name for people, as it is kept.
    pub name: String,
    /// Whether it may be used.
    pub state: ApplicationState,
    /// What happened a moment ago.
    pub notice: Option<DeveloperNotice>,
    /// Whether it has a secret.
    pub has_secret: bool,
    /// Hours, rounded up, that the secret before this one is still good.
    pub retiring_hours: Option<u64>,
    /// Hours that a secret is good after it was replaced.
    pub overlap_hours: u64,
    /// Whether a change may have to wait for an administrator.
    pub waits_for_approval: bool,
    /// What it says, or what was typed.
    pub form: ApplicationForm,
}

impl ApplicationPage {
    pub(super) fn rotation(&self, frame: &Frame<'_>) -> String {
        let hours = self.overlap_hours;
        frame.words.counting("developer-secret-rotation", hours)
    }

    pub(super) fn retiring(&self, frame: &Frame<'_>) -> Option<String> {
        let hours = self.retiring_hours?;
        Some(frame.words.counting("developer-secret-retiring", hours))
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write(
            "developer_application",
            &ApplicationTemplate {
                page: self,
                form: &self.form,
                menu: &self.menu,
                frame,
            },
        )
    }
}

#[derive(Template)]
#[template(path = "developer/application.html")]
struct ApplicationTemplate<'a> {
    page: &'a ApplicationPage,
    form: &'a ApplicationForm,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
