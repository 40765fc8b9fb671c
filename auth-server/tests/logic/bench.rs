//! The rooms of the logic, put together as somebody does who embeds the crate: from public items, on a store
//! in memory, with a clock to move.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::{Clock, SettableClock, Timestamp};
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::clients::brake::{ClientBrake, ClientLimits};
use symbolon_auth_server::clients::registration::{self, ClientDefaults};
use symbolon_auth_server::clients::registry::ConfiguredClients;
use symbolon_auth_server::clients::spring_habits::SpringChoice;
use symbolon_auth_server::keys::sealing::Sealing;
use symbolon_auth_server::keys::{KeyPolicy, KeyRing, KeySources};
use symbolon_auth_server::passwords::{HashLimits, NameKey, PasswordVerifier};
use symbolon_auth_server::records::{ClientRegistration, Dialect, OwnerRegistration, TokenFormat};
use symbolon_auth_server::resource_owners::registration as owner_registration;
use symbolon_auth_server::resource_owners::registry::ConfiguredOwners;
use symbolon_auth_server::resource_owners::throttle::{SignInLimits, SignInThrottle};
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::stores::embedded::{EmbeddedLocation, EmbeddedStore};

use crate::assembly;
use crate::rooms::Rooms;
use crate::samples::{alice, bob, other_shop, script, shop};

pub(crate) const ISSUER: &str = "https://auth.example";
/// Seconds.
pub(crate) const ACCESS_TOKEN_SECS: u64 = 3_600;
/// Seconds.
pub(crate) const REFRESH_TOKEN_SECS: u64 = 86_400;
/// Seconds that a new signing key is published before it signs.
pub(crate) const AHEAD_SECS: u64 = 60;
/// Sign-ins per minute, for one account from one address.
pub(crate) const PER_PAIR: u32 = 4;
/// Sign-ins per minute, from one address.
pub(crate) const PER_ADDRESS: u32 = 10;
/// Sign-ins per minute, for one account.
pub(crate) const PER_ACCOUNT: u32 = 20;
/// Secrets per minute, of one client from one address.
pub(crate) const PER_CLIENT: u32 = 5;
/// Secrets per minute, from one address.
pub(crate) const CLIENTS_PER_ADDRESS: u32 = 12;

/// What a bench is made for.
pub(crate) struct Plan {
    pub(crate) clients: Vec<ClientRegistration>,
    pub(crate) owners: Vec<OwnerRegistration>,
    pub(crate) algorithm: SigningAlgorithm,
    /// Seconds in which a rotated refresh token may be repeated.
    pub(crate) grace_secs: u64,
    /// Seconds that a decision is remembered, if at all.
    pub(crate) remembered_secs: Option<u64>,
    /// Whether what an owner granted ends with the password.
    pub(crate) end_with_password: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            clients: vec![shop(), other_shop(), script()],
            owners: vec![alice(), bob()],
            algorithm: SigningAlgorithm::ES256,
            grace_secs: 10,
            remembered_secs: Some(30 * 86_400),
            end_with_password: true,
        }
    }
}

