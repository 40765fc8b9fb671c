//! The ring of one server, kept up to date from the store.

use std::sync::{Arc, PoisonError, RwLock};

use futures_util::lock::Mutex;
use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;
use zeroize::Zeroizing;

use crate::keys::policy::{ConfiguredKey, KeyChange, KeyPolicy, KeyRingError, RotationCause};
use crate::keys::ring::Ring;
use crate::keys::rotation::{MissingKey, Rotation, lost, outlived};
use crate::keys::sealing::{Sealing, SealingError};
use crate::records::KeyRecord;
use crate::stores::{Addition, KeyStore};

/// How often a change is tried again when other instances change the ring at the same time.
const ATTEMPTS: usize = 10;

/// What a ring is made from.
pub struct KeySources {
    /// Where keys are kept.
    pub store: Arc<dyn KeyStore>,
    /// Seals them there.
    pub sealing: Sealing,
    /// When they change.
    pub policy: KeyPolicy,
    /// The operator's own signing key.
    pub configured: Option<ConfiguredKey>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// The ring of one server.
pub struct KeyRing {
    sources: KeySources,
    ring: RwLock<Arc<Ring>>,
    /// Held while the store is looked at, so that no older look replaces what a newer one found.
    looking: Mutex<()>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "KeyRing({:?})", self.current())
    }
}

/// What came of working on the ring. A change that was made stays made when a later step fails.
#[derive(Debug)]
pub struct Changed<T> {
    /// What happened, in order.
    pub changes: Vec<KeyChange>,
    /// What was asked for, or why it was not done.
    pub outcome: Result<T, KeyRingError>,
}

impl KeyRing {
    /// Loads the ring; makes the keys that are missing.
    pub async fn load(sources: KeySources, longest_token_life_secs: u64) -> Changed<Self> {
        let mut changes = Vec::new();
        let completed = sources.complete(&[], longest_token_life_secs, &mut changes);
        let outcome = completed.await.map(|ring| RwLock::new(Arc::new(ring)));
        Changed {
            changes,
            outcome: outcome.map(|ring| Self {
                sources,
                ring,
                looking: Mutex::new(()),
            }),
        }
    }

    /// The keys now.
    pub fn current(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the store again: takes up keys that another instance or a command made, replaces the
    /// active key when its time has come, removes those that nothing needs any more, which is
    /// `longest_token_life_secs` after their last signature. A store that lost its keys gets those of this
    /// server back, so that what was issued since goes on being good.
    pub async fn reload(&self, longest_token_life_secs: u64) -> Changed<()> {
        let _alone = self.looking.lock().await;
        let mut changes = Vec::new();
        let held = self.current();
        let outcome = self
            .sources
            .complete(held.records(), longest_token_life_secs, &mut changes)
            .await
            .map(|ring| self.replace(ring, &mut changes));
        Changed { changes, outcome }
    }

    /// Adds a signing key, which is published now and signs after [`KeyPolicy::publish_ahead_secs`].
    /// Returns its name.
    pub async fn rotate(&self, longest_token_life_secs: u64) -> Changed<String> {
        let mut changes = Vec::new();
        let added = match self.sources.add_signing_key().await {
            Ok(key_id) => key_id,
            Err(error) => {
                let outcome = Err(error);
                return Changed { changes, outcome };
            }
        };
        changes.push(KeyChange::Rotated {
            key_id: added.clone(),
            cause: RotationCause::Command,
        });
        let reloaded = self.reload(longest_token_life_secs).await;
        changes.extend(reloaded.changes);
        Changed {
            changes,
            outcome: reloaded.outcome.map(|()| added),
        }
    }

    /// Seals what the store keeps under this name besides keys.
    pub fn seal(&self, name: &str, material: &[u8]) -> Result<String, SealingError> {
        self.sources.sealing.seal(name, material)
    }

    /// What [`KeyRing::seal`] sealed under this name.
    pub fn open(&self, name: &str, kept: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        self.sources.sealing.open(name, kept)
    }

    fn replace(&self, ring: Ring, changes: &mut Vec<KeyChange>) {
        let mut current = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if !current.is_made_like(&ring) {
            changes.push(KeyChange::RingReplaced {
                keys: ring.signing_key_count(),
            });
        }
        *current = Arc::new(ring);
    }
}

impl KeySources {
    /// The ring of the store after putting back what it lost of those that are `held`, adding what it lacks and
    /// removing what nothing needs.
    async fn complete(
        &self,
        held: &[KeyRecord],
        longest_token_life_secs: u64,
        changes: &mut Vec<KeyChange>,
    ) -> Result<Ring, KeyRingError> {
        let configured = self.configured.as_ref();
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let records = self.needed_records(longest_token_life_secs, now).await?;
            let lost = lost(held, &records, longest_token_life_secs, now);
            if !lost.is_empty() {
                self.put_back(&lost).await?;
                continue;
            }
            let missing = self
                .rotation()
                .missing(&records, configured.is_some(), now)?;
            let Some(MissingKey { record, cause }) = missing else {
                return Ring::of(&records, &self.sealing, configured, &self.policy);
            };
            let added = self.store.add_key(&record, &names(&records)).await?;
            if let (Addition::Added, Some(cause)) = (added, cause) {
                let key_id = record.key_id;
                changes.push(KeyChange::Rotated { key_id, cause });
            }
        }
        Err(KeyRingError::Contended)
    }

    /// What the store keeps, after removing what nothing needs any more.
    async fn needed_records(
        &self,
        longest_token_life_secs: u64,
        now: Timestamp,
    ) -> Result<Vec<KeyRecord>, KeyRingError> {
        let mut records = self.store.list_keys().await?;
        for key_id in outlived(&records, longest_token_life_secs, now) {
            self.store.remove_key(&key_id).await?;
            records.retain(|record| record.key_id != key_id);
        }
        Ok(records)
    }

    /// One after the other, each to the ring as it is then: other instances may put the same ones back.
    async fn put_back(&self, lost: &[&KeyRecord]) -> Result<(), KeyRingError> {
        let keys = lost.len();
        tracing::warn!(
            event = "lost_keys_put_back",
            keys,
            "the store has lost keys that this server works with"
        );
        for record in lost {
            let seen = names(&self.store.list_keys().await?);
            // Who raced may have put back this one: the next look tells.
            self.store.add_key(record, &seen).await?;
        }
        Ok(())
    }

    async fn add_signing_key(&self) -> Result<String, KeyRingError> {
        if self.configured.is_some() {
            return Err(KeyRingError::Configured);
        }
        let now = self.clock.now();
        let activates_at = now.plus_secs(self.policy.publish_ahead_secs);
        for _ in 0..ATTEMPTS {
            let seen = names(&self.store.list_keys().await?);
            let record = self.rotation().signing_record(now, activates_at)?;
            if self.store.add_key(&record, &seen).await? == Addition::Added {
                return Ok(record.key_id);
            }
        }
        Err(KeyRingError::Contended)
    }

    fn rotation(&self) -> Rotation<'_> {
        Rotation {
            policy: &self.policy,
            sealing: &self.sealing,
            random: self.random.as_ref(),
        }
    }
}

fn names(records: &[KeyRecord]) -> Vec<String> {
    records.iter().map(|record| record.key_id.clone()).collect()
}
