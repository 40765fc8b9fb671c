//! `/metrics` of the three services.

use std::collections::{BTreeMap, BTreeSet};

use e2e::{Database, DatabaseKind, Store, World, on_every_store};
use futures_util::stream::{self, StreamExt as _};

use crate::documented::{names, table_below};
use crate::journey::{CACHED, Scrapes, walk};
use crate::scrape::Scrape;

/// The name of a series and its labels: `name{label="value",…}`.
fn value(scrape: &Scrape, series: &str) -> u64 {
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let labels = labels.trim_end_matches('}').split_terminator(',');
    let labels: Vec<(&str, &str)> = labels
        .map(|pair| pair.split_once('=').expect("label=value"))
        .collect();
    scrape.sum(name, &labels)
}

#[track_caller]
fn assert_moved(before: &Scrape, after: &Scrape, expected: &[(&str, u64)]) {
    let moved: Vec<(&str, u64)> = expected
        .iter()
        .map(|(series, _)| (*series, value(after, series) - value(before, series)))
        .collect();
    assert_eq!(moved, expected);
}

const AUTH: [(&str, u64); 42] = [
    (
        "auth_server_tokens_issued_total{grant_type=authorization_code}",
        2,
    ),
    (
        "auth_server_tokens_issued_total{grant_type=refresh_token}",
        2,
    ),
    (
        "auth_server_tokens_issued_total{grant_type=client_credentials}",
        1,
    ),
    ("auth_server_tokens_issued_total{grant_type=password}", 1),
    ("auth_server_tokens_issued_total", 6),
    (
        "auth_server_tokens_refused_total{grant_type=authorization_code,error=invalid_grant}",
        2,
    ),
    (
        "auth_server_tokens_refused_total{grant_type=refresh_token,error=invalid_grant}",
        1,
    ),
    (
        "auth_server_tokens_refused_total{grant_type=password,error=invalid_grant}",
        1,
    ),
    (
        "auth_server_tokens_refused_total{grant_type=other,error=unsupported_grant_type}",
        1,
    ),
    ("auth_server_tokens_refused_total", 5),
    ("auth_server_tokens_replayed_total{kind=code}", 1),
    ("auth_server_tokens_replayed_total{kind=refresh_token}", 1),
    ("auth_server_tokens_revoked_total{kind=access_token}", 1),
    ("auth_server_tokens_revoked_total{kind=grant}", 2),
    ("auth_server_sign_ins_total{outcome=succeeded}", 3),
    ("auth_server_sign_ins_total{outcome=failed}", 1),
    ("auth_server_sign_ins_total", 4),
    ("auth_server_sign_ins_throttled_total", 0),
    ("auth_server_consent_decisions_total{decision=granted}", 1),
    ("auth_server_consent_decisions_total", 1),
    ("auth_server_audit_events_total{event=code_issued}", 2),
    ("auth_server_audit_events_total{event=client_refused}", 1),
    (
        "auth_server_audit_events_total{event=token_check_refused}",
        1,
    ),
    (
        "auth_server_token_request_duration_seconds_count{grant_type=authorization_code,client_class=confidential,outcome=issued}",
        2,
    ),
    (
        "auth_server_token_request_duration_seconds_count{grant_type=authorization_code,client_class=confidential,outcome=invalid_grant}",
        1,
    ),
    (
        "auth_server_token_request_duration_seconds_count{grant_type=authorization_code,client_class=public,outcome=invalid_grant}",
        1,
    ),
    (
        "auth_server_token_request_duration_seconds_count{grant_type=client_credentials,client_class=none,outcome=invalid_client}",
        1,
    ),
    ("auth_server_token_request_duration_seconds_count", 12),
    (
        "auth_server_token_checks_total{endpoint=check_token,outcome=active}",
        2,
    ),
    (
        "auth_server_token_checks_total{endpoint=check_token,outcome=inactive}",
        2,
    ),
    (
        "auth_server_token_checks_total{endpoint=check_token,outcome=refused}",
        1,
    ),
    (
        "auth_server_token_checks_total{endpoint=introspect,outcome=active}",
        1,
    ),
    (
        "auth_server_token_checks_total{endpoint=introspect,outcome=inactive}",
        1,
    ),
    ("auth_server_token_checks_total", 7),
    (
        "http_server_request_duration_seconds_count{http_route=/oauth/token,http_request_method=POST,http_response_status_code=200}",
        6,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/oauth/token,http_response_status_code=401}",
        1,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/oauth/token}",
        12,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/oauth/check_token}",
        5,
    ),
    (
        "db_client_operation_duration_seconds_count{db_operation_name=redeem_code,error_type=}",
        3,
    ),
    (
        "db_client_operation_duration_seconds_count{db_operation_name=rotate_refresh_token}",
        3,
    ),
    (
        "auth_server_password_hash_duration_seconds_count{algorithm=argon2}",
        4,
    ),
    ("auth_server_password_hashes_total{cost=slow}", 4),
];

