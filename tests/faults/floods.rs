//! Callers that take what they can get: what a service spends on them is bounded, and others are served meanwhile.
//! `scripts/soak` is the longer version.

mod soak;

use std::time::Instant;

use e2e::floods::{
    FLOODER, Insistence, NEIGHBOUR, UnreadPipelines, ask_from, form_request, page_request,
    serve_neighbour, slow_bodies,
};
use e2e::{ServiceProcess, limit_reached};

/// What a service may use under a flood, in bytes.
const MOST_MEMORY: u64 = 200 * 1024 * 1024;

/// What there is to ask the authorization server for.
const DEMO: &str = include_str!("../../auth-server/config/demo.toml");

/// Each service, a path that anybody may ask for, and how many ask for it: where answers are short, more of them
/// are made before nobody takes them.
const SERVICES: [(&str, &str, usize); 3] = [
    ("auth-server", "/style.css", 400),
    ("resource-server", "/me", 100),
    ("demo-client", "/assets/style.css", 400),
];

#[tokio::test]
async fn who_asks_and_does_not_read_costs_little_and_keeps_nobody_from_being_served() {
    for (service, path, connections) in SERVICES {
        let process = ServiceProcess::start(service, None, &[]).await;
        let flood = UnreadPipelines::begin(&process.address, path, connections, 5000);
        let sent = flood.stuck().await;
        serve_neighbour(&process.address, path).await;
        let used = process.resident_bytes();
        assert!(
            used < MOST_MEMORY,
            "{service}: {used} after {sent} requests"
        );
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let short = [("AUTH_SERVER__HTTP__BODY_TIMEOUT_SECS", "2")];
    let process = ServiceProcess::start("auth-server", None, &short).await;
    let address = process.address.clone();
    let flood = tokio::spawn(async move { slow_bodies(&address, "/oauth/token", 1000).await });
    serve_neighbour(&process.address, "/style.css").await;
    assert_eq!(flood.await.unwrap(), (1000, 0));
    let used = process.resident_bytes();
    assert!(used < MOST_MEMORY, "{used}");
}

/// An authorization request that is kept while its owner signs in.
fn authorization_request() -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", "print-photo")
        .append_pair("redirect_uri", "http://localhost:9002/callback")
        .append_pair("state", &"s".repeat(4000))
        .finish();
    format!("/oauth/authorize?{query}")
}

#[tokio::test]
async fn who_begins_sessions_without_end_is_braked_and_keeps_nobody_from_signing_in() {
    let process = ServiceProcess::start("auth-server", Some(DEMO), &[]).await;
    let (address, path) = (&process.address, &authorization_request());
    let began = Instant::now();
    let flood = Insistence::begin(address, &page_request(path), 20);
    flood.asked(2000).await;
    serve_neighbour(address, path).await;
    let (status, _) = ask_from(NEIGHBOUR, address, path).await.unwrap();
    assert_eq!(status, 302);
    assert_begun_is_bounded(&process, flood, began).await;
}

/// Ends a flood of authorization requests: so many were taken at once and as many a minute, the others were counted.
async fn assert_begun_is_bounded(process: &ServiceProcess, flood: Insistence, began: Instant) {
    let told = flood.end().await;
    let most = 600 + 10 * began.elapsed().as_secs() + 10;
    assert!(u64::try_from(told[&302]).unwrap() <= most, "{told:?}");
    assert_eq!(told.keys().collect::<Vec<_>>(), [&302, &429]);
    let braked = limit_reached(&process.probes, "login.begun_per_address_per_minute").await;
    assert_eq!(braked, u64::try_from(told[&429]).unwrap());
}

#[tokio::test]
async fn who_presents_long_tokens_keeps_nobody_from_being_served() {
    let process = ServiceProcess::start("auth-server", Some(DEMO), &[]).await;
    let token = "t".repeat(30_000);
    let form = format!("client_id=photo-space&client_secret=photo-space-secret&token={token}");
    for path in ["/oauth/check_token", "/oauth/introspect"] {
        let request = form_request(path, &form);
        let flood = Insistence::begin(&process.address, &request, 20);
        flood.asked(500).await;
        serve_neighbour(&process.address, "/style.css").await;
        let told = flood.end().await;
        assert_eq!(told.len(), 1, "{told:?}");
    }
    let too_long = limit_reached(&process.probes, "tokens.longest_token_bytes").await;
    assert!(too_long >= 1000, "{too_long}");
    let used = process.resident_bytes();
    assert!(used < MOST_MEMORY, "{used}");
}

#[tokio::test]
async fn who_takes_all_connections_it_may_have_leaves_others_theirs() {
    for (service, path, _) in SERVICES {
        let limit = format!(
            "{}__HTTP__CONNECTIONS_PER_ADDRESS",
            service.replace('-', "_").to_uppercase()
        );
        let process = ServiceProcess::start(service, None, &[(limit.as_str(), "50")]).await;
        let flood = UnreadPipelines::begin(&process.address, path, 200, 16);
        flood.stuck().await;
        serve_neighbour(&process.address, path).await;
        assert_eq!(
            ask_from(FLOODER, &process.address, path).await,
            None,
            "{service}"
        );
        assert!(ask_from(NEIGHBOUR, &process.address, path).await.is_some());
    }
}
