//! `[brand]`: whose pages they are.

use std::collections::BTreeMap;

use serde::Deserialize;
use symbolon_service::settings::{AboutOne, Findings, read_http_address, shown};

use super::empty::none_if_empty;
use crate::pages::Colour;

/// Characters. More do not fit beside a logo on a telephone.
const LONGEST_NAME: usize = 60;

/// `[brand]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandSettings {
    /// Who runs the server.
    pub name: String,
    /// An SVG or PNG.
    #[serde(deserialize_with = "none_if_empty")]
    pub logo_file: Option<String>,
    /// As `#1f5673`.
    #[serde(deserialize_with = "none_if_empty")]
    pub colour: Option<String>,
    /// Where somebody helps.
    #[serde(deserialize_with = "none_if_empty")]
    pub support_url: Option<String>,
    /// What becomes of what is known about people.
    #[serde(deserialize_with = "none_if_empty")]
    pub privacy_url: Option<String>,
    /// What people agree to.
    #[serde(deserialize_with = "none_if_empty")]
    pub terms_url: Option<String>,
    /// A folder with templates in the place of ours.
    #[serde(deserialize_with = "none_if_empty")]
    pub templates: Option<String>,
    /// More links.
    pub links: Vec<BrandLink>,
}

/// A link at the end of every page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandLink {
    /// In English.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// The text in other languages, by language tag.
    #[serde(default)]
    pub translations: BTreeMap<String, String>,
}

impl BrandSettings {
    /// What is wrong with what is written; files are looked at by whoever reads them.
    pub(super) fn check(&self, findings: &mut Findings) {
        let length = self.name.chars().count();
        let is_shown = self
            .name
            .chars()
            .any(|letter| !letter.is_whitespace() && !letter.is_control());
        if length > LONGEST_NAME || !is_shown || self.name.chars().any(char::is_control) {
            let found = format!("is `{}`", shown(&self.name));
            findings.error("brand.name", found, "1 to 60 characters that people see");
        }
        if let Some(colour) = &self.colour
            && let Err(error) = Colour::parse(colour)
        {
            let found = format!("is `{}`: {error}", shown(colour));
            findings.error(
                "brand.colour",
                found,
                "a colour as #1f5673, dark enough for white text on it: 4.5 to 1 (WCAG 2.2 §1.4.3)",
            );
        }
        for (setting, url) in [
            ("support_url", &self.support_url),
            ("privacy_url", &self.privacy_url),
            ("terms_url", &self.terms_url),
        ] {
            if let Some(fault) = url.as_deref().and_then(fault_of_url) {
                findings.error(&format!("brand.{setting}"), fault, ADDRESSES);
            }
        }
        for link in &self.links {
            let mut about = findings.about("brand.links", "link", &link.text);
            check_link(link, &mut about);
        }
    }
}

const ADDRESSES: &str = "an http or https URL, or mailto: and an address";

fn check_link(link: &BrandLink, about: &mut AboutOne<'_>) {
    if link.text.trim().is_empty() {
        about.error("text", "is empty", "what the link leads to, in English");
    }
    if let Some(fault) = fault_of_url(&link.url) {
        about.error("url", fault, ADDRESSES);
    }
}

fn fault_of_url(url: &str) -> Option<String> {
    let is_mail = url
        .strip_prefix("mailto:")
        .is_some_and(|to| to.contains('@') && !to.contains(char::is_whitespace));
    if is_mail {
        return None;
    }
    let error = read_http_address(url).err()?;
    Some(format!("is `{}`: {error}", shown(url)))
}
