//! Pages in templates of whoever runs the server ([MiniJinja](https://docs.rs/minijinja)): everything around what a page must
//! hold.
//!
//! A template gets the pieces of a page as they are written here, with their forms, and puts them where it likes; no template can
//! forget a field that a form needs, and a page that gets another field with an update stays whole.

use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, Template, UndefinedBehavior};
use symbolon_service::settings::shown;

/// The template that all pages are written in that have none of their own.
const LAYOUT: &str = "layout.html";
/// Rules beside those of our style sheet.
const STYLE: &str = "style.css";
/// What begins so is there to be included.
const PART: char = '_';

/// Bytes of a file: it is read at once, and taken apart by functions that call themselves.
const LONGEST: usize = 32 * 1024;
/// Instructions that one page may take: a hundred times what ours take.
const FUEL: u64 = 20_000;
/// Parts within parts.
const DEEPEST: usize = 50;

/// A template that writes what we write.
pub const LAYOUT_HTML: &str = include_str!("overrides/layout.html");

/// Pages of two halves, before somebody is signed in and between the two.
pub(super) const HALVES: [&str; 12] = [
    "approval",
    "error",
    "forgotten",
    "home",
    "late_form",
    "login",
    "login_code",
    "logout",
    "reset",
    "sign_up",
    "sign_up_finish",
    "signed_out",
];

/// Pages of somebody who is signed in.
pub(super) const SHEETS: [&str; 21] = [
    "account",
    "account_applications",
    "account_email",
    "account_passkeys",
    "account_password",
    "account_second_factor",
    "account_sessions",
    "administration_access",
    "administration_account",
    "administration_accounts",
    "administration_application",
    "administration_applications",
    "administration_audit",
    "administration_keys",
    "administration_password",
    "administration_settings",
    "administration_sunset",
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
    /// Those of these files; else all that cannot be read, with file and line.
    pub(super) fn parse(files: Vec<OverrideFile>) -> Result<Self, Vec<String>> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_fuel(Some(FUEL));
        templates.set_recursion_limit(DEEPEST);
        let (mut style, mut faults) = (String::new(), Vec::new());
        for OverrideFile { name, text } in files {
            if text.len() > LONGEST {
                faults.push(format!(
                    "{}: it has more than {LONGEST} bytes",
                    shown(&name)
                ));
            } else if name == STYLE {
                style = text;
            } else if !is_known(&name) {
                faults.push(unknown(&name));
            } else if let Err(error) = templates.add_template_owned(name, text) {
                faults.push(told(&error));
            }
        }
        if faults.is_empty() {
            let templates = Arc::new(templates);
            Ok(Self { templates, style })
        } else {
            Err(faults)
        }
    }

    /// What follows our style sheet.
    pub(super) fn style(&self) -> &str {
        &self.style
    }

    /// A page in its template, or in that of all pages; `None`: there is neither, or it cannot be written, which is told.
    pub(super) fn write(&self, page: &str, around: &Value) -> Option<String> {
        let template = self.template_of(page)?;
        let written = template.render(around);
        let template = template.name();
        written
            .inspect_err(|error| {
                let error = told(error);
                tracing::error!(event = "template_failed", template, %error);
            })
            .ok()
    }

    pub(super) fn template_of(&self, page: &str) -> Option<Template<'_, '_>> {
        let own = self.templates.get_template(&format!("{page}.html"));
        own.or_else(|_| self.templates.get_template(LAYOUT)).ok()
    }
}

/// An error with those that it comes from, each of which names its place.
pub(super) fn told(error: &minijinja::Error) -> String {
    let first: &dyn std::error::Error = error;
    let all = std::iter::successors(Some(first), |error| error.source());
    let all: Vec<String> = all.map(ToString::to_string).collect();
    all.join(": ")
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
