//! What the logic asks of a store, and what a store promises.
//!
//! - **One operation per protocol event, decided in one atomic step, answered by an outcome.** Nothing
//!   here is "find, check, save"; many instances of the server may work on one store.
//! - **A write that was answered is kept**, also when the process is killed right after.
//! - **Nothing grows for ever**: every record ends, at the latest after [`LONGEST_LIFE_SECS`]. Only the
//!   registrations of clients and owners stay until somebody removes them.
//! - **Expiry follows the clock that the store was given**: an expired record is as good as absent.
//! - **What is damaged stands in nobody's way**: it is told as [`StoreError::Damaged`] or left out of a list, and can be
//!   ended and written anew like any other.
//! - **Nothing in a store can be presented**: ids of handles, digests of session cookies, sealed keys,
//!   hashes of passwords and secrets.
//!
//! `contract` checks all of it on every store.

use std::fmt;
use std::sync::Arc;

mod access_tokens;
mod approvals;
mod authorization_codes;
mod clients;
#[cfg(test)]
mod contract;
mod directory;
pub mod embedded;
mod ended_jwts;
mod error;
mod grants;
mod habits;
mod health;
mod issuers;
mod journal;
mod key_records;
#[cfg(feature = "ldap")]
pub mod ldap;
mod legacy_survey;
mod legacy_tokens;
mod legacy_writing;
mod lifetimes;
mod log_limit;
mod observation;
mod one_time_links;
mod owners;
mod passkeys;
#[cfg(any(feature = "ldap", feature = "sql"))]
mod presence;
pub mod redis;
mod refresh_tokens;
mod remembered;
mod search;
mod second_factors;
mod sessions;
mod sign_ups;
#[cfg(feature = "sql")]
pub mod sql;

pub use access_tokens::{AccessTokenStore, Issuance, Reuse, ReuseKey};
pub use approvals::ApprovalStore;
pub use authorization_codes::{AuthorizationCodeStore, Redemption};
pub use clients::{ClientList, ClientRegistrar, ClientStore};
pub use directory::{DirectoryOwner, OwnerDirectory};
pub use ended_jwts::{EndedJwtId, EndedJwtStore};
pub use error::{StoreError, or_if_damaged};
pub use grants::{GivenGrant, GrantStore, SearchPart};
pub use habits::HabitStore;
pub use health::StoreHealth;
pub use issuers::IssuerStore;
pub use journal::{JournalPart, JournalStore};
pub use key_records::{Addition, KeyStore};
pub use legacy_survey::{
    LegacyTokenSurvey, SurveyPage, SurveyedGrant, SurveyedKind, SurveyedToken,
};
pub use legacy_tokens::LegacyTokenStore;
pub use legacy_writing::{LegacyTokenWriter, TokensOfGrant, WrittenTokens};
pub use lifetimes::{LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS};
pub use observation::{OPERATIONS, Observed, OperationOutcome, StoreObserver};
pub use one_time_links::OneTimeLinkStore;
pub use owners::{OwnerRegistrar, OwnerStore};
pub use passkeys::{ChallengeId, PasskeyStore};
pub use refresh_tokens::{RefreshTokenStore, Renewal, Rotation, Successor};
pub use remembered::{MemoryLimits, RegistryObserver, Remembered};
pub use search::SearchPlace;
pub use second_factors::SecondFactorStore;
pub use sessions::{Answering, LISTED_SESSIONS, PENDING_AUTHORIZATIONS_PER_SESSION, SessionStore};
pub use sign_ups::{SignUpOutcome, SignUpStore};

