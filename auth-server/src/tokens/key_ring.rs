//! The server's keys as they are now: which one signs, which are published, which make handles.
//!
//! A new signing key is published before it signs, so that whoever checks signatures has it in time; a
//! key that was replaced stays published until the last token it signed has expired. All of that
//! follows from the creation times in the store, so every instance on one store sees the same ring.

use std::sync::{Arc, PoisonError, RwLock};

use symbolon::clock::{Clock, Timestamp};
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::Random;
use zeroize::Zeroizing;

use crate::audit::{Audit, AuditEvent, RotationCause};
use crate::stores::{Addition, KeyPurpose, KeyRecord, Store, StoreError};
use crate::tokens::handle::{HandleKey, HandleKeys, NoHandleKey};
use crate::tokens::keys::{self, KeyError, SigningKey};
use crate::tokens::sealing::{Sealing, SealingError};

/// When keys change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// What new keys sign with.
    pub algorithm: SigningAlgorithm,
    /// Seconds that a new key is published before it signs.
    pub publish_ahead_secs: u64,
    /// Seconds after which a key is replaced; `None` means only by command.
    pub rotate_every_secs: Option<u64>,
    /// Seconds that the longest-living token may be checked after it was signed.
    pub longest_token_life_secs: u64,
}

/// The ring cannot be loaded or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record cannot be opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// A key cannot be parsed or generated.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no key for handles.
    #[error(transparent)]
    Handles(#[from] NoHandleKey),
    /// Others changed the ring again and again meanwhile.
    #[error("other instances keep changing the key ring; try again")]
    Contended,
    /// The operator's key cannot be replaced by command.
    #[error("the signing key is configured (keys.signing_key_file): replace the file and restart")]
    Configured,
}

/// The keys at one moment.
#[derive(Debug)]
pub struct Ring {
    /// Make and check handles.
    pub handles: HandleKeys,
    /// In the order of activation.
    signing: Vec<SigningKey>,
    /// Names of the records this was made of.
    record_ids: Vec<String>,
}

impl Ring {
    /// The key that signs now: the youngest that is active.
    pub fn active_key(&self, now: Timestamp) -> Option<&SigningKey> {
        self.signing
            .iter()
            .rev()
            .find(|key| key.activates_at() <= now)
    }

    /// The key of this name, active or not.
    pub fn published_key(&self, kid: &str) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.kid() == kid)
    }

    /// All keys that check signatures, the youngest first.
    pub fn published_keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.signing.iter().rev()
    }
}

/// The ring of one server, kept up to date from the store.
#[derive(Debug)]
pub struct KeyRing {
    policy: KeyPolicy,
    sealing: Sealing,
    configured: Option<ConfiguredKey>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    audit: Arc<Audit>,
    ring: RwLock<Arc<Ring>>,
}

/// A signing key that the operator gave.
#[derive(Clone)]
pub struct ConfiguredKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// PKCS #8, PKCS #1 or a shared secret.
    pub material: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for ConfiguredKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ConfiguredKey({})", self.algorithm)
    }
}

/// How often a change is tried again when other instances change the ring at the same time.
const ATTEMPTS: usize = 10;

impl KeyRing {
    /// Loads the ring; makes the keys that are missing.
    pub async fn load(
        store: &dyn Store,
        policy: KeyPolicy,
        sealing: Sealing,
        configured: Option<ConfiguredKey>,
        (clock, random, audit): (Arc<dyn Clock>, Arc<dyn Random>, Arc<Audit>),
    ) -> Result<Self, KeyRingError> {
        let maker = Maker {
            policy: &policy,
            sealing: &sealing,
            random: random.as_ref(),
            audit: &audit,
        };
        let ring = maker
            .complete(store, configured.as_ref(), clock.now())
            .await?;
        let ring = RwLock::new(Arc::new(ring));
        Ok(Self {
            policy,
            sealing,
            configured,
            clock,
            random,
            audit,
            ring,
        })
    }

