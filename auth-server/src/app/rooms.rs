//! Puts the rooms of the logic together, for each worker thread with a store of its own.

use std::sync::Arc;

use crate::administration::{
    Administration, Applications, NewPasswords, OwnerAccounts, PublishedKeys,
};
use crate::app::foundation::{new_applications, other_clients, other_owners};
use crate::app::inputs::Inputs;
use crate::app::journal::journal;
use crate::app::shared_parts::SharedParts;
use crate::authorization::Authorization;
use crate::authorization::approval::Approvals;
use crate::authorization::complete::Completion;
use crate::authorization::pending::PendingAuthorizations;
use crate::authorization::request::{AuthorizationRequests, RequestLimits};
use crate::clients::authentication::ClientAuthenticator;
use crate::clients::registry::Clients;
use crate::clients::self_registration::SelfRegistration;
use crate::clients::spring_habits::SpringHabits;
use crate::grants::Grants;
use crate::grants::authorization_code::AuthorizationCodeGrant;
use crate::grants::client_credentials::ClientCredentialsGrant;
use crate::grants::extension::ExtensionGrantExchange;
use crate::grants::implicit::ImplicitGrant;
use crate::grants::password::PasswordGrant;
use crate::grants::refresh_token::RefreshTokenGrant;
#[cfg(feature = "passkeys")]
use crate::passkeys::{Passkeys, RelyingParty};
use crate::passwords::Rehash;
use crate::rehash::{ClientRehash, OwnerRehash};
use crate::resource_owners::password_change::PasswordChanges;
use crate::resource_owners::registry::Owners;
use crate::resource_owners::sign_in::SignIn;
use crate::second_factors::SecondFactors;
use crate::server::Server;
use crate::sessions::known_browsers::KnownBrowsers;
use crate::sessions::{SessionLifetimes, SessionSources, Sessions};
use crate::stores::Stores;
use crate::tokens::check::TokenChecker;
use crate::tokens::end::Access;
use crate::tokens::issue::TokenIssuer;
use crate::tokens::legacy::LegacyTokens;
use crate::tokens::legacy_jwts::LegacyJwts;
use crate::tokens::parties::Parties;
use crate::tokens::revoke::TokenRevoker;

impl SharedParts {
    /// A worker's server on its own stores.
    #[allow(
        clippy::too_many_lines,
        reason = "a line for each room, and nothing else"
    )]
    pub(super) fn server(&self, stores: &Stores) -> Server {
        let rooms = WorkerParts::new(self, stores);
        Server {
            issuer: Arc::clone(&self.issuer),
            addresses: Arc::clone(&self.addresses),
            brand: Arc::clone(&self.brand),
            in_force: Arc::clone(&self.in_force),
            clients: rooms.clients.clone(),
            authenticator: rooms.authenticator(),
            grants: rooms.grants(),
            checker: rooms.checker.clone(),
            legacy_tokens: rooms.legacy_tokens.clone(),
            longest_token_bytes: self.settings.tokens.longest_token_bytes,
            revoker: rooms.revoker(),
            registration: self.self_registration(stores, &rooms.clients),
            access: rooms.access(),
            administrators: Arc::clone(&self.administrators),
            administration: rooms.administration(),
            new_passwords: self.new_passwords(),
            authorization: rooms.authorization(),
            sign_in: rooms.sign_in.clone(),
            second_factors: self.second_factors(stores),
            #[cfg(feature = "passkeys")]
            passkeys: self.passkeys(stores, &rooms),
            password_changes: self.password_changes(stores),
            account_links: self.account_links(stores, &rooms.parties.owners),
            sessions: rooms.sessions.clone(),
            begun: Arc::clone(&self.begun),
            known_browsers: self.known_browsers(),
            access_rules: Arc::clone(&self.access_rules),
            spring: SpringHabits::resolve(&[&self.settings.spring_choice()]),
            scopes: Arc::clone(&self.scopes),
            keys: Arc::clone(&self.keys),
            passwords: Arc::clone(&self.passwords),
            store_health: Arc::clone(&stores.health),
            habits: self.habits.counts.of_a_worker(),
            habit_board: self.habits.board(&rooms.clients, &self.settings, stores),
            journal: journal(&self.settings, stores, &self.inputs.clock),
            audit: Arc::clone(&self.audit),
            metrics: self.metrics.clone(),
            clock: Arc::clone(&self.inputs.clock),
        }
    }
}

