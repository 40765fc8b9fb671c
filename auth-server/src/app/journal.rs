//! How much of what happened is kept.

use std::sync::Arc;

use symbolon::clock::Clock;

use crate::journal::{Journal, JournalPolicy};
use crate::settings::Settings;
use crate::stores::Stores;

const DAY_SECS: u64 = 24 * 60 * 60;

/// What the settings say of it.
pub fn journal_policy(settings: &Settings) -> JournalPolicy {
    let settings = &settings.journal;
    JournalPolicy {
        refused: settings.refused,
        granted: settings.granted,
        changed: settings.changed,
        life_secs: settings.days.saturating_mul(DAY_SECS),
    }
}

/// What happened lately, as these stores keep it.
pub(super) fn journal(settings: &Settings, stores: &Stores, clock: &Arc<dyn Clock>) -> Journal {
    Journal {
        store: Arc::clone(&stores.journal),
        policy: journal_policy(settings),
        clock: Arc::clone(clock),
    }
}
