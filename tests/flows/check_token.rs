//! `/oauth/check_token` and its alias, to the letter of the Spring dialect.

use e2e::on_every_store;
use serde_json::json;
use symbolon::clock::Clock as _;

use crate::assert_described;

const PATHS: [&str; 2] = ["/oauth/check_token", "/oauth/check_access"];

on_every_store! {
    /// The answer about an owner's token: these members and no others, scope and audience as arrays.
    async fn the_answer_about_an_owners_token_is_springs(world) {
        let token = world.password_grant("profile photo.read").await.access_token();
        for path in PATHS {
            let answer = world.post_as("photo-space", path, &[("token", token.as_str())]).await;
            assert_eq!(answer.status, 200);
            let expected = json!({
                "active": true,
                "client_id": "photo-desktop",
                "user_name": "xiaoming",
                "authorities": ["ROLE_USER"],
                "scope": ["photo.read", "profile"],
                "aud": ["photo-space"],
                "exp": world.clock.now().as_secs() + 43_200,
                "jti": answer.text_of("jti"),
            });
            assert_eq!(answer.json, expected);
            assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
            assert!(answer.header("cache-control").contains("no-store"));
        }
    }

    /// A client that acts for itself has no `user_name`; the authorities are its own.
    async fn the_answer_about_a_clients_own_token_names_no_owner(world) {
        let token = world.token("photo-backup", &[("grant_type", "client_credentials")]).await.access_token();
        let answer = world.check_token(&token).await;
        let expected = json!({
            "active": true,
            "client_id": "photo-backup",
            "authorities": ["ROLE_BACKUP"],
            "scope": ["photo.read"],
            "aud": ["photo-space"],
            "exp": world.clock.now().as_secs() + 43_200,
            "jti": answer.text_of("jti"),
        });
        assert_eq!(answer.json, expected);
    }

    /// `aud` is absent where the client has no resource ids: its tokens are good everywhere.
    async fn a_token_without_resource_ids_has_no_audience(
        world;
        |world| world.replace(
            "resource_ids = [\"photo-space\"]\nauthorities",
            "authorities",
        )
    ) {
        let token = world.token("photo-backup", &[("grant_type", "client_credentials")]).await.access_token();
        assert_eq!(world.check_token(&token).await.json.get("aud"), None);
        assert_eq!(world.call("/photos", &token).await.status, 200);
    }

    /// A token that is not good: 400 `invalid_token`, no challenge, never `active: false`.
    async fn a_token_that_is_not_good_is_not_recognised(world) {
        let revoked = world.password_grant("photo.read").await.access_token();
        world.post_as("photo-desktop", "/oauth/revoke", &[("token", revoked.as_str())]).await;
        for path in PATHS {
            for token in ["garbage", "a.b.c", revoked.as_str(), &"A".repeat(64)] {
                let answer = world.post_as("photo-space", path, &[("token", token)]).await;
                assert_described(&answer, 400, "invalid_token", "Token was not recognised");
                assert_eq!(answer.header("www-authenticate"), "");
                assert!(!answer.text.contains(token));
            }
        }
    }

    /// No `token`: 400 with Spring's text.
    async fn a_question_without_a_token_is_refused(world) {
        for path in PATHS {
            let answer = world.post_as("photo-space", path, &[]).await;
            let text = "Required String parameter 'token' is not present";
            assert_described(&answer, 400, "invalid_request", text);
        }
    }

    /// GET: 405, and what is allowed.
    async fn only_post_is_allowed(world) {
        for path in PATHS {
            let answer = world.get(&format!("{path}?token=t")).await;
            let text = "Request method 'GET' not supported";
            assert_described(&answer, 405, "method_not_allowed", text);
            assert_eq!(answer.header("allow"), "POST");
        }
    }

    /// No or wrong credentials: 401 with the Basic challenge that Spring's callers know.
    async fn who_asks_must_say_who_it_is(world) {
        let token = world.password_grant("photo.read").await.access_token();
        let form = [("token", token.as_str())];
        let challenge = "Basic realm=\"oauth2/client\"";
        for path in PATHS {
            let none = world.post(path, &form).await;
            let text = "Full authentication is required to access this resource";
            assert_described(&none, 401, "invalid_client", text);
            assert_eq!(none.header("www-authenticate"), challenge);
            for (id, secret) in [("photo-space", "wrong"), ("unknown", "photo-space-secret"), ("photo-space", "")] {
                let wrong = world.post_with((id, secret), path, &form).await;
                assert_described(&wrong, 401, "invalid_client", "Bad client credentials");
                assert_eq!(wrong.header("www-authenticate"), challenge);
            }
        }
    }

    /// A client that may not ask about others' tokens learns no more than of garbage.
    async fn a_client_that_may_not_ask_learns_nothing(world) {
        let token = world.password_grant("photo.read").await.access_token();
        for path in PATHS {
            let answer = world.post_as("photo-backup", path, &[("token", token.as_str())]).await;
            assert_described(&answer, 400, "invalid_token", "Token was not recognised");
            let own = world.post_as("photo-desktop", path, &[("token", token.as_str())]).await;
            assert_eq!(own.status, 200);
        }
    }
}
