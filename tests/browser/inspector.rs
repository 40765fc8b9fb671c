//! The flow inspector in a real browser: the diagram, the arrows that open, and the attacks.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, approve_if_asked, ask_with_code};
use e2e::{Chromium, Device, Store, World};
use serde_json::json;

/// The attacks, in an order in which each has what it needs, with what comes of each.
const ATTACKS: [(&str, &str); 7] = [
    ("change-the-redirect-uri", "Refused: 400"),
    ("mix-up-the-issuer", "Refused by Print Photo itself"),
    ("another-audience", "Refused: 401 invalid_token"),
    ("drop-the-verifier", "Refused: 400 invalid_grant"),
    ("too-little-scope", "Refused: 403 insufficient_scope"),
    ("old-refresh-token", "Refused: 400 invalid_grant"),
    ("replay-the-code", "Refused: 400 invalid_grant"),
];

async fn photos_of(device: Device) -> (World, Chromium) {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(device).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    chromium.find("#photos").await;
    (world, chromium)
}

/// An arrow leads to its step and opens it; a secret shows when it is clicked. No script takes part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_arrow_opens_to_the_real_request_and_a_secret_shows_when_it_is_clicked() {
    for (device, diagram) in [(Device::WithoutScript, "wide"), (Device::Phone, "narrow")] {
        let (world, chromium) = photos_of(device).await;
        assert_eq!(chromium.text("#step-3").await, "", "it is closed");
        chromium
            .click(&format!(".diagram.{diagram} a[href='#step-3'] text.title"))
            .await;
        let opened = chromium.text("#step-3").await;
        for shown in [
            "grant_type",
            "code_verifier",
            "redirect_uri",
            "expires_in",
            "RFC 6749 §4.1.3",
        ] {
            assert!(opened.contains(shown), "{shown}: {opened}");
        }
        assert!(!opened.contains("print-photo-secret"));
        let secret = "#step-3 details.secret";
        let masked = chromium.text(secret).await;
        assert!(masked.starts_with('…'), "{masked}");
        chromium.click(&format!("{secret} summary")).await;
        let whole = chromium.text(&format!("{secret} code")).await;
        assert!(whole.len() > 40 && !whole.contains('…'), "{whole}");
        chromium.click("#step-3 details.without summary").await;
        let without = chromium.text("#step-3 details.without p").await;
        assert!(without.len() > 30, "{without}");

        // What Photo Space asked while it answered.
        chromium
            .click(&format!(".diagram.{diagram} a[href='#step-4a'] text.title"))
            .await;
        let question = chromium.text("#step-4a").await;
        for shown in ["/oauth/check_token", "active", "photo-space", "xiaoming"] {
            assert!(question.contains(shown), "{shown}: {question}");
        }
        chromium.assert_fits().await;
        drop(world);
    }
}

/// Each attack meets a server that says no.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_attack_can_be_tried_and_is_refused() {
    let (world, chromium) = photos_of(Device::Desktop).await;
    for (attack, outcome) in ATTACKS {
        if attack == "replay-the-code" {
            // The attack before has ended the tokens.
            chromium.open(&format!("{}/code", world.client)).await;
            chromium.click("#start-code").await;
            approve_if_asked(&chromium).await;
        }
        chromium.open(&format!("{}/attacks", world.client)).await;
        chromium.click(&format!("#{attack}")).await;
        chromium.find("#verdict").await;
        let shown = chromium.text("#outcome").await;
        assert!(shown.starts_with(outcome), "{attack}: {shown}");
        assert!(chromium.holds(".diagram .attack").await, "{attack}");
        let complaints = chromium.complaints().await;
        assert!(complaints.is_empty(), "{complaints:?}");
    }
    // What the replay has ended is dead.
    chromium.click("#call").await;
    assert_eq!(chromium.text("#call-status").await, "401");
}

/// A JWT can be had instead of a handle, and is taken apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_is_decoded_and_a_handle_is_taken_apart() {
    let (world, chromium) = photos_of(Device::Desktop).await;
    let inside =
        "[...document.querySelectorAll('#step-3 .inside')].map(one => one.textContent).join()";
    let handle = chromium.evaluate(inside).await.to_string();
    assert!(
        handle.contains("Keyed check") && handle.contains("SHA-256"),
        "{handle}"
    );
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#tokens-jwt").await;
    chromium.click("#start-code").await;
    approve_if_asked(&chromium).await;
    let jwt = chromium.evaluate(inside).await.to_string();
    assert!(jwt.contains("alg") && jwt.contains("client_id"), "{jwt}");
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    chromium.assert_no_complaints().await;
}

/// 401, then a new token, then the same call again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_has_ended_is_renewed_in_sight() {
    let (_world, chromium) = photos_of(Device::Desktop).await;
    chromium.click("#expire").await;
    chromium.find("#photos").await;
    let titles = "[...document.querySelectorAll('#flow > .step > .exchange .what b')].map(title => title.textContent).join(', ')";
    let expected = "Give the token back, The token is refused, Renew the token, Use the token, Ask who the owner is";
    assert_eq!(chromium.evaluate(titles).await, expected);
}

/// Who withdraws an approval sees the very next call fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_approval_is_seen_at_once() {
    let (world, chromium) = photos_of(Device::Desktop).await;
    chromium.click("#call").await;
    assert_eq!(chromium.text("#call-status").await, "200");
    let grants = &world.server.revoker.grants;
    for grant in grants.list_grants("xiaoming").await.unwrap() {
        grants.revoke_grant(&grant.grant_id).await.unwrap();
    }
    chromium.click("#call").await;
    assert_eq!(chromium.text("#call-status").await, "401");
}

/// Whoever has registered a client can be it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_somebody_brings_goes_the_same_way() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/own-client", world.client)).await;
    chromium.click("#bring").await;
    chromium.find("#client-id-fault").await;
    let said = chromium.complaints().await;
    assert!(
        said.iter().all(|said| said.contains("status of 422")),
        "{said:?}"
    );
    chromium.fill("#client_id", "print-photo-jwt").await;
    chromium
        .fill("#client_secret", "print-photo-jwt-secret")
        .await;
    chromium.click("#bring").await;
    chromium.click("#start-code").await;
    e2e::person::sign_in(&chromium, "xiaoming", "photos4me").await;
    approve(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "xiaoming");
    assert!(chromium.text(".access").await.contains("print-photo-jwt"));
    chromium.assert_no_complaints().await;
}

/// The whole story in the other languages: chosen once, kept on every page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_told_in_each_language() {
    for (tag, heading, verdict) in [
        ("zh-CN", "要打印的照片", "被拒绝："),
        ("ru", "Фотографии для печати", "Отказано:"),
    ] {
        let world = World::builder(Store::Memory).start().await;
        let chromium = Chromium::start(Device::Desktop).await;
        chromium.open(&world.client).await;
        chromium.click(&format!("#languages a[lang='{tag}']")).await;
        ask_with_code(&chromium, &world.client).await;
        approve(&chromium).await;
        assert_eq!(chromium.text("h1").await, heading);
        chromium.open(&format!("{}/attacks", world.client)).await;
        chromium.click("#too-little-scope").await;
        let shown = chromium.text("#outcome").await;
        assert!(shown.starts_with(verdict), "{shown}");
        let lang = chromium.evaluate("document.documentElement.lang").await;
        assert_eq!(lang, json!(tag));
    }
}
