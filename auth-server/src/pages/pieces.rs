//! The pieces of a page that is written for a template of somebody else.

use std::fmt;

use askama::filters::HtmlSafe;

/// Their names, as our layout has them.
const NAMES: [&str; 6] = ["title", "whole", "upper", "lower", "outside", "foot"];

/// Where a piece begins or ends. Nothing else that a page says can be taken for it: a `<` of somebody else is escaped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// The piece, where it begins; with `/` before it, where it ends.
    pub(super) at: &'static str,
    /// Whether somebody cuts the page up.
    pub(super) is_written: bool,
}

/// Its text holds nothing of others.
impl HtmlSafe for Cut {}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_written {
            formatter.write_str(&mark(self.at))?;
        }
        Ok(())
    }
}

fn mark(at: &str) -> String {
    format!("<!--:{at}-->")
}

/// A page that was written with its cuts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pieces<'a>(&'a str);

impl<'a> Pieces<'a> {
    pub(super) const fn of(page: &'a str) -> Self {
        Self(page)
    }

    /// The piece of this name, which is empty where the page has none.
    pub(super) fn get(self, name: &str) -> String {
        let rest = self.0.split_once(&mark(name)).map(|it| it.1);
        let found = rest.and_then(|rest| rest.split_once(&mark(&format!("/{name}"))));
        without_cuts(found.map_or("", |it| it.0).trim())
    }

    /// The page as it is where nobody has a template.
    pub(super) fn page(self) -> String {
        without_cuts(self.0)
    }
}

fn without_cuts(text: &str) -> String {
    let marks = NAMES.into_iter();
    let marks = marks.flat_map(|name| [mark(name), mark(&format!("/{name}"))]);
    marks.fold(text.to_owned(), |text, mark| text.replace(&mark, ""))
}
