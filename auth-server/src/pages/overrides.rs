//! Pages in templates of whoever runs the server ([MiniJinja](https://docs.rs/minijinja)): everything around what a page must
//! hold.
//!
//! A template gets the pieces of a page as they are written here, with their forms, and puts them where it likes; no template can
//! forget a field that a form needs, and a page that gets another field with an update stays whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, Template, UndefinedBehavior, context};
use symbolon_service::settings::shown;

use crate::pages::frame::Frame;

mod sample;

use crate::pages::pieces::Pieces;
use sample::Fault;

/// The template that all pages are written in that have none of their own.
const LAYOUT: &str = "layout.html";
/// Rules beside those of our style sheet.
const STYLE: &str = "style.css";
/// What begins so is there to be included.
const PART: char = '_';

/// A template that writes what we write.
pub const LAYOUT_HTML: &str = include_str!("overrides/layout.html");

/// Pages of two halves, before somebody is signed in and between the two.
pub(super) const HALVES: [&str; 7] = [
    "approval",
    "error",
    "home",
    "login",
    "login_code",
    "logout",
    "signed_out",
];

/// Pages of somebody who is signed in.
pub(super) const SHEETS: [&str; 17] = [
    "account",
    "account_applications",
    "account_passkeys",
    "account_password",
    "account_second_factor",
    "account_sessions",
    "administration_access",
    "administration_account",
    "administration_accounts",
    "administration_application",
    "administration_applications",
    "administration_keys",
    "administration_password",
    "developer",
    "developer_application",
    "developer_new",
    "developer_registered",
];

/// A file of the folder.
#[derive(Clone, Debug)]
pub struct OverrideFile {
    /// Its name in the folder.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Templates that can be used: they were tried.
#[derive(Clone, Debug)]
pub struct Overrides {
    templates: Arc<Environment<'static>>,
    style: String,
}

impl Overrides {
    /// Those of these files; else all that is wrong with them, with file and line.
    pub fn read(files: Vec<OverrideFile>) -> Result<Self, Vec<String>> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        let (mut style, mut faults) = (String::new(), Vec::new());
        for OverrideFile { name, text } in files {
            if name == STYLE {
                style = text;
            } else if !is_known(&name) {
                faults.push(unknown(&name));
            } else if let Err(error) = templates.add_template_owned(name, text) {
                faults.push(error.to_string());
            }
        }
        let overrides = Self {
            templates: Arc::new(templates),
            style,
        };
        if faults.is_empty() {
            faults = overrides.faults();
        }
        if faults.is_empty() {
            Ok(overrides)
        } else {
            Err(faults)
        }
    }

    /// What follows our style sheet.
    pub(super) fn style(&self) -> &str {
        &self.style
    }

    /// A page in its template, or in that of all pages; `None`: there is neither, or it cannot be written, which is told.
    pub(super) fn write(&self, page: &str, frame: &Frame<'_>, html: &str) -> Option<String> {
        let template = self.template_of(page)?;
        let written = template.render(around(page, frame, &Pieces::of(html)));
        let template = template.name();
        written
            .inspect_err(|error| tracing::error!(event = "template_failed", template, %error))
            .ok()
    }

    fn template_of(&self, page: &str) -> Option<Template<'_, '_>> {
        let own = self.templates.get_template(&format!("{page}.html"));
        own.or_else(|_| self.templates.get_template(LAYOUT)).ok()
    }

    /// What comes of it when each page is written that has a template.
    fn faults(&self) -> Vec<String> {
        let pages = HALVES.into_iter().chain(SHEETS);
        let faults = pages.filter_map(|page| {
            let template = self.template_of(page)?;
            Some((template.name().to_owned(), sample::faults(page, &template)))
        });
        let mut told = BTreeSet::new();
        for (template, faults) in faults {
            told.extend(faults.into_iter().map(|fault| match fault {
                // It names its place itself.
                Fault::Template(text) => text,
                Fault::Written(text) => format!("{template}: {text}"),
            }));
        }
        told.into_iter().collect()
    }
}

fn is_known(name: &str) -> bool {
    let Some(page) = name.strip_suffix(".html") else {
        return false;
    };
    name == LAYOUT || name.starts_with(PART) || HALVES.contains(&page) || SHEETS.contains(&page)
}

fn unknown(name: &str) -> String {
    let names = HALVES
        .into_iter()
        .chain(SHEETS)
        .map(|page| format!("{page}.html"));
    let names: Vec<String> = names.collect();
    format!(
        "{}: no page is called so; accepted: {LAYOUT} for all pages, {STYLE}, {}, and what begins with {PART} to be included",
        shown(name),
        names.join(", ")
    )
}

/// What a template knows of a page.
fn around(page: &str, frame: &Frame<'_>, pieces: &Pieces<'_>) -> Value {
    let piece = |name| Value::from_safe_string(pieces.get(name));
    let logo = frame.brand.logo.as_ref();
    let (icon, icon_type) = match logo {
        Some(logo) => (frame.at.logo.to_string(), logo.media_type),
        None => (frame.at.icon.to_string(), "image/svg+xml"),
    };
    let languages = frame.languages().into_iter().map(|link| {
        context! { tag => link.tag, name => link.name, address => link.address, current => link.is_current }
    });
    let links = frame.brand.links.iter();
    let links = links.map(|link| context! { text => frame.text_of(link), url => link.url });
    context! {
        page,
        language => frame.language().tag(),
        sheet => SHEETS.contains(&page),
        title => piece("title"),
        whole => piece("whole"),
        upper => piece("upper"),
        lower => piece("lower"),
        outside => piece("outside"),
        foot => piece("foot"),
        brand => context! {
            name => frame.brand.name,
            has_logo => logo.is_some(),
            links => links.collect::<Vec<_>>(),
        },
        languages => languages.collect::<Vec<_>>(),
        at => context! {
            home => frame.at.home.to_string(),
            style => frame.at.style.to_string(),
            logo => frame.at.logo.to_string(),
            icon,
            icon_type,
        },
    }
}

#[cfg(test)]
mod tests;
