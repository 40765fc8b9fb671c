//! What a server stands on, without HTTP: the store that the settings name, the registrations, and the keys.
//! The operator's commands work on it.

use std::sync::Arc;

use crate::administration::{
    Administration, Applications, NewApplications, OwnerAccounts, PublishedKeys,
};
use crate::app::error::StartError;
use crate::app::habits::Habits;
use crate::app::inputs::Inputs;
use crate::app::journal::journal;
use crate::app::key_files::{configured_key, legacy_jwt_keys, sealing};
use crate::app::legacy_tokens::LegacyTokenOpener;
use crate::app::registries::Registries;
use crate::app::store_choice::{StoreChoice, StoreOpener, Unused};
use crate::audit::Audit;
use crate::clients::registry::{ClientRegistry, Clients, ConfiguredClients, StoredClients};
use crate::habits::HabitBoard;
use crate::journal::Journal;
use crate::keys::verifying::VerifyingKey;
use crate::keys::{KeyPolicy, KeyRing, KeySources};
use crate::metrics::StoreMetrics;
use crate::resource_owners::registry::{ConfiguredOwners, OwnerRegistry, Owners, StoredOwners};
use crate::settings::Settings;
use crate::stores::Stores;
use crate::tokens::end::Access;
use crate::tokens::write_back::written_back;

/// The store, the registrations and the keys.
pub struct Foundation {
    /// The store, for the runtime that opened it.
    pub stores: Stores,
    /// The registered clients.
    pub clients: Clients,
    /// The server's keys.
    pub keys: Arc<KeyRing>,
    /// The keys of the Spring server before this one.
    pub(super) legacy_jwt_keys: Arc<[VerifyingKey]>,
    pub(super) opener: StoreOpener,
    /// Registries of others.
    pub(super) registries: Registries,
}

impl Foundation {
    /// Opens the store, whose operations `metrics` measure, and loads the keys; makes those that are missing
    /// and records it in `audit`. Of a store that no server has used `unused` decides.
    pub async fn open(
        settings: &Settings,
        inputs: &Inputs,
        metrics: &StoreMetrics,
        audit: &Audit,
        unused: Unused,
    ) -> Result<Self, StartError> {
        let choice = StoreChoice::read(settings)?;
        let legacy_jwt_keys = legacy_jwt_keys(settings)?;
        let opener = choice.opener(&inputs.clock, metrics, unused).await?;
        let opener = opener.with_legacy_tokens(LegacyTokenOpener::read(settings, metrics)?);
        let stores = opener.open()?;
        let configured = settings
            .registered_clients()
            .map_err(StartError::Settings)?;
        let configured_clients = Arc::new(ConfiguredClients::new(configured));
        let registries = Registries::open(settings, inputs, metrics)?;
        let others = other_clients(settings, &registries, &stores);
        let clients = Clients::new(configured_clients, others);
        clients.survey().await?;
        let kept = stores.keys.list_keys().await?;
        if unused == Unused::Refused && kept.is_empty() {
            return Err(choice.unused().into());
        }
        let sources = KeySources {
            store: Arc::clone(&stores.keys),
            sealing: sealing(&choice, settings, &kept, inputs.random.as_ref())?,
            policy: policy(settings),
            configured: configured_key(settings)?,
            clock: Arc::clone(&inputs.clock),
            random: Arc::clone(&inputs.random),
        };
        let longest_life_secs = clients.facts().longest_token_life_secs;
        let loaded = KeyRing::load(sources, longest_life_secs).await;
        audit.record_key_changes(&loaded.changes);
        let keys = Arc::new(loaded.outcome?);
        Ok(Self {
            stores: written_back(stores, &keys),
            clients,
            keys,
            legacy_jwt_keys: legacy_jwt_keys.into(),
            opener,
            registries,
        })
    }
}

impl Foundation {
    /// What happened lately.
    pub fn journal(&self, settings: &Settings, inputs: &Inputs) -> Journal {
        journal(settings, &self.stores, &inputs.clock)
    }

