//! Which browsers are remembered, by which cookie, for how long, and what becomes of the tokens of those that are
//! forgotten.

use super::*;
use crate::session::{SessionCookie, Visitor};

fn sessions(settings: SessionsSettings) -> (Arc<Sessions>, Arc<SettableClock>) {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000)));
    let same: Arc<dyn Clock> = clock.clone();
    let sessions = Sessions::new(settings, same, Arc::new(SystemRandom));
    (Arc::new(sessions), clock)
}

fn name(visitor: &Visitor) -> Secret {
    let SessionCookie::Named(name) = visitor.cookie() else {
        panic!("it is not remembered");
    };
    name
}

fn remembered(sessions: &Arc<Sessions>) -> Secret {
    let visitor = sessions.visit(&[]);
    visitor.remember();
    name(&visitor)
}

fn knows(sessions: &Arc<Sessions>, presented: &Secret) -> bool {
    let visitor = sessions.visit(std::slice::from_ref(presented));
    visitor.cookie() == SessionCookie::Named(presented.clone())
}

#[actix_web::test]
async fn sessions_are_bounded_and_expire() {
    let (sessions, clock) = sessions(SessionsSettings {
        idle_secs: 60,
        max_count: 2,
    });
    let first = remembered(&sessions);
    clock.advance_secs(1);
    let second = remembered(&sessions);
    clock.advance_secs(1);
    remembered(&sessions);
    assert!(knows(&sessions, &second));
    assert!(!knows(&sessions, &first));
    clock.advance_secs(60);
    assert!(!knows(&sessions, &second));
    assert_eq!(sessions.alive(), 0);
}

#[actix_web::test]
async fn setting_the_hour_ends_no_session_and_prolongs_none() {
    let (sessions, clock) = sessions(SessionsSettings {
        idle_secs: 60,
        max_count: 2,
    });
    let known = remembered(&sessions);
    for hour in [9_000_000, 0] {
        clock.set(Timestamp::from_secs(hour));
        assert!(knows(&sessions, &known));
    }
    clock.advance_secs(60);
    assert!(!knows(&sessions, &known));
}

#[actix_web::test]
async fn every_cookie_of_our_name_is_tried() {
    let (sessions, _) = sessions(SessionsSettings {
        idle_secs: 60,
        max_count: 2,
    });
    let known = remembered(&sessions);
    let visitor = sessions.visit(&[Secret::new("stale"), known.clone()]);
    assert_eq!(visitor.cookie(), SessionCookie::Named(known));
}

/// Somebody asks for pages without a cookie.
async fn flood(browser: &Browser, pages: &[&str], times: usize) {
    for _ in 0..times {
        for page in pages {
            let url = format!("{}{page}", browser.url);
            browser.http.get(url).send().await.unwrap();
        }
    }
}

fn few_sessions(settings: &mut DemoClientSettings) {
    settings.sessions.max_count = 4;
}

#[actix_web::test]
async fn who_only_looks_around_is_not_remembered() {
    let mut browser = demo("http://localhost:9000", |_| ());
    for page in [
        "/",
        "/nowhere",
        "/spa",
        "/logout",
        "/photos/1",
        "/callback?code=c&state=s",
    ] {
        browser.get(page).await;
        assert_eq!(browser.cookie, None, "{page}");
    }
    browser.get("/code").await;
    assert!(browser.cookie.is_some());
}

#[actix_web::test]
async fn a_flood_of_strangers_throws_nobody_out_who_has_access() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), few_sessions);
    browser.authorize().await;
    flood(
        &browser,
        &["/nowhere", "/code", "/photos", "/callback?code=c&state=s"],
        8,
    )
    .await;
    assert_eq!(browser.get("/photos").await.status, 200);
}

async fn revocations(server: &MockServer) -> usize {
    let all = server.received_requests().await.unwrap();
    let revoked = all
        .iter()
        .filter(|request| request.url.path() == "/oauth/revoke");
    revoked.count()
}

pub(super) async fn given_back(server: &MockServer) {
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while revocations(server).await < 2 {
        assert!(
            std::time::Instant::now() < patience,
            "nothing is given back"
        );
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[actix_web::test]
async fn what_makes_room_is_given_back() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), few_sessions);
    browser.authorize().await;
    for _ in 0..4 {
        browser.cookie = None;
        browser.authorize().await;
    }
    given_back(&server).await;
}

