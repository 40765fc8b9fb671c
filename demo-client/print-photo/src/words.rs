//! The sentences of the pages in a person's language, from the files under `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use askama::filters::HtmlSafe;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader as _, static_loader};

use crate::application::Application;
use crate::language::Language;

static_loader! {
    static LOCALES = {
        locales: "./src/locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Speaks one language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Words {
    /// Which.
    pub(super) language: Language,
    /// Which application speaks.
    pub(super) application: Application,
}

impl Words {
    /// The tag of the language, for the `lang` attribute.
    pub(super) const fn tag(self) -> &'static str {
        self.language.tag()
    }

    /// The sentence called `key`. Sentences are written about Print Photo; in another application they are about that.
    pub(super) fn say(self, key: &str) -> String {
        let said = LOCALES.lookup(&self.language.identifier(), key);
        match self.application {
            Application::PrintPhoto => said,
            other @ Application::PhotoStats => {
                said.replace(Application::PrintPhoto.name(), other.name())
            }
        }
    }

    /// The sentence called `key`, about a number.
    pub(super) fn counting(self, key: &str, count: u64) -> String {
        self.about(key, "count", count.into())
    }

    /// The sentence called `key`, about a name. Whoever shows it escapes it.
    pub(super) fn naming(self, key: &str, name: &str) -> String {
        self.about(key, "name", name.to_owned().into())
    }

    /// The sentence called `key`, where `` `code` `` and `*weight*` are marked up.
    pub(super) fn rich(self, key: &str) -> Rich {
        Rich(self.say(key))
    }

    /// The same about a name.
    pub(super) fn rich_naming(self, key: &str, name: &str) -> Rich {
        Rich(self.naming(key, name))
    }

    fn about(self, key: &str, argument: &'static str, value: FluentValue<'static>) -> String {
        let arguments = HashMap::from([(Cow::Borrowed(argument), value)]);
        LOCALES.lookup_with_args(&self.language.identifier(), key, &arguments)
    }
}

/// A sentence as HTML: escaped, and then `` `code` `` and `*weight*` marked up.
#[derive(Clone, Debug)]
pub(super) struct Rich(pub(super) String);

/// [`fmt::Display`] escapes it.
impl HtmlSafe for Rich {}

impl fmt::Display for Rich {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open: Option<char> = None;
        for character in self.0.chars() {
            let piece = match (character, open) {
                ('`', None) => "<code>",
                ('`', Some('`')) => "</code>",
                ('*', None) => "<strong>",
                ('*', Some('*')) => "</strong>",
                ('&', _) => "&#38;",
                ('<', _) => "&#60;",
                ('>', _) => "&#62;",
                ('"', _) => "&#34;",
                ('\'', _) => "&#39;",
                (other, _) => {
                    write!(formatter, "{other}")?;
                    continue;
                }
            };
            if piece.starts_with('<') {
                open = if open.is_some() {
                    None
                } else {
                    Some(character)
                };
            }
            formatter.write_str(piece)?;
        }
        match open {
            Some('`') => formatter.write_str("</code>"),
            Some(_) => formatter.write_str("</strong>"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_escaped_before_it_is_marked_up() {
        for (sentence, html) in [
            ("`a` is *b*", "<code>a</code> is <strong>b</strong>"),
            (
                "`<b>` & \"c\"",
                "<code>&#60;b&#62;</code> &#38; &#34;c&#34;",
            ),
            ("`not closed", "<code>not closed</code>"),
            ("`a*b`", "<code>a*b</code>"),
        ] {
            assert_eq!(Rich(sentence.to_owned()).to_string(), html);
        }
    }
}