    /// Who has which habit.
    pub fn habits(&self, settings: &Settings, inputs: &Inputs) -> HabitBoard {
        let habits = Habits::new(settings, &inputs.clock);
        habits.board(&self.clients, settings, &self.stores)
    }

    /// Lists and changes what the store keeps, beside what these settings know.
    pub fn administration(
        &self,
        settings: &Settings,
        inputs: &Inputs,
        audit: &Arc<Audit>,
    ) -> Result<Administration, StartError> {
        let configured = settings.registered_owners().map_err(StartError::Settings)?;
        let configured = Arc::new(ConfiguredOwners::new(configured));
        let others = other_owners(settings, &self.registries, &self.stores);
        Ok(Administration {
            applications: Applications {
                registrar: Arc::clone(&self.stores.clients),
                clients: self.clients.clone(),
                new: new_applications(settings, inputs),
            },
            owners: OwnerAccounts {
                registrar: Arc::clone(&self.stores.owners),
                owners: Owners::new(configured, others),
                second_factors: Arc::clone(&self.stores.second_factors),
                passkeys: Arc::clone(&self.stores.passkeys),
            },
            access: Access {
                grants: Arc::clone(&self.stores.grants),
                approvals: Arc::clone(&self.stores.approvals),
                sessions: Arc::clone(&self.stores.sessions),
            },
            keys: PublishedKeys {
                ring: Arc::clone(&self.keys),
                clients: self.clients.clone(),
                clock: Arc::clone(&inputs.clock),
                audit: Arc::clone(audit),
            },
            // No command waits until a mail has left: the server that runs sends them.
            outbox: None,
            audit: Arc::clone(audit),
        })
    }
}

/// What applications get that administrators add.
pub(super) fn new_applications(settings: &Settings, inputs: &Inputs) -> NewApplications {
    NewApplications {
        defaults: Arc::new(settings.client_defaults()),
        extension_grants: inputs
            .extensions
            .grants
            .names()
            .map(str::to_owned)
            .collect(),
        secret_overlap_secs: settings.registration.secret_overlap_secs,
        clock: Arc::clone(&inputs.clock),
        random: Arc::clone(&inputs.random),
    }
}

/// The accounts of registries of others, then those in this store.
pub(super) fn other_owners(
    settings: &Settings,
    registries: &Registries,
    stores: &Stores,
) -> Vec<Arc<dyn OwnerRegistry>> {
    let mut layers = registries.owners.clone();
    let without_id = settings.login.hash_without_id;
    let in_store = StoredOwners::new(stores.owners.clone(), without_id);
    layers.push(Arc::new(in_store));
    layers
}

/// The clients of registries of others, then those in this store.
pub(super) fn other_clients(
    settings: &Settings,
    registries: &Registries,
    stores: &Stores,
) -> Vec<Arc<dyn ClientRegistry>> {
    let defaults = Arc::new(settings.client_defaults());
    let mut layers = registries.clients.clone();
    let in_store = StoredClients::new(stores.clients.clone(), defaults);
    layers.push(Arc::new(in_store));
    layers
}

fn policy(settings: &Settings) -> KeyPolicy {
    KeyPolicy {
        algorithm: settings.keys.algorithm,
        publish_ahead_secs: settings.keys.publish_ahead_secs,
        rotate_every_secs: Some(settings.keys.rotate_every_secs).filter(|secs| *secs > 0),
        kid_in_header: settings.keys.kid_in_header,
    }
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
        let inputs = Inputs::of_the_system();
        let right = settings(&[("URL", &url), ("PASSWORD", password)]);
        let (metrics, audit) = (StoreMetrics::default(), Audit::default());
        let opened = Foundation::open(&right, &inputs, &metrics, &audit, Unused::Begun).await;
        opened.map(drop).unwrap();
        let wrong = settings(&[("URL", &url), ("PASSWORD", "wrong")]);
        let opened = Foundation::open(&wrong, &inputs, &metrics, &audit, Unused::Begun).await;
        let error = opened.map(drop);
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
