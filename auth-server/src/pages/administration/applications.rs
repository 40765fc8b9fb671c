//! The applications that are kept in the store.

use askama::Template;

use super::notice::AdministrationNotice;
use crate::pages::developer::{ApplicationLine, ApplicationState};
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists applications.
#[derive(Clone, Debug)]
pub struct AdministeredApplicationsPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// Whether these are only those that wait.
    pub awaiting: bool,
    /// Those on this page.
    pub applications: Vec<ApplicationLine>,
    /// Where the next ones are.
    pub next: Option<String>,
}

impl AdministeredApplicationsPage {
    fn heading(&self, frame: &Frame<'_>) -> String {
        frame.words.say(if self.awaiting {
            "administration-awaiting"
        } else {
            "administration-applications"
        })
    }

    fn none(&self, frame: &Frame<'_>) -> String {
        frame.words.say(if self.awaiting {
            "administration-none-awaiting"
        } else {
            "administration-no-applications"
        })
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_applications",
            &ListTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/applications.html")]
struct ListTemplate<'a> {
    page: &'a AdministeredApplicationsPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}

/// Addresses that the page of approval shows of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationLinks {
    /// Where people read about it.
    pub site: Option<String>,
    /// Its picture.
    pub logo: Option<String>,
    /// What it does with data.
    pub policy: Option<String>,
    /// Its terms of service.
    pub terms: Option<String>,
}

/// Shows an application, lets it in, locks it, and removes it.
#[derive(Clone, Debug)]
pub struct AdministeredApplicationPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// Its public name.
    pub client_id: String,
    /// What it says, as a text: with it the form lets in what is shown here and nothing else.
    pub seen: String,
    /// What people are shown of it, and led to.
    pub links: ApplicationLinks,
    /// Who answers for it.
    pub contacts: Vec<String>,
    /// Where its tokens are good; none: everywhere.
    pub resource_ids: Vec<String>,
    /// What it may do for itself.
    pub authorities: Vec<String>,
    /// Its name for people.
    pub name: String,
    /// Whether it may be used.
    pub state: ApplicationState,
    /// Who registered it, where somebody did.
    pub registered_by: Option<String>,
    /// Where browsers may be sent.
    pub redirect_uris: Vec<String>,
    /// What it may use.
    pub grants: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// Where what it holds is shown.
    pub access: String,
}

impl AdministeredApplicationPage {
    fn is_awaiting(&self) -> bool {
        self.state == ApplicationState::Awaiting
    }

    fn is_suspended(&self) -> bool {
        self.state == ApplicationState::Suspended
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_application",
            &ApplicationTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/application.html")]
struct ApplicationTemplate<'a> {
    page: &'a AdministeredApplicationPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
