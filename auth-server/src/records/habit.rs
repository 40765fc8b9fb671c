//! Habits: ways of using the server that ought to end, and who still has them.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

/// A way of using the server that OAuth has given up, or that only Spring servers know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Habit {
    /// The client gets the owner's password ([RFC 9700 §2.4](https://www.rfc-editor.org/rfc/rfc9700#section-2.4)).
    PasswordGrant,
    /// Tokens come through the browser ([RFC 9700 §2.1.2](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.2)).
    ImplicitGrant,
    /// A code is exchanged without a verifier ([RFC 9700 §2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)).
    CodeWithoutPkce,
    /// The token endpoint is asked by GET, with the secret in the address
    /// ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    TokenByGet,
    /// The client's secret is kept in plain text, or as a hash that is soon undone
    /// ([RFC 6819 §5.1.4.1.3](https://www.rfc-editor.org/rfc/rfc6819#section-5.1.4.1.3)).
    WeakSecret,
    /// Tokens are checked at Spring's endpoint ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662) has another).
    CheckToken,
    /// The key is fetched at Spring's endpoint ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5) has sets).
    TokenKey,
    /// A token of the Spring server before this one is shown.
    LegacyToken,
}

impl Habit {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::PasswordGrant,
        Self::ImplicitGrant,
        Self::CodeWithoutPkce,
        Self::TokenByGet,
        Self::WeakSecret,
        Self::CheckToken,
        Self::TokenKey,
        Self::LegacyToken,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordGrant => "password_grant",
            Self::ImplicitGrant => "implicit_grant",
            Self::CodeWithoutPkce => "code_without_pkce",
            Self::TokenByGet => "token_by_get",
            Self::WeakSecret => "weak_secret",
            Self::CheckToken => "check_token",
            Self::TokenKey => "token_key",
            Self::LegacyToken => "legacy_token",
        }
    }

    /// The habit of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|habit| habit.as_str() == name)
    }

    /// Its place in [`Habit::ALL`].
    pub const fn place(self) -> usize {
        match self {
            Self::PasswordGrant => 0,
            Self::ImplicitGrant => 1,
            Self::CodeWithoutPkce => 2,
            Self::TokenByGet => 3,
            Self::WeakSecret => 4,
            Self::CheckToken => 5,
            Self::TokenKey => 6,
            Self::LegacyToken => 7,
        }
    }
}

/// When a client was last seen with a habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSeen {
    /// When, to about a minute.
    pub at: Timestamp,
    /// How often on that day (UTC), about.
    pub uses: u64,
}

const DAY_SECS: u64 = 24 * 60 * 60;

impl LastSeen {
    /// How long that is remembered, in seconds: 90 days. A job that runs once in a quarter is seen.
    pub const REMEMBERED_SECS: u64 = 90 * DAY_SECS;

    /// What two servers have seen, or one at two times: the later time counts, and uses of the same day add up.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        let (earlier, later) = if other.at.as_secs() < self.at.as_secs() {
            (other, self)
        } else {
            (self, other)
        };
        let is_same_day = earlier.at.as_secs() / DAY_SECS == later.at.as_secs() / DAY_SECS;
        let before = if is_same_day { earlier.uses } else { 0 };
        Self {
            at: later.at,
            uses: later.uses.saturating_add(before),
        }
    }

    /// When it is forgotten.
    pub const fn forget_at(self) -> Timestamp {
        self.at.plus_secs(Self::REMEMBERED_SECS)
    }
}

/// That a client was seen with a habit. A client without a name is whoever says none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenClient {
    /// Who.
    pub client_id: ClientId,
    /// When.
    pub last_seen: LastSeen,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_habit_is_found_by_its_name_and_its_place() {
        for (place, habit) in Habit::ALL.into_iter().enumerate() {
            assert_eq!(Habit::parse(habit.as_str()), Some(habit));
            assert_eq!(habit.place(), place);
        }
        assert_eq!(Habit::parse("other"), None);
    }

    #[test]
    fn the_later_time_counts_and_uses_of_one_day_add_up() {
        let seen = |secs, uses| LastSeen {
            at: Timestamp::from_secs(secs),
            uses,
        };
        for (one, other, both) in [
            (seen(10, 1), seen(20, 2), seen(20, 3)),
            (seen(DAY_SECS - 1, 5), seen(DAY_SECS, 1), seen(DAY_SECS, 1)),
            (seen(10, u64::MAX), seen(10, 1), seen(10, u64::MAX)),
        ] {
            assert_eq!(one.and(other), both);
            assert_eq!(other.and(one), both);
        }
    }
}
