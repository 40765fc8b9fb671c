//! A store to try rules on, with a clock to move.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use redis_server::RedisServer;
#[cfg(feature = "sql")]
use registry_servers::{Database, DatabaseKind};
use symbolon::clock::{Clock as _, SettableClock, Timestamp};
use tempfile::TempDir;
use tokio::sync::Barrier;

use super::samples::Samples;
#[cfg(feature = "sql")]
use super::spring_tables::SpringTables;
use crate::stores::embedded::{EmbeddedLocation, EmbeddedStore};
use crate::stores::redis::{RedisSettings, RedisStore};
use crate::stores::{OPERATIONS, OperationOutcome, StoreObserver, Stores};

/// How many ask for one thing at once.
pub(super) const CROWD: usize = 64;

pub(super) struct Bench {
    /// Two views of the same records: two instances of the server where there can be two.
    stores: [Stores; 2],
    clock: Arc<SettableClock>,
    pub(super) samples: Samples,
    // Last, because the stores must be closed before what they work on goes.
    kept: Kept,
}

enum Kept {
    File(TempDir, Arc<EmbeddedStore>),
    Memory(Arc<EmbeddedStore>),
    Redis(RedisServer),
    #[cfg(feature = "sql")]
    Tables(Arc<Database>),
}

const FILE: &str = "records.redb";

