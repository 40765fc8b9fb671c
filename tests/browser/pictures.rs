//! Photos that are none: what a browser makes of a hostile resource server's answers, only a browser shows.

use e2e::person::{approve, ask_with_code};
use e2e::{Chromium, Device, Store, World};
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A page that would show that it runs, and takes what Print Photo's pages hold.
const HOSTILE: &str = "<svg xmlns='http://www.w3.org/2000/svg'><script>document.documentElement.\
    setAttribute('data-hijacked', location.origin)</script></svg>";

const TYPES: [&str; 5] = [
    "image/png, text/html",
    "image/svg+xml",
    "image/png;text/html",
    "text/html",
    // A picture by its type: it is passed on, and runs nothing.
    "image/png",
];

async fn hostile_resource_server() -> MockServer {
    let server = MockServer::start().await;
    let photos: Vec<_> = (1..=TYPES.len())
        .map(|id| json!({ "id": id, "title": "A photo", "owner": "xiaoming" }))
        .collect();
    Mock::given(path("/photos"))
        .respond_with(ResponseTemplate::new(200).set_body_json(photos))
        .mount(&server)
        .await;
    for (id, content_type) in (1..).zip(TYPES) {
        Mock::given(path(format!("/photos/{id}")))
            .respond_with(ResponseTemplate::new(200).set_body_raw(HOSTILE, content_type))
            .mount(&server)
            .await;
    }
    server
}

/// Script in a photo would run in Print Photo's origin, with the token of its forms before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_of_a_hostile_server_runs_no_script() {
    let hostile = hostile_resource_server().await;
    let world = World::builder(Store::Memory)
        .set("DEMO_CLIENT__RESOURCE_SERVER__URL", &hostile.uri())
        .start()
        .await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    chromium.find("#photos").await;
    for id in 1..=TYPES.len() {
        chromium
            .open(&format!("{}/photos/{id}", world.client))
            .await;
        let hijacked = "document.documentElement.hasAttribute('data-hijacked')";
        assert_eq!(chromium.evaluate(hijacked).await, json!(false), "{id}");
    }
}
