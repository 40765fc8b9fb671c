//! Traces: W3C context across the services, OTLP to the collector, OpenTelemetry's names.

use std::collections::BTreeSet;

use e2e::{Collector, ExportedSpan, Services};

const SERVER: i32 = 2;
const CLIENT: i32 = 3;

/// Services that send their traces to a collector.
pub(crate) async fn traced(environment: &[(&str, &str)]) -> (Services, Collector) {
    let collector = Collector::start();
    let for_all = [("TRACES__OTLP_ENDPOINT", collector.url.as_str())];
    let services = Services::start(&for_all, environment).await;
    (services, collector)
}

/// The one span below `parent` for which this holds.
#[track_caller]
fn below<'a>(
    spans: &'a [ExportedSpan],
    parent: &str,
    (service, kind, name): (&str, i32, &str),
) -> &'a ExportedSpan {
    let found = spans.iter().find(|span| {
        span.parent_span_id == parent
            && (span.service.as_str(), span.kind, span.name.as_str()) == (service, kind, name)
    });
    assert!(
        found.is_some(),
        "no {service} {name} below {parent} among {spans:#?}"
    );
    found.unwrap()
}

/// The browser asks for the photos with a token that was revoked: one trace, which the browser began,
/// holds the call of the API with the question whether the token is good, the renewal, and the call
/// with the new token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn one_trace_leads_from_the_browser_over_the_token_to_the_api_and_its_check() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const BROWSER: &str = "00f067aa0ba902b7";
    let (mut services, collector) = traced(&[]).await;
    let print_photo = services.print_photo();
    print_photo.authorize(&["photo.read", "profile"]).await;
    revoke_last_token(&services).await;
    let photos = format!("{}/photos", print_photo.address);
    let traceparent = format!("00-{TRACE}-{BROWSER}-01");
    let page = print_photo
        .browser
        .get_with(&photos, "traceparent", &traceparent)
        .await;
    assert_eq!(page.status, 200, "{}", page.text);
    services.stop().await;

    let mut spans = collector.spans();
    spans.retain(|span| span.trace_id == TRACE);
    let page = below(&spans, BROWSER, ("demo-client", SERVER, "GET /photos"));
    let renewal = below(&spans, &page.span_id, ("demo-client", CLIENT, "POST"));
    let token = ("auth-server", SERVER, "POST /oauth/token");
    below(&spans, &renewal.span_id, token);
    let calls = spans.iter().filter(|span| {
        let url = span.attributes.get("url.full");
        span.parent_span_id == page.span_id && url.is_some_and(|url| url.ends_with("/photos"))
    });
    let calls: Vec<_> = calls.collect();
    let statuses: BTreeSet<_> = calls
        .iter()
        .map(|call| call.attributes["http.response.status_code"].as_str())
        .collect();
    assert_eq!(statuses, BTreeSet::from(["200", "401"]), "{spans:#?}");
    for call in calls {
        let api = ("resource-server", SERVER, "GET /photos");
        let api = below(&spans, &call.span_id, api);
        let check = below(&spans, &api.span_id, ("resource-server", CLIENT, "POST"));
        let checked = ("auth-server", SERVER, "POST /oauth/check_token");
        let checked = below(&spans, &check.span_id, checked);
        let store = ("auth-server", CLIENT, "find_access_token");
        let store = below(&spans, &checked.span_id, store);
        assert_eq!(store.attributes["db.system.name"], "redb");
        assert_eq!(store.attributes["db.operation.name"], "find_access_token");
    }
}

