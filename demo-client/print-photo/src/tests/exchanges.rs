//! Browsers that go away while a code is exchanged, and those that come twice.

use std::time::Duration;

use super::sessions::given_back;
use super::*;

/// Servers whose token endpoint takes its time.
async fn slow_servers() -> MockServer {
    let server = servers().await;
    let token = json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "token_type": "bearer",
        "expires_in": 600, "scope": "photo.read profile",
    });
    let answer = ResponseTemplate::new(200).set_body_json(token);
    Mock::given(path("/oauth/token"))
        .respond_with(answer.set_delay(Duration::from_millis(500)))
        .with_priority(1)
        .mount(&server)
        .await;
    server
}

async fn exchanges(server: &MockServer) -> usize {
    let asked = server.received_requests().await.unwrap();
    let exchanges = asked
        .iter()
        .filter(|asked| asked.url.path() == "/oauth/token");
    exchanges.count()
}

impl Browser {
    /// Sends a request and goes away as soon as the token endpoint was asked.
    async fn send_and_leave(&self, request: reqwest::RequestBuilder, server: &MockServer) {
        let cookie = self.cookie.clone().unwrap_or_default();
        let before = exchanges(server).await;
        let asked = async {
            while exchanges(server).await == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            answer = request.header("Cookie", cookie).send() => panic!("{answer:?}"),
            () = asked => {}
        }
    }

    /// Asks for photos, and is sent away with a callback.
    async fn on_the_way_back(&mut self) -> String {
        let sent = self.press("/code", "/code", &[]).await;
        format!("/callback?code=c&{}", answer_to(&sent))
    }
}

#[actix_web::test]
async fn a_browser_that_went_away_while_its_code_was_exchanged_finds_the_access() {
    let server = slow_servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let callback = browser.on_the_way_back().await;
    let request = browser.http.get(format!("{}{callback}", browser.url));
    browser.send_and_leave(request, &server).await;
    let seen = browser.get(&callback).await;
    assert_eq!((seen.status, seen.header("location")), (303, "/photos"));
    assert_eq!(browser.get("/photos").await.status, 200);
    assert_eq!(exchanges(&server).await, 1);
}

#[actix_web::test]
async fn a_callback_that_comes_twice_at_once_leads_to_the_photos_both_times() {
    let server = slow_servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let callback = browser.on_the_way_back().await;
    let send = || {
        let request = browser.http.get(format!("{}{callback}", browser.url));
        request
            .header("Cookie", browser.cookie.clone().unwrap())
            .send()
    };
    let (first, second) = tokio::join!(send(), send());
    for answer in [first.unwrap(), second.unwrap()] {
        assert_eq!(answer.headers()["location"], "/photos");
        // Whichever answer the browser believes, the session has the name that it says.
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let name = cookie.split(';').next().unwrap().to_owned();
        let photos = browser.http.get(format!("{}/photos", browser.url));
        let photos = photos.header("Cookie", name).send().await.unwrap();
        assert_eq!(photos.status(), 200);
    }
    assert_eq!(exchanges(&server).await, 1);
}

#[actix_web::test]
async fn what_nobody_comes_for_is_given_back() {
    let server = slow_servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let callback = browser.on_the_way_back().await;
    let request = browser.http.get(format!("{}{callback}", browser.url));
    browser.send_and_leave(request, &server).await;
    // Another access takes its place.
    browser.authorize().await;
    given_back(&server).await;
    assert_eq!(browser.get("/photos").await.status, 200);
}

#[actix_web::test]
async fn a_denial_that_is_loaded_again_says_the_same() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let callback = format!("/callback?error=access_denied&{}", answer_to(&sent));
    for time in ["first", "second"] {
        let seen = browser.get(&callback).await;
        assert_eq!(seen.status, 403, "{time}");
        assert!(seen.text.contains("You said no"), "{time}");
    }
}
