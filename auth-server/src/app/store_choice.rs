//! Which store the settings name, and how each worker gets to it.

use std::path::PathBuf;
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::secret::Secret;

use crate::app::authority::authority;
use crate::app::error::StartError;
use crate::app::legacy_tokens::LegacyTokenOpener;
use crate::metrics::StoreMetrics;
use crate::settings::Settings;
use crate::stores::embedded::{EmbeddedLocation, EmbeddedStore};
use crate::stores::redis::{RedisSettings, RedisStore};
use crate::stores::{StoreError, StoreObserver, Stores};

/// Which store the settings name.
#[derive(Clone, Debug)]
pub enum StoreChoice {
    /// In this process.
    Embedded(EmbeddedLocation),
    /// In Redis.
    Redis(RedisSettings),
}

/// What becomes of a store that is absent, or that no server has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// A server begins on it.
    Begun,
    /// Who works on the store of a server looks for it in the wrong place.
    Refused,
    /// Who only looks finds nothing in it.
    LookedAt,
}

impl StoreChoice {
    /// Reads `store.url`.
    pub fn read(settings: &Settings) -> Result<Self, StartError> {
        let url = settings.store.url.expose();
        let (scheme, rest) = url.split_once(':').unwrap_or_default();
        match (scheme, rest) {
            ("memory", "") => Ok(Self::Embedded(EmbeddedLocation::Memory)),
            ("embedded", path) if !path.is_empty() => {
                let file = EmbeddedLocation::File(PathBuf::from(path));
                Ok(Self::Embedded(file))
            }
            ("redis" | "rediss", rest) if rest.starts_with("//") => {
                Ok(Self::Redis(redis_settings(settings)?))
            }
            _ => Err(StartError::Settings(format!(
                "`store.url` begins with `{scheme}:`; accepted: memory:, embedded:PATH, redis://… and \
                 rediss://…"
            ))),
        }
    }

    /// Opens the store once, to see that it can be, for all workers to come.
    pub(super) async fn opener(
        &self,
        clock: &Arc<dyn Clock>,
        metrics: &StoreMetrics,
        unused: Unused,
    ) -> Result<StoreOpener, StoreError> {
        match self {
            Self::Embedded(location) => {
                let observer: Arc<dyn StoreObserver> = Arc::new(metrics.of_system("redb"));
                let store = match unused {
                    Unused::Begun => EmbeddedStore::open(location, Arc::clone(clock))?,
                    Unused::Refused => EmbeddedStore::open_existing(location, Arc::clone(clock))?,
                    Unused::LookedAt => EmbeddedStore::open_to_look(location, Arc::clone(clock))?,
                };
                let stores = Stores::of(&Arc::new(store)).observed(&observer);
                Ok(Opening::Shared(stores).into())
            }
            Self::Redis(settings) => {
                let store = RedisStore::new(settings, Arc::clone(clock))?;
                store.check_configuration().await?;
                let opener = RedisOpener {
                    settings: settings.clone(),
                    clock: Arc::clone(clock),
                    observer: Arc::new(metrics.of_system("redis")),
                };
                Ok(Opening::PerWorker(opener).into())
            }
        }
    }
}

impl StoreChoice {
    /// That no server has used it yet.
    pub(super) fn unused(&self) -> StoreError {
        let place = match self {
            Self::Embedded(EmbeddedLocation::File(file)) => file.display().to_string(),
            Self::Embedded(EmbeddedLocation::Memory) | Self::Redis(_) => "`store.url`".to_owned(),
        };
        StoreError::Unavailable(format!(
            "no server has used {place} yet; nothing was made there"
        ))
    }
}

fn redis_settings(settings: &Settings) -> Result<RedisSettings, StartError> {
    let file = settings.store.ca_file.as_deref();
    Ok(RedisSettings {
        authority: authority("store.ca_file", file)?,
        url: settings.store.url.expose().to_owned(),
        password: redis_password(settings)?,
        key_prefix: settings.store.key_prefix.clone(),
        timeout_ms: settings.store.timeout_ms,
    })
}

/// `store.password`; it must be the only one.
fn redis_password(settings: &Settings) -> Result<Option<Secret>, StartError> {
    let Some(password) = &settings.store.password else {
        return Ok(None);
    };
    let url = url::Url::parse(settings.store.url.expose());
    if url.is_ok_and(|url| url.password().is_some()) {
        // Neither may be quoted.
        let text = "`store.url` holds a password, and `store.password` is set too";
        return Err(StartError::Settings(text.to_owned()));
    }
    Ok(Some(password.clone()))
}

/// Opens the stores for each worker.
#[derive(Clone)]
pub(super) struct StoreOpener {
    own: Opening,
    legacy_tokens: Option<LegacyTokenOpener>,
}

/// How this server's own store is opened: an embedded one is shared by all; to Redis each worker has a
/// connection of its own, because a shared one costs a wake-up across threads for every command.
#[derive(Clone)]
enum Opening {
    Shared(Stores),
    PerWorker(RedisOpener),
}

/// What a connection to Redis is made with.
#[derive(Clone)]
struct RedisOpener {
    settings: RedisSettings,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn StoreObserver>,
}

impl From<Opening> for StoreOpener {
    fn from(own: Opening) -> Self {
        let legacy_tokens = None;
        Self { own, legacy_tokens }
    }
}

impl StoreOpener {
    /// Opens the store of a Spring server too.
    pub(super) fn with_legacy_tokens(self, legacy_tokens: Option<LegacyTokenOpener>) -> Self {
        Self {
            legacy_tokens,
            ..self
        }
    }

    /// The stores for the runtime that this is called on, before there are keys.
    pub(super) fn open(&self) -> Result<Stores, StoreError> {
        let mut stores = self.own.open()?;
        if let Some(legacy_tokens) = &self.legacy_tokens {
            legacy_tokens.open_into(&mut stores)?;
        }
        Ok(stores)
    }
}

impl Opening {
    fn open(&self) -> Result<Stores, StoreError> {
        match self {
            Self::Shared(stores) => Ok(stores.clone()),
            Self::PerWorker(redis) => {
                let store = RedisStore::new(&redis.settings, Arc::clone(&redis.clock))?;
                Ok(Stores::of(&Arc::new(store)).observed(&redis.observer))
            }
        }
    }
}
