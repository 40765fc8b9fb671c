//! The pages in a pretended browser, between a pretended authorization server and Photo Space.

use std::net::TcpListener;

use serde_json::json;
use symbolon::clock::{SettableClock, Timestamp};
use symbolon_service::settings::SettingsSources;
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
    let clock = SettableClock::at(Timestamp::from_secs(1_000_000));
    demo_at(server, Arc::new(clock), change)
}

fn demo_at(
    server: &str,
    clock: Arc<SettableClock>,
    change: impl FnOnce(&mut DemoClientSettings),
) -> Browser {
    let mut settings: DemoClientSettings = SettingsSources::default().load().unwrap();
    settings.authorization_server.url = server.parse().unwrap();
    settings.resource_server.url = server.parse().unwrap();
    settings.http.workers = 1;
    change(&mut settings);
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let listeners = Listeners {
        service: listen(),
        probes: listen(),
    };
    let url = local_url(listeners.address().unwrap());
    let demo = start(&settings, listeners, clock).unwrap();
    actix_web::rt::spawn(demo.service.service);
    Browser {
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap(),
        url,
        cookie: None,
    }
}

fn hostile(content_type: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw("<script>", content_type)
}

#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn servers() -> MockServer {
    let server = MockServer::start().await;
    let token = json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "token_type": "bearer",
        "expires_in": 600, "scope": "photo.read profile",
    });
    let photos = json!([{ "id": 7, "title": "The <sea>", "owner": "xiaoming", "content_type": "image/png", "url": "x" }]);
    let picture = ResponseTemplate::new(200).set_body_raw("pixels", "image/png");
    let bearer = format!("Bearer {ACCESS_TOKEN}");
    let answers = [
        ("/photos", ResponseTemplate::new(200).set_body_json(photos)),
        ("/photos/7", picture),
        (
            "/me",
            ResponseTemplate::new(200).set_body_json(json!({ "name": "xiaoming" })),
        ),
        ("/photos/8", hostile("text/html")),
        ("/photos/9", hostile("image/png, text/html")),
        ("/photos/10", hostile("image/svg+xml")),
        ("/photos/11", hostile("image/png;text/html")),
        ("/photos/12", hostile("IMAGE/PNG")),
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

mod brought;
mod exchanges;
mod flows;
mod inspector;
mod languages;
mod pages;
mod sessions;
