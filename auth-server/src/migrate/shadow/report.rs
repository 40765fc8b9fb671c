//! How often the answers agreed, per client and endpoint, and where they differed. It does not grow without an end.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::difference::Difference;
use super::endpoint::Endpoint;
use super::rules::Reason;

/// So many clients and endpoints have a row; the rest share one.
const MOST_ROWS: usize = 1000;

/// So many places are told apart in one row.
const MOST_PLACES: usize = 50;

/// No client's id is shown longer, in characters.
const LONGEST_CLIENT_ID: usize = 64;

/// Who has no row of its own.
const OTHERS: &str = "(others)";

/// Who has not said who it is.
const NOBODY: &str = "-";

/// What came of one request.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Both have answered, and here they differ: nowhere, when they agree.
    Compared(Vec<Difference>),
    NotAsked(Reason),
    /// The new server has given no answer.
    NewFailed(String),
    /// The old server has given no answer.
    OldFailed(String),
}

/// What has been counted since the shadow began.
#[derive(Debug, Default)]
pub struct Report(Mutex<BTreeMap<(String, Endpoint), Counts>>);

#[derive(Clone, Debug, Default)]
struct Counts {
    agreed: u64,
    differed: u64,
    not_asked: BTreeMap<Reason, u64>,
    new_failed: u64,
    old_failed: u64,
    last_failure: Option<String>,
    differences: BTreeMap<String, (u64, Difference)>,
}

impl Report {
    pub(super) fn count(&self, client: Option<&str>, endpoint: Endpoint, outcome: Outcome) {
        let client = client.map_or_else(|| NOBODY.to_owned(), printable);
        let mut rows = self.rows();
        let is_full = rows.len() >= MOST_ROWS;
        let mut key = (client, endpoint);
        if is_full && !rows.contains_key(&key) {
            OTHERS.clone_into(&mut key.0);
        }
        rows.entry(key).or_default().add(outcome);
    }

    /// The report as it stands.
    pub fn snapshot(&self) -> Snapshot {
        let rows = self.rows();
        let rows: Vec<Row> = rows
            .iter()
            .map(|(key, counts)| Row::of(key, counts))
            .collect();
        let sum = |of: fn(&Row) -> u64| rows.iter().map(of).sum::<u64>();
        let agreed = sum(|row| row.agreed);
        let compared = sum(|row| row.compared);
        Snapshot {
            requests: sum(|row| row.requests),
            compared,
            agreed,
            agreement_percent: percent(agreed, compared),
            rows,
        }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<(String, Endpoint), Counts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Compared(found) if found.is_empty() => self.agreed += 1,
            Outcome::Compared(found) => {
                self.differed += 1;
                for difference in found {
                    self.add_difference(difference);
                }
            }
            Outcome::NotAsked(reason) => *self.not_asked.entry(reason).or_default() += 1,
            Outcome::NewFailed(why) => {
                self.new_failed += 1;
                self.last_failure = Some(why);
            }
            Outcome::OldFailed(why) => {
                self.old_failed += 1;
                self.last_failure = Some(why);
            }
        }
    }

    fn add_difference(&mut self, difference: Difference) {
        let is_full = self.differences.len() >= MOST_PLACES;
        if is_full && !self.differences.contains_key(&difference.place) {
            return;
        }
        let place = difference.place.clone();
        let seen = self.differences.entry(place).or_insert((0, difference));
        seen.0 += 1;
    }
}

/// The report of one moment.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// Of all clients.
    pub requests: u64,
    /// Of these the answers of both servers were compared.
    pub compared: u64,
    /// Of these they agreed.
    pub agreed: u64,
    /// `None` until something was compared.
    pub agreement_percent: Option<String>,
    /// One for each client and endpoint.
    pub rows: Vec<Row>,
}

/// What one client has asked at one endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Who has asked, as it says.
    pub client: String,
    /// What it has asked.
    pub endpoint: Endpoint,
    /// How often.
    pub requests: u64,
    /// How often both answers were compared.
    pub compared: u64,
    /// How often they agreed.
    pub agreed: u64,
    /// `None` until something was compared.
    pub agreement_percent: Option<String>,
    /// How often only the old server was asked, and why.
    pub not_asked: BTreeMap<Reason, u64>,
    /// How often the new server gave no answer.
    pub new_failed: u64,
    /// How often the old server gave no answer.
    pub old_failed: u64,
    /// Why a server gave no answer, the last time.
    pub last_failure: Option<String>,
    /// Where the answers differed.
    pub differences: Vec<Place>,
}

/// Where answers differed, and how often.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// `status`, `header NAME` or `body.MEMBER`.
    pub place: String,
    /// How often.
    pub times: u64,
    /// What the old server said, the first time.
    pub old: String,
    /// What the new server said, the first time.
    pub new: String,
}