/// One of each port. Logic takes the ports that it uses; different adapters may stand behind them.
#[derive(Clone)]
pub struct Stores {
    /// Authorization codes.
    pub codes: Arc<dyn AuthorizationCodeStore>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokenStore>,
    /// Refresh tokens. With access tokens and grants they are one record, so one adapter keeps the three.
    pub refresh_tokens: Arc<dyn RefreshTokenStore>,
    /// Grants.
    pub grants: Arc<dyn GrantStore>,
    /// Approvals.
    pub approvals: Arc<dyn ApprovalStore>,
    /// Sessions and what waits in them.
    pub sessions: Arc<dyn SessionStore>,
    /// The server's own keys.
    pub keys: Arc<dyn KeyStore>,
    /// JWTs of another server that have ended here.
    pub ended_jwts: Arc<dyn EndedJwtStore>,
    /// Whose store it is.
    pub issuers: Arc<dyn IssuerStore>,
    /// Registrations of clients.
    pub clients: Arc<dyn ClientRegistrar>,
    /// Registrations of owners.
    pub owners: Arc<dyn OwnerRegistrar>,
    /// Second factors of owners, wherever these are registered.
    pub second_factors: Arc<dyn SecondFactorStore>,
    /// What happened lately.
    pub journal: Arc<dyn JournalStore>,
    /// Who was seen with which habit.
    pub habits: Arc<dyn HabitStore>,
    /// Passkeys of owners, wherever these are registered.
    pub passkeys: Arc<dyn PasskeyStore>,
    /// Links that are good once.
    pub links: Arc<dyn OneTimeLinkStore>,
    /// Accounts that people make for themselves.
    pub sign_ups: Arc<dyn SignUpStore>,
    /// Tokens of a Spring server, in that server's own store; `None` where there was none before this one.
    pub legacy_tokens: Option<Arc<dyn LegacyTokenStore>>,
    /// Writes tokens of this server there too; `None` where none are.
    pub legacy_writer: Option<Arc<dyn LegacyTokenWriter>>,
    /// Whether the store answers.
    pub health: Arc<dyn StoreHealth>,
}

impl fmt::Debug for Stores {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stores").finish_non_exhaustive()
    }
}

impl Stores {
    /// The ports of one adapter that has them all.
    pub fn of<S>(store: &Arc<S>) -> Self
    where
        S: AuthorizationCodeStore
            + AccessTokenStore
            + RefreshTokenStore
            + GrantStore
            + ApprovalStore
            + SessionStore
            + KeyStore
            + EndedJwtStore
            + IssuerStore
            + ClientRegistrar
            + OwnerRegistrar
            + SecondFactorStore
            + JournalStore
            + HabitStore
            + PasskeyStore
            + OneTimeLinkStore
            + SignUpStore
            + StoreHealth
            + 'static,
    {
        Self {
            codes: store.clone(),
            access_tokens: store.clone(),
            refresh_tokens: store.clone(),
            grants: store.clone(),
            approvals: store.clone(),
            sessions: store.clone(),
            keys: store.clone(),
            ended_jwts: store.clone(),
            issuers: store.clone(),
            clients: store.clone(),
            owners: store.clone(),
            second_factors: store.clone(),
            journal: store.clone(),
            habits: store.clone(),
            passkeys: store.clone(),
            links: store.clone(),
            sign_ups: store.clone(),
            legacy_tokens: None,
            legacy_writer: None,
            health: store.clone(),
        }
    }

    /// The same ports, observed.
    #[must_use]
    pub fn observed(self, observer: &Arc<dyn StoreObserver>) -> Self {
        Self {
            codes: Arc::new(Observed::new(self.codes, observer)),
            access_tokens: Arc::new(Observed::new(self.access_tokens, observer)),
            refresh_tokens: Arc::new(Observed::new(self.refresh_tokens, observer)),
            grants: Arc::new(Observed::new(self.grants, observer)),
            approvals: Arc::new(Observed::new(self.approvals, observer)),
            sessions: Arc::new(Observed::new(self.sessions, observer)),
            keys: Arc::new(Observed::new(self.keys, observer)),
            ended_jwts: Arc::new(Observed::new(self.ended_jwts, observer)),
            issuers: Arc::new(Observed::new(self.issuers, observer)),
            clients: Arc::new(Observed::new(self.clients, observer)),
            owners: Arc::new(Observed::new(self.owners, observer)),
            second_factors: Arc::new(Observed::new(self.second_factors, observer)),
            journal: Arc::new(Observed::new(self.journal, observer)),
            habits: Arc::new(Observed::new(self.habits, observer)),
            passkeys: Arc::new(Observed::new(self.passkeys, observer)),
            links: Arc::new(Observed::new(self.links, observer)),
            sign_ups: Arc::new(Observed::new(self.sign_ups, observer)),
            legacy_tokens: self.legacy_tokens,
            legacy_writer: self.legacy_writer,
            health: Arc::new(Observed::new(self.health, observer)),
        }
    }
}
