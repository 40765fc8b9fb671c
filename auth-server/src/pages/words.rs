//! The sentences of the pages in a person's language, from the files under `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader as _, static_loader};
use symbolon::clock::Timestamp;

use crate::pages::language::Language;
use crate::pages::moment::Moment;

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
        let sentence = self.say_with(key, [("name", PLACE.into())]);
        let (before, after) = sentence.split_once(PLACE).unwrap_or((&sentence, ""));
        Named {
            before: before.to_owned(),
            name,
            after: after.to_owned(),
        }
    }

    /// The sentence called `key` of a text that is no page, about whoever runs the server and an account.
    pub(super) fn saying(self, key: &str, brand: &str, name: &str) -> String {
        let (brand, name) = (brand.to_owned(), name.to_owned());
        self.say_with(key, [("brand", brand.into()), ("name", name.into())])
    }

    /// The sentence called `key`, about a number.
    pub(super) fn counting(self, key: &str, count: u64) -> String {
        self.say_with(key, [("count", count.into())])
    }

    /// The sentence called `key`, about a span of seconds.
    pub(super) fn spanning(self, key: &str, secs: u64) -> String {
        const UNITS: [(u64, &str); 3] = [
            (24 * 60 * 60, "span-days"),
            (60 * 60, "span-hours"),
            (60, "span-minutes"),
        ];
        let whole = |(unit, _): &&(u64, &str)| secs >= *unit && secs.is_multiple_of(*unit);
        let (unit, name) = UNITS.iter().find(whole).unwrap_or(&(1, "span-seconds"));
        let span = self.counting(name, secs / unit);
        self.say_with(key, [("span", span.into())])
    }

    /// A moment, as it is written where people keep to the time of the world.
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    pub(super) fn date(self, moment: &Timestamp) -> String {
        let Moment {
            year,
            month,
            day,
            time,
        } = Moment::of(*moment);
        self.say_with(
            "account-date",
            [
                ("year", year.to_string().into()),
                ("month", month.into()),
                ("day", day.to_string().into()),
                ("time", time.into()),
            ],
        )
    }

    fn say_with<const N: usize>(
        self,
        key: &str,
        arguments: [(&'static str, FluentValue<'static>); N],
    ) -> String {
        let arguments = arguments.map(|(name, value)| (Cow::Borrowed(name), value));
        let arguments = HashMap::from(arguments);
        LOCALES.lookup_with_args(&self.language.identifier(), key, &arguments)
    }
}
