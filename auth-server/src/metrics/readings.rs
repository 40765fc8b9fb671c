//! What the parts of the server keep anyway, and a scrape reads: keys, the queue of passwords, remembered
//! secrets.

use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;

use symbolon::clock::{Clock, Timestamp};
use symbolon_service::metrics::{Description, Reading, register_reading};

use crate::keys::KeyRing;
use crate::keys::signing::SigningKey;
use crate::passwords::{HashQueue, PasswordVerifier, VerifiedSecrets};
use crate::resource_owners::throttle::SignInThrottle;

/// The parts of a server that are read.
#[derive(Clone, Debug)]
pub struct ReadParts {
    /// The server's keys.
    pub keys: Arc<KeyRing>,
    /// Their age depends on it.
    pub clock: Arc<dyn Clock>,
    /// Hashes passwords.
    pub passwords: Arc<PasswordVerifier>,
    /// Remembers client secrets.
    pub verified_secrets: Arc<VerifiedSecrets>,
    /// Slows sign-ins.
    pub throttle: Arc<SignInThrottle>,
}

/// A metric, and how its values are read.
struct PartReading {
    description: Description,
    read: fn(&ReadParts) -> Vec<Reading>,
}

/// Registers what is read of these parts.
pub fn register_readings(registry: &mut Registry, parts: &ReadParts) {
    let all = keys()
        .into_iter()
        .chain(hashes())
        .chain(secrets())
        .chain(brakes());
    for PartReading { description, read } in all {
        let parts = parts.clone();
        register_reading(registry, description, move || read(&parts));
    }
}

fn reading(description: Description, read: fn(&ReadParts) -> Vec<Reading>) -> PartReading {
    PartReading { description, read }
}

fn description(name: &'static str, help: &'static str) -> Description {
    Description {
        name,
        help,
        unit: None,
        kind: MetricType::Gauge,
    }
}

fn counter(name: &'static str, help: &'static str) -> Description {
    Description {
        kind: MetricType::Counter,
        ..description(name, help)
    }
}

fn keys() -> [PartReading; 2] {
    let age = Description {
        unit: Some(Unit::Seconds),
        ..description(
            "auth_server_signing_key_age",
            "Seconds since the key that signs began to; absent when the operator gave the key",
        )
    };
    let keys = description(
        "auth_server_signing_keys",
        "Signing keys that are published",
    );
    [reading(age, key_age), reading(keys, keys_by_state)]
}

fn key_age(parts: &ReadParts) -> Vec<Reading> {
    let now = parts.clock.now();
    let active = parts
        .keys
        .current()
        .active_key(now)
        .map(SigningKey::activates_at);
    // A key from a file has no age that we know.
    let since = active.filter(|since| *since > Timestamp::from_secs(0));
    since
        .map(|since| (Vec::new(), since.secs_until(now)))
        .into_iter()
        .collect()
}

fn keys_by_state(parts: &ReadParts) -> Vec<Reading> {
    let now = parts.clock.now();
    let ring = parts.keys.current();
    let active = ring.active_key(now).map(SigningKey::kid);
    let [mut signs, mut published, mut replaced] = [0; 3];
    for key in ring.published_keys() {
        let state = if Some(key.kid()) == active {
            &mut signs
        } else if key.activates_at() > now {
            &mut published
        } else {
            &mut replaced
        };
        *state += 1;
    }
    by(
        "state",
        [
            ("active", signs),
            ("published", published),
            ("replaced", replaced),
        ],
    )
}

fn hashes() -> [PartReading; 3] {
    let queue = description(
        "auth_server_password_hash_queue",
        "Slow hashes that are computed now, and that wait for it",
    );
    let limit = description(
        "auth_server_password_hash_queue_limit",
        "How many slow hashes may be computed at a time, and how many may wait",
    );
    let count = counter(
        "auth_server_password_hashes",
        "Hashes computed: slow ones on a thread of their own, fast ones on the spot",
    );
    [
        reading(queue, |parts| {
            by_lane(parts, |queue| (queue.running, queue.waiting))
        }),
        reading(limit, |parts| {
            by_lane(parts, |queue| (queue.running_limit, queue.waiting_limit))
        }),
        reading(count, |parts| {
            let count = parts.passwords.hash_count();
            by("cost", [("slow", count.slow), ("fast", count.fast)])
        }),
    ]
}

/// What is running and waiting, or may, in each lane.
fn by_lane(parts: &ReadParts, numbers: fn(&HashQueue) -> (u64, u64)) -> Vec<Reading> {
    let lanes = parts.passwords.queues().into_iter();
    lanes
        .flat_map(|(lane, queue)| {
            let (running, waiting) = numbers(&queue);
            [("running", running), ("waiting", waiting)]
                .map(|(state, number)| (vec![("lane", lane), ("state", state)], number))
        })
        .collect()
}

fn brakes() -> [PartReading; 1] {
    let slowed = counter(
        "auth_server_sign_ins_slowed",
        "Attempts to sign in that had to wait because there were many for their account",
    );
    [reading(slowed, |parts| {
        vec![(Vec::new(), parts.throttle.slowed())]
    })]
}

fn secrets() -> [PartReading; 2] {
    let lookups = counter(
        "auth_server_verified_secrets",
        "Client secrets that were looked up among those verified before",
    );
    let entries = description(
        "auth_server_verified_secret_entries",
        "Client secrets that are remembered as verified",
    );
    [
        reading(lookups, |parts| {
            let memory = parts.verified_secrets.statistics();
            by("outcome", [("hit", memory.hits), ("miss", memory.misses)])
        }),
        reading(entries, |parts| {
            vec![(Vec::new(), parts.verified_secrets.statistics().entries)]
        }),
    ]
}

fn by<const N: usize>(label: &'static str, values: [(&'static str, u64); N]) -> Vec<Reading> {
    values
        .map(|(word, value)| (vec![(label, word)], value))
        .into()
}
