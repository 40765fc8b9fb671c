//! Photo Space over HTTP, with an authorization server that knows four tokens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;

use photo_space::DemoSettings;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use symbolon::clock::{Clock, SettableClock, Timestamp};
use symbolon_service::http::Listeners;
use symbolon_service::settings::SettingsSources;
use wiremock::matchers::{body_string, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The time at which every test begins.
fn clock() -> Arc<dyn Clock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)))
}

/// Vouches for its four tokens and for nothing else.
async fn authorization_server() -> MockServer {
    let server = MockServer::start().await;
    for (token, owner, scope, authority) in [
        (
            "xiaoming",
            Some("xiaoming"),
            json!(["photo.read", "photo.write", "profile"]),
            "ROLE_USER",
        ),
        ("reader", Some("lihua"), json!(["photo.read"]), "ROLE_USER"),
        (
            "backup",
            None,
            json!(["photo.read", "photo.write"]),
            "ROLE_BACKUP",
        ),
        ("robot", None, json!(["photo.read"]), "ROLE_CLIENT"),
    ] {
        let answer = json!({"active": true, "client_id": "print-photo", "user_name": owner,
            "scope": scope, "authorities": [authority], "aud": ["photo-space"]});
        Mock::given(method("POST"))
            .and(body_string(format!("token={token}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .mount(&server)
            .await;
    }
    server
}

struct World {
    base: String,
    client: Client,
    authorization_server: MockServer,
}

impl World {
    async fn start() -> Self {
        let authorization_server = authorization_server().await;
        let sources = SettingsSources {
            file: None,
            environment: HashMap::from([
                (
                    "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER".to_owned(),
                    authorization_server.uri(),
                ),
                ("RESOURCE_SERVER__HTTP__WORKERS".to_owned(), "1".to_owned()),
                (
                    "RESOURCE_SERVER__PHOTOS__MAX_BYTES".to_owned(),
                    "1000".to_owned(),
                ),
                (
                    "RESOURCE_SERVER__PHOTOS__MAX_PER_OWNER".to_owned(),
                    "4".to_owned(),
                ),
            ]),
        };
        let settings: DemoSettings = sources.load().unwrap();
        let listener = || TcpListener::bind("127.0.0.1:0").unwrap();
        let listeners = Listeners {
            service: listener(),
            probes: listener(),
        };
        let demo = photo_space::start(&settings, listeners, clock()).unwrap();
        actix_web::rt::spawn(demo.service);
        actix_web::rt::spawn(demo.probes);
        Self {
            base: format!("http://{}", demo.address),
            client: Client::builder().build().unwrap(),
            authorization_server,
        }
    }

    fn call(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        request.bearer_auth(token)
    }

    async fn status(&self, method: Method, path: &str, token: &str) -> u16 {
        let response = self.call(method, path, token).send().await.unwrap();
        response.status().as_u16()
    }

    async fn titles(&self, token: &str) -> Vec<String> {
        let response = self.call(Method::GET, "/photos", token).send().await;
        let photos: Value = response.unwrap().json().await.unwrap();
        let photos = photos.as_array().unwrap().iter();
        photos
            .map(|photo| photo["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[actix_web::test]
async fn a_browser_at_the_root_gets_a_page_and_a_program_gets_json() {
    let world = World::start().await;
    let root = |accept: &'static str| {
        let request = world.client.get(format!("{}/", world.base));
        request.header("Accept", accept).send()
    };
    let page = root("text/html,application/xhtml+xml,*/*;q=0.8")
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = page.text().await.unwrap();
    for language in ["lang=\"en\"", "lang=\"zh-CN\"", "lang=\"ru\""] {
        assert!(page.contains(language), "{language}");
    }
    assert!(!page.contains("<script") && !page.contains(" style="));
    let json = root("application/json").await.unwrap();
    assert_eq!(json.status(), 404);
    let json: Value = json.json().await.unwrap();
    assert_eq!(json["error"], "not_found");
    let nobody_asks = world
        .authorization_server
        .received_requests()
        .await
        .unwrap();
    assert!(nobody_asks.is_empty());
}

#[actix_web::test]
async fn each_owner_sees_only_their_own_pictures() {
    let world = World::start().await;
    assert_eq!(
        world.titles("xiaoming").await,
        ["Sunrise over the mountains", "Lanterns", "At sea"]
    );
    assert_eq!(
        world.titles("reader").await,
        ["Bamboo grove", "Moonlit lake", "Plum blossom"]
    );
    let picture = world
        .call(Method::GET, "/photos/1", "xiaoming")
        .send()
        .await
        .unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    assert_eq!(world.status(Method::GET, "/photos/1", "reader").await, 404);
    assert_eq!(
        world.status(Method::DELETE, "/photos/4", "xiaoming").await,
        404
    );
}

#[actix_web::test]
async fn a_client_without_an_owner_must_be_the_backup() {
    let world = World::start().await;
    assert_eq!(world.titles("backup").await.len(), 6);
    assert_eq!(world.status(Method::GET, "/photos", "robot").await, 403);
    assert_eq!(
        world.status(Method::DELETE, "/photos/1", "backup").await,
        403
    );
}

#[actix_web::test]
async fn pictures_are_taken_within_limits_and_forgotten_on_demand() {
    let world = World::start().await;
    let send = |token: &'static str, body: Vec<u8>| {
        let request = world.call(Method::POST, "/photos?title=New", token);
        async move { request.body(body).send().await.unwrap() }
    };
    let png = b"\x89PNG\r\n\x1a\n".to_vec();
    assert_eq!(send("reader", png.clone()).await.status(), 403);
    assert_eq!(send("xiaoming", b"<svg/>".to_vec()).await.status(), 415);
    assert_eq!(send("xiaoming", vec![0; 1001]).await.status(), 413);
    let created = send("xiaoming", png.clone()).await;
    assert_eq!(created.status(), 201);
    let location = created.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(world.status(Method::GET, &location, "xiaoming").await, 200);
    assert_eq!(send("xiaoming", png).await.status(), 409);
    assert_eq!(
        world.status(Method::DELETE, &location, "xiaoming").await,
        204
    );
    assert_eq!(world.status(Method::GET, &location, "xiaoming").await, 404);
}

#[actix_web::test]
async fn the_owner_is_told_who_they_are() {
    let world = World::start().await;
    let response = world
        .call(Method::GET, "/me", "xiaoming")
        .send()
        .await
        .unwrap();
    let me: Value = response.json().await.unwrap();
    let expected = json!({"user_name": "xiaoming", "client_id": "print-photo",
        "scope": ["photo.read", "photo.write", "profile"], "authorities": ["ROLE_USER"]});
    assert_eq!(me, expected);
    assert_eq!(world.status(Method::GET, "/me", "reader").await, 403);
}

#[actix_web::test]
async fn errors_are_json_whoever_makes_them() {
    let world = World::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "not_found"),
        (Method::GET, "/photos/x", 404, "not_found"),
        (Method::PUT, "/photos", 405, "method_not_allowed"),
        (
            Method::POST,
            "/photos?title=a&title=b",
            400,
            "invalid_request",
        ),
    ] {
        let response = world.call(method, path, "xiaoming").send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"], code, "{path}");
    }
}

#[actix_web::test]
async fn a_script_of_the_client_may_call_and_read_why_it_was_refused() {
    let world = World::start().await;
    let origin = "http://localhost:9002";
    let preflight = world
        .client
        .request(Method::OPTIONS, format!("{}/photos", world.base))
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], origin);
    let get = |origin: &'static str| {
        let request = world.client.get(format!("{}/photos", world.base));
        async move { request.header("origin", origin).send().await.unwrap() }
    };
    let refused = get("http://localhost:9002").await;
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()["access-control-allow-origin"], origin);
    let exposed = refused.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap();
    assert!(exposed.to_ascii_lowercase().contains("www-authenticate"));
    let elsewhere = get("http://elsewhere.example").await;
    assert!(
        !elsewhere
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[actix_web::test]
async fn while_the_authorization_server_fails_the_answer_is_503() {
    let world = World::start().await;
    world.authorization_server.reset().await;
    let response = world
        .call(Method::GET, "/photos", "xiaoming")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
}
