//! The pages in a pretended browser, between a pretended authorization server and Photo Space.

use serde_json::json;
use shared::clock::{SettableClock, Timestamp};
use url::Url;
use wiremock::matchers::{body_string_contains, header as has_header, method as has_method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const ACCESS_TOKEN: &str = "hush-access-token-that-nobody-may-see";
const REFRESH_TOKEN: &str = "hush-refresh-token-that-nobody-may-see";

struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: Option<String>,
}

struct Seen {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Seen {
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(
                set.contains("HttpOnly") && set.contains("SameSite=Lax"),
                "{set}"
            );
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        Seen {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    async fn get(&mut self, path: &str) -> Seen {
        let request = self.http.get(format!("{}{path}", self.url));
        self.send(request).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Seen {
        let request = self.http.post(format!("{}{path}", self.url)).form(form);
        self.send(request).await
    }

    /// Presses the button of a page.
    async fn press(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = self.get(page).await.csrf();
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend_from_slice(fields);
        self.post(path, &form).await
    }

    /// Goes the way of the code grant up to the callback.
    async fn authorize(&mut self) -> Seen {
        let sent = self.press("/code", "/code", &[]).await;
        assert_eq!(sent.status, 303);
        let query = format!(
            "code=hush-code-that-nobody-may-see-either&{}",
            answer_to(&sent)
        );
        self.get(&format!("/callback?{query}")).await
    }
}

/// `state` and `iss` that belong to an authorization request.
fn answer_to(redirect: &Seen) -> String {
    let url = Url::parse(redirect.header("location")).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    let issuer = url.origin().ascii_serialization();
    format!("state={}&iss={issuer}", state.1)
}

fn demo(server: &str, change: impl FnOnce(&mut DemoClientSettings)) -> Browser {
    let mut settings = DemoClientSettings::defaults().unwrap();
    settings.authorization_server.url = Url::parse(server).unwrap();
    settings.resource_server.url = Url::parse(server).unwrap();
    settings.http.workers = 1;
    change(&mut settings);
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000)));
    let demo = start(&settings, listen(), listen(), clock).unwrap();
    actix_web::rt::spawn(demo.service);
    Browser {
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap(),
        url: demo.url,
        cookie: None,
    }
}

async fn servers() -> MockServer {
    let server = MockServer::start().await;
    let token = json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "token_type": "bearer",
        "expires_in": 600, "scope": "photo.read profile",
    });
    let photos = json!([{ "id": "sea", "title": "The <sea>", "owner": "xiaoming", "content_type": "image/png", "url": "x" }]);
    let picture = ResponseTemplate::new(200).set_body_raw("pixels", "image/png");
    let bearer = format!("Bearer {ACCESS_TOKEN}");
    let answers = [
        ("/photos", ResponseTemplate::new(200).set_body_json(photos)),
        ("/photos/sea", picture),
        (
            "/photos/page",
            ResponseTemplate::new(200).set_body_raw("<script>", "text/html"),
        ),
    ];
    for (at, answer) in answers {
        Mock::given(path(at))
            .and(has_header("authorization", bearer.as_str()))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    Mock::given(path("/oauth/token"))
        .and(body_string_contains("password=wrong"))
        .respond_with(ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" })))
        .mount(&server)
        .await;
    Mock::given(has_method("POST"))
        .and(path("/oauth/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .mount(&server)
        .await;
    Mock::given(path("/oauth/revoke"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    server
}

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
async fn the_code_grant_ends_with_photos_and_no_secret_on_any_page() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let returned = browser.authorize().await;
    assert_eq!(
        (returned.status, returned.header("location")),
        (303, "/photos")
    );
    let photos = browser.get("/photos").await;
    assert_eq!(photos.status, 200);
    assert!(photos.text.contains("src=\"/photos/sea\""));
    assert!(photos.text.contains("The &#60;sea&#62;"), "{}", photos.text);
    for step in [
        "Ask the owner",
        "Back with a code",
        "Exchange the code",
        "Use the token",
    ] {
        assert!(photos.text.contains(step), "{step}");
    }
    assert!(photos.text.contains("hush-a…") && !photos.text.contains("nobody-may-see"));
    assert!(!photos.text.contains("print-photo-secret"));
    let picture = browser.get("/photos/sea").await;
    assert_eq!(
        (picture.text.as_str(), picture.header("content-type")),
        ("pixels", "image/png")
    );
}

#[actix_web::test]
async fn what_is_no_picture_is_not_shown_under_our_name() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let seen = browser.get("/photos/page").await;
    assert_eq!(seen.status, 502);
    assert!(!seen.text.contains("<script>"));
}

#[actix_web::test]
async fn photos_without_a_token_send_the_browser_to_the_authorization_server() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let seen = browser.get("/photos").await;
    assert_eq!(seen.status, 303);
    let url = Url::parse(seen.header("location")).unwrap();
    assert_eq!(url.path(), "/oauth/authorize");
    let query = url.query().unwrap();
    for sent in [
        "response_type=code",
        "client_id=print-photo",
        "code_challenge_method=S256",
    ] {
        assert!(query.contains(sent), "{query}");
    }
}

#[actix_web::test]
async fn a_callback_for_another_browser_is_refused_and_uses_nothing_up() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let mine = browser.cookie.take();
    let seen = browser
        .get(&format!("/callback?code=c&{}", answer_to(&sent)))
        .await;
    assert_eq!(seen.status, 400);
    assert!(seen.text.contains("does not belong to this browser"));
    browser.cookie = mine;
    let forged = browser.get("/callback?code=c&state=forged").await;
    assert_eq!(forged.status, 400);
    let seen = browser
        .get(&format!("/callback?code=c&{}", answer_to(&sent)))
        .await;
    assert_eq!(seen.status, 303);
}

#[actix_web::test]
async fn an_answer_of_another_issuer_or_of_none_is_refused() {
    let server = servers().await;
    for iss in ["&iss=https://attacker.example", ""] {
        let mut browser = demo(&server.uri(), |_| ());
        let sent = browser.press("/code", "/code", &[]).await;
        let answer = answer_to(&sent);
        let state = answer.split('&').next().unwrap();
        let seen = browser.get(&format!("/callback?code=c&{state}{iss}")).await;
        assert_eq!(seen.status, 400);
    }
    let asked = server.received_requests().await.unwrap();
    assert!(asked.is_empty());
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
async fn a_denied_authorization_is_explained() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let seen = browser
        .get(&format!(
            "/callback?error=access_denied&{}",
            answer_to(&sent)
        ))
        .await;
    assert_eq!(seen.status, 403);
    assert!(seen.text.contains("You said no") && seen.text.contains("Back without a code"));
}

#[actix_web::test]
async fn a_server_that_is_down_is_explained() {
    let mut browser = demo("http://127.0.0.1:1", |_| ());
    let seen = browser.authorize().await;
    assert_eq!(seen.status, 502);
    assert!(
        seen.text
            .contains("The authorization server does not answer")
    );
    assert!(!seen.text.contains("nobody-may-see"));
}

#[actix_web::test]
async fn a_wrong_password_is_explained_and_a_right_one_is_not_kept() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let wrong = [("username", "xiaoming"), ("password", "wrong")];
    let seen = browser.press("/password", "/password", &wrong).await;
    assert_eq!(seen.status, 403);
    assert!(seen.text.contains("Name or password is wrong"));
    let right = [("username", "xiaoming"), ("password", "photos4me")];
    let seen = browser.press("/password", "/password", &right).await;
    assert_eq!((seen.status, seen.header("location")), (303, "/photos"));
    let photos = browser.get("/photos").await;
    assert_eq!(photos.status, 200);
    assert!(!photos.text.contains("photos4me"));
}

