//! The languages of the pages, and which of them a browser asks for.

use fluent_templates::LanguageIdentifier;

/// A language that every page is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, for whoever asks for none of the others.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
    /// Russian.
    Russian,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::Chinese, Self::Russian];

    /// The language that an `Accept-Language` header ([RFC 9110 §12.5.4]) prefers among ours: the
    /// highest weight, then the first; English when none is acceptable. Regions and scripts are
    /// ignored: whoever reads Chinese as written in Taiwan reads ours sooner than English.
    ///
    /// [RFC 9110 §12.5.4]: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
    pub fn negotiate(accept_language: Option<&str>) -> Self {
        let ranges = accept_language.unwrap_or_default().split(',');
        let mut best = (0, Self::English);
        for (weight, language) in ranges.filter_map(weighted) {
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The tag of [BCP 47](https://www.rfc-editor.org/info/bcp47), for the `lang` attribute and for
    /// `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
            Self::Russian => "ru",
        }
    }

    /// What its readers call it.
    pub(super) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
            Self::Russian => "Русский",
        }
    }

    /// The language of this tag, as [`tag`](Self::tag) writes it.
    pub fn tagged(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first of ours among tags with spaces between them, as `ui_locales` has them ([OpenID Connect Core
    /// §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)); nothing when none is.
    pub fn first_of(locales: &str) -> Option<Self> {
        let mut named = locales.split_whitespace().filter(|tag| *tag != "*");
        named.find_map(Self::of_range)
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        // A test holds that every tag parses.
        self.tag().parse().unwrap_or_default()
    }

    fn of_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next().unwrap_or_default();
        if range == "*" || primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else if primary.eq_ignore_ascii_case("zh") {
            Some(Self::Chinese)
        } else if primary.eq_ignore_ascii_case("ru") {
            Some(Self::Russian)
        } else {
            None
        }
    }
}

/// One element of the list: our language for it, and its weight in thousandths. Nothing for a language
/// that is not ours and for what is not written as it should be.
fn weighted(element: &str) -> Option<(u16, Language)> {
    let mut parts = element.split(';').map(str::trim);
    let language = Language::of_range(parts.next()?)?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => thousandths(parameter.strip_prefix("q=")?)?,
    };
    Some((weight, language))
}

/// A `qvalue`: 0 or 1, and up to three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || decimals.len() > 3 || !matches!(whole, "0" | "1") {
        return None;
    }
    let weight: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_of_our_languages_is_chosen() {
        for (header, language) in [
            (None, Language::English),
            (Some(""), Language::English),
            (Some("ru"), Language::Russian),
            (Some("RU-ru"), Language::Russian),
            (Some("zh-TW,zh;q=0.9,en;q=0.8"), Language::Chinese),
            (Some("zh-Hans-CN"), Language::Chinese),
            (Some("de-DE, de;q=0.9, ru;q=0.3"), Language::Russian),
            (Some("en;q=0.5, ru;q=0.501"), Language::Russian),
            (Some("ru;q=0.5 , zh;q=0.5"), Language::Russian),
            (Some("zh;q=0, en;q=0.1"), Language::English),
            (Some("zh;q=0"), Language::English),
            (Some("*, ru;q=0.9"), Language::English),
            (Some("fr, *;q=0.1, zh;q=0.2"), Language::Chinese),
            (Some("ru;q=2, zh;q=0.1"), Language::Chinese),
            (Some("ru;q=0.1234, zh;q=0.1"), Language::Chinese),
            (Some("ru;level=1, zh;q=0.1"), Language::Chinese),
            (Some("rue, zhx"), Language::English),
            (Some(";;;,,,=q"), Language::English),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header:?}");
        }
    }

    #[test]
    fn the_first_locale_that_is_ours_is_taken() {
        for (locales, language) in [
            ("ru", Some(Language::Russian)),
            ("fr-CA zh-Hant en", Some(Language::Chinese)),
            ("  de   EN-gb ", Some(Language::English)),
            ("de fr", None),
            ("* rue", None),
            ("", None),
        ] {
            assert_eq!(Language::first_of(locales), language, "{locales}");
        }
    }

    #[test]
    fn every_tag_is_a_language() {
        for language in Language::ALL {
            assert_eq!(language.identifier().to_string(), language.tag());
            assert_eq!(Language::tagged(language.tag()), Some(language));
        }
    }
}
