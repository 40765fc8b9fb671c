//! What is announced of a habit to whoever uses it, as header fields: written once, when the server starts.

use std::time::{Duration, UNIX_EPOCH};

use symbolon::clock::Timestamp;

use crate::records::Habit;

/// When a habit is deprecated and when it ends, as two header fields say it
/// ([RFC 9745](https://www.rfc-editor.org/rfc/rfc9745), [RFC 8594](https://www.rfc-editor.org/rfc/rfc8594)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The value of `Deprecation`.
    pub deprecation: Option<String>,
    /// The value of `Sunset`.
    pub sunset: Option<String>,
    /// The value of `Link`.
    pub link: Option<String>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

impl Announcement {
    /// That a habit is deprecated from one time on, ends at another, and that more is said at `url`; `None`: nothing is said.
    pub fn new(
        deprecated_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
        url: Option<&str>,
    ) -> Option<Self> {
        let link = |relation| url.map(|url| format!("<{url}>; rel=\"{relation}\""));
        let links = [
            deprecated_at.and_then(|_| link("deprecation")),
            ends_at.and_then(|_| link("sunset")),
        ];
        let links: Vec<String> = links.into_iter().flatten().collect();
        let is_any = deprecated_at.is_some() || ends_at.is_some();
        is_any.then(|| Self {
            deprecation: deprecated_at.map(|at| format!("@{}", at.as_secs())),
            sunset: ends_at.map(http_date),
            link: (!links.is_empty()).then(|| links.join(", ")),
            ends_at,
        })
    }
}

fn http_date(at: Timestamp) -> String {
    let since_1970 = Duration::from_secs(at.as_secs());
    httpdate::fmt_http_date(UNIX_EPOCH + since_1970)
}

/// What is announced of each habit.
#[derive(Clone, Debug, Default)]
pub struct Announcements([Option<Announcement>; Habit::ALL.len()]);

impl Announcements {
    /// What `of` says of each.
    pub fn of(of: impl Fn(Habit) -> Option<Announcement>) -> Self {
        Self(Habit::ALL.map(of))
    }

    /// What is announced of a habit.
    pub fn about(&self, habit: Habit) -> Option<&Announcement> {
        self.0.get(habit.place()).and_then(Option::as_ref)
    }

    /// What is told to a request that has these: of several announcements the one of what ends first, because a
    /// field has one value.
    pub fn told_about(&self, habits: &[Habit]) -> Option<&Announcement> {
        let all = habits.iter().filter_map(|habit| self.about(*habit));
        all.min_by_key(|one| (one.ends_at.is_none(), one.ends_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(deprecated: Option<u64>, ends: Option<u64>) -> Option<Announcement> {
        let at = |secs: Option<u64>| secs.map(Timestamp::from_secs);
        Announcement::new(at(deprecated), at(ends), Some("https://x.example/bye"))
    }

    #[test]
    fn each_field_is_written_as_its_rfc_says() {
        let both = announced(Some(1_688_169_599), Some(1_719_791_999)).unwrap();
        assert_eq!(both.deprecation.as_deref(), Some("@1688169599"));
        let date = "Sun, 30 Jun 2024 23:59:59 GMT";
        assert_eq!(both.sunset.as_deref(), Some(date));
        let links =
            "<https://x.example/bye>; rel=\"deprecation\", <https://x.example/bye>; rel=\"sunset\"";
        assert_eq!(both.link.as_deref(), Some(links));
        let alone = announced(None, Some(0)).unwrap();
        assert_eq!(alone.deprecation, None);
        let link = "<https://x.example/bye>; rel=\"sunset\"";
        assert_eq!(alone.link.as_deref(), Some(link));
        assert_eq!(announced(None, None), None);
    }

    #[test]
    fn of_several_the_one_that_ends_first_is_told() {
        let all = Announcements::of(|habit| match habit {
            Habit::PasswordGrant => announced(Some(1), None),
            Habit::TokenByGet => announced(None, Some(9)),
            Habit::CodeWithoutPkce => announced(None, Some(8)),
            Habit::ImplicitGrant
            | Habit::WeakSecret
            | Habit::CheckToken
            | Habit::TokenKey
            | Habit::LegacyToken => None,
        });
        for (habits, told) in [
            (vec![], None),
            (vec![Habit::TokenKey], None),
            (vec![Habit::PasswordGrant], Some(Habit::PasswordGrant)),
            (
                vec![Habit::PasswordGrant, Habit::TokenByGet],
                Some(Habit::TokenByGet),
            ),
            (
                vec![Habit::TokenByGet, Habit::CodeWithoutPkce],
                Some(Habit::CodeWithoutPkce),
            ),
        ] {
            let expected = told.and_then(|habit| all.about(habit));
            assert_eq!(all.told_about(&habits), expected, "{habits:?}");
        }
    }
}
