//! A store to try rules on, with a clock to move.

use std::future::Future;
use std::sync::Arc;

use symbolon::clock::{Clock as _, SettableClock, Timestamp};
use tempfile::TempDir;
use tokio::sync::Barrier;

use super::samples::Samples;
use crate::stores::Store;
use crate::stores::embedded::{EmbeddedLocation, EmbeddedStore};
use crate::stores::redis::server::RedisServer;
use crate::stores::redis::{RedisSettings, RedisStore};

/// How many ask for one thing at once.
pub(super) const CROWD: usize = 64;

pub(super) struct Bench {
    /// Two views of the same records: two instances of the server where there can be two.
    stores: [Arc<dyn Store>; 2],
    clock: Arc<SettableClock>,
    pub(super) samples: Samples,
    // Last, because the stores must be closed before what they work on goes.
    kept: Kept,
}

enum Kept {
    File(TempDir),
    Memory,
    Redis(RedisServer),
}

const FILE: &str = "records.redb";

impl Bench {
    pub(super) async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = EmbeddedLocation::File(folder.path().join(FILE));
        Self::on_embedded(&location, Kept::File(folder)).await
    }

    pub(super) async fn in_memory() -> Self {
        Self::on_embedded(&EmbeddedLocation::Memory, Kept::Memory).await
    }

    async fn on_embedded(location: &EmbeddedLocation, kept: Kept) -> Self {
        let clock = clock();
        let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(location, clock.clone()).unwrap());
        store.check_health().await.unwrap();
        Self::new([Arc::clone(&store), store], clock, kept)
    }

    pub(super) async fn redis() -> Self {
        Self::on_redis(RedisServer::start().await)
    }

    pub(super) async fn redis_cluster() -> Self {
        Self::on_redis(RedisServer::start_cluster().await)
    }

    fn on_redis(server: RedisServer) -> Self {
        let clock = clock();
        let settings = RedisSettings {
            timeout_ms: 20_000,
            ..RedisSettings::new(server.url())
        };
        let store = || RedisStore::new(&settings, clock.clone()).unwrap();
        let stores: [Arc<dyn Store>; 2] = [Arc::new(store()), Arc::new(store())];
        Self::new(stores, clock, Kept::Redis(server))
    }

    fn new(stores: [Arc<dyn Store>; 2], clock: Arc<SettableClock>, kept: Kept) -> Self {
        let samples = Samples::new(clock.now());
        Self {
            stores,
            clock,
            samples,
            kept,
        }
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.stores[0].as_ref()
    }

    /// Another instance on the same records.
    pub(super) fn other(&self) -> &dyn Store {
        self.stores[1].as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn advance_secs(&self, secs: u64) {
        self.clock.advance_secs(secs);
    }

    /// [`CROWD`] tasks that begin together, on both instances in turn; what each came to.
    pub(super) async fn crowd<T, F>(&self, act: impl Fn(usize, Arc<dyn Store>) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let barrier = Arc::new(Barrier::new(CROWD));
        let tasks: Vec<_> = (0..CROWD)
            .map(|number| {
                let barrier = Arc::clone(&barrier);
                let act = act(number, Arc::clone(&self.stores[number % 2]));
                tokio::spawn(async move {
                    barrier.wait().await;
                    act.await
                })
            })
            .collect();
        let mut outcomes = Vec::with_capacity(CROWD);
        for task in tasks {
            outcomes.push(task.await.unwrap());
        }
        outcomes
    }

    /// All bytes that are kept; `None` when they are nowhere but in our memory.
    pub(super) async fn everything(&self) -> Option<Vec<u8>> {
        match &self.kept {
            Kept::File(folder) => Some(std::fs::read(folder.path().join(FILE)).unwrap()),
            Kept::Memory => None,
            Kept::Redis(server) => Some(server.everything().await),
        }
    }

    pub(super) async fn assert_nothing_is_kept_for_ever(&self) {
        if let Kept::Redis(server) = &self.kept {
            server.assert_every_key_has_a_ttl().await;
        }
    }
}

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)))
}
