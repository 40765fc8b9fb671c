//! Who a client is: the check of what [`symbolon::client_authentication`] read from its request
//! ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)). An [`AuthenticatedClient`]
//! comes from here and from nowhere else.

use std::ops::Deref;
use std::sync::Arc;

use symbolon::client_authentication::{
    ClientPassword, PresentedCredentials, PresentedCredentialsError,
};
use symbolon::clock::Clock;

use crate::brakes::network_of;
use crate::clients::brake::{ClientBrake, ClientThrottled};
use crate::clients::client::Client;
use crate::clients::registry::Clients;
use crate::passwords::{
    Lane, PasswordHash, PasswordVerifier, Question, Recall, Rehash, Turn, VerificationError,
    VerifiedSecrets,
};
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
    /// Too many secrets before this one were not known to be good: it was not looked at.
    #[error("too many client secrets were tried")]
    TooManyAttempts(ClientThrottled),
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
    /// The clients.
    pub clients: Clients,
    /// Checks their secrets.
    pub passwords: Arc<PasswordVerifier>,
    /// Spares the hash for a client that was believed minutes ago.
    pub verified: Arc<VerifiedSecrets>,
    /// Slows whoever guesses.
    pub brake: Arc<ClientBrake>,
    /// Replaces weak hashes, where that is allowed.
    pub rehash: Option<Arc<dyn Rehash>>,
    /// A secret that was replaced is good for a while.
    pub clock: Arc<dyn Clock>,
}

/// A name and a secret, and what is known of them before anything is computed.
struct Candidate<'a> {
    presented: &'a ClientPassword,
    client: Option<Arc<Client>>,
    recall: Recall,
}

impl ClientAuthenticator {
    /// The client that these credentials prove, which somebody at `address` presents. Where that is is asked for
    /// only when the secret is not known to be good.
    pub async fn authenticate(
        &self,
        address: impl Fn() -> String,
        presented: &PresentedCredentials,
    ) -> Result<AuthenticatedClient, ClientAuthenticationError> {
        if let PresentedCredentials::None(id) = presented {
            let named = self.clients.find(id).await?;
            return named
                .filter(|client| client.is_public())
                .map(AuthenticatedClient)
                .ok_or(ClientAuthenticationError::BadCredentials);
        }
        let mut candidates = Vec::new();
        for password in presented.passwords() {
            candidates.push(self.candidate(password).await?);
        }
        // Basic credentials have two readings: the one that is known is the right one.
        let of_rank = |candidate: &Candidate<'_>| candidate.recall == Recall::Unknown;
        candidates.sort_by_key(of_rank);
        match candidates.first() {
            Some(first) if first.recall != Recall::Unknown || first.needs_no_secret() => {
                self.verify_all(&candidates, &address).await
            }
            Some(first) => {
                let counted = self.brake.count(&first.presented.client_id, &address());
                let counted = counted.map_err(ClientAuthenticationError::TooManyAttempts)?;
                let verified = self.verify_all(&candidates, &address).await;
                if !matches!(verified, Err(ClientAuthenticationError::BadCredentials)) {
                    self.brake.take_back(&counted);
                }
                verified
            }
            None => Err(ClientAuthenticationError::BadCredentials),
        }
    }

    /// The registered client that a request names, believed or not.
    pub async fn named(
        &self,
        presented: &PresentedCredentials,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        for id in presented.client_ids() {
            if let Some(client) = self.clients.find_registered(id).await? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    async fn candidate<'a>(
        &self,
        presented: &'a ClientPassword,
    ) -> Result<Candidate<'a>, StoreError> {
        let client = self.clients.find(&presented.client_id).await?;
        let recall = client.as_ref().map(|client| self.recall(client, presented));
        Ok(Candidate {
            presented,
            recall: recall.unwrap_or(Recall::Unknown),
            client,
        })
    }

