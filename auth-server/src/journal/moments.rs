//! Moments as people and programs write them ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)), in UTC.

use symbolon::clock::Timestamp;
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

const DAY_SECS: u64 = 24 * 60 * 60;
const MINUTE_SECS: u64 = 60;

/// A moment in whole seconds.
pub fn written(at: Timestamp) -> String {
    let secs = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    let moment = OffsetDateTime::from_unix_timestamp(secs).ok();
    let text = moment.and_then(|moment| moment.format(&Rfc3339).ok());
    text.unwrap_or_else(|| at.as_secs().to_string())
}

/// A day, a minute or a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// When it begins.
    pub(super) from: Timestamp,
    /// When it is over.
    pub(super) to: Timestamp,
}

impl Span {
    /// What `2026-11-28`, `2026-11-28T11:20` or `2026-11-28T11:20:31Z` means. A blank does for the `T`, and the `Z` can be left out.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (date, clock) = match text.split_once(['T', ' ']) {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
        let ([hour, minute, second], lasts) = match clock {
            None => ([0; 3], DAY_SECS),
            Some(clock) => time_of_day(clock.strip_suffix('Z').unwrap_or(clock))?,
        };
        let [hour, minute, second] = [hour, minute, second].map(u8::try_from);
        let time = Time::from_hms(hour.ok()?, minute.ok()?, second.ok()?).ok()?;
        let secs = PrimitiveDateTime::new(date, time).assume_utc();
        let from = Timestamp::from_secs(u64::try_from(secs.unix_timestamp()).ok()?);
        let to = from.plus_secs(lasts);
        Some(Self { from, to })
    }
}

/// Hour, minute and second, and how long what was said lasts.
fn time_of_day(text: &str) -> Option<([u16; 3], u64)> {
    if let Some(time) = numbers(text, ':', [2, 2, 2]) {
        return Some((time, 1));
    }
    let [hour, minute] = numbers(text, ':', [2, 2])?;
    Some(([hour, minute, 0], MINUTE_SECS))
}

/// Numbers of so many digits each, and nothing else.
fn numbers<const N: usize>(text: &str, sign: char, digits: [usize; N]) -> Option<[u16; N]> {
    let mut parts = text.split(sign);
    let mut read = [0; N];
    for (number, digits) in read.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for secs in [0, 784_111_777, 1_709_164_800, 4_107_542_400] {
            let at = Timestamp::from_secs(secs);
            let span = Span::read(&written(at)).unwrap();
            assert_eq!((span.from, span.to), (at, at.plus_secs(1)));
        }
    }

    #[test]
    fn a_day_and_a_minute_last_as_long_as_they_do() {
        for (text, from, lasts) in [
            ("1994-11-06", "1994-11-06T00:00:00Z", 86_400),
            ("2000-02-29 23:59", "2000-02-29T23:59:00Z", 60),
            ("2000-02-29T23:59Z", "2000-02-29T23:59:00Z", 60),
            ("2000-02-29T23:59:07", "2000-02-29T23:59:07Z", 1),
        ] {
            let span = Span::read(text).unwrap();
            assert_eq!(written(span.from), from);
            assert_eq!(span.from.secs_until(span.to), lasts, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_means_none() {
        for text in [
            "",
            "yesterday",
            "1784111777",
            "2026-13-01",
            "2026-02-29",
            "2026-2-9",
            "26-02-09",
            "2026-02-09T",
            "2026-02-09T24:00",
            "2026-02-09T11:60",
            "2026-02-09T11:20:61",
            "2026-02-09T11",
            "2026-02-09T+1:20",
            "2026-02-09T11:20+03:00",
            "2026-02-09T11:20:31.5Z",
            "2026-02-09Z",
            "2026-02-09T11:20ZZ",
            "1969-12-31",
            "２０２６-02-09",
            " 2026-02-09",
        ] {
            assert_eq!(Span::read(text), None, "{text}");
        }
    }
}
