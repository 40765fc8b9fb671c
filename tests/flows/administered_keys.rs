//! Keys that administrators list and add, by the API and on the page.

use e2e::{Store, World, hidden_field, on_every_store};
use serde_json::Value;

use crate::administration_api::{console, get, on, post};

async fn published(world: &World) -> Vec<String> {
    let set = world.get("/oauth/jwks").await;
    let keys = set.json["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

on_every_store! {
    /// A new key is published at once, and its predecessor is told when it goes.
    async fn a_key_is_added_by_the_api(world; on) {
        let token = console(&world).await;
        let before = get(&world, &token, "/keys").await;
        assert_eq!(before.json["items"].as_array().unwrap().len(), 1, "{}", before.text);
        let first = &before.json["items"][0];
        assert_eq!(first["state"], "signs");
        assert!(first.get("published_until").is_none());
        let added = post(&world, &token, "/keys", &Value::Null).await;
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!(added.json["state"], "published");
        assert!(published(&world).await.contains(&added.text_of("kid")));
        let after = get(&world, &token, "/keys").await;
        assert_eq!(after.json["items"][0], added.json);
        let first = &after.json["items"][1];
        assert_eq!(first["state"], "signs");
        let secs = |value: &Value| value.as_u64().unwrap();
        assert!(secs(&first["published_until"]) > secs(&added.json["signs_from"]));
        world.clock.advance_secs(secs(&added.json["signs_from"]) - secs(&first["signs_from"]));
        let token = console(&world).await;
        let later = get(&world, &token, "/keys").await;
        assert_eq!(later.json["items"][0]["state"], "signs");
        assert_eq!(later.json["items"][1]["state"], "replaced");
    }

    /// The same on the page; a form of nobody does nothing.
    async fn a_key_is_added_on_the_page(world) {
        let browser = world.browser();
        browser.sign_in("admin", "admin4me").await;
        let page = browser.get("/admin/keys").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let before = published(&world).await;
        assert!(page.text.contains(&before[0]), "{}", page.text);
        for (csrf, action, keys) in [("x", "rotate", 1), (&csrf, "other", 1), (&csrf, "rotate", 2)] {
            let answer = browser.post("/admin/keys", &[("_csrf", csrf), ("action", action)]).await;
            assert_eq!(answer.status, 303);
            assert_eq!(published(&world).await.len(), keys);
        }
        let page = browser.get("/admin/keys?notice=done").await;
        assert!(page.text.contains("Signs later") && page.text.contains("id=\"notice\""), "{}", page.text);
    }
}

/// A key of the settings is replaced there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_the_settings_is_not_replaced() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "k".repeat(40)).unwrap();
    let world = on(World::builder(Store::Memory))
        .set("AUTH_SERVER__KEYS__ALGORITHM", "HS256")
        .set(
            "AUTH_SERVER__KEYS__SIGNING_KEY_FILE",
            &file.path().display().to_string(),
        );
    let world = world.start().await;
    let token = console(&world).await;
    let refused = post(&world, &token, "/keys", &Value::Null).await;
    refused.assert_error(409, "conflict");
}