#[actix_web::test]
async fn the_services_own_token_is_asked_for_once() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    for _ in 0..2 {
        let at = "/client-credentials";
        assert_eq!(browser.press(at, at, &[]).await.status, 303);
    }
    let asked = server.received_requests().await.unwrap();
    let tokens = asked
        .iter()
        .filter(|request| request.url.path() == "/oauth/token");
    assert_eq!(tokens.count(), 1);
    let photos = browser.get("/photos").await;
    assert!(photos.text.contains("A token is already there"));
}

#[actix_web::test]
async fn refreshing_shows_the_old_and_the_new_life() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let seen = browser.press("/", "/refresh", &[]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("id=\"old-token\"") && seen.text.contains("600 s left"));
    assert!(seen.text.contains("Renew the token"));
}

#[actix_web::test]
async fn logging_out_gives_the_tokens_back_and_forgets_the_session() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let session = browser.cookie.clone();
    let seen = browser.press("/", "/logout", &[]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("id=\"logged-out\"") && seen.text.contains("Give the token back"));
    assert!(seen.header("set-cookie").contains("Max-Age=0"));
    browser.cookie = session;
    assert!(!browser.get("/").await.text.contains("Access token"));
}

#[actix_web::test]
async fn sessions_are_bounded_and_expire() {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(0)));
    let settings = SessionsSettings {
        idle_secs: 60,
        max_count: 2,
    };
    let sessions = Arc::new(Sessions::new(
        settings,
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(SystemRandom),
    ));
    let first = sessions.open(None).cookie();
    clock.advance_secs(1);
    let second = sessions.open(None).cookie();
    clock.advance_secs(1);
    sessions.open(None);
    assert_eq!(sessions.open(Some(&second)).cookie(), second);
    assert_ne!(sessions.open(Some(&first)).cookie(), first);
    clock.advance_secs(60);
    assert_ne!(sessions.open(Some(&second)).cookie(), second);
}

#[test]
fn unknown_settings_are_refused_and_the_defaults_are_complete() {
    let settings = DemoClientSettings::defaults().unwrap();
    assert_eq!(
        (settings.http.port, settings.http.probes_port),
        (9002, 9102)
    );
    let printed = format!("{settings:?}");
    assert!(!printed.contains("-secret"), "{printed}");
}
