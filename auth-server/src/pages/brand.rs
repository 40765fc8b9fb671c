//! Whose pages they are: a name, a logo, a colour, and links at the end of every page.

use std::collections::BTreeMap;

use crate::pages::STYLE_CSS;
use crate::pages::colour::Colour;
use crate::pages::overrides::Overrides;

/// What this server is called where nobody says otherwise.
const OUR_NAME: &str = "Symbolon";

/// Whose pages they are.
#[derive(Clone, Debug)]
pub struct Brand {
    /// Who runs the server, as people know it.
    pub name: String,
    /// In place of the broken token.
    pub logo: Option<Logo>,
    /// In place of the blue.
    pub colour: Option<Colour>,
    /// At the end of every page.
    pub links: Vec<FooterLink>,
    /// Templates in the place of ours.
    pub overrides: Option<Overrides>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Of which type.
    pub media_type: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// A link at the end of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    /// What it leads to.
    pub about: LinkText,
    /// Where it leads.
    pub url: String,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkText {
    /// Whoever helps.
    Support,
    /// What becomes of what is known about people.
    Privacy,
    /// What people agree to.
    Terms,
    /// Something else, in English and by language tag.
    Other(String, BTreeMap<String, String>),
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            name: OUR_NAME.to_owned(),
            logo: None,
            colour: None,
            links: Vec::new(),
            overrides: None,
        }
    }
}

impl Brand {
    /// The style sheet of all pages, in its colour, with its own rules behind ours.
    pub fn style_sheet(&self) -> String {
        let colours = self.colour.map(Colour::rules).unwrap_or_default();
        let own = self.overrides.as_ref().map_or("", Overrides::style);
        format!("{STYLE_CSS}{colours}{own}")
    }

    /// Nobody has given it another name.
    pub(super) fn is_ours(&self) -> bool {
        self.name == OUR_NAME
    }
}