impl SharedParts {
    fn sign_in(&self, stores: &Stores, owners: &Owners) -> SignIn {
        let (passwords, throttle) = (Arc::clone(&self.passwords), Arc::clone(&self.throttle));
        let second_factors = Arc::clone(&stores.second_factors);
        SignIn::new(owners.clone(), passwords, throttle, second_factors)
            .rehashing_by(self.owner_rehash(stores))
    }

    fn known_browsers(&self) -> KnownBrowsers {
        KnownBrowsers {
            keys: Arc::clone(&self.keys),
            random: Arc::clone(&self.inputs.random),
        }
    }

    fn second_factors(&self, stores: &Stores) -> SecondFactors {
        SecondFactors {
            store: Arc::clone(&stores.second_factors),
            keys: Arc::clone(&self.keys),
            brake: Arc::clone(&self.code_brake),
            clock: Arc::clone(&self.inputs.clock),
            random: Arc::clone(&self.inputs.random),
        }
    }

    #[cfg(feature = "passkeys")]
    fn passkeys(&self, stores: &Stores, rooms: &WorkerParts<'_>) -> Option<Passkeys> {
        let relying_party = RelyingParty::at(&self.addresses.home.url, &self.brand.name)?;
        Some(Passkeys {
            store: Arc::clone(&stores.passkeys),
            owners: rooms.parties.owners.clone(),
            keys: Arc::clone(&self.keys),
            relying_party: Arc::new(relying_party),
            clock: Arc::clone(&self.inputs.clock),
            random: Arc::clone(&self.inputs.random),
        })
    }

    fn self_registration(&self, stores: &Stores, clients: &Clients) -> SelfRegistration {
        SelfRegistration {
            registrar: Arc::clone(&stores.clients),
            clients: clients.clone(),
            access: Arc::clone(&self.registration_access),
            policy: Arc::new(self.settings.registration.policy()),
            defaults: Arc::new(self.settings.client_defaults()),
            clock: Arc::clone(&self.inputs.clock),
            random: Arc::clone(&self.inputs.random),
        }
    }

    fn new_passwords(&self) -> NewPasswords {
        NewPasswords {
            passwords: Arc::clone(&self.passwords),
            random: Arc::clone(&self.inputs.random),
        }
    }

    pub(super) fn password_changes(&self, stores: &Stores) -> PasswordChanges {
        PasswordChanges {
            owners: Arc::clone(&stores.owners),
            hash_without_id: self.settings.login.hash_without_id,
            passwords: Arc::clone(&self.passwords),
            random: Arc::clone(&self.inputs.random),
        }
    }

    /// What replaces weak hashes of clients in this store, where that is allowed.
    fn client_rehash(&self, stores: &Stores) -> Option<Arc<dyn Rehash>> {
        let settings = &self.settings.client_authentication;
        let rehash = ClientRehash {
            clients: Arc::clone(&stores.clients),
            hash_without_id: settings.hash_without_id,
            verified: Arc::clone(&self.verified_secrets),
            hashing: self.rehashing.clone(),
        };
        settings
            .rehash
            .then(|| -> Arc<dyn Rehash> { Arc::new(rehash) })
    }

    /// The same for passwords of owners.
    fn owner_rehash(&self, stores: &Stores) -> Option<Arc<dyn Rehash>> {
        let settings = &self.settings.login;
        let rehash = OwnerRehash {
            owners: Arc::clone(&stores.owners),
            hash_without_id: settings.hash_without_id,
            keys: Arc::clone(&self.keys),
            hashing: self.rehashing.clone(),
        };
        settings
            .rehash
            .then(|| -> Arc<dyn Rehash> { Arc::new(rehash) })
    }
}

