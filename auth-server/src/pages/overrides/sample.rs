//! A page to try a template with.

use minijinja::Template;

use super::{HALVES, around};
use crate::addresses::Addresses;
use crate::pages::brand::Brand;
use crate::pages::frame::Frame;
use crate::pages::language::Language;
use crate::pages::pieces::Pieces;

/// Something that is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
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

/// All that is wrong with a template when this page is written in it.
pub(super) fn faults(page: &str, template: &Template<'_, '_>) -> Vec<Fault> {
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
    let written = match template.render(around(page, &frame, &Pieces::of(&html))) {
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
