//! What takes a while, and a machine of its own.

use std::time::{Duration, Instant};

use symbolon::clock::Clock as _;

use super::{clock, open, sizes};
use crate::stores::AuthorizationCodeStore as _;
use crate::stores::contract::{Samples, new_code_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a minute, and says something of a real disk only when nothing else runs: scripts/soak runs it"]
async fn an_idle_sweep_of_half_a_million_records_delays_no_write_by_100_ms() {
    const RECORDS: usize = 500_000;
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let store = open(&folder.path().join("a.redb"), &clock).unwrap();
    let samples = Samples::new(clock.now());
    let code = samples.code();
    for _ in 0..RECORDS / 5_000 {
        let ids: Vec<_> = (0..5_000).map(|_| new_code_id()).collect();
        let writes = ids.iter().map(|id| store.store_code(id, &code));
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
    }
    clock.advance_secs(3600);
    let (mut longest, mut writes) = (Duration::ZERO, 0);
    let later = Samples::new(clock.now()).code();
    let started = Instant::now();
    while sizes(&store).0 > 1 + writes {
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Not before the sweep goes on, which these writes would do the work of.
        if sizes(&store).0 < u64::try_from(RECORDS).unwrap() {
            let asked = Instant::now();
            store.store_code(&new_code_id(), &later).await.unwrap();
            longest = longest.max(asked.elapsed());
            writes += 1;
        }
        assert!(
            started.elapsed() < Duration::from_secs(300),
            "it does not end"
        );
    }
    println!("{writes} writes during the sweep, the longest took {longest:?}");
    assert!(longest < Duration::from_millis(100), "{longest:?}");
}