/// A server without HTTP.
pub(crate) struct Bench {
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) stores: Stores,
    pub(crate) configured_clients: Arc<ConfiguredClients>,
    pub(crate) configured_owners: Arc<ConfiguredOwners>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) passwords: Arc<PasswordVerifier>,
    pub(crate) throttle: Arc<SignInThrottle>,
    pub(crate) brake: Arc<ClientBrake>,
    pub(crate) grace_secs: u64,
    pub(crate) remembered_secs: Option<u64>,
    pub(crate) end_with_password: bool,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::planned(Plan::default()).await
    }

    /// With these clients instead of the usual ones.
    pub(crate) async fn of(clients: impl IntoIterator<Item = ClientRegistration>) -> Self {
        let clients = clients.into_iter().collect();
        Self::planned(Plan {
            clients,
            ..Plan::default()
        })
        .await
    }

    pub(crate) async fn planned(plan: Plan) -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
        let store = EmbeddedStore::open(&EmbeddedLocation::Memory, clock.clone()).unwrap();
        let stores = Stores::of(&Arc::new(store));
        let sources = key_sources(&stores, &clock, plan.algorithm);
        let loaded = KeyRing::load(sources, ACCESS_TOKEN_SECS).await;
        let registered = |one| registration::register(one, &defaults()).unwrap();
        let clients = plan.clients.iter().map(registered).collect();
        let accounts = plan.owners.iter();
        let accounts = accounts.map(|owner| owner_registration::register(owner, None));
        let owners = accounts.collect::<Result<_, _>>().unwrap();
        let limits = HashLimits {
            at_a_time: NonZeroUsize::MIN,
            waiting_clients: 0,
            waiting_owners: 0,
        };
        let passwords = PasswordVerifier::new(&limits, NameKey::new([7; 32]));
        Self {
            stores,
            configured_clients: Arc::new(ConfiguredClients::new(clients)),
            configured_owners: Arc::new(ConfiguredOwners::new(owners)),
            keys: Arc::new(loaded.outcome.unwrap()),
            passwords: Arc::new(passwords),
            throttle: Arc::new(SignInThrottle::new(&sign_in_limits(), clock.clone())),
            brake: Arc::new(client_brake(&clock)),
            grace_secs: plan.grace_secs,
            remembered_secs: plan.remembered_secs,
            end_with_password: plan.end_with_password,
            clock,
        }
    }

    /// The rooms on the bench's own stores.
    pub(crate) fn rooms(&self) -> Rooms {
        self.rooms_on(&self.stores)
    }

    /// The same rooms on other stores, for example with a port that fails.
    pub(crate) fn rooms_on(&self, stores: &Stores) -> Rooms {
        assembly::rooms(self, stores)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance_secs(&self, secs: u64) {
        self.clock.advance_secs(secs);
    }

    /// From now on these clients are configured, and no others.
    pub(crate) fn configure(&self, clients: impl IntoIterator<Item = ClientRegistration>) {
        let registered = |one| registration::register(&one, &defaults()).unwrap();
        let clients = clients.into_iter().map(registered).collect();
        self.configured_clients.replace(clients);
    }

    /// From now on these accounts are configured, and no others.
    pub(crate) fn configure_owners(&self, owners: impl IntoIterator<Item = OwnerRegistration>) {
        let registered = |one| owner_registration::register(&one, None).unwrap();
        let owners = owners.into_iter().map(registered).collect();
        self.configured_owners.replace(owners);
    }
}

fn per_minute(attempts: u32) -> NonZeroU32 {
    NonZeroU32::new(attempts).unwrap()
}

fn sign_in_limits() -> SignInLimits {
    SignInLimits {
        per_account_and_address_per_minute: per_minute(PER_PAIR),
        per_address_per_minute: per_minute(PER_ADDRESS),
        per_account_per_minute: per_minute(PER_ACCOUNT),
        wait: Duration::from_millis(1),
        longest_refusal: Duration::from_secs(900),
    }
}

fn client_brake(clock: &Arc<SettableClock>) -> ClientBrake {
    let limits = ClientLimits {
        per_client_and_address_per_minute: per_minute(PER_CLIENT),
        per_address_per_minute: per_minute(CLIENTS_PER_ADDRESS),
    };
    let clock: Arc<dyn Clock> = clock.clone();
    ClientBrake::new(&limits, &clock)
}

/// What registrations leave open.
pub(crate) fn defaults() -> ClientDefaults {
    ClientDefaults {
        token_format: TokenFormat::Opaque,
        dialect: Dialect::Standard,
        access_token_ttl_secs: ACCESS_TOKEN_SECS,
        refresh_token_ttl_secs: REFRESH_TOKEN_SECS,
        hash_without_id: None,
        spring: SpringChoice::default(),
    }
}

/// Keys that are replaced by command only.
pub(crate) fn key_sources(
    stores: &Stores,
    clock: &Arc<SettableClock>,
    algorithm: SigningAlgorithm,
) -> KeySources {
    KeySources {
        store: Arc::clone(&stores.keys),
        sealing: Sealing::under(
            &Secret::new("the operator's secret"),
            "store.sealing_secret",
        )
        .unwrap(),
        policy: KeyPolicy {
            algorithm,
            publish_ahead_secs: AHEAD_SECS,
            rotate_every_secs: None,
            kid_in_header: true,
        },
        configured: None,
        clock: clock.clone(),
        random: Arc::new(SystemRandom),
    }
}
