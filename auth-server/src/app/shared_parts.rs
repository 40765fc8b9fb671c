//! What the settings describe and all workers share.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon_service::settings::{Accepted, AllInForce};

use crate::account_links::LinkBrake;
use crate::addresses::Addresses;
use crate::administration::Administrators;
use crate::app::brand::brand;
use crate::app::error::StartError;
use crate::app::foundation::{Foundation, other_owners};
use crate::app::habits::Habits;
use crate::app::inputs::Inputs;
use crate::app::registries::Registries;
use crate::audit::Audit;
use crate::brakes::Meter;
use crate::clients::access_rules::AccessRules;
use crate::clients::brake::ClientBrake;
use crate::clients::registry::Clients;
use crate::clients::self_registration::RegistrationAccess;
use crate::keys::KeyRing;
use crate::keys::verifying::VerifyingKey;
use crate::metrics::{Metrics, ReadParts};
use crate::outbox::Outbox;
use crate::pages::Brand;
use crate::passwords::{HashLimits, NameKey, PasswordVerifier, VerifiedSecrets};
use crate::rehash::Rehashing;
use crate::resource_owners::registry::{ConfiguredOwners, Owners};
use crate::resource_owners::throttle::SignInThrottle;
use crate::scopes::ScopeDescriptions;
use crate::second_factors::CodeBrake;
use crate::settings::Settings;

/// How long a client's verified secret is remembered, in seconds, and for how many clients.
const VERIFIED_SECRET_TTL_SECS: u64 = 300;
const VERIFIED_SECRETS: usize = 10_000;

/// What is the same for all workers.
#[derive(Clone)]
pub(super) struct SharedParts {
    pub(super) issuer: Arc<str>,
    pub(super) addresses: Arc<Addresses>,
    pub(super) brand: Arc<Brand>,
    /// The settings, to be looked at.
    pub(super) in_force: Arc<AllInForce>,
    pub(super) clients: Clients,
    pub(super) configured_owners: Arc<ConfiguredOwners>,
    /// All accounts, the other layers read through the connection of whoever started the server.
    pub(super) owners: Owners,
    pub(super) registries: Registries,
    pub(super) scopes: Arc<ScopeDescriptions>,
    pub(super) access_rules: Arc<AccessRules>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) legacy_jwt_keys: Arc<[VerifyingKey]>,
    pub(super) passwords: Arc<PasswordVerifier>,
    pub(super) rehashing: Rehashing,
    pub(super) throttle: Arc<SignInThrottle>,
    pub(super) code_brake: Arc<CodeBrake>,
    pub(super) audit: Arc<Audit>,
    pub(super) verified_secrets: Arc<VerifiedSecrets>,
    pub(super) brake: Arc<ClientBrake>,
    pub(super) begun: Arc<Meter>,
    pub(super) registration_access: Arc<RegistrationAccess>,
    pub(super) administrators: Arc<Administrators>,
    /// Where mails wait; `None` where none are sent.
    pub(super) outbox: Option<Outbox>,
    pub(super) link_brake: Arc<LinkBrake>,
    pub(super) habits: Habits,
    pub(super) metrics: Metrics,
    pub(super) inputs: Inputs,
    pub(super) settings: Arc<Settings>,
}

