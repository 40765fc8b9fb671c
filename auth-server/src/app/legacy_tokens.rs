//! Where the Spring server before this one keeps its tokens: its Redis or its database.

use std::sync::Arc;

use crate::app::authority::authority;
use crate::app::error::StartError;
use crate::app::registries;
use crate::metrics::StoreMetrics;
use crate::settings::Settings;
use crate::stores::redis::{LegacyRedisStore, RedisSettings, RedisStore};
use crate::stores::{LegacyTokenStore, Observed, StoreError, StoreObserver};

/// Opens it for each worker.
#[derive(Clone)]
pub(super) enum LegacyTokenOpener {
    /// A connection of its own for each worker, as to a Redis of ours.
    Redis(RedisSettings, Arc<dyn StoreObserver>),
    /// A pool that all share.
    Sql(Arc<dyn LegacyTokenStore>),
}

impl LegacyTokenOpener {
    /// Reads which one the settings name; `None` where they name none. It belongs to the runtime that this is called on.
    pub(super) fn read(
        settings: &Settings,
        metrics: &StoreMetrics,
    ) -> Result<Option<Self>, StartError> {
        check_there_is_one(settings)?;
        if let Some(tokens) = registries::legacy_tokens(settings, metrics)? {
            return Ok(Some(Self::Sql(tokens)));
        }
        let observer: Arc<dyn StoreObserver> = Arc::new(metrics.of_other_system("redis"));
        Ok(legacy_redis(settings)?.map(|redis| Self::Redis(redis, observer)))
    }

    /// The store for the runtime that this is called on.
    pub(super) fn open(&self) -> Result<Arc<dyn LegacyTokenStore>, StoreError> {
        match self {
            Self::Sql(tokens) => Ok(Arc::clone(tokens)),
            Self::Redis(settings, observer) => {
                let store: Arc<dyn LegacyTokenStore> = Arc::new(LegacyRedisStore::new(settings)?);
                Ok(Arc::new(Observed::new(store, observer)))
            }
        }
    }
}

/// What is wrong with the settings, without asking anybody.
pub(super) fn check(settings: &Settings) -> Result<(), StartError> {
    check_there_is_one(settings)?;
    let Some(redis) = legacy_redis(settings)? else {
        return Ok(());
    };
    let refused = |error| StartError::Settings(format!("`legacy_tokens.redis_url`: {error}"));
    RedisStore::check_settings(&redis).map_err(refused)
}

/// A Spring server keeps its tokens in one place.
pub(super) fn check_there_is_one(settings: &Settings) -> Result<(), StartError> {
    let legacy = &settings.legacy_tokens;
    if legacy.redis_url.is_some() && legacy.sql_url.is_some() {
        let text = "`legacy_tokens.redis_url` is set, and `legacy_tokens.sql_url` too; accepted: one of them, where the \
                    Spring server keeps its tokens";
        return Err(StartError::Settings(text.to_owned()));
    }
    Ok(())
}

/// The Redis, where `legacy_tokens.redis_url` names it.
pub(super) fn legacy_redis(settings: &Settings) -> Result<Option<RedisSettings>, StartError> {
    let legacy = &settings.legacy_tokens;
    let Some(url) = &legacy.redis_url else {
        return Ok(None);
    };
    Ok(Some(RedisSettings {
        url: url.expose().to_owned(),
        password: None,
        key_prefix: legacy.key_prefix.clone(),
        timeout_ms: legacy.timeout_ms,
        authority: authority("legacy_tokens.ca_file", legacy.ca_file.as_deref())?,
    }))
}
