//! The rooms, and the steps in them that many tests begin with.

use symbolon::authorization::{AuthorizationOutcome, AuthorizationRequest, AuthorizationResponse};
use symbolon::client_authentication::{ClientPassword, PresentedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::{RefreshTokenRequest, TokenRequest};
use symbolon_auth_server::authorization::complete::Completed;
use symbolon_auth_server::authorization::decision::{Decision, DecisionAbout};
use symbolon_auth_server::authorization::{
    ApprovalRequest, Authorization, AuthorizationError, Step,
};
use symbolon_auth_server::clients::authentication::{AuthenticatedClient, ClientAuthenticator};
use symbolon_auth_server::clients::registry::Clients;
use symbolon_auth_server::grants::{Grants, TokenError};
use symbolon_auth_server::resource_owners::registry::Owners;
use symbolon_auth_server::resource_owners::sign_in::SignIn;
use symbolon_auth_server::resource_owners::throttle::Caller;
use symbolon_auth_server::sessions::{BrowserSession, Sessions};
use symbolon_auth_server::tokens::check::TokenChecker;
use symbolon_auth_server::tokens::end::Access;
use symbolon_auth_server::tokens::issue::{IssuedTokens, TokenIssuer};
use symbolon_auth_server::tokens::revoke::TokenRevoker;

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

/// A browser that nobody knows, there.
pub(crate) const STRANGER: Caller<'_> = Caller {
    address: ADDRESS,
    known_browser: None,
};

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
    pub(crate) access: Access,
}

impl Rooms {
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
        let authenticated = self
            .authenticator
            .authenticate(|| ADDRESS.to_owned(), &presented);
        authenticated.await.unwrap()
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
        self.sessions.begin().await.unwrap()
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
        let step = self.start(session, asked).await.unwrap();
        let Step::Ask(request) = step else {
            panic!("{step:?}");
        };
        request
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
            Step::SignIn(id, _) => panic!("alice is signed in, and {id} waits"),
        };
        let outcome = answer(&completed).outcome;
        let AuthorizationOutcome::Code(code) = outcome else {
            panic!("{outcome:?}");
        };
        code
    }
}

/// The decision that approves all that was asked for.
pub(crate) fn yes_to(question: &ApprovalRequest) -> Decision {
    let approved = question.request.scope.names().map(str::to_owned);
    Decision {
        about: DecisionAbout::Named(question.id.clone()),
        denies_all: false,
        approves_all: false,
        approved: approved.collect(),
    }
}

/// What a redirect's query tells the client.
pub(crate) fn answer(completed: &Completed) -> AuthorizationResponse {
    let (_, query) = completed.redirection.location.split_once('?').unwrap();
    AuthorizationResponse::decode(query.as_bytes()).unwrap()
}