impl Row {
    fn of((client, endpoint): &(String, Endpoint), counts: &Counts) -> Self {
        let compared = counts.agreed + counts.differed;
        let not_asked = counts.not_asked.values().sum::<u64>();
        let place = |(times, difference): &(u64, Difference)| Place {
            place: difference.place.clone(),
            times: *times,
            old: difference.old.clone(),
            new: difference.new.clone(),
        };
        Self {
            client: client.clone(),
            endpoint: *endpoint,
            requests: compared + not_asked + counts.new_failed + counts.old_failed,
            compared,
            agreed: counts.agreed,
            agreement_percent: percent(counts.agreed, compared),
            not_asked: counts.not_asked.clone(),
            new_failed: counts.new_failed,
            old_failed: counts.old_failed,
            last_failure: counts.last_failure.clone(),
            differences: counts.differences.values().map(place).collect(),
        }
    }

    fn notes(&self) -> Vec<String> {
        let differences = self.differences.iter();
        let mut notes: Vec<String> = differences
            .map(|at| {
                format!(
                    "differs {}×: {}: {} → {}",
                    at.times, at.place, at.old, at.new
                )
            })
            .collect();
        for (reason, times) in &self.not_asked {
            notes.push(format!("not asked {times}×: {}", reason.text()));
        }
        if let Some(why) = &self.last_failure {
            notes.push(format!("no answer, at last: {why}"));
        }
        notes
    }
}

impl Snapshot {
    /// The report as a table.
    pub fn to_text(&self) -> String {
        let width = self.rows.iter().map(|row| row.client.chars().count());
        let width = width.max().unwrap_or_default().max("client".len());
        let mut lines = vec![format!(
            "{:width$}  {:12} {:>9} {:>9} {:>9} {:>8} {:>9} {:>10} {:>10}",
            "client",
            "endpoint",
            "requests",
            "compared",
            "agreed",
            "%",
            "not asked",
            "new failed",
            "old failed"
        )];
        for row in &self.rows {
            let not_asked: u64 = row.not_asked.values().sum();
            lines.push(format!(
                "{:width$}  {:12} {:>9} {:>9} {:>9} {:>8} {:>9} {:>10} {:>10}",
                row.client,
                row.endpoint.name(),
                row.requests,
                row.compared,
                row.agreed,
                row.agreement_percent.as_deref().unwrap_or("-"),
                not_asked,
                row.new_failed,
                row.old_failed
            ));
            lines.extend(row.notes().iter().map(|note| format!("    {note}")));
        }
        let share = self.agreement_percent.as_deref().unwrap_or("-");
        lines.push(format!(
            "{} of {} compared answers agree ({share} %); {} requests in all",
            self.agreed, self.compared, self.requests
        ));
        lines.join("\n")
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

/// With one digit behind the point, rounded down: only all are 100.0.
fn percent(part: u64, whole: u64) -> Option<String> {
    let thousandths = part.checked_mul(1000)?.checked_div(whole)?;
    Some(format!("{}.{}", thousandths / 10, thousandths % 10))
}

/// An id that anybody may have made up, on one line and not long.
fn printable(client: &str) -> String {
    let seen = |character: char| {
        if character.is_control() {
            '?'
        } else {
            character
        }
    };
    client.chars().take(LONGEST_CLIENT_ID).map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(place: &str) -> Outcome {
        Outcome::Compared(vec![Difference::new(place, "1".into(), "2".into())])
    }

    #[test]
    fn agreement_is_a_number() {
        let report = Report::default();
        assert_eq!(report.snapshot().agreement_percent, None);
        for _ in 0..1999 {
            report.count(
                Some("shop"),
                Endpoint::CheckToken,
                Outcome::Compared(Vec::new()),
            );
        }
        report.count(Some("shop"), Endpoint::CheckToken, differ("status"));
        report.count(
            Some("shop"),
            Endpoint::Token,
            Outcome::NotAsked(Reason::OneTime),
        );
        let snapshot = report.snapshot();
        assert_eq!(snapshot.agreement_percent.as_deref(), Some("99.9"));
        assert_eq!((snapshot.requests, snapshot.compared), (2001, 2000));
        let text = snapshot.to_text();
        assert!(text.contains("differs 1×: status: 1 → 2"), "{text}");
        assert!(text.contains("not asked 1×: would use up"), "{text}");
        assert!(
            text.ends_with("1999 of 2000 compared answers agree (99.9 %); 2001 requests in all")
        );
    }

    #[test]
    fn made_up_clients_and_places_do_not_fill_the_memory() {
        let report = Report::default();
        for number in 0..3000 {
            let client = format!("made-up-{number}\n{}", "x".repeat(500));
            report.count(Some(&client), Endpoint::Token, differ(&number.to_string()));
            report.count(Some("shop"), Endpoint::Token, differ(&number.to_string()));
        }
        let snapshot = report.snapshot();
        assert_eq!(snapshot.rows.len(), MOST_ROWS + 1);
        assert_eq!(snapshot.requests, 6000);
        for row in &snapshot.rows {
            assert!(row.client.chars().count() <= LONGEST_CLIENT_ID);
            assert!(!row.client.contains('\n'));
            assert!(row.differences.len() <= MOST_PLACES);
        }
    }
}