const RESOURCE: [(&str, u64); 11] = [
    (
        "resource_server_token_check_duration_seconds_count{method=check_token,outcome=valid}",
        1,
    ),
    (
        "resource_server_token_check_duration_seconds_count{method=check_token,outcome=invalid}",
        1,
    ),
    ("resource_server_token_cache_total{outcome=hit}", 1),
    ("resource_server_token_cache_total{outcome=miss}", 2),
    ("resource_server_token_cache_entries", 1),
    (
        "resource_server_authentications_total{outcome=authenticated}",
        2,
    ),
    (
        "resource_server_authentications_total{outcome=invalid_token}",
        1,
    ),
    (
        "resource_server_authentications_total{outcome=missing_token}",
        1,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/photos,http_response_status_code=200}",
        1,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/photos,http_response_status_code=401}",
        2,
    ),
    (
        "http_server_request_duration_seconds_count{http_route=/me}",
        1,
    ),
];

const CLIENT: [(&str, u64); 7] = [
    (
        "demo_client_token_requests_total{grant_type=authorization_code,outcome=issued}",
        1,
    ),
    ("demo_client_token_requests_total", 1),
    (
        "demo_client_api_calls_total{http_response_status_code=200}",
        2,
    ),
    ("demo_client_api_calls_total", 2),
    ("demo_client_revocations_total{outcome=revoked}", 2),
    (
        "http_server_request_duration_seconds_count{http_route=/photos}",
        1,
    ),
    ("demo_client_sessions", 0),
];

on_every_store! {
    /// Every request of a journey is counted, once, where it belongs.
    async fn a_journey_moves_the_counts_by_what_was_done(world, "RESOURCE_SERVER__VERIFIER__CACHE__ENABLED" = "true") {
        let before = Scrapes::of(&world).await;
        walk(&world).await;
        let after = Scrapes::of(&world).await;
        assert_moved(&before.auth, &after.auth, &AUTH);
        assert_moved(&before.resource, &after.resource, &RESOURCE);
        assert_moved(&before.client, &after.client, &CLIENT);
        let system = if matches!(world.store, Store::Memory) { "redb" } else { "redis" };
        let all = after.auth.sum("db_client_operation_duration_seconds_count", &[]);
        let of_this = [("db_system_name", system)];
        assert_eq!(after.auth.sum("db_client_operation_duration_seconds_count", &of_this), all);
        assert_eq!(value(&after.auth, "auth_server_store_up"), 1);
        assert_eq!(value(&after.auth, "auth_server_signing_keys{state=active}"), 1);
        assert_eq!(value(&after.auth, "http_server_active_requests"), 0);
    }
}

/// A store that does not answer shows, and that it answers again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_store_shows_and_ends() {
    let world = World::builder(Store::redis().await)
        .set("AUTH_SERVER__STORE__TIMEOUT_MS", "200")
        .start()
        .await;
    let Store::Redis(redis) = &world.store else {
        panic!("it is a Redis")
    };
    redis.pause();
    let form = [("grant_type", "client_credentials")];
    let answer = world.token("photo-backup", &form).await;
    answer.assert_error(503, "temporarily_unavailable");
    let scrape = Scrape::of(&world.probes).await;
    assert_eq!(value(&scrape, "auth_server_store_up"), 0);
    let failed = "db_client_operation_duration_seconds_count{error_type=unavailable}";
    assert!(value(&scrape, failed) >= 1);
    let refused =
        "auth_server_token_request_duration_seconds_count{outcome=temporarily_unavailable}";
    assert_eq!(value(&scrape, refused), 1);
    redis.resume();
    while world.token("photo-backup", &form).await.status != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let scrape = Scrape::of(&world.probes).await;
    assert_eq!(value(&scrape, "auth_server_store_up"), 1);
}