impl SharedParts {
    /// The parts that these settings describe, on this foundation.
    pub(super) fn new(
        settings: &Accepted<Settings>,
        issuer: String,
        foundation: &Foundation,
        inputs: &Inputs,
        observers: Observers,
    ) -> Result<Self, StartError> {
        let Inputs { clock, random, .. } = inputs;
        let Observers { audit, metrics } = observers;
        let access_rules = settings.access_rules();
        let owners = settings.registered_owners().map_err(StartError::Settings)?;
        let configured_owners = Arc::new(ConfiguredOwners::new(owners));
        let registries = foundation.registries.clone();
        let others = other_owners(settings, &registries, &foundation.stores);
        let owners = Owners::new(Arc::clone(&configured_owners), others);
        let passwords = passwords(settings, &foundation.keys, random.as_ref(), &metrics);
        let throttle = SignInThrottle::new(&settings.sign_in_limits(), Arc::clone(clock));
        Ok(Self {
            addresses: Arc::new(Addresses::mapped(&issuer, &settings.paths)?),
            brand: Arc::new(brand(&settings.brand)?),
            in_force: Arc::new(settings.in_force()),
            issuer: issuer.into(),
            clients: foundation.clients.clone(),
            configured_owners,
            owners,
            registries,
            scopes: Arc::new(ScopeDescriptions::new(settings.scopes.clone())),
            access_rules: Arc::new(access_rules.map_err(StartError::Settings)?),
            keys: Arc::clone(&foundation.keys),
            legacy_jwt_keys: Arc::clone(&foundation.legacy_jwt_keys),
            rehashing: Rehashing::new(Arc::clone(&passwords), Arc::clone(random)),
            passwords,
            throttle: Arc::new(throttle),
            code_brake: Arc::new(CodeBrake::new(Arc::clone(clock))),
            audit,
            verified_secrets: Arc::new(verified_secrets(clock, random.as_ref())),
            brake: Arc::new(ClientBrake::new(&settings.client_limits(), clock)),
            begun: begun(settings, clock),
            registration_access: Arc::new(settings.registration.access(Arc::clone(clock))),
            administrators: Arc::new(administrators(settings)),
            outbox: None,
            link_brake: Arc::new(LinkBrake::new(Arc::clone(clock))),
            habits: Habits::new(settings, clock),
            metrics,
            inputs: inputs.clone(),
            settings: Arc::new(settings.settings.clone()),
        })
    }

    /// The same, where mails are sent.
    pub(super) fn sending_mails(self, outbox: Option<Outbox>) -> Self {
        Self { outbox, ..self }
    }

    /// What a scrape reads of them.
    pub(super) fn read_parts(&self) -> ReadParts {
        ReadParts {
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.inputs.clock),
            passwords: Arc::clone(&self.passwords),
            verified_secrets: Arc::clone(&self.verified_secrets),
            throttle: Arc::clone(&self.throttle),
        }
    }
}

/// Who observes what happens.
pub(super) struct Observers {
    pub(super) audit: Arc<Audit>,
    pub(super) metrics: Metrics,
}

fn verified_secrets(clock: &Arc<dyn Clock>, random: &dyn Random) -> VerifiedSecrets {
    let (most, secs) = (VERIFIED_SECRETS, VERIFIED_SECRET_TTL_SECS);
    VerifiedSecrets::new(most, secs, Arc::clone(clock), random)
}

fn administrators(settings: &Settings) -> Administrators {
    let settings = &settings.administration;
    Administrators {
        pages: settings.pages,
        api: settings.api,
        authority: settings.authority.clone(),
    }
}

fn begun(settings: &Settings, clock: &Arc<dyn Clock>) -> Arc<Meter> {
    let per_minute = settings.login.begun_per_address_per_minute;
    Arc::new(Meter::new(per_minute, Arc::clone(clock)))
}

fn passwords(
    settings: &Settings,
    keys: &KeyRing,
    random: &dyn Random,
    metrics: &Metrics,
) -> Arc<PasswordVerifier> {
    const DOMAIN: &[u8] = b"symbolon unknown names";
    let limits = HashLimits::of_this_machine(
        settings.client_authentication.waiting,
        settings.login.waiting,
    );
    // The same for all servers of one store.
    let name_key = keys.current().handles.digest(DOMAIN, b"");
    let name_key = name_key.unwrap_or_else(|| random.bytes());
    let passwords = PasswordVerifier::new(&limits, NameKey::new(name_key));
    Arc::new(passwords.observed_by(Arc::new(metrics.hashing.clone())))
}