#[actix_web::test]
async fn what_expires_is_given_back() {
    let server = servers().await;
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000)));
    let mut browser = demo_at(&server.uri(), clock.clone(), |_| ());
    browser.authorize().await;
    clock.advance_secs(1_800);
    flood(&browser, &["/"], 1).await;
    given_back(&server).await;
}

#[actix_web::test]
async fn an_access_that_another_replaces_is_given_back() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    browser.authorize().await;
    given_back(&server).await;
    assert_eq!(browser.get("/photos").await.status, 200);
}

/// Cookies of other programs on the host, and one of ours that is left over.
#[actix_web::test]
async fn a_browser_is_known_among_the_cookies_of_others() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let mine = browser.cookie.clone().unwrap();
    let cookies = [
        b"x=caf\xe9; print_photo_session=stale; ".as_slice(),
        mine.as_bytes(),
        b"; =; ;;y",
    ]
    .concat();
    let header = reqwest::header::HeaderValue::from_bytes(&cookies).unwrap();
    let photos = browser.http.get(format!("{}/photos", browser.url));
    let answer = photos.header("Cookie", header).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("set-cookie"));
}

#[actix_web::test]
async fn behind_tls_the_cookie_belongs_to_this_host_only() {
    let browser = demo("http://localhost:9000", |settings| {
        settings.public_url = Some("HTTPS://prints.example".parse().unwrap());
    });
    let answer = browser
        .http
        .get(format!("{}/code", browser.url))
        .send()
        .await
        .unwrap();
    let set = answer
        .headers()
        .get("set-cookie")
        .unwrap()
        .to_str()
        .unwrap();
    assert!(set.starts_with("__Host-print_photo_session="), "{set}");
    assert!(
        set.contains("; Secure") && set.contains("; Path=/"),
        "{set}"
    );
    assert!(!set.contains("Domain"), "{set}");
}

/// Callbacks that are as long as a request can be.
#[actix_web::test]
async fn what_a_session_remembers_of_callbacks_has_a_length() {
    let mut browser = demo("http://localhost:9000", |_| ());
    browser.get("/code").await;
    let long = "x".repeat(20_000);
    for _ in 0..20 {
        let callback =
            format!("/callback?error=e&state=s&error_description={long}&error_uri={long}");
        browser.get(&callback).await;
    }
    let page = browser.get("/code").await;
    assert!(page.text.contains("does not") || page.text.contains("error_description"));
    assert!(page.text.len() < 100_000, "{}", page.text.len());
}

/// Another client, another redirect URI, another cookie: to the authorization server it is another application.
#[actix_web::test]
async fn photo_stats_is_a_client_with_a_session_of_its_own() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let of_print_photo = browser.cookie.take();
    let sent = browser.press("/stats", "/stats", &[]).await;
    let location = sent.header("location").to_owned();
    assert!(location.contains("client_id=photo-stats"), "{location}");
    assert!(location.contains("%2Fstats%2Fcallback"), "{location}");
    let query = format!("code=hush-code&{}", answer_to(&sent));
    let back = browser.get(&format!("/stats/callback?{query}")).await;
    assert_eq!((back.status, back.header("location")), (303, "/stats"));
    let own = browser.cookie.clone().unwrap();
    assert!(own.starts_with("photo_stats_session="), "{own}");
    let numbers = browser.get("/stats").await.text;
    assert!(numbers.contains("id=\"total\">1<"), "{numbers}");
    assert!(
        numbers.contains("Photo Stats sends you") && !numbers.contains("Print Photo sends you")
    );
    // The one knows nothing of the other.
    assert!(!browser.get("/").await.text.contains("Access token"));
    browser.cookie = of_print_photo;
    assert!(browser.get("/stats").await.text.contains("id=\"count\""));
    browser.cookie = Some(own);
    let out = browser.press("/stats", "/stats/logout", &[]).await;
    assert!(out.text.contains("Photo Stats has forgotten you"));
    assert!(browser.get("/stats").await.text.contains("id=\"count\""));
}
