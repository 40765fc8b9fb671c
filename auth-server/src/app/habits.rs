//! What is known of habits that ought to end, and what is announced of them.

use std::sync::Arc;

use symbolon::clock::Clock;

use crate::clients::registry::{Clients, StoredClients};
use crate::habits::{Announcement, Announcements, HabitBoard, HabitCounts, HabitWriter};
use crate::settings::Settings;
use crate::stores::Stores;

/// What all who count and tell have in common.
#[derive(Clone)]
pub(super) struct Habits {
    /// What was counted and is not written yet.
    pub(super) counts: HabitCounts,
    announcements: Arc<Announcements>,
    clock: Arc<dyn Clock>,
}

impl Habits {
    /// Nothing was counted yet.
    pub(super) fn new(settings: &Settings, clock: &Arc<dyn Clock>) -> Self {
        let announcements = Announcements::of(|habit| {
            let end = settings.sunset.of(habit)?;
            Announcement::new(end.deprecated_at(), end.ends_at(), end.link.as_deref())
        });
        Self {
            counts: HabitCounts::default(),
            announcements: Arc::new(announcements),
            clock: Arc::clone(clock),
        }
    }

    /// Who has which, of these clients and on these stores.
    pub(super) fn board(
        &self,
        clients: &Clients,
        settings: &Settings,
        stores: &Stores,
    ) -> HabitBoard {
        let defaults = Arc::new(settings.client_defaults());
        HabitBoard {
            store: Arc::clone(&stores.habits),
            clients: clients.clone(),
            stored: Arc::new(StoredClients::new(stores.clients.clone(), defaults)),
            writer: HabitWriter {
                counts: self.counts.clone(),
                store: Arc::clone(&stores.habits),
                clock: Arc::clone(&self.clock),
            },
            announcements: Arc::clone(&self.announcements),
        }
    }
}
