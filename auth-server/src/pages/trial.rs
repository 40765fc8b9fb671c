//! Templates of others are tried before they are used, each with a page of its kind.

use std::collections::BTreeSet;
use std::thread;

use minijinja::Template;

use crate::addresses::Addresses;
use crate::pages::brand::Brand;
use crate::pages::frame::Frame;
use crate::pages::language::Language;
use crate::pages::overrides::{HALVES, OverrideFile, Overrides, SHEETS, told};
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

/// Bytes of stack for what takes a template apart: a function that calls itself for each operator of an expression. A file is
/// too short for more of them than this holds; what is not used of it is not taken.
const STACK: usize = 512 * 1024 * 1024;

/// The templates of these files; else all that is wrong with them, with file and line. On a thread whose stack is large enough,
/// whatever the files say.
pub fn read_templates(files: Vec<OverrideFile>, brand: &Brand) -> Result<Overrides, Vec<String>> {
    let failed = |why: String| vec![format!("the templates were not read: {why}")];
    thread::scope(|scope| {
        let reading = thread::Builder::new().stack_size(STACK);
        let reading = reading.spawn_scoped(scope, || read(files, brand));
        let reading = reading.map_err(|error| failed(error.to_string()))?;
        let read = reading.join();
        read.unwrap_or_else(|_| Err(failed("reading them has failed".to_owned())))
    })
}

fn read(files: Vec<OverrideFile>, brand: &Brand) -> Result<Overrides, Vec<String>> {
    let overrides = Overrides::parse(files)?;
    let mut all = BTreeSet::new();
    for page in HALVES.into_iter().chain(SHEETS) {
        let Some(template) = overrides.template_of(page) else {
            continue;
        };
        let faults = Language::ALL.map(|language| faults((page, language), &template, brand));
        all.extend(faults.into_iter().flatten().map(|fault| match fault {
            // It names its place itself.
            Fault::Template(text) => text,
            Fault::Written(text) => format!("{}: {text}", template.name()),
        }));
    }
    if all.is_empty() {
        Ok(overrides)
    } else {
        Err(all.into_iter().collect())
    }
}

/// All that is wrong with a template when this page is written in it.
fn faults(
    (page, language): (&str, Language),
    template: &Template<'_, '_>,
    brand: &Brand,
) -> Vec<Fault> {
    let is_of_halves = HALVES.contains(&page);
    let Ok(at) = Addresses::of("https://auth.example") else {
        return Vec::new();
    };
    let frame = Frame::new(language, &at, brand).here("/".to_owned());
    let html = sample(is_of_halves);
    let written = match template.render(frame.around(page, Pieces::of(&html))) {
        Ok(written) => without_comments(&written),
        Err(error) => return vec![Fault::Template(told(&error))],
    };
    let needed: &[_] = if is_of_halves {
        &[(UPPER, "upper"), (LOWER, "lower")]
    } else {
        &[(SHEET, "whole")]
    };
    let missing = needed.iter().filter(|(piece, _)| !written.contains(piece));
    let missing = missing.map(|(_, name)| {
        let tag = language.tag();
        format!("the page `{page}` ({tag}) lacks `{name}`: it is shown nowhere")
    });
    let blocked = tags(&written).filter_map(|tag| blocked(&tag).map(|what| (what, tag)));
    let blocked = blocked.map(|(what, tag)| {
        format!("it holds `<{tag}>`: {what}, which the pages' policy does not let browsers use")
    });
    missing.chain(blocked).map(Fault::Written).collect()
}

fn sample(is_of_halves: bool) -> String {
    let whole = if is_of_halves {
        format!("<!--:upper-->{UPPER}<!--:/upper--><!--:lower-->{LOWER}<!--:/lower-->")
    } else {
        SHEET.to_owned()
    };
    format!(
        "<!--:title-->Sample<!--:/title--><!--:whole-->{whole}<!--:/whole--><!--:outside--><!--:/outside--><!--:foot-->\
         <footer></footer><!--:/foot-->"
    )
}

/// What browsers show.
fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        shown + part.split_once("-->").map_or("", |it| it.1)
    })
}

/// What stands between `<` and `>`, as words with one blank between them.
fn tags(html: &str) -> impl Iterator<Item = String> {
    let parts = html.split('<').skip(1);
    let parts = parts.filter(|part| part.starts_with(|it: char| it.is_ascii_alphabetic()));
    parts.map(|part| {
        let tag = part.split('>').next().unwrap_or_default();
        let words: Vec<&str> = tag.split_ascii_whitespace().collect();
        words
            .join(" ")
            .replace(" = ", "=")
            .replace("= ", "=")
            .replace(" =", "=")
    })
}

/// Why no browser would load or run it under the policy of our pages.
fn blocked(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let mut words = tag.split(' ');
    let name = words.next().unwrap_or_default();
    match name {
        "script" => return Some("a script"),
        "style" => return Some("a style that stands in the page"),
        "base" | "embed" | "iframe" | "object" | "template" => {
            return Some("an element of another kind");
        }
        _ => {}
    }
    words.find_map(|word| {
        let (attribute, value) = word.split_once('=')?;
        let value = value.trim_start_matches(['"', '\'']);
        let is_elsewhere = value.starts_with("http") || value.starts_with("//");
        match attribute {
            "style" => Some("a style that stands in the page"),
            "http-equiv" => Some("a header that stands in the page"),
            "src" | "srcset" | "poster" | "data" if is_elsewhere => {
                Some("something from elsewhere")
            }
            "href" if is_elsewhere && name == "link" => Some("something from elsewhere"),
            _ if attribute.starts_with("on") => Some("a script"),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests;
