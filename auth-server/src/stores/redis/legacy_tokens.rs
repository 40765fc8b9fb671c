//! The Redis of a Spring server, in the layout of its `RedisTokenStore`. Its keys have the tokens in clear, so they are
//! names of keys only: no error and no log has them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::Script;
use symbolon::secret::Secret;

use super::connection::Connection;
use super::settings::RedisSettings;
use super::watch::Watch;
use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyRefreshToken, LegacyTokenError,
};
use crate::stores::{LegacyTokenStore, StoreError};

/// The Redis of a Spring server.
pub struct LegacyRedisStore {
    connection: Arc<Connection>,
    _watch: Watch,
    prefix: String,
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
        let (connection, pushes) = Connection::new(settings, timeout)?;
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

    /// The two streams of a token, when both are there.
    async fn streams(
        &self,
        names: [&str; 2],
        presented: &Secret,
    ) -> Result<Option<(Vec<u8>, Vec<u8>)>, StoreError> {
        let mut commands = redis::pipe();
        for name in names {
            commands.get(self.key(name, presented));
        }
        let found: (Option<Vec<u8>>, Option<Vec<u8>>) =
            self.connection.query_all(&commands).await?;
        Ok(found.0.zip(found.1))
    }
}

#[async_trait]
impl LegacyTokenStore for LegacyRedisStore {
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(["access", "auth"], presented).await?;
        let Some((token, authentication)) = found else {
            return Ok(None);
        };
        let token = read(LegacyAccessToken::read(&token))?;
        let authentication = read(LegacyAuthentication::read(&authentication))?;
        Ok(Some((token, authentication)).filter(|(token, _)| token.value == *presented))
    }

    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
        let found = self.streams(["refresh", "refresh_auth"], presented).await?;
        let Some((token, authentication)) = found else {
            return Ok(None);
        };
        let token = read(LegacyRefreshToken::read(&token))?;
        let authentication = read(LegacyAuthentication::read(&authentication))?;
        Ok(Some((token, authentication)).filter(|(token, _)| token.value == *presented))
    }

    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        let mut script = self.take_refresh_token.prepare_invoke();
        for name in ["refresh", "refresh_auth", "refresh_to_access"] {
            script.key(self.key(name, presented));
        }
        script.arg(&self.prefix);
        self.connection.invoke(&script).await
    }

    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        let names = ["access", "auth", "access_to_refresh"];
        let keys = names.map(|name| self.key(name, presented));
        let mut command = redis::cmd("DEL");
        command.arg(&keys);
        self.connection.query(&command).await
    }
}

fn read<T>(read: Result<T, LegacyTokenError>) -> Result<T, StoreError> {
    read.map_err(|error| StoreError::Damaged(format!("a token of the Spring server: {error}")))
}
