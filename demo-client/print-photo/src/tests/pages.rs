//! What holds for every page: headers, forms, methods, sessions, settings.

use std::collections::HashMap;

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
        ("/compare", "id=\"grants\""),
        ("/attacks", "id=\"drop-the-verifier\""),
        ("/own-client", "id=\"own-form\""),
        ("/stats", "id=\"count\""),
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
    browser.get("/code").await;
    for at in [
        "/code",
        "/password",
        "/client-credentials",
        "/refresh",
        "/logout",
        "/attack",
        "/own-client",
        "/own-client/forget",
        "/call",
        "/expire",
        "/stats",
        "/stats/logout",
    ] {
        let form = [
            ("csrf", "forged"),
            ("username", "xiaoming"),
            ("password", "p"),
            ("attack", "replay-the-code"),
            ("client_id", "c"),
            ("client_secret", "s"),
            ("scope", ""),
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
    for (photo, status) in [(8, 502), (9, 502), (10, 502), (11, 502), (12, 200)] {
        let seen = browser.get(&format!("/photos/{photo}")).await;
        assert_eq!(seen.status, status, "{photo}");
        assert_eq!(seen.text.contains("<script>"), status == 200, "{photo}");
    }
    // Its type in words of ours, and nothing in it can run.
    let seen = browser.get("/photos/12").await;
    assert_eq!(seen.header("content-type"), "image/png");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    let policy = seen.header("content-security-policy");
    assert_eq!(policy, "default-src 'none'; sandbox");
}

#[actix_web::test]
async fn a_session_gets_a_new_name_with_its_token() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.get("/code").await;
    let planted = browser.cookie.clone();
    assert!(planted.is_some());
    browser.authorize().await;
    assert_ne!(browser.cookie, planted);
    browser.cookie = planted;
    assert!(!browser.get("/").await.text.contains("Access token"));
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

fn refused(settings: &[(&str, &str)]) -> String {
    let settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let environment: HashMap<String, String> = settings.collect();
    let sources = SettingsSources {
        file: None,
        environment,
    };
    sources
        .load::<DemoClientSettings>()
        .expect_err("refused")
        .to_string()
}

#[test]
fn a_wrong_setting_is_refused_with_what_is_accepted() {
    for (name, value, said) in [
        ("HTTP__WORKERS", "0", "accepted: 1 to 512"),
        ("SESSIONS__MAX_COUNT", "0", "accepted: 1 to"),
        ("SESSIONS__IDLE_SECS", "0", "accepted: 1 to"),
        ("SESSIONS__IDLE_SECS", "99999999999", "accepted: 1 to"),
        ("PUBLIC_URL", "javascript:alert(1)", "accepted: https://"),
        ("PUBLIC_URL", "https://a.example/?x", "accepted: https://"),
        (
            "AUTHORIZATION_SERVER__URL",
            "file:///etc",
            "accepted: https://",
        ),
        (
            "AUTHORIZATION_SERVER__INTERNAL_URL",
            "mailto:a@b",
            "accepted: https://",
        ),
        (
            "RESOURCE_SERVER__URL",
            "localhost:9001",
            "accepted: https://",
        ),
        (
            "RESOURCE_SERVER__INTERNAL_URL",
            "https://a:b@c",
            "user name",
        ),
    ] {
        let text = refused(&[(&format!("DEMO_CLIENT__{name}"), value)]);
        assert!(text.contains(said), "{name}={value}: {text}");
    }
}

#[test]
fn a_server_that_is_reached_in_the_clear_is_allowed_by_name() {
    for (section, key) in [
        ("AUTHORIZATION_SERVER", "URL"),
        ("AUTHORIZATION_SERVER", "INTERNAL_URL"),
        ("RESOURCE_SERVER", "URL"),
        ("RESOURCE_SERVER", "INTERNAL_URL"),
    ] {
        let name = format!("DEMO_CLIENT__{section}__{key}");
        let text = refused(&[(&name, "http://elsewhere.example")]);
        let setting = format!("`{}.{}`", section.to_lowercase(), key.to_lowercase());
        assert!(
            text.contains(&setting) && text.contains("allow_plain_http"),
            "{text}"
        );
        let environment = [
            (name, "http://elsewhere.example".to_owned()),
            (
                "DEMO_CLIENT__ALLOW_PLAIN_HTTP".to_owned(),
                "true".to_owned(),
            ),
        ];
        let sources = SettingsSources {
            file: None,
            environment: environment.into_iter().collect(),
        };
        sources.load::<DemoClientSettings>().unwrap();
    }
    // What only browsers visit may be anything that they can.
    let environment = [
        ("DEMO_CLIENT__AUTHORIZATION_SERVER__URL", "http://a.example"),
        (
            "DEMO_CLIENT__AUTHORIZATION_SERVER__INTERNAL_URL",
            "http://localhost:9000",
        ),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sources = SettingsSources {
        file: None,
        environment: environment.into_iter().collect(),
    };
    sources.load::<DemoClientSettings>().unwrap();
}

/// Servers compare issuers and redirect URIs letter by letter.
#[actix_web::test]
async fn addresses_are_sent_as_they_were_written() {
    let mut browser = demo("http://localhost:80", |settings| {
        settings.public_url = Some("HTTP://Localhost:80/".parse().unwrap());
    });
    let sent = browser.press("/code", "/code", &[]).await;
    let expected = "redirect_uri=HTTP%3A%2F%2FLocalhost%3A80%2Fcallback&";
    assert!(
        sent.header("location").contains(expected),
        "{}",
        sent.header("location")
    );
    let url = Url::parse(sent.header("location")).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    let denied = format!(
        "/callback?error=access_denied&state={}&iss=http://localhost:80",
        state.1
    );
    assert_eq!(browser.get(&denied).await.status, 403);
}