/// What several rooms of one worker are made of.
struct WorkerParts<'a> {
    shared: &'a SharedParts,
    stores: &'a Stores,
    clients: Clients,
    sign_in: SignIn,
    sessions: Sessions,
    issuer: TokenIssuer,
    checker: TokenChecker,
    legacy_tokens: Option<LegacyTokens>,
    parties: Parties,
}

impl<'a> WorkerParts<'a> {
    fn new(shared: &'a SharedParts, stores: &'a Stores) -> Self {
        let Inputs { clock, random, .. } = &shared.inputs;
        let others = other_clients(&shared.settings, &shared.registries, stores);
        let clients = shared.clients.with_others(others);
        let others = other_owners(&shared.settings, &shared.registries, stores);
        let owners = shared.owners.with_others(others);
        let sign_in = shared.sign_in(stores, &owners);
        let parties = Parties {
            clients: clients.clone(),
            owners: owners.clone(),
            keys: Arc::clone(&shared.keys),
            end_with_password: shared.settings.login.password_change_ends_access,
        };
        Self {
            shared,
            stores,
            sessions: sessions(shared, stores, owners),
            sign_in,
            issuer: TokenIssuer {
                issuer: Arc::clone(&shared.issuer),
                access_tokens: Arc::clone(&stores.access_tokens),
                refresh_tokens: Arc::clone(&stores.refresh_tokens),
                keys: Arc::clone(&shared.keys),
                clock: Arc::clone(clock),
                random: Arc::clone(random),
                enhancer: shared.inputs.extensions.enhancer.clone(),
            },
            checker: TokenChecker {
                access_tokens: Arc::clone(&stores.access_tokens),
                refresh_tokens: Arc::clone(&stores.refresh_tokens),
                parties: parties.clone(),
                keys: Arc::clone(&shared.keys),
                clock: Arc::clone(clock),
            },
            legacy_tokens: legacy_tokens(shared, stores, &parties),
            parties,
            clients,
        }
    }

    fn authenticator(&self) -> ClientAuthenticator {
        ClientAuthenticator {
            clients: self.clients.clone(),
            passwords: Arc::clone(&self.shared.passwords),
            verified: Arc::clone(&self.shared.verified_secrets),
            brake: Arc::clone(&self.shared.brake),
            rehash: self.shared.client_rehash(self.stores),
            clock: Arc::clone(&self.shared.inputs.clock),
        }
    }

    fn revoker(&self) -> TokenRevoker {
        TokenRevoker {
            checker: self.checker.clone(),
            access_tokens: Arc::clone(&self.stores.access_tokens),
            grants: Arc::clone(&self.stores.grants),
            legacy_tokens: self.legacy_tokens.clone(),
        }
    }

    fn access(&self) -> Access {
        Access {
            grants: Arc::clone(&self.stores.grants),
            approvals: Arc::clone(&self.stores.approvals),
            sessions: Arc::clone(&self.stores.sessions),
        }
    }

    fn administration(&self) -> Administration {
        Administration {
            applications: Applications {
                registrar: Arc::clone(&self.stores.clients),
                clients: self.clients.clone(),
                new: new_applications(&self.shared.settings, &self.shared.inputs),
            },
            owners: OwnerAccounts {
                registrar: Arc::clone(&self.stores.owners),
                owners: self.parties.owners.clone(),
                second_factors: Arc::clone(&self.stores.second_factors),
                passkeys: Arc::clone(&self.stores.passkeys),
            },
            access: self.access(),
            keys: PublishedKeys {
                ring: Arc::clone(&self.shared.keys),
                clients: self.clients.clone(),
                clock: Arc::clone(&self.shared.inputs.clock),
                audit: Arc::clone(&self.shared.audit),
            },
            outbox: self.shared.outbox.clone(),
            audit: Arc::clone(&self.shared.audit),
        }
    }

