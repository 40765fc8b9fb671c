//! A client that asks owners, by the code grant.

use std::sync::Arc;

use url::Url;

use symbolon_client::{
    AuthorizationCodeProvider, MemoryContext, OAuth2Client, PendingAuthorization, Registration,
    Scope, TokenError,
};

/// A client that asks the owner; each session has a context of its own.
#[derive(Clone, Debug)]
pub(super) struct CodeClient {
    client: OAuth2Client,
    provider: AuthorizationCodeProvider,
}

impl CodeClient {
    /// The one of this registration, which asks for this scope, if for any.
    pub(super) fn new(
        registration: Registration,
        redirect_uri: String,
        scope: Option<Scope>,
    ) -> Self {
        let provider = AuthorizationCodeProvider::new(redirect_uri);
        let provider = match scope {
            Some(scope) => provider.with_scope(scope),
            None => provider,
        };
        Self {
            client: OAuth2Client::new(registration, provider.clone()),
            provider,
        }
    }

    /// What the authorization server calls it.
    pub(super) fn id(&self) -> String {
        self.client.registration().client_id().to_string()
    }

    /// A new authorization request, and its other half.
    pub(super) fn start(&self) -> Result<(Url, PendingAuthorization), TokenError> {
        self.provider.start(self.client.registration())
    }

    /// The same with another redirect URI: an attack.
    pub(super) fn start_for(
        &self,
        redirect_uri: &str,
    ) -> Result<(Url, PendingAuthorization), TokenError> {
        let provider = AuthorizationCodeProvider::new(redirect_uri);
        provider.start(self.client.registration())
    }

    /// The client in a session that has no token of it yet.
    pub(super) fn in_a_session(&self) -> OAuth2Client {
        in_a_session(&self.client)
    }
}

/// A client without the tokens that it has elsewhere.
pub(super) fn in_a_session(client: &OAuth2Client) -> OAuth2Client {
    let context = Arc::new(MemoryContext::default());
    client.clone().with_context(context)
}
