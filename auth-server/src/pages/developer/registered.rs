//! What is shown once: an application's name and secret.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Tells the secret of a new application, or the new secret of one that is there. It is known to nobody later.
#[derive(Clone)]
pub struct RegisteredPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Its public name.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Its secret; `None` for an application that cannot keep one.
    pub secret: Option<String>,
    /// Whether the application was there before.
    pub is_replaced: bool,
    /// Whether an administrator has to let it in.
    pub waits_for_approval: bool,
    /// Where it is shown and changed.
    pub address: String,
}

/// Without the secret.
impl std::fmt::Debug for RegisteredPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RegisteredPage({})", self.client_id)
    }
}

impl RegisteredPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "developer_registered",
            &RegisteredTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "developer/registered.html")]
struct RegisteredTemplate<'a> {
    page: &'a RegisteredPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