    /// The keys now.
    pub fn current(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the store again: takes up keys that another instance or a command made, replaces the
    /// active key when its time has come, removes those that nothing needs any more.
    pub async fn reload(&self, store: &dyn Store) -> Result<(), KeyRingError> {
        let now = self.clock.now();
        let ring = self
            .maker()
            .complete(store, self.configured.as_ref(), now)
            .await?;
        self.replace(ring);
        Ok(())
    }

    /// Adds a signing key, which is published now and signs after [`KeyPolicy::publish_ahead_secs`].
    /// Returns its name.
    pub async fn rotate(&self, store: &dyn Store) -> Result<String, KeyRingError> {
        if self.configured.is_some() {
            return Err(KeyRingError::Configured);
        }
        let now = self.clock.now();
        let activates_at = now.plus_secs(self.policy.publish_ahead_secs);
        for _ in 0..ATTEMPTS {
            let seen: Vec<String> = ids(&store.list_keys().await?);
            let record = self.maker().signing_record(now, activates_at)?;
            if store.add_key(&record, &seen).await? == Addition::Added {
                self.audit.record(&AuditEvent::KeyRotated {
                    key_id: &record.key_id,
                    cause: RotationCause::Command,
                });
                self.reload(store).await?;
                return Ok(record.key_id);
            }
        }
        Err(KeyRingError::Contended)
    }

    fn maker(&self) -> Maker<'_> {
        Maker {
            policy: &self.policy,
            sealing: &self.sealing,
            random: self.random.as_ref(),
            audit: &self.audit,
        }
    }

    fn replace(&self, ring: Ring) {
        let mut current = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if current.record_ids != ring.record_ids {
            let keys = ring.signing.len();
            self.audit.record(&AuditEvent::KeyRingChanged { keys });
        }
        *current = Arc::new(ring);
    }
}

fn ids(records: &[KeyRecord]) -> Vec<String> {
    records.iter().map(|record| record.key_id.clone()).collect()
}

/// Makes records and rings.
struct Maker<'a> {
    policy: &'a KeyPolicy,
    sealing: &'a Sealing,
    random: &'a dyn Random,
    audit: &'a Audit,
}

/// A key that the ring lacks; a signing key with the reason.
type Missing = (KeyRecord, Option<RotationCause>);