/// Revokes the access token that Print Photo got last.
async fn revoke_last_token(services: &Services) {
    let heard = services.to_auth.heard();
    let answers = heard
        .iter()
        .filter_map(|(_, answer)| serde_json::from_str::<serde_json::Value>(answer).ok());
    let token = answers
        .filter_map(|answer| Some(answer["access_token"].as_str()?.to_owned()))
        .next_back()
        .unwrap();
    let form = [
        ("token", token.as_str()),
        ("client_id", "print-photo"),
        ("client_secret", "print-photo-secret"),
    ];
    let revoke = format!("{}/oauth/revoke", services.auth.address);
    let answer = services.print_photo().browser.post(&revoke, &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Between two requests at Print Photo the browser is elsewhere; links lead from each to the one before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_requests_of_one_visit_are_linked() {
    let spans = walk().await;
    let page = |name: &str| {
        let found = spans
            .iter()
            .find(|span| span.name == name && span.service == "demo-client" && span.kind == SERVER);
        found.unwrap_or_else(|| panic!("no {name} among {spans:#?}"))
    };
    let steps = ["GET /code", "POST /code", "GET /callback", "GET /photos"].map(page);
    for pair in steps.windows(2) {
        assert_eq!(pair[1].links, [pair[0].span_id.clone()], "{pair:#?}");
        assert_ne!(pair[1].trace_id, pair[0].trace_id);
    }
}

/// A walk with some wrong turns, traced.
async fn walk() -> Vec<ExportedSpan> {
    let (mut services, collector) = traced(&[]).await;
    let print_photo = services.print_photo();
    print_photo.authorize(&["photo.read", "profile"]).await;
    for (page, status) in [
        ("/photos", 200),
        ("/photos/1", 200),
        ("/photos/12345", 404),
        ("/no/such/page", 404),
    ] {
        assert_eq!(print_photo.open(page).await.status, status, "{page}");
    }
    let odd = "BREW".parse().unwrap();
    let http = reqwest::Client::builder().build().unwrap();
    let brewed = http.request(odd, format!("{}/login", services.auth.address));
    assert_eq!(brewed.send().await.unwrap().status(), 405);
    services.stop().await;
    collector.spans()
}

#[track_caller]
fn assert_has(span: &ExportedSpan, names: &[&str]) {
    for name in names {
        assert!(span.attributes.contains_key(*name), "{name} in {span:#?}");
    }
}

/// Names and attributes follow OpenTelemetry's conventions for HTTP, and callers cannot invent names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_have_the_names_and_attributes_of_the_conventions() {
    let spans = walk().await;
    let alone = |span: &&ExportedSpan| span.kind != SERVER && span.parent_span_id.is_empty();
    assert!(!spans.iter().any(|span| alone(&span)), "{spans:#?}");
    for span in spans.iter().filter(|span| span.kind == SERVER) {
        assert_has(span, &["http.request.method", "url.path", "url.scheme"]);
        assert_has(span, &["http.response.status_code", "client.address"]);
    }
    let calls = spans.iter().filter(|span| {
        let to_a_database = span.attributes.contains_key("db.system.name");
        span.kind == CLIENT && !to_a_database
    });
    for span in calls {
        assert_has(span, &["http.request.method", "url.full"]);
        assert_has(span, &["server.address", "server.port"]);
        assert_has(span, &["http.response.status_code"]);
        assert!(!span.attributes["url.full"].contains('?'), "{span:#?}");
    }
    let names = |service: &str| -> BTreeSet<&str> {
        let of_service = spans
            .iter()
            .filter(|span| span.kind == SERVER && span.service == service);
        of_service.map(|span| span.name.as_str()).collect()
    };
    for name in ["GET /photos/{id}", "GET /callback", "GET", "POST /code"] {
        assert!(names("demo-client").contains(name), "{name}: {spans:#?}");
    }
    let expected = ["GET /me", "GET /photos", "GET /photos/{id}"];
    assert_eq!(names("resource-server"), BTreeSet::from(expected));
    assert!(names("auth-server").contains("HTTP /login"));
}

/// A photo that is not there is an error of who asked for it, not of the server that says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistake_of_the_caller_is_an_error_only_of_the_callers_span() {
    let spans = walk().await;
    let status_of = |kind: i32, attribute: &str| {
        let asked = |span: &&ExportedSpan| {
            let url = span.attributes.get(attribute);
            span.kind == kind && url.is_some_and(|url| url.ends_with("/photos/12345"))
        };
        spans.iter().find(asked).unwrap().status
    };
    assert_eq!(status_of(CLIENT, "url.full"), 2);
    assert_eq!(status_of(SERVER, "url.path"), 0);
}

/// The share of traces that begin here is a setting; a caller that records its trace gets our part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_traces_of_callers_are_recorded_when_none_are_sampled() {
    let none = [("AUTH_SERVER__TRACES__SAMPLE_RATIO", "0")];
    let (mut services, collector) = traced(&none).await;
    let jwks = format!("{}/oauth/jwks", services.auth.address);
    let browser = services.print_photo().browser;
    browser.get(&jwks).await;
    for (trace, flags) in [("a", "01"), ("b", "00")] {
        let traceparent = format!("00-{}-00f067aa0ba902b7-{flags}", trace.repeat(32));
        browser.get_with(&jwks, "traceparent", &traceparent).await;
    }
    for nonsense in ["", "00-0-0-01", "x", "ff-----"] {
        let answer = browser.get_with(&jwks, "traceparent", nonsense).await;
        assert_eq!(answer.status, 200);
    }
    services.stop().await;
    let spans = collector.spans();
    let auth: Vec<_> = spans
        .iter()
        .filter(|span| span.service == "auth-server" && span.kind == SERVER)
        .collect();
    assert_eq!(auth.len(), 1, "{auth:#?}");
    assert_eq!(auth[0].trace_id, "a".repeat(32));
}

/// Without a collector everything works, the log says so, and the services end when they are asked to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_holds_nothing_up() {
    let nobody = [("TRACES__OTLP_ENDPOINT", "http://127.0.0.1:1")];
    let mut services = Services::start(&nobody, &[]).await;
    let print_photo = services.print_photo();
    print_photo.authorize(&["photo.read", "profile"]).await;
    assert_eq!(print_photo.open("/photos").await.status, 200);
    services.stop().await;
    for service in services.all() {
        let log = service.log();
        assert!(
            log.contains("ExportError") || log.contains("traces_not_sent"),
            "{log}"
        );
    }
}

/// The settings of traces are checked like all others.
#[tokio::test]
async fn wrong_settings_of_traces_are_told() {
    for (name, value, told) in [
        (
            "OTLP_ENDPOINT",
            "collector:4318",
            "accepted: an http or https URL",
        ),
        ("OTLP_ENDPOINT", "somewhere", "relative URL without a base"),
        ("SAMPLE_RATIO", "1.5", "accepted: 0 to 1"),
        ("SAMPLE_RATIO", "much", "traces.sample_ratio"),
    ] {
        let variable = format!("AUTH_SERVER__TRACES__{name}");
        let environment = [(variable.as_str(), value)];
        let ended = e2e::run_auth_server(&["check-config"], &environment, "").await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains(told), "{ended:?}");
    }
}