    fn grants(&self) -> Grants {
        let issuer = || self.issuer.clone();
        Grants {
            authorization_code: AuthorizationCodeGrant {
                codes: Arc::clone(&self.stores.codes),
                grants: Arc::clone(&self.stores.grants),
                parties: self.parties.clone(),
                issuer: issuer(),
            },
            password: PasswordGrant {
                sign_in: self.sign_in.clone(),
                issuer: issuer(),
            },
            client_credentials: ClientCredentialsGrant { issuer: issuer() },
            refresh_token: RefreshTokenGrant {
                refresh_tokens: Arc::clone(&self.stores.refresh_tokens),
                checker: self.checker.clone(),
                grants: Arc::clone(&self.stores.grants),
                legacy_tokens: self.legacy_tokens.clone(),
                issuer: issuer(),
                grace_secs: self.shared.settings.tokens.refresh_grace_secs,
            },
            extension: ExtensionGrantExchange {
                grants: self.shared.inputs.extensions.grants.clone(),
                parties: self.parties.clone(),
                issuer: issuer(),
            },
        }
    }

    fn authorization(&self) -> Authorization {
        let Inputs { clock, random, .. } = &self.shared.inputs;
        let settings = &self.shared.settings;
        Authorization {
            requests: AuthorizationRequests {
                clients: self.clients.clone(),
                issuer: Arc::clone(&self.shared.issuer),
                limits: RequestLimits {
                    longest_state: settings.login.longest_state_bytes,
                    longest_request: settings.login.longest_request_bytes,
                },
            },
            sessions: self.sessions.clone(),
            pending: PendingAuthorizations {
                store: Arc::clone(&self.stores.sessions),
                clock: Arc::clone(clock),
                random: Arc::clone(random),
                wait_secs: settings.login.pending_ttl_secs,
                in_turn: SpringHabits::resolve(&[&settings.spring_choice()]).approvals_without_csrf,
            },
            approvals: Approvals {
                store: Arc::clone(&self.stores.approvals),
                grants: Arc::clone(&self.stores.grants),
                clock: Arc::clone(clock),
                remembered_secs: Some(settings.approvals.ttl_secs).filter(|secs| *secs > 0),
                rule: self.shared.inputs.extensions.approval_rule.clone(),
            },
            completion: Completion {
                codes: Arc::clone(&self.stores.codes),
                implicit: ImplicitGrant {
                    issuer: self.issuer.clone(),
                },
                keys: Arc::clone(&self.shared.keys),
                clock: Arc::clone(clock),
                random: Arc::clone(random),
                code_life_secs: settings.tokens.authorization_code_ttl_secs,
            },
        }
    }
}

/// The tokens that a Spring server has given out before, where the settings name its store or its keys.
fn legacy_tokens(shared: &SharedParts, stores: &Stores, parties: &Parties) -> Option<LegacyTokens> {
    let keys = &shared.legacy_jwt_keys;
    let jwts = (!keys.is_empty()).then(|| LegacyJwts {
        keys: Arc::clone(keys),
        ended: Arc::clone(&stores.ended_jwts),
    });
    let kept = stores.legacy_tokens.clone();
    let is_any = kept.is_some() || jwts.is_some();
    is_any.then(|| LegacyTokens {
        kept,
        jwts,
        parties: parties.clone(),
        keys: Arc::clone(&shared.keys),
        clock: Arc::clone(&shared.inputs.clock),
    })
}

fn sessions(shared: &SharedParts, stores: &Stores, owners: Owners) -> Sessions {
    let sources = SessionSources {
        store: Arc::clone(&stores.sessions),
        owners,
        keys: Arc::clone(&shared.keys),
        clock: Arc::clone(&shared.inputs.clock),
        random: Arc::clone(&shared.inputs.random),
    };
    let lifetimes = SessionLifetimes {
        signed_in_secs: shared.settings.login.ttl_secs,
        anonymous_secs: shared.settings.login.pending_ttl_secs,
    };
    Sessions::new(sources, lifetimes)
}