impl Maker<'_> {
    /// The ring of the store after adding what it lacks and removing what nothing needs.
    async fn complete(
        &self,
        store: &dyn Store,
        configured: Option<&ConfiguredKey>,
        now: Timestamp,
    ) -> Result<Ring, KeyRingError> {
        for _ in 0..ATTEMPTS {
            let mut records = store.list_keys().await?;
            for expired in self.expired(&records, now) {
                store.remove_key(&expired).await?;
                records.retain(|record| record.key_id != expired);
            }
            match self.missing(&records, configured.is_some(), now)? {
                None => return self.ring(&records, configured),
                Some((missing, cause)) => {
                    let added = store.add_key(&missing, &ids(&records)).await?;
                    if let (Addition::Added, Some(cause)) = (added, cause) {
                        self.audit.record(&AuditEvent::KeyRotated {
                            key_id: &missing.key_id,
                            cause,
                        });
                    }
                }
            }
        }
        Err(KeyRingError::Contended)
    }

    fn missing(
        &self,
        records: &[KeyRecord],
        configured: bool,
        now: Timestamp,
    ) -> Result<Option<Missing>, KeyRingError> {
        if !records
            .iter()
            .any(|record| matches!(record.purpose, KeyPurpose::Handles { .. }))
        {
            return Ok(Some((self.handle_record(now)?, None)));
        }
        if configured {
            return Ok(None);
        }
        let Some(youngest) = signing(records).last() else {
            // Nobody can know an older key: the first one signs at once.
            let first = self.signing_record(now, now)?;
            return Ok(Some((first, Some(RotationCause::First))));
        };
        let other = youngest.purpose != KeyPurpose::Signing(self.policy.algorithm);
        let due = self
            .policy
            .rotate_every_secs
            .is_some_and(|secs| youngest.created_at.plus_secs(secs) <= now);
        if other || due {
            let activates_at = now.plus_secs(self.policy.publish_ahead_secs);
            let cause = if other {
                RotationCause::Algorithm
            } else {
                RotationCause::Schedule
            };
            let next = self.signing_record(now, activates_at)?;
            return Ok(Some((next, Some(cause))));
        }
        Ok(None)
    }

    /// Signing keys whose successor has signed for so long that every token of theirs has expired.
    fn expired(&self, records: &[KeyRecord], now: Timestamp) -> Vec<String> {
        let keys: Vec<&KeyRecord> = signing(records).collect();
        let pairs = keys.iter().zip(keys.iter().skip(1));
        pairs
            .filter(|(_, successor)| {
                let last_use = successor.activates_at;
                last_use.plus_secs(self.policy.longest_token_life_secs) < now
            })
            .map(|(key, _)| key.key_id.clone())
            .collect()
    }

    fn ring(
        &self,
        records: &[KeyRecord],
        configured: Option<&ConfiguredKey>,
    ) -> Result<Ring, KeyRingError> {
        let mut handles = Vec::new();
        let mut keys = Vec::new();
        for record in records {
            let material = self.sealing.open(&record.key_id, &record.material)?;
            match record.purpose {
                KeyPurpose::Signing(algorithm) => {
                    keys.push(SigningKey::parse(
                        algorithm,
                        &material,
                        record.activates_at,
                    )?);
                }
                KeyPurpose::Handles { generation } => {
                    let key = material.first_chunk::<32>().ok_or(SealingError::Damaged)?;
                    handles.push(HandleKey {
                        generation,
                        key: Zeroizing::new(*key),
                    });
                }
            }
        }
        keys.sort_by_key(SigningKey::activates_at);
        if let Some(ConfiguredKey {
            algorithm,
            material,
        }) = configured
        {
            let youngest = keys
                .last()
                .map_or(Timestamp::from_secs(0), SigningKey::activates_at);
            keys.push(SigningKey::parse(*algorithm, material, youngest)?);
        }
        Ok(Ring {
            handles: HandleKeys::new(handles)?,
            signing: keys,
            record_ids: ids(records),
        })
    }

    fn signing_record(
        &self,
        created_at: Timestamp,
        activates_at: Timestamp,
    ) -> Result<KeyRecord, KeyRingError> {
        let algorithm = self.policy.algorithm;
        let material = keys::generate(algorithm, self.random)?;
        let key_id = SigningKey::parse(algorithm, &material, activates_at)?
            .kid()
            .to_owned();
        let material = self.sealing.seal(&key_id, &material)?;
        let purpose = KeyPurpose::Signing(algorithm);
        Ok(KeyRecord {
            key_id,
            purpose,
            created_at,
            activates_at,
            material,
        })
    }

    fn handle_record(&self, now: Timestamp) -> Result<KeyRecord, KeyRingError> {
        let key_id = format!("handles-{}", self.random.text::<9>());
        let key = Zeroizing::new(self.random.bytes::<32>());
        let material = self.sealing.seal(&key_id, key.as_slice())?;
        let purpose = KeyPurpose::Handles { generation: 0 };
        Ok(KeyRecord {
            key_id,
            purpose,
            created_at: now,
            activates_at: now,
            material,
        })
    }
}

fn signing(records: &[KeyRecord]) -> impl Iterator<Item = &KeyRecord> {
    let mut keys: Vec<&KeyRecord> = records
        .iter()
        .filter(|record| matches!(record.purpose, KeyPurpose::Signing(_)))
        .collect();
    keys.sort_by_key(|record| (record.activates_at, record.created_at));
    keys.into_iter()
}
