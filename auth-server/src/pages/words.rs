//! The sentences of the pages in a person's language, from the files under `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader as _, static_loader};

use crate::pages::language::Language;

static_loader! {
    static LOCALES = {
        locales: "./src/pages/locales",
        fallback_language: "en",
        // The templates isolate names with `<bdi>`; invisible characters around them would be copied along.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Stands for the name while a sentence is put together, so that the name itself is set apart and
/// escaped by the template.
const PLACE: &str = "\u{FFFC}";

/// Speaks one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    language: Language,
}

/// A sentence with a name in it, the name in bold.
#[derive(Template)]
#[template(path = "named.html")]
pub(super) struct Named<'a> {
    before: String,
    name: &'a str,
    after: String,
}

/// The template escapes its three parts.
impl HtmlSafe for Named<'_> {}

impl Words {
    pub(super) const fn of(language: Language) -> Self {
        Self { language }
    }

    pub(super) const fn language(self) -> Language {
        self.language
    }

    /// The sentence called `key`.
    pub(super) fn say(self, key: &str) -> String {
        LOCALES.lookup(&self.language.identifier(), key)
    }

    /// The sentence called `key`, about `name`.
    pub(super) fn naming<'a>(self, key: &str, name: &'a str) -> Named<'a> {
        let sentence = self.say_with(key, "name", PLACE.into());
        let (before, after) = sentence.split_once(PLACE).unwrap_or((&sentence, ""));
        Named {
            before: before.to_owned(),
            name,
            after: after.to_owned(),
        }
    }

    /// The sentence called `key`, about a number.
    pub(super) fn counting(self, key: &str, count: u64) -> String {
        self.say_with(key, "count", count.into())
    }

    fn say_with(self, key: &str, argument: &'static str, value: FluentValue<'static>) -> String {
        let arguments = HashMap::from([(Cow::Borrowed(argument), value)]);
        LOCALES.lookup_with_args(&self.language.identifier(), key, &arguments)
    }
}
