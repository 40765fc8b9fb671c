//! What holds for every page: headers, forms, methods, sessions, settings.

use symbolon::clock::{SettableClock, Timestamp};

use super::*;

#[actix_web::test]
async fn every_page_renders_with_strict_headers() {
    let mut browser = demo("http://localhost:9000", |_| ());
    for (at, expected) in [
        ("/", "Five ways"),
        ("/code", "id=\"start-code\""),
        ("/password", "id=\"password-form\""),
        ("/client-credentials", "id=\"start-client-credentials\""),
        ("/spa", "data-client-id=\"photo-spa\""),
        ("/assets/style.css", "--paper"),
        ("/assets/spa.js", "S256"),
    ] {
        let seen = browser.get(at).await;
        assert_eq!(seen.status, 200, "{at}");
        assert!(seen.text.contains(expected), "{at}");
        let policy = seen.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{at}: {policy}");
        assert!(policy.contains("form-action 'self' http://localhost:9000;"));
        assert_eq!(seen.header("referrer-policy"), "no-referrer");
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        if !at.starts_with("/assets") {
            assert_eq!(seen.header("cache-control"), "no-store");
        }
        for inline in ["<script>", "style=\"", "onclick"] {
            assert!(!seen.text.contains(inline), "{at} has {inline}");
        }
    }
}

#[actix_web::test]
async fn wrong_addresses_and_methods_get_pages_of_their_own() {
    let mut browser = demo("http://localhost:9000", |_| ());
    let seen = browser.get("/nowhere").await;
    assert_eq!(seen.status, 404);
    assert!(seen.text.contains("There is no such page"));
    let seen = browser.get("/logout").await;
    assert_eq!((seen.status, seen.header("allow")), (405, "POST"));
    assert!(seen.text.contains("id=\"problem\""));
    let seen = browser.post("/assets/style.css", &[]).await;
    assert_eq!((seen.status, seen.header("allow")), (405, "GET, HEAD"));
}

#[actix_web::test]
async fn a_form_without_the_token_of_its_session_is_refused() {
    let mut browser = demo("http://localhost:9000", |_| ());
    browser.get("/").await;
    for at in [
        "/code",
        "/password",
        "/client-credentials",
        "/refresh",
        "/logout",
    ] {
        let form = [
            ("csrf", "forged"),
            ("username", "xiaoming"),
            ("password", "p"),
        ];
        let seen = browser.post(at, &form).await;
        assert_eq!(seen.status, 403, "{at}");
        assert!(seen.text.contains("This form is not from here"), "{at}");
        assert_eq!(browser.post(at, &[]).await.status, 400, "{at}");
    }
}

#[actix_web::test]
async fn what_is_no_picture_is_not_shown_under_our_name() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let seen = browser.get("/photos/8").await;
    assert_eq!(seen.status, 502);
    assert!(!seen.text.contains("<script>"));
}

#[actix_web::test]
async fn a_session_gets_a_new_name_with_its_token() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.get("/").await;
    let planted = browser.cookie.clone();
    browser.authorize().await;
    assert_ne!(browser.cookie, planted);
    browser.cookie = planted;
    assert!(!browser.get("/").await.text.contains("Access token"));
}

#[actix_web::test]
async fn sessions_are_bounded_and_expire() {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(0)));
    let settings = SessionsSettings {
        idle_secs: 60,
        max_count: 2,
    };
    let same_clock: Arc<dyn Clock> = clock.clone();
    let sessions = Arc::new(Sessions::new(settings, same_clock, Arc::new(SystemRandom)));
    let first = sessions.open(None).cookie().unwrap();
    clock.advance_secs(1);
    let second = sessions.open(None).cookie().unwrap();
    clock.advance_secs(1);
    sessions.open(None);
    assert_eq!(
        sessions.open(Some(&second)).cookie().as_ref(),
        Some(&second)
    );
    assert_ne!(sessions.open(Some(&first)).cookie(), Some(first));
    clock.advance_secs(60);
    assert_ne!(sessions.open(Some(&second)).cookie(), Some(second));
}

#[test]
fn unknown_settings_are_refused_and_the_defaults_are_complete() {
    let settings: DemoClientSettings = SettingsSources::default().load().unwrap();
    assert_eq!(
        (settings.http.port, settings.http.probes_port),
        (9002, 9102)
    );
    let printed = format!("{settings:?}");
    assert!(!printed.contains("-secret"), "{printed}");
}
