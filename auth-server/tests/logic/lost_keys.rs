//! The store has lost its keys while servers work with them.

use std::sync::Arc;

use futures_util::FutureExt as _;
use symbolon_auth_server::keys::{Changed, KeyRing, KeySources};

use crate::bench::{ACCESS_TOKEN_SECS, AHEAD_SECS};
use crate::key_ports::LateOnce;
use crate::keys::{Keys, active, published};

#[tokio::test]
async fn a_store_that_lost_its_keys_gets_those_of_its_servers_back() {
    let keys = Keys::none();
    let ring = keys.load().await;
    keys.clock.advance_secs(100);
    ring.rotate(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    let another = keys.load().await;
    let (before, shown) = (keys.ids().await, published(&ring));
    keys.empty().await;
    let reloads = [
        ring.reload(ACCESS_TOKEN_SECS),
        another.reload(ACCESS_TOKEN_SECS),
    ];
    for Changed { changes, outcome } in futures_util::future::join_all(reloads).await {
        outcome.unwrap();
        assert_eq!(changes, []);
    }
    assert_eq!(keys.ids().await, before);
    assert_eq!(
        (published(&ring), published(&another)),
        (shown.clone(), shown)
    );
}

#[tokio::test]
async fn a_server_that_came_first_to_an_emptied_store_keeps_its_keys_beside_the_older() {
    let keys = Keys::none();
    let ring = keys.load().await;
    let old = active(&ring, &keys);
    keys.empty().await;
    keys.clock.advance_secs(1);
    let newcomer = keys.load().await;
    let new = active(&newcomer, &keys);
    ring.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    newcomer.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    // JWTs of both are checked by both; handles are made with one key.
    for ring in [&ring, &newcomer] {
        assert_eq!(published(ring), [new.clone(), old.clone()]);
    }
    assert_eq!(keys.ids().await.len(), 3);
}

#[tokio::test]
async fn a_key_that_nothing_needs_any_more_is_not_put_back() {
    let keys = Keys::none();
    let (ring, behind) = (keys.load().await, keys.load().await);
    let first = active(&ring, &keys);
    keys.clock.advance_secs(100);
    let second = ring.rotate(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    behind.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    keys.clock.advance_secs(AHEAD_SECS + ACCESS_TOKEN_SECS + 1);
    ring.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    behind.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    assert!(!keys.ids().await.contains(&first));
    keys.empty().await;
    behind.reload(ACCESS_TOKEN_SECS).await.outcome.unwrap();
    assert_eq!(published(&behind), [second]);
    assert!(!keys.ids().await.contains(&first));
}

#[tokio::test]
async fn an_older_look_at_the_store_does_not_take_a_newer_key_away() {
    let keys = Keys::none();
    keys.load().await;
    let late = Arc::new(LateOnce::new(Arc::clone(&keys.stores.keys)));
    let sources = KeySources {
        store: late.clone(),
        ..keys.sources()
    };
    let ring = KeyRing::load(sources, ACCESS_TOKEN_SECS).await;
    let ring = ring.outcome.unwrap();
    late.delay_the_next();
    let mut older = std::pin::pin!(ring.reload(ACCESS_TOKEN_SECS));
    assert!(older.as_mut().now_or_never().is_none());
    let mut rotating = std::pin::pin!(ring.rotate(ACCESS_TOKEN_SECS));
    let early = rotating.as_mut().now_or_never();
    late.arrival.add_permits(1);
    older.await.outcome.unwrap();
    let rotated = match early {
        Some(rotated) => rotated,
        None => rotating.await,
    };
    assert!(published(&ring).contains(&rotated.outcome.unwrap()));
}
