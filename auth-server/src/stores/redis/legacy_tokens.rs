//! The Redis of a Spring server, in the layout of its `RedisTokenStore`. Its keys have the tokens in clear: what Redis
//! quotes of a command is told to nobody.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::{ProtocolVersion, Script};
use symbolon::secret::Secret;

use super::connection::Connection;
use super::settings::RedisSettings;
use super::watch::Watch;
use crate::java_stream::LONGEST_STREAM;
use crate::legacy_tokens::{LegacyAccessToken, LegacyAuthentication, LegacyRefreshToken};
use crate::stores::legacy_tokens::{Streams, read_access_token, read_refresh_token};
use crate::stores::{LegacyTokenStore, StoreError};

/// The Redis of a Spring server.
pub struct LegacyRedisStore {
    pub(super) connection: Arc<Connection>,
    _watch: Watch,
    pub(super) prefix: String,
    take_refresh_token: Script,
}

impl fmt::Debug for LegacyRedisStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LegacyRedisStore")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl LegacyRedisStore {
    /// A store that connects in the background, and again when it lost its connection. It belongs to the runtime in
    /// which it is made. `key_prefix` of the settings is the Spring server's.
    pub fn new(settings: &RedisSettings) -> Result<Self, StoreError> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        // It may be as old as the Spring server: before Redis 6 there was no RESP3.
        let (connection, pushes) = Connection::new(settings, timeout, ProtocolVersion::RESP2)?;
        let connection = Arc::new(connection);
        Ok(Self {
            _watch: Watch::over(&connection, pushes),
            connection,
            prefix: settings.key_prefix.clone(),
            take_refresh_token: Script::new(include_str!("take_legacy_refresh_token.lua")),
        })
    }

    fn key(&self, name: &str, presented: &Secret) -> String {
        format!("{}{name}:{}", self.prefix, presented.expose())
    }

    /// The two streams of a token, when both are there. Of one that is too long no more is fetched than shows it.
    async fn streams(
        &self,
        names: [&str; 2],
        presented: &Secret,
    ) -> Result<Option<Streams>, StoreError> {
        let mut commands = redis::pipe();
        for name in names {
            let range = commands.cmd("GETRANGE").arg(self.key(name, presented));
            range.arg(0).arg(LONGEST_STREAM);
        }
        let found: Result<Streams, _> = self.connection.query_all(&commands).await;
        let (token, authentication) = found.map_err(without_tokens)?;
        let both_are_there = !token.is_empty() && !authentication.is_empty();
        Ok(both_are_there.then_some((token, authentication)))
    }
}

#[async_trait]
impl LegacyTokenStore for LegacyRedisStore {
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(["access", "auth"], presented).await?;
        found.map_or(Ok(None), |found| read_access_token(presented, &found))
    }

    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(["refresh", "refresh_auth"], presented).await?;
        found.map_or(Ok(None), |found| read_refresh_token(presented, &found))
    }

    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        let mut script = self.take_refresh_token.prepare_invoke();
        for name in ["refresh", "refresh_auth", "refresh_to_access"] {
            script.key(self.key(name, presented));
        }
        script.arg(&self.prefix);
        let taken = self.connection.invoke(&script).await;
        taken.map_err(without_tokens)
    }

    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        let names = ["access", "auth", "access_to_refresh"];
        let keys = names.map(|name| self.key(name, presented));
        let mut command = redis::cmd("DEL");
        command.arg(&keys);
        let taken = self.connection.query(&command).await;
        taken.map_err(without_tokens)
    }
}

/// Redis quotes what it does not understand, and after the name of each key there is a token, or in a later word.
pub(super) fn without_tokens(error: StoreError) -> StoreError {
    let StoreError::Unavailable(text) = error else {
        return error;
    };
    let names = ["access:", "auth:", "refresh:", "symbolon_"];
    let quoted = names.iter().filter_map(|name| text.find(name)).min();
    let told = quoted.and_then(|start| text.get(..start));
    StoreError::Unavailable(told.map_or_else(|| text.clone(), |told| format!("{told}[redacted]")))
}
