//! What a server stands on: the store that the settings name and the keys in it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use crate::app::{ClockAndRandom, StartError};
use crate::audit::Audit;
use crate::clients::client::Clients;
use crate::keys::sealing::Sealing;
use crate::keys::{ConfiguredKey, KeyPolicy, KeyRing, KeySources};
use crate::metrics::StoreMetrics;
use crate::settings::Settings;
use crate::stores::embedded::{EmbeddedLocation, EmbeddedStore};
use crate::stores::observed::ObservedStore;
use crate::stores::redis::{RedisSettings, RedisStore};
use crate::stores::{KeyStore, Store, StoreError};

/// Which store the settings name.
#[derive(Clone, Debug)]
pub enum StoreChoice {
    /// In this process.
    Embedded(EmbeddedLocation),
    /// In Redis.
    Redis(RedisSettings),
}

impl StoreChoice {
    /// Reads `store.url`.
    pub fn read(settings: &Settings) -> Result<Self, StartError> {
        let url = settings.store.url.expose();
        if url == "memory:" {
            return Ok(Self::Embedded(EmbeddedLocation::Memory));
        }
        if let Some(path) = url
            .strip_prefix("embedded:")
            .filter(|path| !path.is_empty())
        {
            return Ok(Self::Embedded(EmbeddedLocation::File(PathBuf::from(path))));
        }
        if url.starts_with("redis://") || url.starts_with("rediss://") {
            let file = &settings.store.ca_file;
            let authority = if file.is_empty() {
                None
            } else {
                let told = |error| StartError::Settings(format!("`store.ca_file` {file}: {error}"));
                Some(std::fs::read(file).map_err(told)?)
            };
            return Ok(Self::Redis(RedisSettings {
                authority,
                url: settings.store.url.expose().to_owned(),
                password: redis_password(settings)?,
                key_prefix: settings.store.key_prefix.clone(),
                timeout_ms: settings.store.timeout_ms,
            }));
        }
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        Err(StartError::Settings(format!(
            "`store.url` begins with `{scheme}:`; accepted: memory:, embedded:PATH, redis://… and rediss://…"
        )))
    }

    /// The secret that seals keys: the configured one, or for a file the one that is kept beside it.
    fn sealing(&self, settings: &Settings, random: &dyn Random) -> Result<Sealing, StartError> {
        let configured = &settings.store.sealing_secret;
        if !configured.expose().is_empty() {
            return Ok(Sealing::new(Some(configured))?);
        }
        match self {
            Self::Embedded(EmbeddedLocation::File(path)) => {
                Ok(Sealing::new(Some(&secret_beside(path, random)?))?)
            }
            Self::Embedded(EmbeddedLocation::Memory) => Ok(Sealing::new(None)?),
            Self::Redis(_) => {
                tracing::warn!(
                    event = "keys_not_sealed",
                    "store.sealing_secret is empty: whoever can read Redis can sign tokens"
                );
                Ok(Sealing::new(None)?)
            }
        }
    }
}

/// `store.password`; it must be the only one.
fn redis_password(settings: &Settings) -> Result<Option<Secret>, StartError> {
    let (url, password) = (&settings.store.url, &settings.store.password);
    if password.expose().is_empty() {
        return Ok(None);
    }
    let holds_one = url::Url::parse(url.expose()).is_ok_and(|url| url.password().is_some());
    if holds_one {
        // Neither may be quoted.
        let told = "`store.url` holds a password, and `store.password` is set too";
        return Err(StartError::Settings(told.to_owned()));
    }
    Ok(Some(password.clone()))
}

/// The secret in `PATH.secret`; generated when there is none.
fn secret_beside(path: &Path, random: &dyn Random) -> io::Result<Secret> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut file = path.as_os_str().to_owned();
    file.push(".secret");
    match std::fs::read_to_string(&file) {
        Ok(secret) => Ok(Secret::new(secret.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = Secret::new(random.text::<32>());
            let mut options = std::fs::OpenOptions::new();
            let mut created = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&file)?;
            created.write_all(secret.expose().as_bytes())?;
            created.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// Opens the store for each worker: an embedded one is shared by all; to Redis each worker has a
/// connection of its own, because a shared one costs a wake-up across threads for every command.
#[derive(Clone)]
pub(super) enum StoreOpener {
    Shared(Arc<dyn Store>),
    Redis(RedisSettings, Arc<dyn Clock>),
}

impl StoreOpener {
    async fn new(choice: &StoreChoice, clock: &Arc<dyn Clock>) -> Result<Self, StoreError> {
        match choice {
            StoreChoice::Embedded(location) => {
                let store = EmbeddedStore::open(location, Arc::clone(clock))?;
                Ok(Self::Shared(Arc::new(store)))
            }
            StoreChoice::Redis(settings) => {
                let store = RedisStore::new(settings, Arc::clone(clock))?;
                store.check_configuration().await?;
                Ok(Self::Redis(settings.clone(), Arc::clone(clock)))
            }
        }
    }

    /// Where keys are kept, for the runtime that this is called on.
    fn open_keys(&self) -> Result<Arc<dyn KeyStore>, StoreError> {
        Ok(self.open()?)
    }

    /// The store for the runtime that this is called on.
    pub(super) fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        match self {
            Self::Shared(store) => Ok(Arc::clone(store)),
            Self::Redis(settings, clock) => {
                Ok(Arc::new(RedisStore::new(settings, Arc::clone(clock))?))
            }
        }
    }
}

/// A [`StoreOpener`] whose stores are observed.
#[derive(Clone)]
pub(super) struct ObservedOpener {
    opener: StoreOpener,
    metrics: StoreMetrics,
}

impl StoreOpener {
    pub(super) fn observed_by(self, metrics: &StoreMetrics) -> ObservedOpener {
        ObservedOpener {
            opener: self,
            metrics: metrics.clone(),
        }
    }
}

impl ObservedOpener {
    /// See [`StoreOpener::open`].
    pub(super) fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(self.observe(self.opener.open()?))
    }

    /// The same store, observed.
    pub(super) fn observe(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        let system = match self.opener {
            StoreOpener::Shared(_) => "redb",
            StoreOpener::Redis(..) => "redis",
        };
        Arc::new(ObservedStore::new(store, system, self.metrics.clone()))
    }
}

