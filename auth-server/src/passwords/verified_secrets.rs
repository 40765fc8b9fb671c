//! Which client secrets were good a moment ago: a client that asks for a hundred tokens a minute pays
//! for bcrypt once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use quick_cache::sync::Cache;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use super::PasswordHash;

/// For how long whoever presents a secret that was good is not taken for somebody who guesses.
const KNOWN_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers that a client presented a secret that matched its hash. What is kept is an HMAC-SHA-256
/// under a key of this process, which neither shows the secret nor helps to guess it; it covers the
/// hash too, so a secret that is changed is forgotten at once. Refusals are not remembered.
pub struct VerifiedSecrets {
    /// Has taken its key in: that costs as much as a short message, and every request has one.
    keyed: Hmac<Sha256>,
    /// From one half of the code to the other half.
    verified: Cache<[u8; 16], Verified>,
    ttl: Duration,
    clock: Arc<dyn Clock>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How the memory does, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretMemory {
    /// Secrets that were recalled.
    pub hits: u64,
    /// Secrets that were not.
    pub misses: u64,
    /// Secrets that are remembered; some may be past their time.
    pub entries: u64,
}

#[derive(Clone, Copy)]
struct Verified {
    check: [u8; 16],
    /// When, on the stopwatch of the clock.
    at: Duration,
}

/// What is known of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// It was good minutes ago: that need not be computed again.
    Verified,
    /// It was good within the last day: whoever knows it is not guessing.
    Known,
    /// Nothing.
    Unknown,
}

impl VerifiedSecrets {
    /// Remembers up to `capacity` secrets for `ttl_secs` seconds each; with 0 seconds, none.
    pub fn new(capacity: usize, ttl_secs: u64, clock: Arc<dyn Clock>, random: &dyn Random) -> Self {
        // A whole block of SHA-256: it is used as it is.
        let key: Zeroizing<[u8; 64]> = Zeroizing::new(random.bytes());
        Self {
            keyed: Hmac::new(&(*key).into()),
            verified: Cache::new(capacity.max(1)),
            ttl: Duration::from_secs(ttl_secs),
            clock,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// How the memory does.
    pub fn statistics(&self) -> SecretMemory {
        SecretMemory {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: u64::try_from(self.verified.len()).unwrap_or(u64::MAX),
        }
    }

    /// What is known of a secret that a client presents.
    pub fn recall(&self, client_id: &ClientId, presented: &Secret, hash: &PasswordHash) -> Recall {
        let recalled = self.look_up(client_id, presented, hash);
        let count = match recalled {
            Recall::Verified => &self.hits,
            Recall::Known | Recall::Unknown => &self.misses,
        };
        count.fetch_add(1, Ordering::Relaxed);
        recalled
    }

    fn look_up(&self, client_id: &ClientId, presented: &Secret, hash: &PasswordHash) -> Recall {
        let (place, check) = self.code(client_id, presented, hash);
        // The place reveals nothing to whoever measures the search: without the key nobody can choose
        // it. The check is compared in constant time all the same.
        let found = self.verified.get(&place);
        let found = found.filter(|verified| verified.check.ct_eq(&check).into());
        let Some(age) = found.map(|found| self.clock.elapsed().saturating_sub(found.at)) else {
            return Recall::Unknown;
        };
        if age < self.ttl {
            Recall::Verified
        } else if age < KNOWN_FOR {
            Recall::Known
        } else {
            Recall::Unknown
        }
    }

    /// Notes that `presented` was verified against `hash`. The time is counted from here and not
    /// prolonged by use.
    pub fn remember(&self, client_id: &ClientId, presented: &Secret, hash: &PasswordHash) {
        let (place, check) = self.code(client_id, presented, hash);
        let at = self.clock.elapsed();
        self.verified.insert(place, Verified { check, at });
    }

    fn code(
        &self,
        client_id: &ClientId,
        presented: &Secret,
        hash: &PasswordHash,
    ) -> ([u8; 16], [u8; 16]) {
        let mut mac = self.keyed.clone();
        // Each with its length before it: two different triples never read the same.
        for part in [client_id.as_str(), hash.expose(), presented.expose()] {
            mac.update(&part.len().to_be_bytes());
            mac.update(part.as_bytes());
        }
        let code: [u8; 32] = mac.finalize().into_bytes().into();
        let (mut place, mut check) = ([0; 16], [0; 16]);
        let (left, right) = code.split_at(16);
        place.copy_from_slice(left);
        check.copy_from_slice(right);
        (place, check)
    }
}

impl fmt::Debug for VerifiedSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedSecrets")
            .field("len", &self.verified.len())
            .field("ttl", &self.ttl)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use symbolon::clock::{SettableClock, Timestamp};
    use symbolon::random::SystemRandom;

    use super::*;

    const BCRYPT: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
    const SECRET: &str = "correct horse 电池";

    fn memory(capacity: usize) -> (VerifiedSecrets, Arc<SettableClock>) {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000)));
        let shared: Arc<dyn Clock> = clock.clone();
        let memory = VerifiedSecrets::new(capacity, 300, shared, &SystemRandom);
        (memory, clock)
    }

    #[test]
    fn a_secret_is_verified_for_minutes_and_known_for_a_day() {
        let (memory, clock) = memory(8);
        let (client, secret) = (ClientId::new("print-photo"), Secret::new(SECRET));
        let hash = BCRYPT.parse().unwrap();
        memory.remember(&client, &secret, &hash);
        for (elapsed_secs, expected) in [
            (299, Recall::Verified),
            (1, Recall::Known),
            (86_400 - 301, Recall::Known),
            (1, Recall::Unknown),
        ] {
            clock.advance_secs(elapsed_secs);
            assert_eq!(memory.recall(&client, &secret, &hash), expected);
        }
        let expected = SecretMemory {
            hits: 1,
            misses: 3,
            entries: 1,
        };
        assert_eq!(memory.statistics(), expected);
    }

    #[test]
    fn a_secret_is_remembered_neither_longer_nor_shorter_when_the_hour_is_set() {
        for hour in [0, 1_000_000] {
            let (memory, clock) = memory(8);
            let (client, secret) = (ClientId::new("print-photo"), Secret::new(SECRET));
            let hash = BCRYPT.parse().unwrap();
            memory.remember(&client, &secret, &hash);
            clock.advance_secs(299);
            clock.set(Timestamp::from_secs(hour));
            let recalled = memory.recall(&client, &secret, &hash);
            assert_eq!(recalled, Recall::Verified);
            clock.advance_secs(1);
            assert_eq!(memory.recall(&client, &secret, &hash), Recall::Known);
        }
    }

    #[test]
    fn only_the_same_client_secret_and_hash_are_recalled() {
        let (memory, _) = memory(8);
        let (client, secret) = (ClientId::new("a"), Secret::new("b"));
        let hash = "{noop}b".parse().unwrap();
        memory.remember(&client, &secret, &hash);
        assert_eq!(memory.recall(&client, &secret, &hash), Recall::Verified);
        let other: PasswordHash = "{noop}c".parse().unwrap();
        for (client, secret, hash) in [("b", "b", &hash), ("a", "a", &hash), ("a", "b", &other)] {
            let recalled = memory.recall(&ClientId::new(client), &Secret::new(secret), hash);
            assert_eq!(recalled, Recall::Unknown);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let (memory, _) = memory(16);
        let hash = "{noop}b".parse().unwrap();
        for number in 0..1_000 {
            let secret = Secret::new(number.to_string());
            memory.remember(&ClientId::new("a"), &secret, &hash);
        }
        assert!(memory.verified.len() <= 32, "{memory:?}");
    }
}
