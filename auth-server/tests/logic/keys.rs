//! The ring of the server's own keys: loaded, replaced, kept up to date, and what is told of it.

use std::sync::Arc;

use symbolon::clock::{Clock as _, SettableClock, Timestamp};
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::keys::handles::HandleKeys;
use symbolon_auth_server::keys::sealing::{Sealing, SealingError};
use symbolon_auth_server::keys::signing::{SigningKey, generate};
use symbolon_auth_server::keys::{
    Changed, ConfiguredKey, KeyChange, KeyPolicy, KeyRing, KeyRingError, KeySources, RotationCause,
};
use symbolon_auth_server::records::{KeyPurpose, KeyRecord};
use symbolon_auth_server::stores::embedded::{EmbeddedLocation, EmbeddedStore};
use symbolon_auth_server::stores::{StoreError, Stores};

use crate::bench::{ACCESS_TOKEN_SECS, AHEAD_SECS, key_sources};
use crate::key_ports::{Contested, DownAfterAddition};
use crate::ports::down;

/// Everything that rings need, without a ring.
pub(crate) struct Keys {
    pub(crate) stores: Stores,
    pub(crate) clock: Arc<SettableClock>,
}

impl Keys {
    /// A store without keys.
    pub(crate) fn none() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
        let store = EmbeddedStore::open(&EmbeddedLocation::Memory, clock.clone()).unwrap();
        Self {
            stores: Stores::of(&Arc::new(store)),
            clock,
        }
    }

    pub(crate) fn sources(&self) -> KeySources {
        key_sources(&self.stores, &self.clock, SigningAlgorithm::ES256)
    }

    pub(crate) async fn load(&self) -> KeyRing {
        load(self.sources()).await.outcome.unwrap()
    }

    /// Removes all keys, as somebody does who empties a Redis.
    pub(crate) async fn empty(&self) {
        for key_id in self.ids().await {
            self.stores.keys.remove_key(&key_id).await.unwrap();
        }
    }

    pub(crate) async fn ids(&self) -> Vec<String> {
        let records = self.stores.keys.list_keys().await.unwrap();
        records.into_iter().map(|key| key.key_id).collect()
    }
}

async fn load(sources: KeySources) -> Changed<KeyRing> {
    KeyRing::load(sources, ACCESS_TOKEN_SECS).await
}

/// Names of the published keys, the youngest first.
pub(crate) fn published(ring: &KeyRing) -> Vec<String> {
    let ring = ring.current();
    let keys = ring.published_keys();
    keys.map(|key| key.kid().to_owned()).collect()
}

pub(crate) fn active(ring: &KeyRing, keys: &Keys) -> String {
    let ring = ring.current();
    let key = ring.active_key(keys.clock.now()).unwrap();
    key.kid().to_owned()
}

fn rotated(key_id: &str, cause: RotationCause) -> KeyChange {
    KeyChange::Rotated {
        key_id: key_id.to_owned(),
        cause,
    }
}