impl Bench {
    pub(super) async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = EmbeddedLocation::File(folder.path().join(FILE));
        Self::on_embedded(&location, |store| Kept::File(folder, store)).await
    }

    pub(super) async fn in_memory() -> Self {
        Self::on_embedded(&EmbeddedLocation::Memory, Kept::Memory).await
    }

    async fn on_embedded(
        location: &EmbeddedLocation,
        kept: impl FnOnce(Arc<EmbeddedStore>) -> Kept,
    ) -> Self {
        let clock = clock();
        let store = Arc::new(EmbeddedStore::open(location, clock.clone()).unwrap());
        let stores = Stores::of(&store);
        stores.health.check_health().await.unwrap();
        let kept = kept(store);
        let stores = match &kept {
            // Observing a store changes nothing of what it does.
            Kept::Memory(_) => {
                let observer: Arc<dyn StoreObserver> = Arc::new(NameChecker);
                stores.observed(&observer)
            }
            Kept::File(..) | Kept::Redis(_) => stores,
            #[cfg(feature = "sql")]
            Kept::Tables(_) => stores,
        };
        Self::new([stores.clone(), stores], clock, kept)
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
        let stores = || {
            let store = RedisStore::new(&settings, clock.clone()).unwrap();
            Stores::of(&Arc::new(store))
        };
        Self::new([stores(), stores()], clock, Kept::Redis(server))
    }

    fn new(stores: [Stores; 2], clock: Arc<SettableClock>, kept: Kept) -> Self {
        let samples = Samples::new(clock.now());
        Self {
            stores,
            clock,
            samples,
            kept,
        }
    }

    pub(super) fn store(&self) -> &Stores {
        &self.stores[0]
    }

    /// Another instance on the same records.
    pub(super) fn other(&self) -> &Stores {
        &self.stores[1]
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn advance_secs(&self, secs: u64) {
        self.clock.advance_secs(secs);
    }

    /// [`CROWD`] tasks that begin together, on both instances in turn; what each came to.
    pub(super) async fn crowd<T, F>(&self, act: impl Fn(usize, Stores) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let barrier = Arc::new(Barrier::new(CROWD));
        let tasks: Vec<_> = (0..CROWD)
            .map(|number| {
                let barrier = Arc::clone(&barrier);
                let act = act(number, self.stores[number % 2].clone());
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
            Kept::File(folder, _) => Some(std::fs::read(folder.path().join(FILE)).unwrap()),
            Kept::Memory(_) => None,
            #[cfg(feature = "sql")]
            Kept::Tables(_) => None,
            Kept::Redis(server) => Some(server.dump().await),
        }
    }

    /// Writes nonsense into every record that is kept now, under the name and with the end that it had.
    pub(super) async fn damage_everything(&self) {
        match &self.kept {
            Kept::File(_, store) | Kept::Memory(store) => store.damage_everything().await,
            Kept::Redis(server) => server.damage(|_| true).await,
            #[cfg(feature = "sql")]
            Kept::Tables(_) => panic!("damage in a database is its owner's"),
        }
    }

    /// Takes away where owners are found by their addresses, which a server before that index did not write.
    pub(super) async fn forget_addresses(&self) {
        match &self.kept {
            Kept::File(_, store) | Kept::Memory(store) => store.forget_addresses().await,
            Kept::Redis(server) => {
                let key = format!("{}{{owners}}:lists", RedisSettings::DEFAULT_KEY_PREFIX);
                server.tell(&["DEL", &key]).await;
            }
            #[cfg(feature = "sql")]
            Kept::Tables(_) => {}
        }
    }

    /// How many things are kept: records, and members of indexes.
    pub(super) async fn how_many_are_kept(&self) -> u64 {
        match &self.kept {
            Kept::File(_, store) | Kept::Memory(store) => store.how_many_are_kept(),
            Kept::Redis(server) => server.how_many_are_kept().await,
            #[cfg(feature = "sql")]
            Kept::Tables(_) => 0,
        }
    }

    pub(super) async fn assert_nothing_is_kept_for_ever(&self) {
        if let Kept::Redis(server) = &self.kept {
            for key in server.keys_without_ttl().await {
                assert!(is_of_registrations(&key), "{key} has no TTL");
            }
        }
    }
}

#[cfg(feature = "sql")]
impl Bench {
    pub(super) async fn sqlite() -> Self {
        Self::on_tables(DatabaseKind::Sqlite).await
    }

    pub(super) async fn postgresql() -> Self {
        Self::on_tables(DatabaseKind::Postgresql).await
    }

    pub(super) async fn mariadb() -> Self {
        Self::on_tables(DatabaseKind::Mariadb).await
    }

    /// Registrations in the tables of a Spring server, everything else in memory.
    async fn on_tables(kind: DatabaseKind) -> Self {
        let database = Arc::new(Database::of_spring(kind).await);
        if kind == DatabaseKind::Mariadb {
            // Where the table's rules take two names for one it cannot keep both.
            for (table, key, length) in [
                ("oauth_client_details", "client_id", 256),
                ("users", "username", 50),
                ("authorities", "username", 50),
            ] {
                let drop = "ALTER TABLE authorities DROP CONSTRAINT IF EXISTS fk_authorities_users";
                database.execute(drop).await;
                let collation = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL";
                let alter =
                    format!("ALTER TABLE {table} MODIFY {key} VARCHAR({length}) {collation}");
                database.execute(&alter).await;
            }
        }
        let Self { stores, clock, .. } = Self::in_memory().await;
        let [stores, other] = stores;
        let on_tables = |stores: Stores| {
            let tables = Arc::new(SpringTables::new(&database, kind));
            Stores {
                clients: tables.clone(),
                owners: tables,
                ..stores
            }
        };
        let stores = [on_tables(stores), on_tables(other)];
        Self::new(stores, clock, Kept::Tables(database))
    }

    /// Removes what a rule has left.
    pub(super) async fn clear_tables(&self) {
        let Kept::Tables(database) = &self.kept else {
            return;
        };
        for table in ["authorities", "users", "oauth_client_details"] {
            database.execute(&format!("DELETE FROM {table}")).await;
        }
    }
}

impl Bench {
    /// Whether somebody can be registered under this name. A database of somebody else takes no control character, and
    /// nobody who is registered has one.
    pub(super) fn keeps_name(&self, name: &str) -> bool {
        let keeps_control_characters = match &self.kept {
            Kept::File(..) | Kept::Memory(_) | Kept::Redis(_) => true,
            #[cfg(feature = "sql")]
            Kept::Tables(_) => false,
        };
        keeps_control_characters || !name.chars().any(char::is_control)
    }
}

/// Registrations are kept until somebody removes them.
fn is_of_registrations(key: &str) -> bool {
    let kept = [
        "{clients}:records",
        "{clients}:names",
        "{clients}:lists",
        "{owners}:records",
        "{owners}:names",
        "{owners}:lists",
        "{second-factors}:records",
        "{passkeys}:records",
        "{passkeys}:owners",
    ];
    let name = key.strip_prefix(RedisSettings::DEFAULT_KEY_PREFIX);
    name.is_some_and(|name| kept.contains(&name))
}

/// Wants every operation to have a name that is known.
struct NameChecker;

impl StoreObserver for NameChecker {
    fn system(&self) -> &'static str {
        "redb"
    }

    fn completed(&self, operation: &'static str, _: OperationOutcome, _: Duration) {
        assert!(OPERATIONS.contains(&operation), "{operation}");
    }
}

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)))
}
