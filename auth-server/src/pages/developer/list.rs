//! The applications of a developer.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists what somebody has registered, and leads to a new one.
#[derive(Clone, Debug)]
pub struct DeveloperPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// What happened a moment ago.
    pub notice: Option<DeveloperNotice>,
    /// The applications on this page.
    pub applications: Vec<ApplicationLine>,
    /// Where the next ones are.
    pub next: Option<String>,
}

/// One of the applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationLine {
    /// Its public name.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it may be used.
    pub state: ApplicationState,
    /// Where it is shown and changed.
    pub address: String,
}

/// Whether an application may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// It may.
    Active,
    /// Once an administrator has let it in.
    Awaiting,
    /// An administrator has locked it.
    Suspended,
}

/// What happened a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeveloperNotice {
    /// An application is gone.
    Removed,
    /// What was changed is kept.
    Saved,
    /// Somebody else was faster: nothing was changed.
    ChangedMeanwhile,
    /// It was registered already, by the same form.
    RegisteredBefore,
    /// No more may be registered.
    TooMany,
}

impl DeveloperNotice {
    /// The word in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Saved => "saved",
            Self::ChangedMeanwhile => "changed",
            Self::RegisteredBefore => "registered",
            Self::TooMany => "too_many",
        }
    }

    /// The notice with this word in an address.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Removed,
            Self::Saved,
            Self::ChangedMeanwhile,
            Self::RegisteredBefore,
            Self::TooMany,
        ];
        all.into_iter().find(|notice| notice.as_str() == word)
    }

    pub(super) fn sentence(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Removed => "developer-notice-removed",
            Self::Saved => "developer-notice-saved",
            Self::ChangedMeanwhile => "developer-notice-changed",
            Self::RegisteredBefore => "developer-notice-registered",
            Self::TooMany => "developer-notice-too-many",
        })
    }
}

impl ApplicationState {
    pub(in crate::pages) fn word(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Active => "developer-state-active",
            Self::Awaiting => "developer-state-awaiting",
            Self::Suspended => "developer-state-suspended",
        })
    }

    pub(in crate::pages) const fn class(self) -> &'static str {
        match self {
            Self::Active => "is-good",
            Self::Awaiting => "is-waiting",
            Self::Suspended => "is-shut",
        }
    }
}

impl DeveloperPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("developer", &DeveloperTemplate { page, menu, frame })
    }
}

#[derive(Template)]
#[template(path = "developer/list.html")]
struct DeveloperTemplate<'a> {
    page: &'a DeveloperPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
