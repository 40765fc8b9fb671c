//! The tokens that are out, counted by client.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use symbolon::clock::Timestamp;

use crate::stores::{SurveyedKind, SurveyedToken};

/// Clients and reasons that are told apart, at most: no more than a person could read.
const MOST_CLIENTS: usize = 100_000;
const MOST_REASONS: usize = 50;

/// What a client holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Access tokens that are good.
    pub access_tokens: u64,
    /// Refresh tokens that are good.
    pub refresh_tokens: u64,
}

/// All tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenCounts {
    /// Those that are good and can be read here.
    #[serde(flatten)]
    pub good: Held,
    /// Those among them that never end.
    pub endless: u64,
    /// Those that have ended.
    pub ended: u64,
    /// Why others cannot be read, and how many.
    pub unreadable: BTreeMap<String, u64>,
    #[serde(skip)]
    by_client: HashMap<String, Held>,
}

impl TokenCounts {
    /// Counts a token.
    pub fn count(&mut self, token: SurveyedToken, now: Timestamp) {
        let grant = match token.read {
            Ok(grant) => grant,
            Err(why) => return self.count_unreadable(why),
        };
        if grant.expires_at.is_some_and(|end| end <= now) {
            self.ended += 1;
            return;
        }
        self.endless += u64::from(grant.expires_at.is_none());
        self.good.add(token.kind);
        let knows = self.by_client.contains_key(&grant.client_id);
        if knows || self.by_client.len() < MOST_CLIENTS {
            self.by_client
                .entry(grant.client_id)
                .or_default()
                .add(token.kind);
        }
    }

    fn count_unreadable(&mut self, why: String) {
        let knows = self.unreadable.contains_key(&why);
        let why = if knows || self.unreadable.len() < MOST_REASONS {
            why
        } else {
            "for other reasons".to_owned()
        };
        *self.unreadable.entry(why).or_default() += 1;
    }

    /// What this client holds; afterwards it counts as asked about.
    pub fn take(&mut self, client_id: &str) -> Held {
        self.by_client.remove(client_id).unwrap_or_default()
    }

    /// The clients that nobody has asked about, in the order of their names.
    pub fn unasked(&self) -> Vec<(&str, Held)> {
        let mut unasked: Vec<(&str, Held)> = self
            .by_client
            .iter()
            .map(|(client, held)| (client.as_str(), *held))
            .collect();
        unasked.sort_by_key(|(client, _)| *client);
        unasked
    }

    /// How many could be read or not.
    pub fn all(&self) -> u64 {
        let unreadable: u64 = self.unreadable.values().sum();
        self.good.access_tokens + self.good.refresh_tokens + self.ended + unreadable
    }
}

impl Held {
    const fn add(&mut self, kind: SurveyedKind) {
        match kind {
            SurveyedKind::Access => self.access_tokens += 1,
            SurveyedKind::Refresh => self.refresh_tokens += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::SurveyedGrant;

    fn token(kind: SurveyedKind, client: &str, end: Option<u64>) -> SurveyedToken {
        SurveyedToken {
            kind,
            read: Ok(SurveyedGrant {
                client_id: client.to_owned(),
                expires_at: end.map(Timestamp::from_secs),
            }),
        }
    }

    #[test]
    fn tokens_are_counted_by_client_until_they_end() {
        let mut counts = TokenCounts::default();
        let now = Timestamp::from_secs(100);
        for token in [
            token(SurveyedKind::Access, "shop", Some(101)),
            token(SurveyedKind::Access, "shop", Some(100)),
            token(SurveyedKind::Refresh, "shop", None),
            token(SurveyedKind::Access, "gone", Some(200)),
        ] {
            counts.count(token, now);
        }
        for _ in 0..2 {
            let read = Err("class `com.example.User`".to_owned());
            let kind = SurveyedKind::Access;
            counts.count(SurveyedToken { kind, read }, now);
        }
        assert_eq!((counts.endless, counts.ended, counts.all()), (1, 1, 6));
        let held = counts.take("shop");
        assert_eq!((held.access_tokens, held.refresh_tokens), (1, 1));
        assert_eq!(counts.take("shop"), Held::default());
        assert_eq!(counts.unasked().len(), 1);
        assert_eq!(counts.unreadable["class `com.example.User`"], 2);
    }

    #[test]
    fn what_is_told_apart_is_bounded() {
        let mut counts = TokenCounts::default();
        for number in 0..1000 {
            let read = Err(format!("reason {number}"));
            let kind = SurveyedKind::Access;
            counts.count(SurveyedToken { kind, read }, Timestamp::from_secs(0));
        }
        assert!(counts.unreadable.len() <= 51);
        assert_eq!(counts.unreadable["for other reasons"], 950);
    }
}
