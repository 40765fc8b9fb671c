//! The rooms, each given what it needs, and the steps that many tests begin with.

use std::sync::Arc;

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::client_authentication::{ClientPassword, PresentedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon::token::{RefreshTokenRequest, TokenRequest};
use symbolon_auth_server::authorization::approval::Approvals;
use symbolon_auth_server::authorization::complete::{Completed, Completion};
use symbolon_auth_server::authorization::decision::{Decision, DecisionAbout};
use symbolon_auth_server::authorization::pending::PendingAuthorizations;
use symbolon_auth_server::authorization::request::AuthorizationRequests;
use symbolon_auth_server::authorization::{
    ApprovalRequest, Authorization, AuthorizationError, Step,
};
use symbolon_auth_server::clients::authentication::{AuthenticatedClient, ClientAuthenticator};
use symbolon_auth_server::clients::registry::{ClientRegistry, Clients, StoredClients};
use symbolon_auth_server::grants::authorization_code::AuthorizationCodeGrant;
use symbolon_auth_server::grants::client_credentials::ClientCredentialsGrant;
use symbolon_auth_server::grants::implicit::ImplicitGrant;
use symbolon_auth_server::grants::password::PasswordGrant;
use symbolon_auth_server::grants::refresh_token::RefreshTokenGrant;
use symbolon_auth_server::grants::{Grants, TokenError};
use symbolon_auth_server::passwords::VerifiedSecrets;
use symbolon_auth_server::resource_owners::registry::{OwnerRegistry, Owners, StoredOwners};
use symbolon_auth_server::resource_owners::sign_in::SignIn;
use symbolon_auth_server::sessions::{BrowserSession, SessionLifetimes, SessionSources, Sessions};
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::check::TokenChecker;
use symbolon_auth_server::tokens::issue::{IssuedTokens, TokenIssuer};
use symbolon_auth_server::tokens::revoke::TokenRevoker;

use crate::bench::{Bench, ISSUER, defaults};
use crate::samples::{by_password, secret_of};

/// Seconds that a code lives.
pub(crate) const CODE_SECS: u64 = 60;
/// Seconds that a request waits for its owner, and that a session lasts in which nobody signed in.
pub(crate) const WAIT_SECS: u64 = 1_800;
/// Seconds that a session lasts in which somebody did.
pub(crate) const SIGNED_IN_SECS: u64 = 28_800;
/// Seconds that a slow secret is remembered which was verified.
pub(crate) const VERIFIED_SECS: u64 = 300;
/// Where everybody calls from.
pub(crate) const ADDRESS: &str = "192.0.2.1";

/// One of each room.
pub(crate) struct Rooms {
    pub(crate) clients: Clients,
    pub(crate) owners: Owners,
    pub(crate) authenticator: ClientAuthenticator,
    pub(crate) issuer: TokenIssuer,
    pub(crate) grants: Grants,
    pub(crate) checker: TokenChecker,
    pub(crate) revoker: TokenRevoker,
    pub(crate) authorization: Authorization,
    pub(crate) sign_in: SignIn,
    pub(crate) sessions: Sessions,
}

impl Rooms {
    pub(crate) fn new(bench: &Bench, stores: &Stores) -> Self {
        let stored: Arc<dyn ClientRegistry> = Arc::new(StoredClients::new(
            stores.clients.clone(),
            Arc::new(defaults()),
        ));
        let clients = Clients::new(bench.configured_clients.clone(), [stored]);
        let stored: Arc<dyn OwnerRegistry> = Arc::new(StoredOwners::new(stores.owners.clone()));
        let owners = Owners::new(bench.configured_owners.clone(), [stored]);
        let checker = TokenChecker {
            access_tokens: stores.access_tokens.clone(),
            refresh_tokens: stores.refresh_tokens.clone(),
            clients: clients.clone(),
            keys: bench.keys.clone(),
            clock: bench.clock.clone(),
        };
        let issuer = issuer(bench, stores);
        let sessions = sessions(bench, stores, &owners);
        let passwords = bench.passwords.clone();
        let sign_in = SignIn::new(owners.clone(), passwords, bench.throttle.clone());
        Self {
            authenticator: authenticator(bench, &clients),
            grants: Grants {
                authorization_code: AuthorizationCodeGrant {
                    codes: stores.codes.clone(),
                    grants: stores.grants.clone(),
                    issuer: issuer.clone(),
                },
                password: PasswordGrant {
                    sign_in: sign_in.clone(),
                    issuer: issuer.clone(),
                },
                client_credentials: ClientCredentialsGrant {
                    issuer: issuer.clone(),
                },
                refresh_token: RefreshTokenGrant {
                    refresh_tokens: stores.refresh_tokens.clone(),
                    checker: checker.clone(),
                    owners: owners.clone(),
                    issuer: issuer.clone(),
                    grace_secs: bench.grace_secs,
                },
            },
            revoker: TokenRevoker {
                checker: checker.clone(),
                access_tokens: stores.access_tokens.clone(),
                grants: stores.grants.clone(),
            },
            authorization: Authorization {
                requests: AuthorizationRequests {
                    clients: clients.clone(),
                    issuer: ISSUER.into(),
                },
                sessions: sessions.clone(),
                pending: pending(bench, stores),
                approvals: Approvals {
                    store: stores.approvals.clone(),
                    clock: bench.clock.clone(),
                    remembered_secs: bench.remembered_secs,
                },
                completion: completion(bench, stores, &issuer),
            },
            checker,
            clients,
            owners,
            issuer,
            sign_in,
            sessions,
        }
    }

    /// A client that proved who it is; a public one that said so.
    pub(crate) async fn client(&self, id: &str) -> AuthenticatedClient {
        let client_id = ClientId::new(id);
        let registered = self.clients.find(&client_id).await.unwrap().unwrap();
        let presented = if registered.is_public() {
            PresentedCredentials::None(client_id)
        } else {
            PresentedCredentials::Form(ClientPassword {
                client_id,
                client_secret: secret_of(id),
            })
        };
        self.authenticator.authenticate(&presented).await.unwrap()
    }

    /// What the token endpoint answers to this client.
    pub(crate) async fn exchange(
        &self,
        id: &str,
        request: TokenRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let client = self.client(id).await;
        self.grants.exchange(&client, ADDRESS, request).await
    }

    /// The shop's tokens for alice's data, with all that it may ask for.
    pub(crate) async fn tokens(&self, id: &str) -> IssuedTokens {
        self.exchange(id, by_password(None)).await.unwrap()
    }

    /// What a refresh token is exchanged for.
    pub(crate) async fn refresh(
        &self,
        id: &str,
        refresh_token: &Secret,
        scope: Option<&str>,
    ) -> Result<IssuedTokens, TokenError> {
        let refresh_token = refresh_token.clone();
        let scope = scope.map(str::to_owned);
        let request = RefreshTokenRequest {
            refresh_token,
            scope,
        };
        self.exchange(id, TokenRequest::RefreshToken(request)).await
    }

    /// A browser in which nobody has signed in.
    pub(crate) async fn browser(&self) -> BrowserSession {
        self.sessions.find_or_begin(None).await.unwrap()
    }

    /// A browser in which this owner has.
    pub(crate) async fn browser_of(&self, name: &str) -> BrowserSession {
        let owner = self.owners.find(name).await.unwrap().unwrap();
        let session = self.browser().await;
        self.sessions.renew(session, &owner).await.unwrap()
    }

    /// The next step of a request that comes with this browser.
    pub(crate) async fn start(
        &self,
        session: &BrowserSession,
        asked: AuthorizationRequest,
    ) -> Result<Step, AuthorizationError> {
        let checked = self.authorization.requests.check(&asked).await?;
        self.authorization.start(session, asked, checked).await
    }

    /// What this browser's owner is asked about a request.
    pub(crate) async fn question(
        &self,
        session: &BrowserSession,
        asked: AuthorizationRequest,
    ) -> Box<ApprovalRequest> {
        match self.start(session, asked).await.unwrap() {
            Step::Ask(request) => request,
            other => panic!("{other:?}"),
        }
    }

    /// The code that alice gives a client, who approves all that she is asked about.
    pub(crate) async fn code(&self, asked: AuthorizationRequest) -> Secret {
        let session = self.browser_of("alice").await;
        let completed = match self.start(&session, asked).await.unwrap() {
            Step::Complete(completed) => completed,
            Step::Ask(question) => {
                let decision = yes_to(&question);
                let decided = self.authorization.decide(&session, decision).await;
                decided.unwrap().outcome.unwrap()
            }
            Step::SignIn(id) => panic!("alice is signed in, and {id} waits"),
        };
        match answer(&completed).outcome {
            AuthorizationOutcome::Code(code) => code,
            other => panic!("{other:?}"),
        }
    }
}

/// The decision that approves all that was asked for.
pub(crate) fn yes_to(question: &ApprovalRequest) -> Decision {
    let approved = question.request.scope.names().map(str::to_owned);
    Decision {
        about: DecisionAbout::Named(question.id.clone()),
        denies_all: false,
        approved: approved.collect(),
    }
}

/// What a redirect's query tells the client.
pub(crate) fn answer(completed: &Completed) -> AuthorizationResponse {
    let (_, query) = completed.redirection.location.split_once('?').unwrap();
    AuthorizationResponse::decode(query.as_bytes()).unwrap()
}

pub(crate) fn issuer(bench: &Bench, stores: &Stores) -> TokenIssuer {
    TokenIssuer {
        issuer: ISSUER.into(),
        access_tokens: stores.access_tokens.clone(),
        keys: bench.keys.clone(),
        clock: bench.clock.clone(),
        random: Arc::new(SystemRandom),
    }
}

fn authenticator(bench: &Bench, clients: &Clients) -> ClientAuthenticator {
    let verified = VerifiedSecrets::new(100, VERIFIED_SECS, bench.clock.clone(), &SystemRandom);
    ClientAuthenticator::new(
        clients.clone(),
        bench.passwords.clone(),
        Arc::new(verified),
        bench.nobody.clone(),
    )
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

fn pending(bench: &Bench, stores: &Stores) -> PendingAuthorizations {
    PendingAuthorizations {
        store: stores.sessions.clone(),
        clock: bench.clock.clone(),
        random: Arc::new(SystemRandom),
        wait_secs: WAIT_SECS,
    }
}

fn completion(bench: &Bench, stores: &Stores, issuer: &TokenIssuer) -> Completion {
    Completion {
        codes: stores.codes.clone(),
        implicit: ImplicitGrant {
            issuer: issuer.clone(),
        },
        keys: bench.keys.clone(),
        clock: bench.clock.clone(),
        random: Arc::new(SystemRandom),
        code_life_secs: CODE_SECS,
    }
}
