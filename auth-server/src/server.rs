//! The rooms of the logic, put together for one worker thread. Only what answers requests knows this list;
//! the logic never names it.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon_service::settings::AllInForce;

use crate::account_links::AccountLinks;
use crate::addresses::Addresses;
use crate::administration::{Administration, Administrators, NewPasswords};
use crate::audit::Audit;
use crate::authorization::Authorization;
use crate::brakes::Meter;
use crate::clients::access_rules::AccessRules;
use crate::clients::authentication::ClientAuthenticator;
use crate::clients::registry::Clients;
use crate::clients::self_registration::SelfRegistration;
use crate::clients::spring_habits::SpringHabits;
use crate::grants::Grants;
use crate::habits::{HabitBoard, WorkerCounts};
use crate::journal::Journal;
use crate::keys::KeyRing;
use crate::metrics::Metrics;
use crate::pages::Brand;
#[cfg(feature = "passkeys")]
use crate::passkeys::Passkeys;
use crate::passwords::PasswordVerifier;
use crate::resource_owners::password_change::PasswordChanges;
use crate::resource_owners::sign_in::SignIn;
use crate::scopes::ScopeDescriptions;
use crate::second_factors::SecondFactors;
use crate::sessions::Sessions;
use crate::sessions::known_browsers::KnownBrowsers;
use crate::stores::StoreHealth;
use crate::tokens::check::TokenChecker;
use crate::tokens::end::Access;
use crate::tokens::legacy::LegacyTokens;
use crate::tokens::revoke::TokenRevoker;

/// What the endpoints are given: one per worker thread.
#[derive(Clone)]
pub struct Server {
    /// The address that tokens and responses carry as `iss`; no slash at the end.
    pub issuer: Arc<str>,
    /// Where its endpoints are.
    pub addresses: Arc<Addresses>,
    /// Whose pages they are.
    pub brand: Arc<Brand>,
    /// The settings that it was started with, to be looked at.
    pub in_force: Arc<AllInForce>,
    /// Who may ask for tokens.
    pub clients: Clients,
    /// Finds out which client asks.
    pub authenticator: ClientAuthenticator,
    /// Gives tokens.
    pub grants: Grants,
    /// Tells about tokens.
    pub checker: TokenChecker,
    /// Tells about tokens of the Spring server before this one, where there was one.
    pub legacy_tokens: Option<LegacyTokens>,
    /// Bytes of the longest token that is looked at.
    pub longest_token_bytes: usize,
    /// Takes tokens back.
    pub revoker: TokenRevoker,
    /// Registers clients for developers.
    pub registration: SelfRegistration,
    /// Lists and ends what owners gave.
    pub access: Access,
    /// Who administers.
    pub administrators: Arc<Administrators>,
    /// Does what they want.
    pub administration: Administration,
    /// Passwords that they give to others.
    pub new_passwords: NewPasswords,
    /// Asks owners.
    pub authorization: Authorization,
    /// Finds out which owner signs in.
    pub sign_in: SignIn,
    /// Sets second factors up and checks them.
    pub second_factors: SecondFactors,
    /// Adds passkeys and checks them; `None` where no browser has any for this server.
    #[cfg(feature = "passkeys")]
    pub passkeys: Option<Passkeys>,
    /// Gives owners new passwords.
    pub password_changes: PasswordChanges,
    /// Sends links to owners who have forgotten their passwords; `None` where no mails are sent.
    pub account_links: Option<AccountLinks>,
    /// Remembers who did.
    pub sessions: Sessions,
    /// Counts what browsers begin.
    pub begun: Arc<Meter>,
    /// Knows browsers in which somebody did before.
    pub known_browsers: KnownBrowsers,
    /// Who may call the endpoints that Spring servers have rules for.
    pub access_rules: Arc<AccessRules>,
    /// The habits of a Spring server that are on before a client is known.
    pub spring: SpringHabits,
    /// What scopes mean to people.
    pub scopes: Arc<ScopeDescriptions>,
    /// The server's keys.
    pub keys: Arc<KeyRing>,
    /// Verifies passwords and secrets.
    pub passwords: Arc<PasswordVerifier>,
    /// Tells whether the store answers.
    pub store_health: Arc<dyn StoreHealth>,
    /// Counts what ought to end.
    pub habits: WorkerCounts,
    /// Who was seen with it, and what is announced of it.
    pub habit_board: HabitBoard,
    /// What happened lately.
    pub journal: Journal,
    /// Takes audit events.
    pub audit: Arc<Audit>,
    /// Counts and measures.
    pub metrics: Metrics,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Server({})", self.issuer)
    }
}

impl Server {
    /// True when browsers come over TLS: then cookies must not travel without it.
    pub fn is_https(&self) -> bool {
        self.addresses.is_https()
    }

    /// Whether browsers have passkeys for this server.
    #[cfg(feature = "passkeys")]
    pub const fn has_passkeys(&self) -> bool {
        self.passkeys.is_some()
    }

    /// Whether browsers have passkeys for this server: it was built without them.
    #[cfg(not(feature = "passkeys"))]
    pub const fn has_passkeys(&self) -> bool {
        false
    }
}
