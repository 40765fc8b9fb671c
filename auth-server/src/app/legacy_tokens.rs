//! Where the Spring server before this one keeps its tokens: its Redis or its database.

use std::sync::Arc;

use symbolon_service::settings::shown;

use crate::app::authority::authority;
use crate::app::error::StartError;
use crate::app::registries;
use crate::legacy_tokens::SecurityRelease;
use crate::metrics::StoreMetrics;
use crate::settings::Settings;
use crate::stores::redis::{LegacyRedisStore, LegacyRedisWriter, RedisSettings, RedisStore};
use crate::stores::{
    LegacyTokenStore, LegacyTokenWriter, Observed, StoreError, StoreObserver, Stores,
};

/// Opens it for each worker.
#[derive(Clone)]
pub(super) enum LegacyTokenOpener {
    /// A connection of its own for each worker, as to a Redis of ours.
    Redis(LegacyRedis),
    /// A pool that all share.
    Sql(Arc<dyn LegacyTokenStore>),
}

/// How its Redis is opened.
#[derive(Clone)]
pub(super) struct LegacyRedis {
    settings: RedisSettings,
    /// Of what is written there too; `None` where nothing is.
    release: Option<SecurityRelease>,
    observer: Arc<dyn StoreObserver>,
}

impl LegacyTokenOpener {
    /// Reads which one the settings name; `None` where they name none. It belongs to the runtime that this is called on.
    pub(super) fn read(
        settings: &Settings,
        metrics: &StoreMetrics,
    ) -> Result<Option<Self>, StartError> {
        check_there_is_one(settings)?;
        let release = write_back(settings)?;
        if let Some(tokens) = registries::legacy_tokens(settings, metrics)? {
            return Ok(Some(Self::Sql(tokens)));
        }
        Ok(legacy_redis(settings)?.map(|settings| {
            Self::Redis(LegacyRedis {
                settings,
                release,
                observer: Arc::new(metrics.of_other_system("redis")),
            })
        }))
    }

    /// Adds the store to others, for the runtime that this is called on.
    pub(super) fn open_into(&self, stores: &mut Stores) -> Result<(), StoreError> {
        match self {
            Self::Sql(tokens) => stores.legacy_tokens = Some(Arc::clone(tokens)),
            Self::Redis(redis) => {
                let store = LegacyRedisStore::new(&redis.settings)?;
                stores.legacy_writer = redis.release.map(|release| redis.writer(&store, release));
                let store: Arc<dyn LegacyTokenStore> = Arc::new(store);
                stores.legacy_tokens = Some(Arc::new(Observed::new(store, &redis.observer)));
            }
        }
        Ok(())
    }
}

impl LegacyRedis {
    fn writer(
        &self,
        store: &LegacyRedisStore,
        release: SecurityRelease,
    ) -> Arc<dyn LegacyTokenWriter> {
        let writer: Arc<dyn LegacyTokenWriter> = Arc::new(LegacyRedisWriter::new(store, release));
        Arc::new(Observed::new(writer, &self.observer))
    }
}

/// What is wrong with the settings, without asking anybody.
pub(super) fn check(settings: &Settings) -> Result<(), StartError> {
    check_there_is_one(settings)?;
    write_back(settings)?;
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

/// For which release tokens are written into its Redis too.
fn write_back(settings: &Settings) -> Result<Option<SecurityRelease>, StartError> {
    let legacy = &settings.legacy_tokens;
    let Some(text) = &legacy.write_back else {
        return Ok(None);
    };
    if legacy.redis_url.is_none() {
        let text = "`legacy_tokens.write_back` is set, and `legacy_tokens.redis_url` is not; tokens are written back into a \
                    Redis only";
        return Err(StartError::Settings(text.to_owned()));
    }
    let refused = || {
        StartError::Settings(format!(
            "`legacy_tokens.write_back` is `{}`; accepted: the release of Spring Security that the Spring server runs \
             on, {}",
            shown(text),
            SecurityRelease::ACCEPTED
        ))
    };
    SecurityRelease::parse(text).map(Some).ok_or_else(refused)
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

#[cfg(test)]
mod tests {
    use symbolon_service::settings::SettingsSources;

    use super::*;

    fn refused(settings: &[(&str, &str)]) -> Option<String> {
        let environment = settings.iter().map(|(name, value)| {
            let name = format!("AUTH_SERVER__LEGACY_TOKENS__{name}");
            (name, (*value).to_owned())
        });
        let sources = SettingsSources {
            file: None,
            environment: environment.collect(),
        };
        let settings: Settings = sources.load().unwrap();
        check(&settings).err().map(|error| error.to_string())
    }

    #[test]
    fn the_way_back_needs_a_redis_and_a_release_of_spring_security() {
        let redis = ("REDIS_URL", "redis://:sesame@127.0.0.1:1/0");
        assert_eq!(refused(&[redis, ("WRITE_BACK", "4.2")]), None);
        assert_eq!(refused(&[redis, ("WRITE_BACK", "")]), None);
        let text = refused(&[redis, ("WRITE_BACK", "6.0")]).unwrap();
        assert!(text.contains("`6.0`; accepted:"), "{text}");
        assert!(text.contains("3.1 to 5.8"), "{text}");
        let nowhere = refused(&[("WRITE_BACK", "4.2")]).unwrap();
        let in_tables = refused(&[("WRITE_BACK", "4.2"), ("SQL_URL", "sqlite:old.db")]).unwrap();
        for text in [nowhere, in_tables] {
            assert!(text.contains("`legacy_tokens.redis_url` is not"), "{text}");
        }
    }
}
