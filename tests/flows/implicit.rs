//! The implicit grant (RFC 6749 §4.2).

use e2e::{Landing, World, on_every_store};

use crate::assert_photos_of;

/// Asks as the script of `photo-spa`, and approves `approved`.
async fn ask(world: &World, approved: &[&str]) -> Landing {
    let redirect_uri = format!("{}/spa", world.client);
    let parameters = [
        ("response_type", "token"),
        ("client_id", "photo-spa"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read profile"),
        ("state", "of the script"),
    ];
    world.browser().journey(&parameters, approved).await
}

on_every_store! {
    /// RFC 6749 §4.2.2: the token is in the fragment, with its type, its life and the state; it opens
    /// the photos. There is never a refresh token.
    async fn a_script_gets_its_token_in_the_fragment(world) {
        let landing = ask(&world, &["photo.read", "profile"]).await;
        assert_eq!(landing.0.query(), None);
        let expected = [
            ("token_type", "bearer"),
            ("expires_in", "43200"),
            ("state", "of the script"),
            ("iss", world.auth.as_str()),
        ];
        for (name, value) in expected {
            assert_eq!(landing.parameter(name).as_deref(), Some(value), "{name}");
        }
        for absent in ["refresh_token", "code", "error"] {
            assert_eq!(landing.parameter(absent), None, "{absent}");
        }
        let token = landing.parameter("access_token").unwrap();
        assert_photos_of("xiaoming", &world.call("/photos", &token).await);
    }

    /// RFC 6749 §4.2.2: the scope is told when it is not what was asked for.
    async fn a_narrowed_scope_is_told(world) {
        let landing = ask(&world, &["photo.read"]).await;
        assert_eq!(landing.parameter("scope").as_deref(), Some("photo.read"));
        let token = landing.parameter("access_token").unwrap();
        world.call("/me", &token).await.assert_error(403, "insufficient_scope");
    }

    /// RFC 6819 §4.4.2.6: a script asks whether the token was meant for it, and learns about no other.
    async fn a_script_may_ask_about_its_own_tokens_only(world) {
        let own = ask(&world, &["photo.read"]).await.parameter("access_token").unwrap();
        let form = [("client_id", "photo-spa"), ("token", own.as_str())];
        let facts = world.post("/oauth/check_token", &form).await;
        assert_eq!(facts.json["client_id"], "photo-spa");
        let foreign = world.password_grant("photo.read").await.access_token();
        let form = [("client_id", "photo-spa"), ("token", foreign.as_str())];
        world.post("/oauth/check_token", &form).await.assert_error(400, "invalid_token");
    }

    /// The page's script may read both servers' answers (CORS), without cookies.
    async fn a_script_may_read_the_answers_across_origins(world) {
        let token = ask(&world, &["photo.read"]).await.parameter("access_token").unwrap();
        for (address, allowed) in [(&world.resource, "/photos"), (&world.auth, "/oauth/check_token")] {
            let preflight = world.http().request(reqwest::Method::OPTIONS, format!("{address}{allowed}"));
            let method = if allowed == "/photos" { "GET" } else { "POST" };
            let answer = preflight
                .header("Origin", &world.client)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "authorization")
                .send().await.unwrap();
            assert_eq!(answer.headers()["access-control-allow-origin"], world.client.as_str());
            assert!(answer.headers().get("access-control-allow-credentials").is_none());
        }
        let request = world.http().get(format!("{}/photos", world.resource)).bearer_auth(token);
        let answer = request.header("Origin", &world.client).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["access-control-allow-origin"], world.client.as_str());
    }
}
