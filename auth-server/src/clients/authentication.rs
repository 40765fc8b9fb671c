//! Who a client is: the check of what [`symbolon::client_authentication`] read from its request
//! ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)). An [`AuthenticatedClient`]
//! comes from here and from nowhere else.

use std::ops::Deref;
use std::sync::Arc;

use symbolon::client_authentication::{
    ClientPassword, PresentedCredentials, PresentedCredentialsError,
};

use crate::clients::client::Client;
use crate::clients::registry::Clients;
use crate::passwords::{PasswordHash, PasswordVerifier, VerificationError, VerifiedSecrets};
use crate::stores::StoreError;

/// A client that has proved who it is; a public one has only said so.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Arc<Client>);

impl Deref for AuthenticatedClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// Why a client was not believed. An unknown client and a wrong secret are the same error.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthenticationError {
    /// The credentials cannot be read.
    #[error(transparent)]
    Presented(#[from] PresentedCredentialsError),
    /// Unknown client or wrong secret.
    #[error("Bad client credentials")]
    BadCredentials,
    /// So many secrets wait for their check that this one was not taken.
    #[error("the server is too busy to verify the client's secret")]
    Busy(VerificationError),
    /// The client cannot be looked up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds out who asks.
#[derive(Clone, Debug)]
pub struct ClientAuthenticator {
    clients: Clients,
    passwords: Arc<PasswordVerifier>,
    verified: Arc<VerifiedSecrets>,
    /// What an unknown client's secret is checked against where all clients have fast hashes.
    nobody: PasswordHash,
}

impl ClientAuthenticator {
    /// Looks clients up in `clients` and checks their secrets by `passwords`; `verified` spares a slow
    /// hash for a client that was believed minutes ago. `nobody` is the fast hash of a secret that no
    /// client has.
    pub const fn new(
        clients: Clients,
        passwords: Arc<PasswordVerifier>,
        verified: Arc<VerifiedSecrets>,
        nobody: PasswordHash,
    ) -> Self {
        Self {
            clients,
            passwords,
            verified,
            nobody,
        }
    }

    /// The client that these credentials prove.
    pub async fn authenticate(
        &self,
        presented: &PresentedCredentials,
    ) -> Result<AuthenticatedClient, ClientAuthenticationError> {
        if let PresentedCredentials::None(id) = presented {
            let named = self.clients.find(id).await?;
            return named
                .filter(|client| client.is_public())
                .map(AuthenticatedClient)
                .ok_or(ClientAuthenticationError::BadCredentials);
        }
        for password in presented.passwords() {
            if let Some(client) = self.verify(password).await? {
                return Ok(client);
            }
        }
        Err(ClientAuthenticationError::BadCredentials)
    }

    /// The registered client that a request names, believed or not.
    pub async fn named(
        &self,
        presented: &PresentedCredentials,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        for id in presented.client_ids() {
            if let Some(client) = self.clients.find(id).await? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// The client of a name and secret; an unknown name takes as long as a wrong secret.
    async fn verify(
        &self,
        presented: &ClientPassword,
    ) -> Result<Option<AuthenticatedClient>, ClientAuthenticationError> {
        let ClientPassword {
            client_id,
            client_secret,
        } = presented;
        let client = self.clients.find(client_id).await?;
        if let Some(client) = client.as_ref().filter(|client| client.is_public())
            && client_secret.expose().is_empty()
        {
            // RFC 6749 §2.3.1: a public client may send its name as Basic credentials with an empty
            // secret.
            return Ok(Some(AuthenticatedClient(Arc::clone(client))));
        }
        let hash = client.as_ref().and_then(|client| client.secret.as_ref());
        let verdict = if let Some(hash) = hash {
            let (secrets, passwords) = (&self.verified, &self.passwords);
            secrets
                .verify(client_id, client_secret, hash, passwords)
                .await
        } else {
            let facts = self.clients.facts();
            let reference = facts.slow_secret.as_ref().unwrap_or(&self.nobody);
            self.passwords
                .verify_or_equal_cost(client_secret, None, reference)
                .await
        };
        match verdict {
            Ok(true) => Ok(client.map(AuthenticatedClient)),
            Ok(false) => Ok(None),
            Err(error) => Err(ClientAuthenticationError::Busy(error)),
        }
    }
}
