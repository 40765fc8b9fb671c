//! Weak hashes of the store's own registrations are replaced by argon2id when the password or the secret is presented, where
//! the settings allow that. It happens beside the request and by turns with the hashes of sign-ins. Registrations of
//! the settings and of registries of others are never written.

use std::fmt;
use std::sync::Arc;

use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::secret::Secret;
use tokio::sync::Semaphore;

use crate::keys::KeyRing;
use crate::passwords::{
    HashId, Lane, PasswordHash, PasswordVerifier, Rehash, Turn, VerificationError, VerifiedSecrets,
};
use crate::records::{ClientRegistration, OwnerRegistration};
use crate::resource_owners::registration::register;
use crate::stores::{ClientRegistrar, OwnerRegistrar, StoreError};

/// Why a hash stays as it is.
#[derive(Debug, thiserror::Error)]
enum RehashError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] VerificationError),
}

/// How hashes are computed, one at a time: whoever comes meanwhile keeps the old hash until the next time.
#[derive(Clone)]
pub struct Rehashing {
    passwords: Arc<PasswordVerifier>,
    random: Arc<dyn Random>,
    one: Arc<Semaphore>,
}

impl Rehashing {
    /// Computes in the queue of `passwords`.
    pub fn new(passwords: Arc<PasswordVerifier>, random: Arc<dyn Random>) -> Self {
        Self {
            passwords,
            random,
            one: Arc::new(Semaphore::new(1)),
        }
    }

    /// Goes on with `work` beside the request, unless another is under way.
    fn begin(&self, work: impl Future<Output = Result<(), RehashError>> + Send + 'static) {
        let Ok(permit) = Arc::clone(&self.one).try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(event = "hash_not_replaced", %error);
            }
            drop(permit);
        });
    }

    async fn hash(&self, presented: &Secret, lane: Lane) -> Result<Secret, RehashError> {
        // Whoever signs in has a turn between any two of these.
        let caller = "rehash";
        let random = Arc::clone(&self.random);
        let turn = Turn { lane, caller };
        let hash = self.passwords.hash(presented.clone(), random, turn).await?;
        Ok(Secret::new(hash.expose()))
    }
}

/// Passwords of owners who are registered in the store.
#[derive(Clone)]
pub struct OwnerRehash {
    /// Where they are kept.
    pub owners: Arc<dyn OwnerRegistrar>,
    /// How hashes without an id are read.
    pub hash_without_id: Option<HashId>,
    /// Tell which password an account has.
    pub keys: Arc<KeyRing>,
    /// How hashes are computed.
    pub hashing: Rehashing,
}

impl OwnerRehash {
    async fn run(
        self,
        name: String,
        presented: Secret,
        verified: PasswordHash,
    ) -> Result<(), RehashError> {
        let Some(known) = self.owners.find_owner(&name).await? else {
            return Ok(());
        };
        let owner = register(&known, self.hash_without_id).ok();
        let Some(owner) = owner.filter(|owner| owner.password == verified) else {
            return Ok(());
        };
        let ring = self.keys.current();
        // It is the same password: sessions, and what was granted, go on.
        let Some(mark) = owner.mark(|hash| ring.password_mark(hash)) else {
            return Ok(());
        };
        let replacement = OwnerRegistration {
            password: self.hashing.hash(&presented, Lane::Owners).await?,
            password_mark: Some(mark),
            ..known.clone()
        };
        if self.owners.replace_owner(&known, &replacement).await? {
            tracing::info!(event = "password_hashed_anew");
        }
        Ok(())
    }
}

impl Rehash for OwnerRehash {
    fn begin(&self, name: &str, presented: &Secret, verified: &PasswordHash) {
        let (name, presented, verified) = (name.to_owned(), presented.clone(), verified.clone());
        self.hashing
            .begin(self.clone().run(name, presented, verified));
    }
}

impl fmt::Debug for OwnerRehash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OwnerRehash")
            .finish_non_exhaustive()
    }
}

/// Secrets of clients that are registered in the store.
#[derive(Clone)]
pub struct ClientRehash {
    /// Where they are kept.
    pub clients: Arc<dyn ClientRegistrar>,
    /// How hashes without an id are read.
    pub hash_without_id: Option<HashId>,
    /// What is known of secrets goes on to be known.
    pub verified: Arc<VerifiedSecrets>,
    /// How hashes are computed.
    pub hashing: Rehashing,
}

impl ClientRehash {
    async fn run(
        self,
        id: ClientId,
        presented: Secret,
        verified: PasswordHash,
    ) -> Result<(), RehashError> {
        let Some(known) = self.clients.find_client(&id).await? else {
            return Ok(());
        };
        let read = |secret: &Secret| PasswordHash::read(secret.expose(), self.hash_without_id).ok();
        if known.client_secret.as_ref().and_then(read) != Some(verified) {
            return Ok(());
        }
        let hash = self.hashing.hash(&presented, Lane::Clients).await?;
        let replacement = ClientRegistration {
            client_secret: Some(hash.clone()),
            ..known.clone()
        };
        if self.clients.replace_client(&known, &replacement).await? {
            if let Some(hash) = read(&hash) {
                self.verified.remember(&id, &presented, &hash);
            }
            tracing::info!(event = "secret_hashed_anew", client.id = id.as_str());
        }
        Ok(())
    }
}

impl Rehash for ClientRehash {
    fn begin(&self, name: &str, presented: &Secret, verified: &PasswordHash) {
        let (id, presented, verified) = (ClientId::new(name), presented.clone(), verified.clone());
        self.hashing
            .begin(self.clone().run(id, presented, verified));
    }
}

impl fmt::Debug for ClientRehash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientRehash")
            .finish_non_exhaustive()
    }
}
