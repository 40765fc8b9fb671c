//! What only this store promises.

use std::sync::Arc;
use std::time::{Duration, Instant};

use redis_server::{RedisServer, ReservedPort};
use symbolon::clock::{Clock, SettableClock, SystemClock, Timestamp};

use super::{RedisSettings, RedisStore};
use crate::stores::contract::{Samples, new_code_id, shown};
use crate::stores::{
    AccessTokenStore as _, AuthorizationCodeStore as _, OwnerStore as _, Redemption,
    RefreshTokenStore as _, Rotation, StoreError, StoreHealth as _,
};

mod configuration;
mod full;
mod legacy_tokens;
mod watch;

const TIMEOUT_MS: u64 = 500;
/// Beyond the time limit: for a machine that is busy with other tests.
const SLACK: Duration = Duration::from_secs(5);

fn store(url: &str) -> RedisStore {
    let settings = RedisSettings {
        timeout_ms: TIMEOUT_MS,
        ..RedisSettings::new(url)
    };
    RedisStore::new(&settings, Arc::new(SystemClock)).unwrap()
}

fn samples() -> Samples {
    Samples::new(SystemClock.now())
}

/// Asks until the store answers again, within a limit.
async fn wait_until_healthy(store: &RedisStore) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while let Err(error) = store.check_health().await {
        assert!(Instant::now() < deadline, "{error}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn without_redis_the_answer_is_unavailable_and_in_time() {
    let mut server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    wait_until_healthy(&store).await;
    server.kill();
    let id = new_code_id();
    for _ in 0..3 {
        let started = Instant::now();
        let written = store.store_code(&id, &samples.code()).await;
        assert!(matches!(written, Err(StoreError::Unavailable(_))));
        let redeemed = store.redeem_code(&id, &shown()).await;
        assert!(matches!(redeemed, Err(StoreError::Unavailable(_))));
        assert!(started.elapsed() < 2 * Duration::from_millis(TIMEOUT_MS) + SLACK);
    }
    server.restart().await;
    wait_until_healthy(&store).await;
    store.store_code(&id, &samples.code()).await.unwrap();
    let redemption = store.redeem_code(&id, &shown()).await.unwrap();
    assert_eq!(redemption, Redemption::Redeemed(samples.code()));
}

#[tokio::test]
async fn a_peer_that_never_answers_is_given_up_in_time() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let store = store(&format!("redis://127.0.0.1:{port}"));
    let started = Instant::now();
    let Err(StoreError::Unavailable(text)) = store.check_health().await else {
        panic!("it answered");
    };
    assert!(started.elapsed() < Duration::from_millis(TIMEOUT_MS) + SLACK);
    assert!(text.contains("did not answer within 500 ms"), "{text}");
}

#[tokio::test]
async fn a_redis_that_stalls_is_given_up_in_time_and_found_again() {
    let server = RedisServer::start().await;
    let store = store(&server.url());
    wait_until_healthy(&store).await;
    let mut pause = redis::cmd("CLIENT");
    pause.arg("PAUSE").arg(3 * TIMEOUT_MS).arg("ALL");
    let _paused: String = server.ask(&pause).await;
    let started = Instant::now();
    let health = store.check_health().await;
    assert!(matches!(health, Err(StoreError::Unavailable(_))));
    assert!(started.elapsed() < Duration::from_millis(TIMEOUT_MS) + SLACK);
    wait_until_healthy(&store).await;
}

