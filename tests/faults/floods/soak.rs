//! The same for minutes, round after round: what is spent on it does not grow.

use std::time::{Duration, Instant};

use e2e::ServiceProcess;
use e2e::floods::{Insistence, UnreadPipelines, page_request, serve_neighbour, slow_bodies};

use super::{DEMO, MOST_MEMORY, SERVICES, assert_begun_is_bounded, authorization_request};

const ROUNDS: usize = 5;
/// How long strangers begin sessions.
const BEGINNING: Duration = Duration::from_secs(180);
/// What a process may use more after a later round than after the first, in bytes: allocators keep some.
const MOST_GROWTH: u64 = 32 * 1024 * 1024;

fn assert_bounded(what: &str, used: &[u64]) {
    eprintln!("{what}: {used:?} bytes");
    assert!(used.iter().all(|used| *used < MOST_MEMORY), "{what}");
}

fn assert_steady(what: &str, used: &[u64]) {
    assert_bounded(what, used);
    let most = used.iter().max().unwrap();
    assert!(most - used[0] < MOST_GROWTH, "{what}");
}

#[tokio::test]
#[ignore = "takes a minute: scripts/soak runs it"]
async fn who_asks_and_does_not_read_costs_little_however_often() {
    for (service, path, _) in SERVICES {
        let process = ServiceProcess::start(service, None, &[]).await;
        let mut used = Vec::new();
        for _ in 0..ROUNDS {
            // As many as one address may have.
            let flood = UnreadPipelines::begin(&process.address, path, 1000, 20_000);
            flood.stuck().await;
            let took = serve_neighbour(&process.address, path).await;
            println!("{service}: the neighbour waits {took:?}");
            used.push(process.resident_bytes());
        }
        assert_steady(service, &used);
    }
}

#[tokio::test]
#[ignore = "takes minutes: scripts/soak runs it"]
async fn who_begins_sessions_for_minutes_is_braked_for_minutes() {
    let process = ServiceProcess::start("auth-server", Some(DEMO), &[]).await;
    let (address, path) = (&process.address, &authorization_request());
    let began = Instant::now();
    let flood = Insistence::begin(address, &page_request(path), 100);
    let mut used = Vec::new();
    while began.elapsed() < BEGINNING {
        tokio::time::sleep(BEGINNING / 20).await;
        let took = serve_neighbour(address, path).await;
        println!("the neighbour waits {took:?}");
        used.push(process.resident_bytes());
    }
    assert_begun_is_bounded(&process, flood, began).await;
    // What was let through is kept for half an hour, in a store that is in memory here.
    assert_bounded("auth-server", &used);
}

#[tokio::test]
#[ignore = "takes minutes: scripts/soak runs it"]
async fn bodies_that_do_not_come_are_not_waited_for_however_often() {
    // As the settings are: each round takes as long as a body may.
    let process = ServiceProcess::start("auth-server", None, &[]).await;
    let mut used = Vec::new();
    for _ in 0..ROUNDS {
        let address = process.address.clone();
        let flood = tokio::spawn(async move { slow_bodies(&address, "/oauth/token", 1000).await });
        let took = serve_neighbour(&process.address, "/style.css").await;
        println!("the neighbour waits {took:?}");
        assert_eq!(flood.await.unwrap(), (1000, 0));
        used.push(process.resident_bytes());
    }
    assert_steady("auth-server", &used);
}
