//! Gives each room what it needs.

use std::sync::Arc;

use symbolon::random::SystemRandom;
use symbolon_auth_server::authorization::Authorization;
use symbolon_auth_server::authorization::approval::Approvals;
use symbolon_auth_server::authorization::complete::Completion;
use symbolon_auth_server::authorization::pending::PendingAuthorizations;
use symbolon_auth_server::authorization::request::{AuthorizationRequests, RequestLimits};
use symbolon_auth_server::clients::authentication::ClientAuthenticator;
use symbolon_auth_server::clients::registry::{ClientRegistry, Clients, StoredClients};
use symbolon_auth_server::grants::Grants;
use symbolon_auth_server::grants::authorization_code::AuthorizationCodeGrant;
use symbolon_auth_server::grants::client_credentials::ClientCredentialsGrant;
use symbolon_auth_server::grants::extension::{ExtensionGrantExchange, ExtensionGrants};
use symbolon_auth_server::grants::implicit::ImplicitGrant;
use symbolon_auth_server::grants::password::PasswordGrant;
use symbolon_auth_server::grants::refresh_token::RefreshTokenGrant;
use symbolon_auth_server::passwords::VerifiedSecrets;
use symbolon_auth_server::resource_owners::registry::{OwnerRegistry, Owners, StoredOwners};
use symbolon_auth_server::resource_owners::sign_in::SignIn;
use symbolon_auth_server::sessions::{SessionLifetimes, SessionSources, Sessions};
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::check::TokenChecker;
use symbolon_auth_server::tokens::end::Access;
use symbolon_auth_server::tokens::issue::TokenIssuer;
use symbolon_auth_server::tokens::parties::Parties;
use symbolon_auth_server::tokens::revoke::TokenRevoker;

use crate::bench::{Bench, ISSUER, defaults};
use crate::rooms::{CODE_SECS, Rooms, SIGNED_IN_SECS, VERIFIED_SECS, WAIT_SECS};

/// How long authorization requests may be.
const REQUEST_LIMITS: RequestLimits = RequestLimits {
    longest_state: 100,
    longest_request: 1000,
};

/// The rooms of a bench on these stores.
pub(crate) fn rooms(bench: &Bench, stores: &Stores) -> Rooms {
    let parts = Parts::new(bench, stores);
    Rooms {
        authenticator: parts.authenticator(),
        grants: parts.grants(),
        revoker: TokenRevoker {
            checker: parts.checker.clone(),
            access_tokens: stores.access_tokens.clone(),
            grants: stores.grants.clone(),
            legacy_tokens: None,
        },
        authorization: parts.authorization(),
        access: Access {
            grants: stores.grants.clone(),
            approvals: stores.approvals.clone(),
            sessions: stores.sessions.clone(),
        },
        clients: parts.clients,
        owners: parts.owners,
        issuer: parts.issuer,
        checker: parts.checker,
        sign_in: parts.sign_in,
        sessions: parts.sessions,
    }
}

/// What several rooms are made of.
struct Parts<'a> {
    bench: &'a Bench,
    stores: &'a Stores,
    clients: Clients,
    owners: Owners,
    issuer: TokenIssuer,
    checker: TokenChecker,
    sign_in: SignIn,
    sessions: Sessions,
    parties: Parties,
}

impl<'a> Parts<'a> {
    fn new(bench: &'a Bench, stores: &'a Stores) -> Self {
        let clients = clients(bench, stores);
        let owners = owners(bench, stores);
        let parties = Parties {
            clients: clients.clone(),
            owners: owners.clone(),
            keys: bench.keys.clone(),
            end_with_password: bench.end_with_password,
        };
        let (passwords, throttle) = (bench.passwords.clone(), bench.throttle.clone());
        Self {
            bench,
            stores,
            issuer: TokenIssuer {
                issuer: ISSUER.into(),
                access_tokens: stores.access_tokens.clone(),
                refresh_tokens: stores.refresh_tokens.clone(),
                keys: bench.keys.clone(),
                clock: bench.clock.clone(),
                random: Arc::new(SystemRandom),
                enhancer: None,
            },
            checker: TokenChecker {
                access_tokens: stores.access_tokens.clone(),
                refresh_tokens: stores.refresh_tokens.clone(),
                parties: parties.clone(),
                keys: bench.keys.clone(),
                clock: bench.clock.clone(),
            },
            sign_in: SignIn::new(
                owners.clone(),
                passwords,
                throttle,
                Arc::clone(&stores.second_factors),
            ),
            sessions: sessions(bench, stores, &owners),
            clients,
            owners,
            parties,
        }
    }

