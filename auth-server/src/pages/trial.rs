//! Templates of others are tried before they are used, each with a page of its kind.

use std::collections::BTreeSet;

use minijinja::Template;

use crate::addresses::Addresses;
use crate::pages::brand::Brand;
use crate::pages::frame::Frame;
use crate::pages::language::Language;
use crate::pages::overrides::{HALVES, OverrideFile, Overrides, SHEETS};
use crate::pages::pieces::Pieces;

/// Something that is wrong with a template.
enum Fault {
    /// It cannot be filled.
    Template(String),
    /// What it writes is no page.
    Written(String),
}

const UPPER: &str = "<h1 id=\"sample-upper\"></h1>";
const LOWER: &str = "<form id=\"sample-lower\"></form>";
const SHEET: &str = "<main id=\"sample-sheet\"></main>";

/// What no browser would load or run under the policy of our pages.
const BLOCKED: [(&str, &str); 7] = [
    ("<script", "a script"),
    ("<style", "a style that stands in the page"),
    (" style=", "a style that stands in the page"),
    ("javascript:", "a script"),
    (" src=\"http", "something from elsewhere"),
    (" src=\"//", "something from elsewhere"),
    ("<iframe", "a frame"),
];

/// The templates of these files; else all that is wrong with them, with file and line.
pub fn read_templates(files: Vec<OverrideFile>) -> Result<Overrides, Vec<String>> {
    let overrides = Overrides::parse(files)?;
    let mut told = BTreeSet::new();
    for page in HALVES.into_iter().chain(SHEETS) {
        let Some(template) = overrides.template_of(page) else {
            continue;
        };
        let faults = faults(page, &template).into_iter();
        told.extend(faults.map(|fault| match fault {
            // It names its place itself.
            Fault::Template(text) => text,
            Fault::Written(text) => format!("{}: {text}", template.name()),
        }));
    }
    if told.is_empty() {
        Ok(overrides)
    } else {
        Err(told.into_iter().collect())
    }
}

/// All that is wrong with a template when this page is written in it.
fn faults(page: &str, template: &Template<'_, '_>) -> Vec<Fault> {
    let is_of_halves = HALVES.contains(&page);
    let whole = if is_of_halves {
        format!("<!--:upper-->{UPPER}<!--:/upper--><!--:lower-->{LOWER}<!--:/lower-->")
    } else {
        SHEET.to_owned()
    };
    let html = format!(
        "<!--:title-->Sample<!--:/title--><!--:whole-->{whole}<!--:/whole--><!--:outside--><!--:/outside--><!--:foot-->\
         <footer></footer><!--:/foot-->"
    );
    let Ok(at) = Addresses::of("https://auth.example") else {
        return Vec::new();
    };
    let brand = Brand::default();
    let frame = Frame::new(Language::English, &at, &brand).here("/".to_owned());
    let written = match template.render(frame.around(page, Pieces::of(&html))) {
        Ok(written) => written,
        Err(error) => return vec![Fault::Template(error.to_string())],
    };
    let needed: &[_] = if is_of_halves {
        &[(UPPER, "upper"), (LOWER, "lower")]
    } else {
        &[(SHEET, "whole")]
    };
    let missing = needed.iter().filter(|(piece, _)| !written.contains(piece));
    let missing =
        missing.map(|(_, name)| format!("the page `{page}` lacks `{name}`: it is shown nowhere"));
    let lower = written.to_ascii_lowercase();
    let blocked = BLOCKED.iter().filter(|(text, _)| lower.contains(text));
    let blocked = blocked.map(|(text, what)| {
        format!(
            "it holds `{}`, {what}, which the pages' policy does not let browsers use",
            text.trim()
        )
    });
    missing.chain(blocked).map(Fault::Written).collect()
}

#[cfg(test)]
mod tests;
