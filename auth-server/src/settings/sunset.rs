//! `[sunset]`: what is announced to those who use what ought to end.

use serde::Deserialize;
use symbolon::clock::Timestamp;
use symbolon_service::settings::{Findings, read_http_address, shown};
use time::{Date, Month};

use super::empty::none_if_empty;
use crate::records::Habit;

const DAYS: &str = "a day such as 2027-01-31, from 1970 on";
const LINKS: &str = "an http or https URL without blanks, < and >";

/// `[sunset]`: of each habit that a request can show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SunsetSettings {
    /// The password grant.
    pub password_grant: HabitEndSettings,
    /// The implicit grant.
    pub implicit_grant: HabitEndSettings,
    /// Codes without PKCE.
    pub code_without_pkce: HabitEndSettings,
    /// The token endpoint by GET.
    pub token_by_get: HabitEndSettings,
    /// `/oauth/check_token`.
    pub check_token: HabitEndSettings,
    /// `/oauth/token_key`.
    pub token_key: HabitEndSettings,
}

/// `[sunset.NAME]`: when a habit ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HabitEndSettings {
    /// The day from which on nobody should begin with it.
    #[serde(deserialize_with = "none_if_empty")]
    pub deprecated: Option<String>,
    /// The day from which on it may be gone.
    #[serde(deserialize_with = "none_if_empty")]
    pub sunset: Option<String>,
    /// Where that is explained.
    #[serde(deserialize_with = "none_if_empty")]
    pub link: Option<String>,
}

impl SunsetSettings {
    /// What is said of a habit, where anything can be.
    pub const fn of(&self, habit: Habit) -> Option<&HabitEndSettings> {
        match habit {
            Habit::PasswordGrant => Some(&self.password_grant),
            Habit::ImplicitGrant => Some(&self.implicit_grant),
            Habit::CodeWithoutPkce => Some(&self.code_without_pkce),
            Habit::TokenByGet => Some(&self.token_by_get),
            Habit::CheckToken => Some(&self.check_token),
            Habit::TokenKey => Some(&self.token_key),
            // The first is the operator's to replace, and the last ends by itself.
            Habit::WeakSecret | Habit::LegacyToken => None,
        }
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        for habit in Habit::ALL {
            if let Some(end) = self.of(habit) {
                end.check(habit, findings);
            }
        }
    }
}

impl HabitEndSettings {
    /// When the habit is deprecated, where that is said rightly: the day begins in UTC.
    pub fn deprecated_at(&self) -> Option<Timestamp> {
        self.deprecated.as_deref().and_then(beginning_of)
    }

    /// When it ends.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.sunset.as_deref().and_then(beginning_of)
    }

    fn check(&self, habit: Habit, findings: &mut Findings) {
        let setting = |name: &str| format!("sunset.{}.{name}", habit.as_str());
        for (name, day) in [("deprecated", &self.deprecated), ("sunset", &self.sunset)] {
            if let Some(day) = day.as_deref().filter(|day| beginning_of(day).is_none()) {
                let found = format!("is `{}`, which is no day", shown(day));
                findings.error(&setting(name), found, DAYS);
            }
        }
        if let (Some(deprecated), Some(end)) = (self.deprecated_at(), self.ends_at())
            && end < deprecated
        {
            let found = "is before the day in `deprecated` (RFC 9745 §4)";
            findings.error(&setting("sunset"), found, "the same day or a later one");
        }
        let Some(link) = &self.link else {
            return;
        };
        if let Some(fault) = fault_of_link(link) {
            let found = format!("is `{}`: {fault}", shown(link));
            findings.error(&setting("link"), found, LINKS);
        }
        if self.deprecated.is_none() && self.sunset.is_none() {
            let found = "is there without a day: nothing is announced";
            findings.error(&setting("link"), found, "a day in `deprecated` or `sunset`");
        }
    }
}

fn fault_of_link(link: &str) -> Option<String> {
    if let Err(error) = read_http_address(link) {
        return Some(error.to_string());
    }
    let stands_in_a_field = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
    let is_sound = link.bytes().all(stands_in_a_field);
    (!is_sound).then(|| "not all of it can stand in a header field".to_owned())
}

/// The first moment of a day that is written as 2027-01-31, in UTC.
fn beginning_of(day: &str) -> Option<Timestamp> {
    let (year, rest) = day.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let year = number(year, 4)?;
    let month = Month::try_from(u8::try_from(number(month, 2)?).ok()?).ok()?;
    let day = u8::try_from(number(day, 2)?).ok()?;
    let date = Date::from_calendar_date(year, month, day).ok()?;
    let secs = date.midnight().assume_utc().unix_timestamp();
    u64::try_from(secs).ok().map(Timestamp::from_secs)
}

/// A number of so many digits.
fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        for (day, secs) in [
            ("1970-01-01", Some(0)),
            ("2024-02-29", Some(1_709_164_800)),
            ("2027-01-31", Some(1_801_353_600)),
            ("9999-12-31", Some(253_402_214_400)),
            ("2023-02-29", None),
            ("1969-12-31", None),
            ("2027-1-31", None),
            ("2027-13-01", None),
            ("31.01.2027", None),
            ("2027-01-31T00:00:00Z", None),
            ("+027-01-31", None),
            ("", None),
        ] {
            assert_eq!(beginning_of(day), secs.map(Timestamp::from_secs), "{day}");
        }
    }
}
