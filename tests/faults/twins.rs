//! A client that is the same in every world, and worlds that are one server for it.

use std::sync::Arc;

use e2e::{Answer, Browser, Landing, Store, World, WorldBuilder};
use symbolon::clock::{Clock as _, SettableClock, SystemClock};

const TWIN: &str = r#"
[[clients]]
client_id = "twin"
client_name = "Twin"
client_secret = "{noop}twin-secret"
grant_types = ["authorization_code", "refresh_token"]
redirect_uris = ["https://client.example/callback"]
scope = ["photo.read"]
resource_ids = ["photo-space"]
require_pkce = false
"#;

/// What `twin` asks for.
pub(crate) const REQUEST: [(&str, &str); 4] = [
    ("response_type", "code"),
    ("client_id", "twin"),
    ("redirect_uri", "https://client.example/callback"),
    ("state", "xyz"),
];

/// A clock that several worlds share.
pub(crate) fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(SystemClock.now()))
}

/// A world with the client, under a name that does not depend on its port.
pub(crate) fn world(store: Store, clock: &Arc<SettableClock>) -> WorldBuilder {
    World::builder(store)
        .clock(clock)
        .set("AUTH_SERVER__ISSUER", "http://auth.example")
        .with(TWIN)
}

/// An authorization request at this world's server.
pub(crate) async fn authorize(world: &World, browser: &Browser) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(REQUEST)
        .finish();
    browser
        .get(&format!("{}/oauth/authorize?{query}", world.auth))
        .await
}

/// A code for `twin`, approved by `xiaoming`.
pub(crate) async fn code(browser: &Browser) -> String {
    let landing: Landing = browser.journey(&REQUEST, &["photo.read"]).await;
    landing.code()
}

/// Exchanges a code at this world's server.
pub(crate) async fn exchange(world: &World, code: &str) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        REQUEST[2],
    ];
    world.token("twin", &form).await
}

/// Exchanges a refresh token at this world's server.
pub(crate) async fn refresh(world: &World, refresh_token: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    world.token("twin", &form).await
}

/// The names of the published keys.
pub(crate) async fn key_names(world: &World) -> Vec<String> {
    let set = world.browser().get("/oauth/jwks").await;
    let keys = set.json["keys"].as_array().unwrap().clone();
    let mut names: Vec<String> = keys
        .iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}
