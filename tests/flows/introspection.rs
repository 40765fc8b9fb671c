//! RFC 7662: `/oauth/introspect`.

use e2e::{Answer, World, on_every_store};
use serde_json::json;
use symbolon::clock::Clock as _;

async fn introspect(world: &World, token: &str) -> Answer {
    let form = [("token", token), ("token_type_hint", "access_token")];
    world
        .post_as("photo-space", "/oauth/introspect", &form)
        .await
}

on_every_store! {
    /// RFC 7662 §2.2: what is told about an access token.
    async fn an_access_token_is_told_about_in_standard_words(world) {
        let token = world.password_grant("photo.read profile").await.access_token();
        let answer = introspect(&world, &token).await;
        let now = world.clock.now().as_secs();
        let expected = json!({
            "active": true,
            "scope": "photo.read profile",
            "client_id": "photo-desktop",
            "username": "xiaoming",
            "token_type": "Bearer",
            "exp": now + 43_200,
            "iat": now,
            "sub": "xiaoming",
            "aud": ["photo-space"],
            "iss": world.auth,
            "jti": answer.text_of("jti"),
            "authorities": ["ROLE_USER"],
        });
        assert_eq!(answer.json, expected);
        assert_eq!(answer.header("cache-control"), "no-store");
    }

    /// RFC 7662 §2.2: without an owner the client is the subject.
    async fn a_clients_own_token_has_the_client_as_its_subject(world) {
        let token = world.token("photo-backup", &[("grant_type", "client_credentials")]).await.access_token();
        let answer = introspect(&world, &token).await;
        assert_eq!(answer.text_of("sub"), "photo-backup");
        assert!(answer.json["username"].is_null());
    }

    /// RFC 7662 §2.1: a refresh token may be asked about, whatever the hint; it is no bearer token.
    async fn a_refresh_token_is_active_and_no_bearer_token(world) {
        let token = world.password_grant("photo.read").await.refresh_token();
        let answer = introspect(&world, &token).await;
        assert_eq!(answer.json["active"], true);
        assert_eq!(answer.json["exp"], world.clock.now().as_secs() + 2_592_000);
        assert_eq!(answer.json["token_type"], "N_A");
    }

    /// RFC 7662 §2.2: `active: false` and not a word more, for whatever reason.
    async fn a_token_that_is_not_good_is_inactive_and_nothing_else(world) {
        let gone = world.password_grant("photo.read").await;
        let form = [("token", gone.text_of("refresh_token"))];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        world.post_as("photo-desktop", "/oauth/revoke", &form).await;
        let expired = world.password_grant("photo.read").await;
        world.clock.advance_secs(2_592_000);
        let bad = [
            "garbage".to_owned(),
            "e30.e30.AAAA".to_owned(),
            gone.access_token(),
            gone.refresh_token(),
            expired.access_token(),
            expired.refresh_token(),
        ];
        for token in bad {
            let answer = introspect(&world, &token).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"active":false}"#));
        }
    }

    /// RFC 7662 §4: who may not ask about a token is told that it is inactive.
    async fn a_client_that_may_not_ask_is_told_inactive(world) {
        let answer = world.password_grant("photo.read").await;
        for token in [answer.access_token(), answer.refresh_token()] {
            let form = [("token", token.as_str())];
            let other = world.post_as("photo-backup", "/oauth/introspect", &form).await;
            assert_eq!(other.text, r#"{"active":false}"#);
            let own = world.post_as("photo-desktop", "/oauth/introspect", &form).await;
            assert_eq!(own.json["active"], true);
        }
    }

    /// RFC 7662 §2.1 and §2.3: credentials and a token are required, by POST.
    async fn a_question_needs_credentials_a_token_and_post(world) {
        world.post("/oauth/introspect", &[("token", "t")]).await.assert_error(401, "invalid_client");
        let answer = world.post_as("photo-space", "/oauth/introspect", &[]).await;
        answer.assert_error(400, "invalid_request");
        let answer = world.get("/oauth/introspect").await;
        answer.assert_error(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "POST");
    }

    /// RFC 7662 §2.2: a refresh token that was used is not good any more; its successor is.
    async fn a_rotated_refresh_token_is_not_active(world) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        let used = introspect(&world, &first.refresh_token()).await;
        assert_eq!(used.text, r#"{"active":false}"#);
        assert_eq!(introspect(&world, &second.refresh_token()).await.json["active"], true);
    }
}
