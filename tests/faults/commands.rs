//! The operator's commands.

use std::time::Duration;

use e2e::{AuthServerProcess, RedisServer, Store, World, run_auth_server, run_service};

/// A client with this hash, and whether the secret opens the token endpoint for it.
async fn opens(hash: &str, secret: &str) -> bool {
    let client = format!(
        "[[clients]]\nclient_id = \"hashed\"\nclient_name = \"Hashed\"\nclient_secret = \"{hash}\"\n\
         grant_types = [\"client_credentials\"]\nscope = [\"photo.read\"]\n"
    );
    let world = World::builder(Store::Memory).with(&client).start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "hashed"),
        ("client_secret", secret),
    ];
    world.post("/oauth/token", &form).await.status == 200
}

/// Decision 9: what `hash-secret` prints opens the token endpoint, and nothing else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_that_was_printed_is_good_for_its_secret() {
    let hashed = run_auth_server(&["hash-secret"], &[], "correct horse\n").await;
    assert_eq!(hashed.code, Some(0), "{hashed:?}");
    let hash = hashed.stdout.trim_end();
    assert!(hash.starts_with("{argon2}$argon2id$"), "{hash}");
    assert!(opens(hash, "correct horse").await);
    assert!(!opens(hash, "correct horse\n").await);

    let generated = run_auth_server(&["hash-secret", "--generate"], &[], "").await;
    assert_eq!(generated.code, Some(0), "{generated:?}");
    let line = |name: &str| {
        let line = generated
            .stdout
            .lines()
            .find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {generated:?}"))
            .trim()
            .to_owned()
    };
    let (secret, hash) = (line("secret:"), line("hash:"));
    assert!(secret.len() >= 43, "{secret}");
    assert!(
        hash.starts_with("{sha-256}") || hash.starts_with("{SHA-256}"),
        "{hash}"
    );
    assert!(opens(&hash, &secret).await);
    assert!(!opens(&hash, &hash).await);
}

/// Nothing on standard input is no secret.
#[tokio::test]
async fn an_empty_secret_is_refused() {
    for input in ["", "\n"] {
        let ended = run_auth_server(&["hash-secret"], &[], input).await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(1), ""),
            "{ended:?}"
        );
    }
}

/// `check-config` says yes to what is right, the documented defaults among it, and starts nothing.
#[tokio::test]
async fn settings_that_are_right_are_told_so() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../auth-server/config");
    for file in ["default.toml", "demo.toml"] {
        let path = format!("{root}/{file}");
        let ended = run_auth_server(&["check-config", "--config", &path], &[], "").await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.stdout.contains("sound"), "{ended:?}");
    }
    assert_eq!(
        run_auth_server(&["check-config"], &[], "").await.code,
        Some(0)
    );
}

/// Lists and adds keys beside a server that runs on this store, until it publishes the new one.
async fn rotate_beside_a_server(store: &str) {
    let reload = [("AUTH_SERVER__KEYS__RELOAD_EVERY_SECS", "1")];
    let server = AuthServerProcess::start(store, &reload).await;
    let environment = [("AUTH_SERVER__STORE__URL", store)];
    let listed = run_auth_server(&["keys", "list"], &environment, "").await;
    assert_eq!(
        (listed.code, listed.stdout.lines().count()),
        (Some(0), 1),
        "{listed:?}"
    );
    assert!(listed.stdout.contains("ES256  signs"), "{listed:?}");
    let rotated = run_auth_server(&["keys", "rotate"], &environment, "").await;
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let first_line = rotated.stdout.lines().next().unwrap_or_default();
    let added = first_line.strip_prefix("added ").unwrap();
    let listed = run_auth_server(&["keys", "list"], &environment, "").await;
    assert_eq!(listed.stdout.lines().count(), 2, "{listed:?}");
    assert!(listed.stdout.contains("published, signs in"), "{listed:?}");
    for _ in 0..1000 {
        if server
            .browser()
            .get("/oauth/jwks")
            .await
            .text
            .contains(added)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not publish {added}");
}

/// Decision 10: a key that the command adds while a server runs is published by that server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_added_while_a_server_runs_is_published() {
    let redis = RedisServer::start().await;
    rotate_beside_a_server(&redis.url()).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    rotate_beside_a_server(&format!("embedded:{}", path.display())).await;
}

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
    let ready = port(&world.probes);
    for (service, variable) in [
        ("resource-server", "RESOURCE_SERVER__HTTP__PROBES_PORT"),
        ("demo-client", "DEMO_CLIENT__HTTP__PROBES_PORT"),
    ] {
        let found = run_service(service, &["healthcheck"], &[(variable, ready)], "").await;
        assert_eq!(found.code, Some(0), "{found:?}");
        let nobody = run_service(service, &["healthcheck"], &[(variable, "1")], "").await;
        assert_eq!(nobody.code, Some(1), "{nobody:?}");
        assert!(nobody.stderr.contains("127.0.0.1:1/readyz"), "{nobody:?}");
    }
}