fn error<T>(changed: Changed<T>) -> KeyRingError {
    match changed.outcome {
        Ok(_) => panic!("nothing went wrong"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn the_first_server_makes_the_keys_and_tells_of_the_one_that_signs() {
    let keys = Keys::none();
    let Changed { changes, outcome } = load(keys.sources()).await;
    let ring = outcome.unwrap();
    let first = active(&ring, &keys);
    assert_eq!(changes, [rotated(&first, RotationCause::First)]);
    assert_eq!(published(&ring), [first]);
    assert_eq!(keys.ids().await.len(), 2);
}

#[tokio::test]
async fn the_next_server_takes_the_keys_that_are_there() {
    let keys = Keys::none();
    let one = keys.load().await;
    let Changed { changes, outcome } = load(keys.sources()).await;
    let another = outcome.unwrap();
    assert_eq!(changes, []);
    assert_eq!(published(&another), published(&one));
}

#[tokio::test]
async fn two_servers_that_start_at_once_make_one_ring() {
    let keys = Keys::none();
    let (one, another) = tokio::join!(load(keys.sources()), load(keys.sources()));
    let told = one.changes.len() + another.changes.len();
    assert_eq!(told, 1);
    let (one, another) = (one.outcome.unwrap(), another.outcome.unwrap());
    assert_eq!(published(&one), published(&another));
    assert_eq!(keys.ids().await.len(), 2);
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs() {
    let keys = Keys::none();
    let ring = keys.load().await;
    let first = active(&ring, &keys);
    keys.clock.advance_secs(100);
    let Changed { changes, outcome } = ring.rotate(ACCESS_TOKEN_SECS).await;
    let second = outcome.unwrap();
    let told = [
        rotated(&second, RotationCause::Command),
        KeyChange::RingReplaced { keys: 2 },
    ];
    assert_eq!(changes, told);
    assert_eq!(published(&ring), [second.clone(), first.clone()]);
    keys.clock.advance_secs(AHEAD_SECS - 1);
    assert_eq!(active(&ring, &keys), first);
    keys.clock.advance_secs(1);
    assert_eq!(active(&ring, &keys), second);
}

#[tokio::test]
async fn another_server_takes_a_new_key_up_when_it_reloads() {
    let keys = Keys::none();
    let (one, another) = (keys.load().await, keys.load().await);
    keys.clock.advance_secs(100);
    one.rotate(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    assert_ne!(published(&another), published(&one));
    let Changed { changes, outcome } = another.reload(ACCESS_TOKEN_SECS).await;
    outcome.unwrap();
    assert_eq!(changes, [KeyChange::RingReplaced { keys: 2 }]);
    assert_eq!(published(&another), published(&one));
    let again = another.reload(ACCESS_TOKEN_SECS).await;
    assert_eq!(again.changes, []);
}

#[tokio::test]
async fn a_key_that_was_replaced_goes_when_its_last_token_has_expired() {
    let keys = Keys::none();
    let ring = keys.load().await;
    let first = active(&ring, &keys);
    keys.clock.advance_secs(100);
    let second = ring.rotate(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    keys.clock.advance_secs(AHEAD_SECS + ACCESS_TOKEN_SECS);
    assert_eq!(ring.reload(ACCESS_TOKEN_SECS).await.changes, []);
    assert_eq!(published(&ring), [second.clone(), first.clone()]);
    keys.clock.advance_secs(1);
    let Changed { changes, outcome } = ring.reload(ACCESS_TOKEN_SECS).await;
    outcome.unwrap();
    assert_eq!(changes, [KeyChange::RingReplaced { keys: 1 }]);
    assert_eq!(published(&ring), [second]);
    assert!(!keys.ids().await.contains(&first));
}

#[tokio::test]
async fn a_key_is_replaced_when_it_is_old_enough() {
    let keys = Keys::none();
    let sources = || KeySources {
        policy: KeyPolicy {
            rotate_every_secs: Some(1_000),
            ..keys.sources().policy
        },
        ..keys.sources()
    };
    let ring = load(sources()).await.outcome.unwrap();
    keys.clock.advance_secs(999);
    assert_eq!(ring.reload(ACCESS_TOKEN_SECS).await.changes, []);
    keys.clock.advance_secs(1);
    let Changed { changes, outcome } = ring.reload(ACCESS_TOKEN_SECS).await;
    outcome.unwrap();
    let youngest = published(&ring).first().unwrap().clone();
    let told = [
        rotated(&youngest, RotationCause::Schedule),
        KeyChange::RingReplaced { keys: 2 },
    ];
    assert_eq!(changes, told);
}

#[tokio::test]
async fn a_key_is_replaced_when_the_settings_name_another_algorithm() {
    let keys = Keys::none();
    let old = active(&keys.load().await, &keys);
    keys.clock.advance_secs(100);
    let sources = key_sources(&keys.stores, &keys.clock, SigningAlgorithm::EdDSA);
    let Changed { changes, outcome } = load(sources).await;
    let ring = outcome.unwrap();
    let youngest = published(&ring).first().unwrap().clone();
    assert_eq!(changes, [rotated(&youngest, RotationCause::Algorithm)]);
    assert_eq!(active(&ring, &keys), old);
    keys.clock.advance_secs(AHEAD_SECS);
    assert_eq!(active(&ring, &keys), youngest);
}

#[tokio::test]
async fn an_operators_own_key_signs_and_is_not_replaced_by_command() {
    let keys = Keys::none();
    let material = generate(SigningAlgorithm::EdDSA, &SystemRandom).unwrap();
    let sources = KeySources {
        configured: Some(ConfiguredKey {
            algorithm: SigningAlgorithm::EdDSA,
            material,
            may_be_short: false,
        }),
        ..keys.sources()
    };
    let Changed { changes, outcome } = load(sources).await;
    let ring = outcome.unwrap();
    assert_eq!(changes, []);
    let own = active(&ring, &keys);
    assert_eq!(published(&ring), [own]);
    let rotated = ring.rotate(ACCESS_TOKEN_SECS).await;
    assert_eq!(rotated.changes, []);
    assert!(matches!(error(rotated), KeyRingError::Configured));
    // Only the key of handles is kept.
    assert_eq!(keys.ids().await.len(), 1);
}

#[test]
fn a_short_shared_secret_is_refused_unless_it_is_allowed() {
    for (algorithm, least) in [
        (SigningAlgorithm::HS256, 32),
        (SigningAlgorithm::HS384, 48),
        (SigningAlgorithm::HS512, 64),
    ] {
        let parsed = |bytes: usize, may_be_short| {
            let configured = ConfiguredKey {
                algorithm,
                material: "x".repeat(bytes).into_bytes().into(),
                may_be_short,
            };
            configured.parse(Timestamp::from_secs(0))
        };
        assert!(parsed(least, false).is_ok(), "{algorithm}");
        let refused = parsed(least - 1, false).unwrap_err().to_string();
        assert!(refused.contains(&format!("{least} bytes")), "{refused}");
        assert!(parsed(1, true).is_ok(), "{algorithm}");
        assert!(parsed(0, true).is_err(), "{algorithm}");
    }
}

#[tokio::test]
async fn a_header_names_the_key_unless_the_settings_say_no() {
    let keys = Keys::none();
    let ring = keys.load().await;
    let named = ring.current();
    let kid = named.published_keys().next().unwrap().header_kid();
    assert_eq!(kid, Some(active(&ring, &keys).as_str()));
    let sources = KeySources {
        policy: KeyPolicy {
            kid_in_header: false,
            ..keys.sources().policy
        },
        ..keys.sources()
    };
    let nameless = load(sources).await.outcome.unwrap();
    let nameless = nameless.current();
    assert_eq!(nameless.published_keys().next().unwrap().header_kid(), None);
}

#[tokio::test]
async fn a_ring_that_others_keep_changing_is_given_up() {
    let keys = Keys::none();
    let contested = || KeySources {
        store: Arc::new(Contested(keys.stores.keys.clone())),
        ..keys.sources()
    };
    let loaded = load(contested()).await;
    assert_eq!(loaded.changes, []);
    assert!(matches!(error(loaded), KeyRingError::Contended));
    keys.load().await;
    let ring = load(contested()).await.outcome.unwrap();
    let rotated = ring.rotate(ACCESS_TOKEN_SECS).await;
    assert_eq!(rotated.changes, []);
    assert!(matches!(error(rotated), KeyRingError::Contended));
}

#[tokio::test]
async fn a_key_that_was_added_is_told_of_though_the_store_fails_then() {
    let keys = Keys::none();
    let before = published(&keys.load().await);
    keys.clock.advance_secs(100);
    let sources = KeySources {
        store: DownAfterAddition::of(&keys.stores.keys),
        ..keys.sources()
    };
    let ring = load(sources).await.outcome.unwrap();
    let changed = ring.rotate(ACCESS_TOKEN_SECS).await;
    let after = published(&keys.load().await);
    let added = after.iter().find(|kid| !before.contains(kid)).unwrap();
    assert_eq!(changed.changes, [rotated(added, RotationCause::Command)]);
    let error = error(changed);
    assert!(matches!(error, KeyRingError::Store(_)), "{error:?}");
    // The ring goes on as it was.
    assert_eq!(published(&ring), before);
}

#[tokio::test]
async fn a_first_key_is_told_of_though_the_store_fails_then() {
    let keys = Keys::none();
    // The key of handles is there: the next addition is that of the signing key.
    let ring = keys.load().await;
    let signing = active(&ring, &keys);
    keys.stores.keys.remove_key(&signing).await.unwrap();
    let sources = KeySources {
        store: DownAfterAddition::of(&keys.stores.keys),
        ..keys.sources()
    };
    let changed = load(sources).await;
    let added = active(&keys.load().await, &keys);
    assert_eq!(changed.changes, [rotated(&added, RotationCause::First)]);
    assert!(matches!(error(changed), KeyRingError::Store(_)));
}

#[tokio::test]
async fn a_store_that_fails_changes_nothing() {
    let keys = Keys::none();
    let failing = || KeySources {
        store: down().keys,
        ..keys.sources()
    };
    let loaded = load(failing()).await;
    assert_eq!(loaded.changes, []);
    let error = error(loaded);
    let KeyRingError::Store(StoreError::Unavailable(_)) = error else {
        panic!("{error:?}");
    };
}

#[tokio::test]
async fn keys_that_another_secret_sealed_are_not_opened() {
    let keys = Keys::none();
    keys.load().await;
    let another = Secret::new("another secret of ours");
    for (sealing, told) in [
        (Sealing::off(), "store.sealing_secret is empty"),
        (
            Sealing::under(&another, "/var/a.secret").unwrap(),
            "another secret than the one in /var/a.secret",
        ),
    ] {
        let sources = KeySources {
            sealing,
            ..keys.sources()
        };
        let error = error(load(sources).await);
        assert!(matches!(error, KeyRingError::Sealing(_)), "{error:?}");
        assert!(error.to_string().contains(told), "{error}");
    }
}

/// What comes of loading a ring from a store that keeps this.
async fn error_of(purpose: KeyPurpose, material: &str) -> KeyRingError {
    let keys = Keys::none();
    let now = keys.clock.now();
    let record = KeyRecord {
        key_id: "nonsense".to_owned(),
        purpose,
        created_at: now,
        activates_at: now,
        material: material.to_owned(),
    };
    keys.stores.keys.add_key(&record, &[]).await.unwrap();
    error(load(keys.sources()).await)
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_not_used() {
    let sealing = Keys::none().sources().sealing;
    let no_key = sealing.seal("nonsense", b"no key").unwrap();
    let signing = KeyPurpose::Signing(SigningAlgorithm::ES256);
    let handles = KeyPurpose::Handles { generation: 0 };
    let error = error_of(signing, &no_key).await;
    assert!(matches!(error, KeyRingError::Key(_)), "{error:?}");
    for (purpose, material) in [
        (signing, "neither sealed nor open"),
        (handles, no_key.as_str()),
    ] {
        let error = error_of(purpose, material).await;
        let KeyRingError::Sealing(SealingError::Damaged) = error else {
            panic!("{error:?}");
        };
    }
}

#[test]
fn there_is_no_ring_without_a_key_for_handles() {
    let error = KeyRingError::from(HandleKeys::new(&[]).unwrap_err());
    assert!(matches!(error, KeyRingError::Handles(_)));
}

#[tokio::test]
async fn a_key_is_named_after_its_public_part() {
    let material = generate(SigningAlgorithm::ES256, &SystemRandom).unwrap();
    let now = Timestamp::from_secs(1);
    let parsed = || SigningKey::parse(SigningAlgorithm::ES256, &material, now);
    assert_eq!(parsed().unwrap().kid(), parsed().unwrap().kid());
}
