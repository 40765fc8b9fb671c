//! What is around every page: in which language it is, whose it is, and the links at its end.

use askama::Template;
use minijinja::context;
use minijinja::value::Value;
use symbolon::parameters;

use crate::addresses::Addresses;
use crate::pages::brand::{Brand, FooterLink, LinkText};
use crate::pages::language::Language;
use crate::pages::overrides::SHEETS;
use crate::pages::pieces::{Cut, Pieces};
use crate::pages::words::Words;

/// The query parameter of every page that chooses a language, for good. Its name is none that a client might send for
/// reasons of its own.
pub const CHOICE: &str = "page_language";

/// What every page has around what it says.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Where its links lead.
    pub at: &'a Addresses,
    /// Whose pages they are.
    pub brand: &'a Brand,
    pub(super) words: Words,
    here: Option<String>,
    pub(super) is_after_late_form: bool,
}

/// A link to the same page in a language.
pub(super) struct LanguageLink {
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    pub(super) address: String,
    pub(super) is_current: bool,
}

impl<'a> Frame<'a> {
    /// Around pages in this language.
    pub const fn new(language: Language, at: &'a Addresses, brand: &'a Brand) -> Self {
        Self {
            at,
            brand,
            words: Words::of(language),
            here: None,
            is_after_late_form: false,
        }
    }

    /// Around the page of a form that came too late: it says that nothing was done, beside what was typed.
    #[must_use]
    pub const fn after_late_form(mut self) -> Self {
        self.is_after_late_form = true;
        self
    }

    /// Around a page that can be asked for at this address of ours: it links itself in every language.
    #[must_use]
    pub fn here(mut self, address: String) -> Self {
        self.here = Some(address);
        self
    }

    /// A page as HTML: in its template, where whoever runs the server has one for it.
    pub(super) fn write(&self, name: &str, page: &impl Template) -> Result<String, askama::Error> {
        let html = page.render()?;
        Ok(match &self.brand.overrides {
            Some(overrides) => {
                let pieces = Pieces::of(&html);
                let written = overrides.write(name, &self.around(name, pieces));
                written.unwrap_or_else(|| pieces.page())
            }
            None => html,
        })
    }

    /// What a template knows of a page.
    pub(super) fn around(&self, page: &str, pieces: Pieces<'_>) -> Value {
        let piece = |name| Value::from_safe_string(pieces.get(name));
        let logo = self.brand.logo.as_ref();
        let (icon, icon_type) = match logo {
            Some(logo) => (self.at.logo.to_string(), logo.media_type),
            None => (self.at.icon.to_string(), "image/svg+xml"),
        };
        let languages = self.languages().into_iter().map(|link| {
            context! { tag => link.tag, name => link.name, address => link.address, current => link.is_current }
        });
        let links = self.brand.links.iter();
        let links = links.map(|link| context! { text => self.text_of(link), url => link.url });
        context! {
            page,
            language => self.language().tag(),
            sheet => SHEETS.contains(&page),
            title => piece("title"),
            whole => piece("whole"),
            upper => piece("upper"),
            lower => piece("lower"),
            outside => piece("outside"),
            foot => piece("foot"),
            brand => context! {
                name => self.brand.name,
                has_logo => logo.is_some(),
                links => links.collect::<Vec<_>>(),
            },
            languages => languages.collect::<Vec<_>>(),
            at => context! {
                home => self.at.home.to_string(),
                style => self.at.style.to_string(),
                logo => self.at.logo.to_string(),
                icon,
                icon_type,
            },
        }
    }

    /// Where a piece of the page begins, or, with `/` before its name, ends.
    pub(super) const fn cut(&self, at: &'static str) -> Cut {
        let is_written = self.brand.overrides.is_some();
        Cut { at, is_written }
    }

    /// In which language the page is.
    pub const fn language(&self) -> Language {
        self.words.language()
    }

    /// What a link at the end of the page says.
    pub(super) fn text_of(&self, link: &FooterLink) -> String {
        match &link.about {
            LinkText::Support => self.words.say("frame-support"),
            LinkText::Privacy => self.words.say("frame-privacy"),
            LinkText::Terms => self.words.say("frame-terms"),
            LinkText::Other(english, translations) => {
                let translated = translations.get(self.language().tag());
                translated.unwrap_or(english).clone()
            }
        }
    }

    /// The same page in every language; none when it can only be shown once.
    pub(super) fn languages(&self) -> Vec<LanguageLink> {
        let Some(here) = &self.here else {
            return Vec::new();
        };
        let separator = if here.contains('?') { '&' } else { '?' };
        let link = |language: Language| LanguageLink {
            tag: language.tag(),
            name: language.own_name(),
            address: format!(
                "{here}{separator}{}",
                parameters::encode([(CHOICE, Some(language.tag()))])
            ),
            is_current: language == self.language(),
        };
        Language::ALL.map(link).into()
    }
}
