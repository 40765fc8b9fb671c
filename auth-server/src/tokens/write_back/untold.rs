//! What the Spring server's store could not be told yet.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::records::GrantId;

/// Grants at most of which something is still to be told.
const MOST: usize = 100_000;

/// What is to be told of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Some of its tokens are not good any more.
    SomeEnded,
    /// It has ended.
    Ended,
}

/// Changes that wait.
#[derive(Debug, Default)]
pub(super) struct Untold(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    changes: HashMap<GrantId, Change>,
    /// Whether somebody is there who will tell them.
    is_being_told: bool,
}

impl Untold {
    /// Remembers a change; whether somebody has to be found who tells it. A grant that there is no room for is logged.
    pub(super) fn remember(&self, grant_id: GrantId, change: Change) -> bool {
        let mut waiting = self.waiting();
        if waiting.changes.len() >= MOST && !waiting.changes.contains_key(&grant_id) {
            tracing::error!(event = "end_not_written_back", %grant_id);
            return false;
        }
        let known = waiting.changes.entry(grant_id).or_insert(change);
        // What has ended does not begin again.
        if change == Change::Ended {
            *known = change;
        }
        !std::mem::replace(&mut waiting.is_being_told, true)
    }

    /// All of them, for whoever tells them; when there are none, nobody does any more.
    pub(super) fn all(&self) -> Vec<(GrantId, Change)> {
        let mut waiting = self.waiting();
        let all = waiting.changes.iter();
        let all: Vec<_> = all.map(|(grant_id, change)| (*grant_id, *change)).collect();
        waiting.is_being_told = !all.is_empty();
        all
    }

    /// It was told. There may be more by now.
    pub(super) fn told(&self, grant_id: &GrantId, change: Change) {
        let mut waiting = self.waiting();
        if waiting.changes.get(grant_id) == Some(&change) {
            waiting.changes.remove(grant_id);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever stops meanwhile leaves tokens good there that are not good here.
impl Drop for Untold {
    fn drop(&mut self) {
        let grants = self.waiting().changes.len();
        if grants > 0 {
            let text = "tokens of so many grants have ended here and stay good at the Spring server until their own end";
            tracing::error!(event = "ends_not_written_back", grants, "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tells_what_waits_and_an_end_outweighs_what_was_before() {
        let untold = Untold::default();
        let [one, other] = [GrantId::from_bytes([1; 16]), GrantId::from_bytes([2; 16])];
        assert!(untold.remember(one, Change::SomeEnded));
        assert!(!untold.remember(one, Change::Ended), "two would tell it");
        assert!(!untold.remember(one, Change::SomeEnded));
        assert_eq!(untold.all(), [(one, Change::Ended)]);
        untold.told(&one, Change::SomeEnded);
        assert_eq!(untold.all(), [(one, Change::Ended)]);
        untold.told(&one, Change::Ended);
        assert_eq!(untold.all(), []);
        assert!(untold.remember(other, Change::Ended), "nobody tells it");
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let untold = Untold::default();
        for number in 0..=MOST {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&number.to_be_bytes());
            untold.remember(GrantId::from_bytes(bytes), Change::Ended);
        }
        assert_eq!(untold.waiting().changes.len(), MOST);
    }
}