/// The store and the keys, without an HTTP server: what the operator's commands work on.
pub struct Foundation {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The server's keys.
    pub keys: KeyRing,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// The registered clients.
    pub clients: Clients,
    pub(super) opener: StoreOpener,
}

impl Foundation {
    /// Opens the store and loads the keys; makes those that are missing.
    pub async fn open(settings: &Settings, inputs: &ClockAndRandom) -> Result<Self, StartError> {
        let choice = StoreChoice::read(settings)?;
        let opener = StoreOpener::new(&choice, &inputs.clock).await?;
        let store = opener.open()?;
        let sealing = choice.sealing(settings, inputs.random.as_ref())?;
        let sources = KeySources {
            store: opener.open_keys()?,
            sealing,
            policy: policy(settings),
            configured: configured_key(settings)?,
            clock: Arc::clone(&inputs.clock),
            random: Arc::clone(&inputs.random),
        };
        let audit = Arc::new(Audit::default());
        let clients = Clients::new(settings.clients().map_err(StartError::Settings)?);
        let loaded = KeyRing::load(sources, clients.longest_access_token_life_secs()).await;
        audit.record_key_changes(&loaded.changes);
        let keys = loaded.outcome?;
        Ok(Self {
            store,
            keys,
            audit,
            clients,
            opener,
        })
    }
}

fn policy(settings: &Settings) -> KeyPolicy {
    KeyPolicy {
        algorithm: settings.keys.algorithm,
        publish_ahead_secs: settings.keys.publish_ahead_secs,
        rotate_every_secs: Some(settings.keys.rotate_every_secs).filter(|secs| *secs > 0),
    }
}

fn configured_key(settings: &Settings) -> Result<Option<ConfiguredKey>, StartError> {
    let file = &settings.keys.signing_key_file;
    if file.is_empty() {
        return Ok(None);
    }
    let algorithm = settings.keys.algorithm;
    let text = std::fs::read(file).map(Zeroizing::new).map_err(|error| {
        StartError::Settings(format!("`keys.signing_key_file` {file}: {error}"))
    })?;
    let material = if algorithm == SigningAlgorithm::HS256 {
        Zeroizing::new(text.trim_ascii().to_vec())
    } else {
        let pem = pem::parse(text.as_slice()).map_err(|_| {
            let accepted = "accepted: one private key as PEM";
            StartError::Settings(format!(
                "`keys.signing_key_file` {file} is no PEM; {accepted}"
            ))
        })?;
        Zeroizing::new(pem.into_contents())
    };
    Ok(Some(ConfiguredKey {
        algorithm,
        material,
    }))
}

#[cfg(test)]
mod tests {
    use redis_server::RedisServer;
    use symbolon_service::settings::SettingsSources;

    use super::*;

    fn settings(store: &[(&str, &str)]) -> Settings {
        let environment = store
            .iter()
            .map(|(name, value)| (format!("AUTH_SERVER__STORE__{name}"), (*value).to_owned()));
        let sources = SettingsSources {
            file: None,
            environment: environment.collect(),
        };
        sources.load().unwrap()
    }

    #[tokio::test]
    async fn a_password_of_any_letters_opens_redis_from_a_setting_of_its_own() {
        let password = "p@ss:w/rd%41ü?#";
        let redis = RedisServer::start_with(Some(password.to_owned())).await;
        let url = format!("redis://127.0.0.1:{}/0", redis.port());
        let inputs = ClockAndRandom::of_the_system();
        let right = settings(&[("URL", &url), ("PASSWORD", password)]);
        Foundation::open(&right, &inputs).await.map(drop).unwrap();
        let wrong = settings(&[("URL", &url), ("PASSWORD", "wrong")]);
        let error = Foundation::open(&wrong, &inputs).await.map(drop);
        assert!(matches!(error, Err(StartError::Store(_))), "{error:?}");
    }

    #[test]
    fn two_passwords_for_one_redis_are_refused_and_not_quoted() {
        let twice = settings(&[("URL", "redis://:one1@localhost"), ("PASSWORD", "two2")]);
        let error = StoreChoice::read(&twice).unwrap_err().to_string();
        assert!(error.contains("`store.password` is set too"), "{error}");
        assert!(
            !error.contains("one1") && !error.contains("two2"),
            "{error}"
        );
    }
}
