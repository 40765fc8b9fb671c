//! What happened lately: why a request was refused, for whoever may know.

use std::time::Duration;

use e2e::{World, on_every_store};
use reqwest::{Method, RequestBuilder};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon_auth_server::journal::{JournalCursor, JournalFilter};
use symbolon_auth_server::records::{JournalEntry, Section, SectionBounds};

/// What is known of a request, as soon as it is written.
pub(crate) async fn known_of(world: &World, id: &str, how_many: usize) -> Vec<JournalEntry> {
    let written = async {
        loop {
            let found = world.server.journal.of_request(id).await.unwrap();
            if found.len() >= how_many {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let limit = Duration::from_secs(20);
    let found = tokio::time::timeout(limit, written).await;
    found.unwrap()
}

fn ask(world: &World, method: Method, path: &str) -> RequestBuilder {
    world
        .http()
        .request(method, format!("{}{path}", world.auth))
}

pub(crate) fn detail<'e>(entry: &'e JournalEntry, name: &str) -> &'e str {
    entry.details.get(name).map_or("", String::as_str)
}

/// Where `print-photo` asks for a code with these parameters.
fn authorization(world: &World, more: &str) -> String {
    let callback = world.callback();
    format!("/oauth/authorize?client_id=print-photo&redirect_uri={callback}{more}")
}

on_every_store! {
async fn a_refused_authorization_is_explained_by_parameter_and_rule(world) {
    let elsewhere =
        "&response_type=code&client_id=print-photo&redirect_uri=https://elsewhere.example/";
    let twice = authorization(&world, "&response_type=code&scope=photo.read&scope=profile");
    for (number, (path, client, parameter, reason)) in [
        ("/oauth/authorize".to_owned(), "", "client_id", "missing"),
        (
            "/oauth/authorize?client_id=nobody".to_owned(),
            "",
            "client_id",
            "no client of this name",
        ),
        (
            format!("/oauth/authorize?{elsewhere}"),
            "print-photo",
            "redirect_uri",
            "none of the registered addresses",
        ),
        (
            authorization(&world, "&response_type=coffee"),
            "print-photo",
            "response_type",
            "Unsupported response types",
        ),
        (
            authorization(&world, "&response_type=code&scope=everything"),
            "print-photo",
            "scope",
            "Invalid scope",
        ),
        (
            authorization(
                &world,
                "&response_type=code&code_challenge=abc&code_challenge_method=plain",
            ),
            "print-photo",
            "code_challenge_method",
            "must be S256",
        ),
        (twice, "print-photo", "scope", "more than once"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("explain-me-{number}");
        let asked = ask(&world, Method::GET, &path).header("x-request-id", &id);
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.headers()["x-request-id"], id.as_str());
        let found = known_of(&world, &id, 1).await;
        assert_eq!(found.len(), 1, "{found:?}");
            let entry = &found[0];
        assert_eq!(entry.event, "authorization_refused", "{path}");
        assert_eq!(entry.client_id, client, "{path}");
        assert_eq!(detail(entry, "parameter"), parameter, "{path}");
        assert!(detail(entry, "reason").contains(reason), "{entry:?}");
        assert_eq!(entry.address, "127.0.0.1");
        // The caller learns no more than before.
        let told = answer.text().await.unwrap();
        assert!(!told.contains("no client of this name"), "{told}");
    }
}
}

on_every_store! {
async fn a_refused_token_request_is_explained_by_parameter_and_rule(world) {
    let code = world.code().await;
    let form = |redirect_uri: &str, code: &str| {
        [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
        ]
    };
    let elsewhere = "https://elsewhere.example/";
    for (id, form, parameter, reason, rule) in [
        (
            "one",
            form(elsewhere, &code),
            "redirect_uri",
            "RedirectMismatch",
            "to the letter",
        ),
        (
            "two",
            form(elsewhere, "abc"),
            "code",
            "UnknownCode",
            "none of this server",
        ),
    ] {
        let asked = ask(&world, Method::POST, "/oauth/token").form(&form);
        let asked = asked.basic_auth("print-photo", Some("print-photo-secret"));
        asked.header("x-request-id", id).send().await.unwrap();
        let found = known_of(&world, id, 1).await;
        assert_eq!(found.len(), 1, "{found:?}");
            let entry = &found[0];
        assert_eq!(entry.event, "token_refused");
        assert_eq!(entry.client_id, "print-photo");
        assert_eq!(detail(entry, "grant_type"), "authorization_code");
        assert_eq!(detail(entry, "error"), "invalid_grant");
        assert_eq!(detail(entry, "parameter"), parameter);
        assert_eq!(detail(entry, "reason"), reason);
        assert!(detail(entry, "rule").contains(rule), "{entry:?}");
    }
}
}

on_every_store! {
async fn a_request_that_is_refused_before_anything_is_known_of_it_is_told_once(world) {
    let no_form = ask(&world, Method::POST, "/oauth/token").json(&["code"]);
    let no_method = ask(&world, Method::DELETE, "/oauth/token");
    let no_token = ask(&world, Method::POST, "/oauth/revoke")
        .form(&[("token_type_hint", "access_token")])
        .basic_auth("print-photo", Some("print-photo-secret"));
    let wrong_secret = ask(&world, Method::POST, "/oauth/token")
        .form(&[("grant_type", "client_credentials")])
        .basic_auth("print-photo", Some("wrong"));
    for (id, asked, event, path) in [
        ("no-form", no_form, "request_refused", "/oauth/token"),
        ("no-method", no_method, "request_refused", "/oauth/token"),
        ("no-token", no_token, "request_refused", "/oauth/revoke"),
        (
            "wrong-secret",
            wrong_secret,
            "client_refused",
            "/oauth/token",
        ),
    ] {
        let answer = asked.header("x-request-id", id).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{id}");
        let found = known_of(&world, id, 1).await;
        assert_eq!(found.len(), 1, "{found:?}");
            let entry = &found[0];
        assert_eq!(entry.event, event, "{id}");
        assert_eq!(detail(entry, "path"), path, "{id}");
        assert!(!detail(entry, "reason").is_empty(), "{id}");
    }
}
}

on_every_store! {
async fn of_requests_that_share_an_id_all_are_told_oldest_first(world) {
    for path in ["/oauth/authorize", "/oauth/authorize?client_id=nobody"] {
        let asked = ask(&world, Method::GET, path).header("x-request-id", "shared");
        asked.send().await.unwrap();
    }
    let found = known_of(&world, "shared", 2).await;
    let reasons: Vec<&str> = found.iter().map(|entry| detail(entry, "reason")).collect();
    assert!(reasons[0].contains("missing"), "{reasons:?}");
    assert!(reasons[1].contains("no client"), "{reasons:?}");
}
}

on_every_store! {
async fn strangers_push_nothing_out_but_what_strangers_did(world, "AUTH_SERVER__JOURNAL__REFUSED" = "20") {
    world.rotate_keys().await;
    let wrong = [("grant_type", "authorization_code"), ("code", "abc")];
    world.token("print-photo", &wrong).await;
    for number in 0..60 {
        let path = format!("/oauth/authorize?client_id=nobody-{number}");
        let asked = ask(&world, Method::GET, &path);
        let id = format!("flood-{number}");
        asked.header("x-request-id", &id).send().await.unwrap();
    }
    known_of(&world, "flood-59", 1).await;
    let journal = &world.server.journal;
    assert_eq!(journal.of_request("flood-1").await.unwrap(), []);
    let client = ClientId::new("print-photo");
    let refused = journal.refused_to(&client, 10).await.unwrap();
    assert_eq!(refused.len(), 1, "{refused:?}");
        let entry = &refused[0];
    assert_eq!(detail(entry, "parameter"), "code");
    let wanted = JournalFilter {
        event: Some("key_rotated".to_owned()),
        ..JournalFilter::default()
    };
    let found = journal.search(&wanted, JournalCursor::default(), 10).await;
    // The first key, and the one that was added.
    assert_eq!(found.unwrap().entries.len(), 2);
}
}

/// The whole journal, five entries at a time.
async fn page_by_page(world: &World) -> Vec<JournalEntry> {
    let journal = &world.server.journal;
    let (mut from, mut found) = (JournalCursor::default(), Vec::new());
    loop {
        let page = journal.search(&JournalFilter::default(), from, 5).await;
        let page = page.unwrap();
        assert!(page.entries.len() <= 5);
        found.extend(page.entries);
        // As a link of a page carries it.
        let Some(next) = page.next else {
            return found;
        };
        from = next.to_string().parse().unwrap();
    }
}

on_every_store! {
async fn pages_of_a_search_hold_everything_once_newest_first(world, "AUTH_SERVER__JOURNAL__GRANTED" = "100") {
    for number in 0..12 {
        world.clock.advance_secs(1);
        let granted = world.password_grant("photo.read").await;
        assert_eq!(granted.status, 200);
        let path = format!("/oauth/authorize?client_id=nobody-{number}");
        let asked = ask(&world, Method::GET, &path);
        let id = format!("page-{number}");
        asked.header("x-request-id", &id).send().await.unwrap();
        known_of(&world, &id, 1).await;
    }
    // Of what happened last, the kinds are written one after the other.
    let written = async {
        loop {
            let found = page_by_page(&world).await;
            if found.iter().filter(|entry| entry.event == "token_issued").count() >= 12 {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), written).await.unwrap();
    let of = |event: &str| found.iter().filter(|entry| entry.event == event).count();
    assert_eq!(of("token_issued"), 12);
    assert_eq!(of("owner_signed_in"), 12);
    assert_eq!(of("authorization_refused"), 12);
    assert!(found.is_sorted_by(|one, other| one.at >= other.at));
}
}

on_every_store! {
async fn an_entry_ends_with_its_time_also_where_nothing_is_written_any_more(world) {
    let asked = ask(&world, Method::GET, "/oauth/authorize").header("x-request-id", "old");
    asked.send().await.unwrap();
    known_of(&world, "old", 1).await;
    world.clock.advance_secs(30 * 24 * 60 * 60);
    assert_eq!(world.server.journal.of_request("old").await.unwrap(), []);
}
}

on_every_store! {
/// Servers whose clocks differ write into one journal.
async fn what_stands_behind_an_entry_of_a_slower_clock_is_found(world) {
    let asked = ask(&world, Method::GET, "/oauth/authorize").header("x-request-id", "first");
    asked.send().await.unwrap();
    let entry = known_of(&world, "first", 1).await.remove(0);
    let journal = &world.server.journal;
    let bounds = SectionBounds { entries: 100, life_secs: 3600 };
    let at = |secs: u64| JournalEntry {
        at: Timestamp::from_secs(entry.at.as_secs() - 1_000 + secs),
        request_id: format!("at-{secs}"),
        ..entry.clone()
    };
    let entries = [at(100), at(500), at(350), at(500)];
    journal.store.add_to_journal(&Section::Refused, &entries, bounds).await.unwrap();
    let wanted = JournalFilter {
        since: Some(at(400).at),
        until: Some(at(600).at),
        ..JournalFilter::default()
    };
    let found = journal.search(&wanted, JournalCursor::default(), 10).await.unwrap();
    let ids: Vec<_> = found.entries.iter().map(|entry| entry.request_id.as_str()).collect();
    assert_eq!(ids, ["at-500", "at-500"]);
    assert_eq!(found.next, None);
}
}
