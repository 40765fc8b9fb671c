//! What is looked for in the journal, and how it is said: the same by command, by API and on the page.

use symbolon::clock::Timestamp;

use super::moments::{Span, written};
use crate::audit::{AuditEvent, AuditKind};
use crate::records::{JournalEntry, Section};

/// What is looked for: entries that have all of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// What kind of event it is.
    pub kind: Option<AuditKind>,
    /// The name of the event.
    pub event: Option<String>,
    /// The client.
    pub client_id: Option<String>,
    /// The account.
    pub owner: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// The grant.
    pub grant_id: Option<String>,
    /// Where whoever caused it is.
    pub address: Option<String>,
    /// Not before this.
    pub since: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
}

/// What is wrong with what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterFault {
    /// There is no such kind.
    #[error("`kind` is none of refused, granted and changed")]
    Kind,
    /// There is no such event.
    #[error("`event` is the name of no event of the audit stream")]
    Event,
    /// It is no moment.
    #[error(
        "`since` is no moment: write 2026-11-28, 2026-11-28T11:20 or 2026-11-28T11:20:31Z, in UTC"
    )]
    Since,
    /// It is no moment.
    #[error(
        "`until` is no moment: write 2026-11-28, 2026-11-28T11:20 or 2026-11-28T11:20:31Z, in UTC"
    )]
    Until,
    /// Nothing can be found.
    #[error("`until` is before `since`")]
    Ends,
    /// It is said and empty, as by a script whose variable is not set: nothing is called so.
    #[error("`{0}` is empty")]
    Empty(&'static str),
}

impl FilterFault {
    /// What it is beside.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Event => "event",
            Self::Since => "since",
            Self::Until | Self::Ends => "until",
            Self::Empty(field) => field,
        }
    }
}

impl JournalFilter {
    /// What can be said.
    pub const FIELDS: [&'static str; 9] = [
        "kind",
        "event",
        "client_id",
        "owner",
        "request_id",
        "grant_id",
        "address",
        "since",
        "until",
    ];

    /// Reads what was said of each field; else all that is wrong with it.
    pub fn read(said: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<FilterFault>> {
        let is_empty = |field: &&str| said(field).is_some_and(|text| text.trim().is_empty());
        let empty = Self::FIELDS.into_iter().filter(is_empty);
        let mut faults: Vec<_> = empty.map(FilterFault::Empty).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let kind =
            said("kind").and_then(|word| noted(kind_named(&word), FilterFault::Kind, &mut faults));
        let event = said("event").filter(|name| {
            let is_one = AuditEvent::NAMES.contains(&name.as_str());
            noted(is_one.then_some(()), FilterFault::Event, &mut faults).is_some()
        });
        let mut span = |field, fault| {
            let text = said(field)?;
            noted(Span::read(&text), fault, &mut faults)
        };
        let since = span("since", FilterFault::Since).map(|span| span.from);
        let until = span("until", FilterFault::Until).map(|span| span.to);
        if let (Some(since), Some(until)) = (since, until)
            && until <= since
        {
            faults.push(FilterFault::Ends);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            kind,
            event,
            client_id: said("client_id"),
            owner: said("owner"),
            request_id: said("request_id"),
            grant_id: said("grant_id"),
            address: said("address"),
            since,
            until,
        })
    }

    /// The same in words that [`JournalFilter::read`] understands.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        // Until the end of the second that is said.
        let last = |until: Timestamp| Timestamp::from_secs(until.as_secs().saturating_sub(1));
        let pairs = [
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            ("event", self.event.clone()),
            ("client_id", self.client_id.clone()),
            ("owner", self.owner.clone()),
            ("request_id", self.request_id.clone()),
            ("grant_id", self.grant_id.clone()),
            ("address", self.address.clone()),
            ("since", self.since.map(written)),
            ("until", self.until.map(|until| written(last(until)))),
        ];
        let said = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        said.collect()
    }

    pub(super) fn looks_into(&self, section: &Section) -> bool {
        let kind = match section {
            Section::Refused | Section::RefusedTo(_, _) => AuditKind::Refused,
            Section::Granted => AuditKind::Granted,
            Section::Changed => AuditKind::Changed,
        };
        self.kind.is_none_or(|wanted| wanted == kind)
    }

    pub(super) fn lets_through(&self, entry: &JournalEntry) -> bool {
        let pairs = [
            (&self.event, &entry.event),
            (&self.client_id, &entry.client_id),
            (&self.owner, &entry.owner),
            (&self.request_id, &entry.request_id),
            (&self.grant_id, &entry.grant_id),
            (&self.address, &entry.address),
        ];
        let is_in_time = self.since.is_none_or(|since| since <= entry.at)
            && self.until.is_none_or(|until| entry.at < until);
        is_in_time
            && pairs
                .into_iter()
                .all(|(wanted, found)| wanted.as_ref().is_none_or(|wanted| wanted == found))
    }
}

fn kind_named(word: &str) -> Option<AuditKind> {
    AuditKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)
}

/// What was read; what could not be is noted.
fn noted<T>(read: Option<T>, fault: FilterFault, faults: &mut Vec<FilterFault>) -> Option<T> {
    if read.is_none() {
        faults.push(fault);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &[(&str, &str)]) -> Result<JournalFilter, Vec<FilterFault>> {
        JournalFilter::read(|field| {
            let found = said.iter().find(|(name, _)| *name == field);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_and_beside_what() {
        let faults = read(&[
            ("kind", "odd"),
            ("event", "nothing"),
            ("since", "yesterday"),
            ("until", "today"),
        ]);
        let faults = faults.unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field()).collect();
        assert_eq!(fields, ["kind", "event", "since", "until"]);
        let ends = read(&[("since", "2026-11-28"), ("until", "2026-11-27")]);
        assert_eq!(ends, Err(vec![FilterFault::Ends]));
        for fault in faults {
            assert!(fault.to_string().contains(&format!("`{}`", fault.field())));
        }
    }

    #[test]
    fn a_day_is_looked_into_from_its_beginning_to_its_end() {
        let day = read(&[("since", "2026-11-28"), ("until", "2026-11-28")]).unwrap();
        let (since, until) = (day.since.unwrap(), day.until.unwrap());
        assert_eq!(since.secs_until(until), 24 * 60 * 60);
    }

    #[test]
    fn what_is_looked_for_is_read_as_it_was_written() {
        let said = JournalFilter::FIELDS.map(|field| match field {
            "kind" => (field, "refused"),
            "event" => (field, "token_refused"),
            "since" => (field, "2026-11-28T11:20"),
            "until" => (field, "2026-11-29"),
            _ => (field, "a b&c=d 小明"),
        });
        let filter = read(&said).unwrap();
        let pairs = filter.pairs();
        assert_eq!(pairs.len(), JournalFilter::FIELDS.len());
        let again = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(read(&again.collect::<Vec<_>>()).unwrap(), filter);
        assert_eq!(read(&[]).unwrap(), JournalFilter::default());
    }
}
