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
    /// Tells two sendings of one form from two forms.
    pub once: String,
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
    /// What became of it lately.
    pub activity: ApplicationActivity,
    /// What it says, or what was typed.
    pub form: ApplicationForm,
}

/// What an application holds, and what was refused to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationActivity {
    /// What was refused lately, newest first. `None`: the server keeps nothing of it.
    pub refusals: Option<Vec<RefusalLine>>,
    /// What it holds.
    pub held: HeldAccess,
}

/// How much that still opens something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldAccess {
    /// What people granted.
    pub from_owners: u64,
    /// What it has for itself.
    pub for_itself: u64,
    /// Whether everything was looked at.
    pub is_all: bool,
}

/// A request that was refused. What does not apply is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalLine {
    /// When, in UTC.
    pub time: String,
    /// Its name in the audit stream.
    pub event: String,
    /// The id of the request.
    pub request_id: String,
    /// The code that the application was told.
    pub error: String,
    /// Which parameter.
    pub parameter: String,
    /// By which rule.
    pub rule: String,
    /// At which endpoint.
    pub path: String,
}

impl RefusalLine {
    /// What there is to say, each with the key of its name.
    pub(super) fn facts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let facts = [
            ("error-request-id", &self.request_id),
            ("developer-refusal-path", &self.path),
            ("developer-refusal-error", &self.error),
            ("developer-refusal-parameter", &self.parameter),
            ("developer-refusal-rule", &self.rule),
        ];
        let facts = facts.into_iter().map(|(key, value)| (key, value.as_str()));
        facts.filter(|(_, value)| !value.is_empty())
    }
}

impl HeldAccess {
    /// A number that may be larger than what was found.
    fn counted(self, count: u64, frame: &Frame<'_>) -> String {
        let key = if self.is_all {
            "developer-held-count"
        } else {
            "developer-held-at-least"
        };
        frame.words.counting(key, count)
    }

    pub(super) fn of_owners(&self, frame: &Frame<'_>) -> String {
        self.counted(self.from_owners, frame)
    }

    pub(super) fn of_its_own(&self, frame: &Frame<'_>) -> String {
        self.counted(self.for_itself, frame)
    }
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