/// The age of the key and its successor are seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_shown_by_state_and_age() {
    let world = World::builder(Store::Memory).start().await;
    world.clock.advance_secs(1000);
    world.rotate_keys().await;
    let scrape = Scrape::of(&world.probes).await;
    assert_eq!(value(&scrape, "auth_server_signing_key_age_seconds"), 1000);
    assert_eq!(value(&scrape, "auth_server_signing_keys{state=active}"), 1);
    assert_eq!(
        value(&scrape, "auth_server_signing_keys{state=published}"),
        1
    );
    world.clock.advance_secs(61);
    let scrape = Scrape::of(&world.probes).await;
    assert_eq!(value(&scrape, "auth_server_signing_key_age_seconds"), 1);
    assert_eq!(
        value(&scrape, "auth_server_signing_keys{state=replaced}"),
        1
    );
}

/// Odd paths, methods, grants, names, statuses: after the first round nothing new is stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_cannot_make_series() {
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE", "1")
        // The server's own look for new keys is an operation that callers have no part in.
        .set("AUTH_SERVER__KEYS__RELOAD_EVERY_SECS", "3600")
        .set(CACHED.0, CACHED.1)
        .start()
        .await;
    let mut lengths = Vec::new();
    // The first ten make the few series that there are.
    for numbers in [0..10, 10..1000] {
        let all = numbers.map(|number| nonsense(&world, number));
        stream::iter(all).buffer_unordered(16).collect::<()>().await;
        let scrapes = Scrapes::of(&world).await;
        lengths.push(scrapes.all().map(|(_, scrape)| scrape.len()));
    }
    assert_eq!(lengths[0], lengths[1]);
    assert!(
        lengths[1].iter().all(|length| *length < 1500),
        "{lengths:?}"
    );
}

async fn nonsense(world: &World, number: usize) {
    let odd = format!("odd{number}");
    let method = reqwest::Method::from_bytes(odd.to_uppercase().as_bytes()).unwrap();
    for service in [&world.auth, &world.resource, &world.client] {
        for path in [odd.as_str(), "oauth/token", "photos/1"] {
            let request = world
                .http()
                .request(method.clone(), format!("{service}/{path}?{odd}"));
            request.bearer_auth(&odd).send().await.unwrap();
        }
        world
            .http()
            .get(format!("{service}/photos/{odd}"))
            .send()
            .await
            .unwrap();
    }
    let form = [
        ("grant_type", odd.as_str()),
        ("client_id", odd.as_str()),
        ("scope", odd.as_str()),
        ("token", odd.as_str()),
    ];
    for path in [
        "/oauth/token",
        "/oauth/check_token",
        "/oauth/introspect",
        "/oauth/revoke",
    ] {
        world.post(path, &form).await;
    }
    world.token("print-photo", &[("grant_type", &odd)]).await;
    let guess = [
        ("grant_type", "password"),
        ("username", &odd),
        ("password", &odd),
    ];
    world.token("photo-desktop", &guess).await;
}

/// A metric: the services that have it and its labels.
type Metric = (BTreeSet<String>, BTreeSet<String>);

/// Every metric is in the table of `docs/operations.md`, with its labels, and the table has no other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_are_those_that_the_documentation_lists() {
    let database = Database::of_spring(DatabaseKind::Sqlite).await;
    let world = World::builder(Store::Memory)
        .set(CACHED.0, CACHED.1)
        .on_tables_of(&database)
        .start()
        .await;
    walk(&world).await;
    let mut shown: BTreeMap<String, Metric> = BTreeMap::new();
    let scrapes = Scrapes::of(&world).await;
    for (service, scrape) in scrapes.all() {
        for family in scrape.families.keys() {
            let metric = shown.entry(family.clone()).or_default();
            metric.0.insert(service.to_owned());
            metric.1.extend(scrape.labels(family));
        }
    }
    let rows = table_below("## Metrics").into_iter().map(|row| {
        let [metric, services, labels, _] = row.as_slice() else {
            panic!("a row of four cells: {row:?}")
        };
        let services = match services.as_str() {
            "all" => scrapes.all().map(|(service, _)| service.to_owned()).into(),
            one => BTreeSet::from([one.to_owned()]),
        };
        let labels = names(labels).into_iter().collect();
        (names(metric).remove(0), (services, labels))
    });
    assert_eq!(shown, rows.collect());
}
