//! The command by which an orchestrator asks whether a service is ready, as a real process.

use e2e::{
    AuthServerProcess, RedisServer, Store, World, environment_prefix, run_auth_server, run_service,
};

/// The port of an address such as `http://localhost:9100`.
fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap()
}

/// `healthcheck` exits with 0 exactly as long as the server is ready: also when it listens everywhere,
/// and not any more when its store is gone or it is gone itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_healthcheck_tells_whether_the_server_is_ready() {
    let mut redis = RedisServer::start().await;
    let everywhere = ("AUTH_SERVER__HTTP__HOST", "0.0.0.0");
    let mut server = AuthServerProcess::start(&redis.url(), &[everywhere]).await;
    let probes = port(&server.probes).to_owned();
    let probes = ("AUTH_SERVER__HTTP__PROBES_PORT", probes.as_str());
    let environment = [everywhere, probes];
    let check = || run_auth_server(&["healthcheck"], &environment, "");

    let ready = check().await;
    assert_eq!(ready.code, Some(0), "{ready:?}");
    redis.kill();
    let not_ready = check().await;
    assert_eq!(not_ready.code, Some(1), "{not_ready:?}");
    assert!(not_ready.stderr.contains("answers 503"), "{not_ready:?}");
    server.signal("TERM");
    server.ended().await;
    let gone = check().await;
    assert_eq!(gone.code, Some(1), "{gone:?}");
    assert!(gone.stderr.contains("Connection refused"), "{gone:?}");
}

/// The other two services have the same command.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_has_a_healthcheck() {
    let world = World::builder(Store::Memory).start().await;
    for (service, probes) in [
        ("resource-server", &world.resource_probes),
        ("demo-client", &world.client_probes),
    ] {
        let variable = format!("{}__HTTP__PROBES_PORT", environment_prefix(service));
        let environment = [(variable.as_str(), port(probes))];
        let found = run_service(service, &["healthcheck"], &environment, "").await;
        let silence = (Some(0), "", "");
        let found = (found.code, found.stdout.as_str(), found.stderr.as_str());
        assert_eq!(found, silence, "{service}");
    }
}
