//! Moments as calendars and clocks write them, in UTC.

use symbolon::clock::Timestamp;

/// The parts of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) year: u64,
    pub(super) month: u64,
    pub(super) day: u64,
    /// As `23:59`.
    pub(super) time: String,
}

const DAY_SECS: u64 = 24 * 60 * 60;

impl Moment {
    /// [Days of the civil calendar](https://howardhinnant.github.io/date_algorithms.html#civil_from_days): years begin in March,
    /// so that the day that some years have more is their last.
    pub(super) fn of(moment: Timestamp) -> Self {
        let secs = moment.as_secs();
        // Days since 1 March 0000.
        let days = secs / DAY_SECS + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let leap_days = day_of_era / 1460 + day_of_era / 146_096;
        let year_of_era = (day_of_era + day_of_era / 36_524 - leap_days) / 365;
        let day_of_year = day_of_era + year_of_era / 100 - (365 * year_of_era + year_of_era / 4);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let minutes = secs % DAY_SECS / 60;
        Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
            time: format!("{:02}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (secs, written) in [
            (0, "1970-1-1 00:00"),
            (784_111_777, "1994-11-6 08:49"),
            (951_782_399, "2000-2-28 23:59"),
            (951_782_400, "2000-2-29 00:00"),
            (951_868_800, "2000-3-1 00:00"),
            (1_709_164_800, "2024-2-29 00:00"),
            (1_735_689_599, "2024-12-31 23:59"),
            (4_107_542_400, "2100-3-1 00:00"),
        ] {
            let moment = Moment::of(Timestamp::from_secs(secs));
            let Moment {
                year,
                month,
                day,
                time,
            } = moment;
            assert_eq!(format!("{year}-{month}-{day} {time}"), written);
        }
    }
}
