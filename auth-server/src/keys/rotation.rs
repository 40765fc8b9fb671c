//! What a ring lacks and what nothing needs any more, decided from the records and the time alone.

use symbolon::clock::Timestamp;
use symbolon::random::Random;
use zeroize::Zeroizing;

use crate::keys::policy::{KeyPolicy, KeyRingError, RotationCause};
use crate::keys::sealing::Sealing;
use crate::keys::signing::{self, SigningKey};
use crate::records::{KeyPurpose, KeyRecord};

/// Makes the records of new keys.
pub(super) struct Rotation<'a> {
    pub(super) policy: &'a KeyPolicy,
    pub(super) sealing: &'a Sealing,
    pub(super) random: &'a dyn Random,
}

/// A key that a ring lacks.
pub(super) struct MissingKey {
    pub(super) record: KeyRecord,
    /// Why, of a signing key.
    pub(super) cause: Option<RotationCause>,
}

impl Rotation<'_> {
    /// The first key that the ring of these records lacks.
    pub(super) fn missing(
        &self,
        records: &[KeyRecord],
        signing_is_configured: bool,
        now: Timestamp,
    ) -> Result<Option<MissingKey>, KeyRingError> {
        if !records.iter().any(makes_handles) {
            let record = self.handle_record(now)?;
            return Ok(Some(MissingKey {
                record,
                cause: None,
            }));
        }
        if signing_is_configured {
            return Ok(None);
        }
        let Some(cause) = self.cause_to_rotate(records, now) else {
            return Ok(None);
        };
        // Nobody can know a key older than the first, which therefore signs at once.
        let ahead = match cause {
            RotationCause::First => 0,
            RotationCause::Schedule | RotationCause::Algorithm | RotationCause::Command => {
                self.policy.publish_ahead_secs
            }
        };
        Ok(Some(MissingKey {
            record: self.signing_record(now, now.plus_secs(ahead))?,
            cause: Some(cause),
        }))
    }

    fn cause_to_rotate(&self, records: &[KeyRecord], now: Timestamp) -> Option<RotationCause> {
        let keys = signing_records(records);
        let Some(youngest) = keys.last() else {
            return Some(RotationCause::First);
        };
        let is_due = |secs| youngest.created_at.plus_secs(secs) <= now;
        if youngest.purpose != KeyPurpose::Signing(self.policy.algorithm) {
            Some(RotationCause::Algorithm)
        } else if self.policy.rotate_every_secs.is_some_and(is_due) {
            Some(RotationCause::Schedule)
        } else {
            None
        }
    }

    /// The record of a new signing key.
    pub(super) fn signing_record(
        &self,
        created_at: Timestamp,
        activates_at: Timestamp,
    ) -> Result<KeyRecord, KeyRingError> {
        let algorithm = self.policy.algorithm;
        let material = signing::generate(algorithm, self.random)?;
        let key = SigningKey::parse(algorithm, &material, activates_at)?;
        let key_id = key.kid().to_owned();
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

/// Names of signing keys whose successor has signed for so long that every token of theirs has expired.
/// `longest_token_life_secs` is how many seconds a token may be checked after it was signed.
pub(super) fn outlived(
    records: &[KeyRecord],
    longest_token_life_secs: u64,
    now: Timestamp,
) -> Vec<String> {
    let keys = signing_records(records);
    let pairs = keys.iter().zip(keys.iter().skip(1));
    pairs
        .filter(|(_, successor)| successor.activates_at.plus_secs(longest_token_life_secs) < now)
        .map(|(key, _)| key.key_id.clone())
        .collect()
}

/// Of the keys that a server works with, those that a store has lost and that are needed still. Others remove a key when
/// nothing needs it any more, but never the youngest and never one that makes handles: a store without one of these was
/// emptied.
pub(super) fn lost<'h>(
    held: &'h [KeyRecord],
    kept: &[KeyRecord],
    longest_token_life_secs: u64,
    now: Timestamp,
) -> Vec<&'h KeyRecord> {
    let is_kept = |record: &KeyRecord| kept.iter().any(|one| one.key_id == record.key_id);
    let youngest = signing_records(held).last().map(|record| &record.key_id);
    let shows_loss =
        |record: &&KeyRecord| makes_handles(record) || Some(&record.key_id) == youngest;
    if held.iter().filter(shows_loss).all(is_kept) {
        return Vec::new();
    }
    let all: Vec<KeyRecord> = held.iter().chain(kept).cloned().collect();
    let outlived = outlived(&all, longest_token_life_secs, now);
    // Two keys that make handles would read each other's as garbage: who came first has made some.
    let has_handles = kept.iter().any(makes_handles);
    held.iter()
        .filter(|record| !is_kept(record) && !outlived.contains(&record.key_id))
        .filter(|record| !(has_handles && makes_handles(record)))
        .collect()
}

const fn makes_handles(record: &KeyRecord) -> bool {
    matches!(record.purpose, KeyPurpose::Handles { .. })
}

/// The signing keys among the records, in the order of activation.
fn signing_records(records: &[KeyRecord]) -> Vec<&KeyRecord> {
    let mut keys: Vec<&KeyRecord> = records
        .iter()
        .filter(|record| matches!(record.purpose, KeyPurpose::Signing(_)))
        .collect();
    keys.sort_by_key(|record| (record.activates_at, record.created_at));
    keys
}
