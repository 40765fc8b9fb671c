//! What the logic is given: the store, the keys, the registries, the time and the rules of this server.
//! There is one [`Server`] a worker thread; all but the store is shared between them.

use std::sync::Arc;

use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;

use crate::audit::Audit;
use crate::clients::authentication::ClientSecrets;
use crate::clients::client::Clients;
use crate::keys::{KeyRing, Ring};
use crate::metrics::Metrics;
use crate::passwords::PasswordVerifier;
use crate::resource_owners::owner::ResourceOwners;
use crate::resource_owners::sign_in::SignInThrottle;
use crate::stores::Store;

/// The numbers that the protocol leaves to the server. All are seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// An authorization code.
    pub authorization_code_secs: u64,
    /// After its rotation, a refresh token that is repeated gets the same successor.
    pub refresh_grace_secs: u64,
    /// A decision of an owner; 0 means that owners are asked every time.
    pub approval_secs: u64,
    /// A browser's session once somebody signed in.
    pub login_secs: u64,
    /// A browser's session before, and an authorization request that waits.
    pub pending_secs: u64,
}

/// A scope as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeDescriptions(Vec<ScopeDescription>);

/// What a scope name means.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeDescription {
    /// The scope name.
    pub name: String,
    /// What it lets a client do, in English.
    pub description: String,
    /// The same in other languages, by language tag (`zh-CN`, `ru`).
    #[serde(default)]
    pub translations: std::collections::BTreeMap<String, String>,
}

impl ScopeDescriptions {
    /// These scopes.
    pub const fn new(scopes: Vec<ScopeDescription>) -> Self {
        Self(scopes)
    }

    /// What a scope lets a client do, in the language of the tag; the name when nothing is known.
    pub fn describe<'a>(&'a self, name: &'a str, language_tag: &str) -> &'a str {
        self.0
            .iter()
            .find(|scope| scope.name == name)
            .map_or(name, |scope| {
                scope
                    .translations
                    .get(language_tag)
                    .unwrap_or(&scope.description)
            })
    }
}

/// What is the same for all workers.
#[derive(Debug)]
pub struct Shared {
    /// The address that tokens and responses carry as `iss`; no slash at the end.
    pub issuer: String,
    /// Lifetimes.
    pub lifetimes: Lifetimes,
    /// What scopes mean.
    pub scopes: ScopeDescriptions,
    /// Who may ask for tokens.
    pub clients: Clients,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// Counts and measures.
    pub metrics: Metrics,
    /// How clients prove who they are.
    pub client_secrets: ClientSecrets,
    /// Who may sign in.
    pub owners: ResourceOwners,
    /// Checks passwords.
    pub passwords: Arc<PasswordVerifier>,
    /// Slows guessing down.
    pub throttle: SignInThrottle,
    /// The server's keys.
    pub keys: KeyRing,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// What the logic is given.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
    /// What is kept.
    pub store: Arc<dyn Store>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Server({})", self.shared.issuer)
    }
}

impl std::ops::Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Server {
    /// A server on this store.
    pub const fn new(shared: Arc<Shared>, store: Arc<dyn Store>) -> Self {
        Self { shared, store }
    }

    /// The same server on another connection to the same store.
    #[must_use]
    pub fn with_store(&self, store: Arc<dyn Store>) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            store,
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The keys now.
    pub fn ring(&self) -> Arc<Ring> {
        self.keys.current()
    }

    /// True when browsers come over TLS: then cookies must not travel without it.
    pub fn is_https(&self) -> bool {
        self.issuer.starts_with("https://")
    }
}