    fn authenticator(&self) -> ClientAuthenticator {
        let clock = self.bench.clock.clone();
        let verified = VerifiedSecrets::new(100, VERIFIED_SECS, clock, &SystemRandom);
        ClientAuthenticator {
            clients: self.clients.clone(),
            passwords: self.bench.passwords.clone(),
            verified: Arc::new(verified),
            brake: self.bench.brake.clone(),
            rehash: None,
            clock: self.bench.clock.clone(),
        }
    }

    fn grants(&self) -> Grants {
        let issuer = || self.issuer.clone();
        Grants {
            authorization_code: AuthorizationCodeGrant {
                codes: self.stores.codes.clone(),
                grants: self.stores.grants.clone(),
                parties: self.parties.clone(),
                issuer: issuer(),
            },
            password: PasswordGrant {
                sign_in: self.sign_in.clone(),
                issuer: issuer(),
            },
            client_credentials: ClientCredentialsGrant { issuer: issuer() },
            refresh_token: RefreshTokenGrant {
                refresh_tokens: self.stores.refresh_tokens.clone(),
                checker: self.checker.clone(),
                grants: self.stores.grants.clone(),
                legacy_tokens: None,
                issuer: issuer(),
                grace_secs: self.bench.grace_secs,
            },
            extension: ExtensionGrantExchange {
                grants: ExtensionGrants::default(),
                parties: self.parties.clone(),
                issuer: issuer(),
            },
        }
    }

    fn authorization(&self) -> Authorization {
        let clock = &self.bench.clock;
        Authorization {
            requests: AuthorizationRequests {
                clients: self.clients.clone(),
                issuer: ISSUER.into(),
                limits: REQUEST_LIMITS,
            },
            sessions: self.sessions.clone(),
            pending: PendingAuthorizations {
                store: self.stores.sessions.clone(),
                clock: clock.clone(),
                random: Arc::new(SystemRandom),
                wait_secs: WAIT_SECS,
                in_turn: false,
            },
            approvals: Approvals {
                store: self.stores.approvals.clone(),
                grants: self.stores.grants.clone(),
                clock: clock.clone(),
                remembered_secs: self.bench.remembered_secs,
                rule: None,
            },
            completion: Completion {
                codes: self.stores.codes.clone(),
                implicit: ImplicitGrant {
                    issuer: self.issuer.clone(),
                },
                keys: self.bench.keys.clone(),
                clock: clock.clone(),
                random: Arc::new(SystemRandom),
                code_life_secs: CODE_SECS,
            },
        }
    }
}

fn clients(bench: &Bench, stores: &Stores) -> Clients {
    let kept = StoredClients::new(stores.clients.clone(), Arc::new(defaults()));
    let kept: Arc<dyn ClientRegistry> = Arc::new(kept);
    Clients::new(bench.configured_clients.clone(), [kept])
}

fn owners(bench: &Bench, stores: &Stores) -> Owners {
    let kept: Arc<dyn OwnerRegistry> = Arc::new(StoredOwners::new(stores.owners.clone(), None));
    Owners::new(bench.configured_owners.clone(), [kept])
}

fn sessions(bench: &Bench, stores: &Stores, owners: &Owners) -> Sessions {
    let sources = SessionSources {
        store: stores.sessions.clone(),
        owners: owners.clone(),
        keys: bench.keys.clone(),
        clock: bench.clock.clone(),
        random: Arc::new(SystemRandom),
    };
    let lifetimes = SessionLifetimes {
        signed_in_secs: SIGNED_IN_SECS,
        anonymous_secs: WAIT_SECS,
    };
    Sessions::new(sources, lifetimes)
}
