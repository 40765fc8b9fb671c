//! The authorization server goes away: nobody can tell whether a token is good, and nobody pretends to.

use e2e::{Answer, Store, World, on_every_store};

fn assert_later(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(
        !answer.header("retry-after").is_empty(),
        "{:?}",
        answer.headers
    );
    assert_eq!(answer.json["error"], "temporarily_unavailable");
    assert_eq!(answer.header("www-authenticate"), "");
}

on_every_store! {
    /// Tokens that cannot be checked are answered with 503, never with 401 and never with 200.
    async fn tokens_that_cannot_be_checked_are_neither_good_nor_bad(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        assert_eq!(world.call("/photos", &token).await.status, 200);
        world.stop_authorization_server().await;
        for token in [token.as_str(), "garbage"] {
            assert_later(&world.call("/photos", token).await);
        }
        let without = world.browser().get(&format!("{}/photos", world.resource)).await;
        assert_eq!(without.status, 401, "without a token nothing needs to be asked");
    }

    /// The demo client shows a page about it.
    async fn the_client_shows_what_is_wrong(world) {
        world.stop_authorization_server().await;
        let browser = world.browser();
        let page = browser.get(&format!("{}/client-credentials", world.client)).await;
        let (_, rest) = page.text.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = rest.split('"').next().unwrap();
        let address = format!("{}/client-credentials", world.client);
        let answer = browser.post(&address, &[("csrf", csrf)]).await;
        assert_eq!(answer.status, 502, "{}", answer.text);
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

/// Who checks JWTs with keys that it has goes on without the authorization server; who could get none cannot tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_keys_are_enough_for_jwts() {
    for has_keys in [true, false] {
        let builder = World::builder(Store::Memory)
            .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
            .set("RESOURCE_SERVER__VERIFIER__METHOD", "jwks");
        let builder = if has_keys {
            builder
        } else {
            // Nobody listens there.
            builder.set(
                "RESOURCE_SERVER__VERIFIER__JWKS_URL",
                "http://127.0.0.1:1/jwks",
            )
        };
        let world = builder.start().await;
        let token = world.exchange(&world.code().await).await.access_token();
        if has_keys {
            assert_eq!(world.call("/photos", &token).await.status, 200);
        }
        world.stop_authorization_server().await;
        let answer = world.call("/photos", &token).await;
        if has_keys {
            assert_eq!(answer.status, 200, "{}", answer.text);
        } else {
            assert_later(&answer);
        }
    }
}
