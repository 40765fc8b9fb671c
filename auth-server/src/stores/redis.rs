//! The Redis store, for more than one instance of the server.
//!
//! - **One slot for each grant, session, owner, owner with a client, and kind of registration**: their keys carry one hash tag, so a
//!   script or transaction stays where its keys are. What concerns two slots is done in an order in
//!   which a stop half-way loses nothing that was answered.
//! - **Lua only where a read decides a write**; everything else is one command or one transaction.
//!   Scripts get the time as an argument, they never ask Redis for it.
//! - **What ends needs no memory**: a Redis that is full takes neither a command that writes nor any transaction, but it
//!   takes what removes, and a script that removes before it writes. So tokens, grants, sessions and registrations can
//!   be ended then too.
//! - **Every key has a TTL**, but for those of registrations (`records`, `names` and `lists` of `{clients}` and of
//!   `{owners}`) and of second factors (`{second-factors}:records`), which stay until they are removed. It cleans up; whether a
//!   record is still good is decided by the time in the record and the store's clock.
//! - **Durability is Redis's**: with `appendfsync always` an answered write survives a crash, with the
//!   usual `everysec` the last second may be lost.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::ProtocolVersion;
use symbolon::clock::{Clock, Timestamp};

use crate::stores::{LONGEST_LIFE_SECS, StoreError, StoreHealth};
use connection::Connection;
use keys::Keys;
use scripts::Scripts;
use watch::Watch;

mod access_tokens;
mod approvals;
mod authorization_codes;
mod clients;
mod configuration;
mod connection;
mod ended_jwts;
mod grants;
mod habits;
mod issuers;
mod journal;
mod key_records;
mod keys;
mod legacy_survey;
mod legacy_tokens;
mod legacy_writing;
mod lists;
mod one_time_links;
mod owners;
mod passkeys;
mod records;
mod refresh_tokens;
mod registrations;
mod scripts;
mod search;
mod second_factors;
mod sessions;
mod settings;
mod sign_ups;
#[cfg(test)]
mod tests;
mod token_records;
mod watch;

pub use legacy_tokens::LegacyRedisStore;
pub use legacy_writing::LegacyRedisWriter;
pub use settings::RedisSettings;

/// Keeps everything in Redis, over one connection that it shares among its callers.
pub struct RedisStore {
    connection: Arc<Connection>,
    _watch: Watch,
    keys: Keys,
    scripts: Scripts,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisStore")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Whether Redis could be reached with these settings, as far as that is seen without asking it.
    pub fn check_settings(settings: &RedisSettings) -> Result<(), StoreError> {
        connection::check(settings)
    }

    /// A store that connects in the background, and again when it lost its connection. It belongs to the runtime in
    /// which it is made: an actix server makes one in each worker. Outside of a runtime it is refused.
    pub fn new(settings: &RedisSettings, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        // RESP3 lets the manager notice at once when the connection is closed while nobody uses it.
        let (connection, pushes) = Connection::new(settings, timeout, ProtocolVersion::RESP3)?;
        let connection = Arc::new(connection);
        Ok(Self {
            _watch: Watch::over(&connection, pushes),
            connection,
            keys: Keys::new(&settings.key_prefix),
            scripts: Scripts::new(),
            clock,
        })
    }

    /// Asks Redis, at start-up, whether it may throw records away when its memory is full, and refuses
    /// that. Where the question is forbidden, it warns and goes on. A replica, and a node of a larger cluster, are
    /// refused too.
    pub async fn check_configuration(&self) -> Result<(), StoreError> {
        configuration::check(&self.connection).await?;
        self.check_health().await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The TTL of a key whose record ends at `expires_at`, in seconds. Our clock shows whole seconds
    /// that have begun, so Redis never forgets too early.
    fn ttl_secs(&self, expires_at: Timestamp) -> u64 {
        self.now()
            .secs_until(expires_at)
            .clamp(1, LONGEST_LIFE_SECS)
    }
}

#[async_trait]
impl StoreHealth for RedisStore {
    /// Removes what is not there, which whoever takes writes can do, also when its memory is full, and whoever takes
    /// none refuses: a replica, a node that keeps other slots, a Redis that cannot save.
    async fn check_health(&self) -> Result<(), StoreError> {
        let mut commands = redis::pipe();
        for probe in self.keys.probes() {
            commands.del(probe).ignore();
        }
        self.connection.query_all(&commands).await
    }
}