#[tokio::test]
async fn a_store_is_refused_outside_of_a_runtime() {
    let made = std::thread::spawn(|| {
        let settings = RedisSettings::new("redis://127.0.0.1");
        RedisStore::new(&settings, Arc::new(SystemClock)).map(drop)
    });
    let Err(StoreError::Unavailable(text)) = made.join().unwrap() else {
        panic!("it was made");
    };
    assert!(text.contains("inside a tokio runtime"), "{text}");
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused_without_quoting_it() {
    for url in [
        "",
        "http://secret@host",
        "redis://:secret@host:99999",
        "redis://:secret@h/x",
    ] {
        let made = RedisStore::new(&RedisSettings::new(url), Arc::new(SystemClock));
        let Err(error) = made else {
            panic!("{url} was taken");
        };
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn the_password_is_used_and_never_told() {
    let server = RedisServer::start_with(Some("a-password-of-ours".to_owned())).await;
    let good = store(&server.url());
    good.check_health().await.unwrap();
    let settings = RedisSettings::new(server.url());
    for shown in [format!("{settings:?}"), format!("{good:?}")] {
        assert!(!shown.contains("a-password"), "{shown}");
    }
    let wrong = store(&format!(
        "redis://:wrong-secret@127.0.0.1:{}",
        server.port()
    ));
    let error = wrong.check_health().await.unwrap_err();
    assert!(!error.to_string().contains("wrong-secret"), "{error}");
    assert!(
        error.to_string().contains(&server.port().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn user_and_database_of_the_address_are_used() {
    let server = RedisServer::start().await;
    let mut user = redis::cmd("ACL");
    user.arg(&[
        "SETUSER",
        "symbolon",
        "on",
        ">pass-word",
        "~mine:*",
        "+@all",
    ]);
    let _made: String = server.ask(&user).await;
    let url = format!("redis://symbolon:pass-word@127.0.0.1:{}/3", server.port());
    let settings = RedisSettings {
        key_prefix: "mine:".to_owned(),
        ..RedisSettings::new(url)
    };
    let store = RedisStore::new(&settings, Arc::new(SystemClock)).unwrap();
    let (samples, id) = (samples(), new_code_id());
    store.store_code(&id, &samples.code()).await.unwrap();
    store.redeem_code(&id, &shown()).await.unwrap();
    let tokens = samples.tokens(id.grant_id());
    store.issue_tokens_of_code(&tokens).await.unwrap();
    let in_database_0 = server.keys().await;
    assert_eq!(in_database_0, [""; 0]);
}

/// How often each command was called, without what the handshake and this question need.
async fn calls(server: &RedisServer) -> Vec<String> {
    let statistics: String = server.ask(redis::cmd("INFO").arg("commandstats")).await;
    let ours = ["info", "config", "client", "hello", "select"];
    statistics
        .lines()
        .filter_map(|line| line.strip_prefix("cmdstat_"))
        .filter(|line| !ours.iter().any(|ours| line.starts_with(ours)))
        .filter_map(|line| line.split_once(','))
        .map(|(calls, _)| calls.to_owned())
        .collect()
}

#[tokio::test]
async fn checking_an_access_token_is_one_get() {
    let server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    let tokens = samples.tokens(new_code_id().grant_id());
    store.issue_tokens(&tokens).await.unwrap();
    let _done: String = server.ask(redis::cmd("CONFIG").arg("RESETSTAT")).await;
    let found = store.find_access_token(&tokens.access_token_id).await;
    assert!(found.unwrap().is_some());
    assert_eq!(calls(&server).await, ["get:calls=1"]);
}

#[tokio::test]
async fn issuing_tokens_is_one_transaction_without_a_script() {
    let server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    store.check_health().await.unwrap();
    let _done: String = server.ask(redis::cmd("CONFIG").arg("RESETSTAT")).await;
    // What an owner gives has an entry in an index beside it, of which a script decides how long it is kept.
    let mut tokens = samples.tokens(new_code_id().grant_id());
    tokens.access_token.grant.owner = None;
    if let Some((_, refresh_token)) = &mut tokens.refresh_token {
        refresh_token.grant.owner = None;
    }
    store.issue_tokens(&tokens).await.unwrap();
    let calls = calls(&server).await;
    assert!(calls.contains(&"multi:calls=1".to_owned()), "{calls:?}");
    assert!(calls.contains(&"exec:calls=1".to_owned()), "{calls:?}");
    assert!(
        !calls.iter().any(|call| call.starts_with("eval")),
        "{calls:?}"
    );
}

#[tokio::test]
async fn scripts_that_redis_forgot_are_loaded_again() {
    let server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    let tokens = samples.tokens(new_code_id().grant_id());
    store.issue_tokens(&tokens).await.unwrap();
    let (id, _) = tokens.refresh_token.unwrap();
    let _done: String = server.ask(redis::cmd("SCRIPT").arg("FLUSH")).await;
    let next = samples.tokens(id.grant_id());
    let rotation = store.rotate_refresh_token(&id, &next, 10).await.unwrap();
    assert_eq!(rotation, Rotation::Rotated);
}

#[tokio::test]
async fn a_foreign_value_under_our_key_is_told_as_damage() {
    let server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    let tokens = samples.tokens(new_code_id().grant_id());
    let key = store.keys.access_token(&tokens.access_token_id);
    let _done: String = server.ask(redis::cmd("SET").arg(key).arg("theirs")).await;
    let found = store.find_access_token(&tokens.access_token_id).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}

#[tokio::test]
async fn a_registration_that_says_more_than_this_server_knows_is_refused() {
    let server = RedisServer::start().await;
    let store = store(&server.url());
    let newer = r#"{"name":"a","password":"{noop}a","must_use_a_key":true}"#;
    let mut command = redis::cmd("HSET");
    command.arg(store.keys.owners().records).arg("a").arg(newer);
    let _added: u64 = server.ask(&command).await;
    let found = store.find_owner("a").await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}

#[tokio::test]
async fn no_key_outlives_the_longest_life() {
    let server = RedisServer::start().await;
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
    let store = RedisStore::new(&RedisSettings::new(server.url()), clock.clone()).unwrap();
    let samples = Samples::new(clock.now());
    let mut tokens = samples.tokens(new_code_id().grant_id());
    tokens.access_token.expires_at = Timestamp::from_secs(u64::MAX);
    tokens.refresh_token.as_mut().unwrap().1.expires_at = Some(Timestamp::from_secs(u64::MAX));
    store.issue_tokens(&tokens).await.unwrap();
    store.issue_tokens_of_code(&tokens).await.unwrap();
    let mut code = samples.code();
    code.expires_at = Timestamp::from_secs(u64::MAX);
    let id = new_code_id();
    store.store_code(&id, &code).await.unwrap();
    store.redeem_code(&id, &shown()).await.unwrap();
    for key in server.keys().await {
        let ttl: u64 = server.ask(redis::cmd("TTL").arg(&key)).await;
        assert!(ttl <= crate::stores::LONGEST_LIFE_SECS, "{key} {ttl}");
    }
}

/// A Redis that speaks TLS under a certificate that an authority of ours signed.
async fn server_with_tls(port: u16) -> (RedisServer, Vec<u8>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = file("certificate.pem", &certificate.pem());
    let key = file("key.pem", &key.serialize_pem());
    let authority_file = file("authority.pem", &authority_pem);
    let port = port.to_string();
    let arguments = [
        ["--tls-port", &port],
        ["--tls-cert-file", &certificate],
        ["--tls-key-file", &key],
        ["--tls-ca-cert-file", &authority_file],
        ["--tls-auth-clients", "no"],
    ];
    let server = RedisServer::start_with_arguments(None, arguments.as_flattened()).await;
    (server, authority_pem.into_bytes(), folder)
}

#[tokio::test]
async fn tls_is_spoken_with_a_server_that_the_named_authority_vouches_for_and_no_other() {
    let reserved = ReservedPort::take();
    let port = reserved.number();
    let (_server, authority, _folder) = server_with_tls(port).await;
    let settings = RedisSettings::new(format!("rediss://localhost:{port}"));
    let trusting = RedisSettings {
        authority: Some(authority),
        ..settings.clone()
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    RedisStore::new(&trusting, Arc::clone(&clock))
        .unwrap()
        .check_health()
        .await
        .unwrap();
    let refused = RedisStore::new(&settings, clock)
        .unwrap()
        .check_health()
        .await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn tls_is_tried_and_its_failure_told() {
    let server = RedisServer::start().await;
    // This Redis speaks no TLS.
    let store = store(&format!("rediss://127.0.0.1:{}", server.port()));
    let health = store.check_health().await;
    assert!(
        matches!(health, Err(StoreError::Unavailable(_))),
        "{health:?}"
    );
}