    /// What is known of a secret that a client presents, by those of its hashes that are good.
    fn recall(&self, client: &Client, presented: &ClientPassword) -> Recall {
        let ClientPassword {
            client_id,
            client_secret,
        } = presented;
        let hashes = client.secrets(self.clock.now());
        let mut recalls = hashes.map(|hash| self.verified.recall(client_id, client_secret, hash));
        let known = recalls.find(|recall| *recall != Recall::Unknown);
        known.unwrap_or(Recall::Unknown)
    }

    /// The client of the first candidate that is good.
    async fn verify_all(
        &self,
        candidates: &[Candidate<'_>],
        address: &impl Fn() -> String,
    ) -> Result<AuthenticatedClient, ClientAuthenticationError> {
        for candidate in candidates {
            if let Some(client) = self.verify(candidate, address).await? {
                return Ok(client);
            }
        }
        Err(ClientAuthenticationError::BadCredentials)
    }

    /// The client of a name and secret; an unknown name takes as long as a wrong secret.
    async fn verify(
        &self,
        candidate: &Candidate<'_>,
        address: &impl Fn() -> String,
    ) -> Result<Option<AuthenticatedClient>, ClientAuthenticationError> {
        let client = candidate.client.clone();
        if candidate.needs_no_secret() || candidate.recall == Recall::Verified {
            return Ok(client.map(AuthenticatedClient));
        }
        if self
            .is_right(candidate.presented, client.as_deref(), address)
            .await?
        {
            return Ok(client.map(AuthenticatedClient));
        }
        // Its secret may have been changed since it was read.
        let Some(known) = &client else {
            return Ok(None);
        };
        let changed = self.clients.find_anew(known).await?;
        let changed = changed.filter(|now| now.secret.is_some() && now.secret != known.secret);
        match changed {
            Some(now)
                if self
                    .is_right(candidate.presented, Some(&now), address)
                    .await? =>
            {
                Ok(Some(AuthenticatedClient(now)))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Whether a secret is this client's: the one that it has, or one before that is still good. Nobody's takes as long.
    async fn is_right(
        &self,
        presented: &ClientPassword,
        client: Option<&Client>,
        address: &impl Fn() -> String,
    ) -> Result<bool, ClientAuthenticationError> {
        let mut hashes = client
            .into_iter()
            .flat_map(|client| client.secrets(self.clock.now()));
        if self.is_of(presented, hashes.next(), address).await? {
            return Ok(true);
        }
        for retiring in hashes {
            if self.is_of(presented, Some(retiring), address).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a secret is that of a hash.
    async fn is_of(
        &self,
        presented: &ClientPassword,
        hash: Option<&PasswordHash>,
        address: &impl Fn() -> String,
    ) -> Result<bool, ClientAuthenticationError> {
        let ClientPassword {
            client_id,
            client_secret,
        } = presented;
        let facts = self.clients.facts();
        let question = Question {
            name: client_id.as_str(),
            presented: client_secret,
            hash,
            kinds: &facts.secrets,
        };
        let turn = Turn {
            lane: Lane::Clients,
            caller: &network_of(&address()),
        };
        let verdict = self.passwords.verify(&question, turn).await;
        let is_right = verdict.map_err(ClientAuthenticationError::Busy)?;
        if let (true, Some(hash)) = (is_right, hash) {
            self.verified.remember(client_id, client_secret, hash);
            if let Some(rehash) = self.rehash.as_ref().filter(|_| hash.can_be_stronger()) {
                rehash.begin(client_id.as_str(), client_secret, hash);
            }
        }
        Ok(is_right)
    }
}

impl Candidate<'_> {
    /// RFC 6749 §2.3.1: a public client may send its name as Basic credentials with an empty secret. Where it has that
    /// habit any other counts for as little.
    fn needs_no_secret(&self) -> bool {
        let is_empty = self.presented.client_secret.expose().is_empty();
        let client = self.client.as_ref().filter(|client| client.is_public());
        client.is_some_and(|client| is_empty || client.spring.secretless_clients)
    }
}
