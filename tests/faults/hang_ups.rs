//! SIGHUP ends no service: neither one that reads nothing again nor one that has not begun to serve.

use e2e::{BegunService, Browser, RedisServer, ServiceProcess};

const DEMO: &str = include_str!("../../auth-server/config/demo.toml");

/// Whoever turns logs over, or closes a terminal, sends one to everything there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_up_ends_no_service_and_is_said_where_it_changes_nothing() {
    for service in ["resource-server", "demo-client"] {
        let mut process = ServiceProcess::start(service, None, &[]).await;
        process.signal("HUP");
        process.logged("hang_up_ignored").await;
        let alive = format!("{}/livez", process.probes);
        let answer = Browser::new(&process.address).get(&alive).await;
        assert_eq!(answer.status, 200, "{service}");
        process.signal("TERM");
        assert!(process.ended().await.success(), "{}", process.log());
    }
}

/// A server that waits for its Redis has not read the new registrations, and reads them when it can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_up_that_comes_before_the_server_runs_is_remembered() {
    let redis = RedisServer::start().await;
    let store = format!("redis://127.0.0.1:{}/0", redis.port());
    redis.pause();
    let environment = [
        ("AUTH_SERVER__STORE__URL", store.as_str()),
        ("AUTH_SERVER__STORE__TIMEOUT_MS", "60000"),
    ];
    let begun = BegunService::begin("auth-server", Some(DEMO), &environment);
    // What the demo's settings are warned of is the first thing in the log.
    begun.logged("settings_warning").await;
    begun.signal("HUP");
    redis.resume();
    let server = begun.listening().await;
    server.logged("registrations_reloaded").await;
}
