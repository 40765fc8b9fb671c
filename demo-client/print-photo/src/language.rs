//! The languages of the pages, and which of them a browser asks for.

use fluent_templates::LanguageIdentifier;

/// A language that every page is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// English, for whoever asks for none of the others.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
    /// Russian.
    Russian,
}

impl Language {
    /// All of them, in the order in which pages offer them.
    pub(super) const ALL: [Self; 3] = [Self::English, Self::Chinese, Self::Russian];

    /// The tag of [BCP 47](https://www.rfc-editor.org/info/bcp47).
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
            Self::Russian => "ru",
        }
    }

    /// What it calls itself.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
            Self::Russian => "Русский",
        }
    }

    /// The language of this tag, exactly: what a link or a cookie says.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The one that an `Accept-Language` header prefers among ours ([RFC 9110 §12.5.4]): the highest weight, then the
    /// first.
    ///
    /// [RFC 9110 §12.5.4]: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
    pub(super) fn negotiate(accept_language: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in accept_language.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let language = parts.next().and_then(Self::of_range);
            let weight = parts.next().map_or(Some(1.0), weight);
            if let (Some(language), Some(weight)) = (language, weight)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    fn of_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| {
            let own = language.tag().split('-').next();
            own.is_some_and(|own| own.eq_ignore_ascii_case(primary))
        })
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        // A test holds that every tag parses.
        self.tag().parse().unwrap_or_default()
    }
}

fn weight(parameter: &str) -> Option<f32> {
    let weight: f32 = parameter.strip_prefix("q=")?.parse().ok()?;
    (0.0..=1.0).contains(&weight).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_a_browser_prefers_among_ours() {
        for (accepted, expected) in [
            ("", "en"),
            ("de, fr", "en"),
            ("zh-TW,zh;q=0.9", "zh-CN"),
            ("de, ru;q=0.5, en;q=0.4", "ru"),
            ("en;q=0.1, RU", "ru"),
            ("ru;q=0", "en"),
            ("ru;q=nan, zh;q=7", "en"),
        ] {
            assert_eq!(Language::negotiate(accepted).tag(), expected, "{accepted}");
        }
    }

    #[test]
    fn every_tag_is_one() {
        for language in Language::ALL {
            assert_eq!(language.identifier().to_string(), language.tag());
            assert_eq!(Language::of_tag(language.tag()), Some(language));
        }
        assert_eq!(Language::of_tag("xx"), None);
    }
}
