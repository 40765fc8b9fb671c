//! What the server counts and measures. The logic is given handles; only the wiring knows the registry that
//! they are registered with, and nothing is global. `docs/operations.md` has the table of all metrics.
//!
//! Label values are words of this program, the names of the grants among them that whoever embeds it has added: neither
//! a client's id nor anything else that a caller or an operator chooses is ever one.

pub use prometheus_client::registry::Registry;
pub use symbolon_service::metrics::{Histogram, LimitsReached};

mod audit_counts;
mod hashing;
pub mod limits;
mod readings;
mod registries;
mod store;
mod tokens;

pub use audit_counts::AuditCounts;
pub use hashing::HashDurations;
pub use readings::{ReadParts, register_readings};
pub use registries::RegistryMetrics;
pub use store::{StoreMetrics, SystemMetrics};
pub use tokens::{CheckOutcome, ClientClass, TokenChecks, TokenRequests};

use tokens::GrantLabels;

/// Everything that is counted while requests are answered. Clones share their values.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// The token endpoint.
    pub token_requests: TokenRequests,
    /// `check_token`.
    pub check_token: TokenChecks,
    /// Introspection.
    pub introspect: TokenChecks,
    /// The store.
    pub store: StoreMetrics,
    /// Slow hashes.
    pub hashing: HashDurations,
    /// The audit stream.
    pub audit: AuditCounts,
    /// What limits held back.
    pub limits_reached: LimitsReached,
}

impl Metrics {
    /// Metrics that a scrape of this registry shows; what limits hold back is counted beside that of every service.
    /// `grants` are the extension grants that there are.
    pub fn register(
        registry: &mut Registry,
        limits_reached: LimitsReached,
        grants: impl Iterator<Item = &'static str>,
    ) -> Self {
        limits_reached.expect(&limits::ALL);
        let grants = GrantLabels(grants.collect());
        let [check_token, introspect] = TokenChecks::register(registry);
        let metrics = Self {
            token_requests: TokenRequests::new(grants.clone()),
            check_token,
            introspect,
            store: StoreMetrics::default(),
            hashing: HashDurations::default(),
            audit: AuditCounts::new(grants),
            limits_reached,
        };
        metrics.token_requests.register(registry);
        metrics.store.register(registry);
        metrics.hashing.register(registry);
        metrics.audit.register(registry);
        metrics
    }
}
