//! What takes a while, and a machine of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use symbolon::clock::Clock as _;
use symbolon::identifiers::ClientId;

use super::{clock, open, sizes};
use crate::records::AuthorizationCode;
use crate::stores::contract::{Samples, new_code_id};
use crate::stores::embedded::EmbeddedStore;
use crate::stores::{AccessTokenStore as _, AuthorizationCodeStore as _, GrantStore as _};

const RECORDS: usize = 500_000;
/// A code is one record, and what its owner gave by it another.
const RECORDS_PER_CODE: u64 = 2;
/// Between two writes.
const PAUSE: Duration = Duration::from_millis(20);
const LONGEST_SWEEP: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a minute, and says something of a real disk only when nothing else runs: scripts/soak runs it"]
async fn an_idle_sweep_of_half_a_million_records_delays_no_write_by_100_ms() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let store = open(&folder.path().join("a.redb"), &clock).unwrap();
    let samples = Samples::new(clock.now());
    let code = samples.code();
    while sizes(&store).0 < u64::try_from(RECORDS).unwrap() {
        let ids: Vec<_> = (0..5_000).map(|_| new_code_id()).collect();
        let writes = ids.iter().map(|id| store.store_code(id, &code));
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
    }
    let filled = sizes(&store).0;
    clock.advance_secs(3600);
    let later = Samples::new(clock.now()).code();
    let (mut took, started) = (Vec::new(), Instant::now());
    while sizes(&store).0 > RECORDS_PER_CODE * u64::try_from(took.len()).unwrap() {
        // Not before the sweep has begun, which these writes would do the work of.
        if sizes(&store).0 < filled {
            took.push(time_of_a_write(&store, &later).await);
        } else {
            tokio::time::sleep(PAUSE).await;
        }
        assert!(started.elapsed() < LONGEST_SWEEP, "it does not end");
    }
    let mut otherwise = Vec::new();
    for _ in 0..took.len().min(500) {
        otherwise.push(time_of_a_write(&store, &later).await);
    }
    let longest = took.iter().max().unwrap();
    println!(
        "{} writes during a sweep of {:?}, the longest took {longest:?}; without one {:?}",
        took.len(),
        started.elapsed(),
        otherwise.iter().max().unwrap()
    );
    assert!(*longest < Duration::from_millis(100), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a minute, and says something of a real disk only when nothing else runs: scripts/soak runs it"]
async fn a_search_of_half_a_million_tokens_delays_no_write_by_100_ms() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let store = Arc::new(open(&folder.path().join("a.redb"), &clock).unwrap());
    let samples = Samples::new(clock.now());
    fill(&store, samples).await;
    let searching = tokio::spawn(search(Arc::clone(&store)));
    let code = samples.code();
    let mut took = Vec::new();
    while !searching.is_finished() {
        took.push(time_of_a_write(&store, &code).await);
    }
    let (found, searched_for) = searching.await.unwrap();
    let longest = took.iter().max().unwrap();
    println!(
        "{found} found in {searched_for:?}; of {} writes meanwhile the longest took {longest:?}",
        took.len()
    );
    assert_eq!(found, RECORDS / 1_000);
    assert!(*longest < Duration::from_millis(100), "{longest:?}");
}

/// Half a million tokens, every thousandth of the client that is searched for.
async fn fill(store: &EmbeddedStore, samples: Samples) {
    for _ in 0..RECORDS / 5_000 {
        let mut tokens: Vec<_> = (0..5_000)
            .map(|_| samples.tokens(new_code_id().grant_id()))
            .collect();
        for one in tokens.iter_mut().step_by(1_000) {
            one.access_token.grant.client_id = ClientId::new("other");
            let refresh_token = one.refresh_token.as_mut().unwrap();
            refresh_token.1.grant.client_id = ClientId::new("other");
        }
        let writes = tokens.iter().map(|tokens| store.issue_tokens(tokens));
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
    }
}

/// How many grants were found, and how long it took.
async fn search(store: Arc<EmbeddedStore>) -> (usize, Duration) {
    let client_id = ClientId::new("other");
    let (mut found, mut from, started) = (0, None, Instant::now());
    loop {
        let part = store
            .search_grants(&client_id, from.as_ref())
            .await
            .unwrap();
        found += part.found.len();
        from = part.next;
        if from.is_none() {
            return (found, started.elapsed());
        }
    }
}

async fn time_of_a_write(store: &EmbeddedStore, code: &AuthorizationCode) -> Duration {
    tokio::time::sleep(PAUSE).await;
    let asked = Instant::now();
    store.store_code(&new_code_id(), code).await.unwrap();
    asked.elapsed()
}
