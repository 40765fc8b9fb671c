//! Refresh tokens that are JWTs, as a Spring server with a `JwtTokenStore` gives them: what they say, and that what is
//! kept of them decides.

use e2e::{Answer, World, on_every_store};
use serde_json::{Value, json};
use symbolon::clock::Clock as _;

use crate::jwt::verified;

const LIFE_SECS: u64 = 2_592_000;

/// Exchanges a refresh token as `photo-desktop`.
async fn refresh(world: &World, refresh_token: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    world.token("photo-desktop", &form).await
}

/// The claims of the refresh token of an answer, and those of its access token.
async fn claims_of(world: &World, answer: &Answer) -> (Value, Value) {
    let (header, refresh) = verified(world, &answer.refresh_token()).await;
    assert_eq!(header.typ.as_deref(), Some("JWT"));
    let (_, access) = verified(world, &answer.access_token()).await;
    (refresh, access)
}

/// Spring's no: 401 with a challenge without a realm.
#[track_caller]
fn assert_refused(answer: &Answer, text: &str) {
    let body = format!("{{\"error\":\"invalid_token\",\"error_description\":\"{text}\"}}");
    assert_eq!((answer.status, &answer.text), (401, &body));
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{text}\"");
    assert_eq!(answer.header("www-authenticate"), challenge);
    assert_eq!(answer.header("cache-control"), "no-store");
}

on_every_store! {
    /// The claims of the access token, an id and an end of its own, and `ati`. Where it stays, a refresh carries its id
    /// and its end over, and the one from before is as good.
    async fn a_refresh_token_may_be_a_jwt(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt";
        |world| world.client("photo-desktop", "rotate_refresh_tokens = false")
    ) {
        let first = world.password_grant("photo.read profile").await;
        let (claims, access) = claims_of(&world, &first).await;
        let expected = json!({
            "aud": ["photo-space"],
            "user_name": "xiaoming",
            "scope": ["photo.read", "profile"],
            "ati": first.text_of("jti"),
            "exp": world.clock.now().as_secs() + LIFE_SECS,
            "authorities": ["ROLE_USER"],
            "jti": claims["jti"].as_str().unwrap(),
            "client_id": "photo-desktop",
        });
        assert_eq!(claims, expected);
        assert_ne!(claims["jti"], access["jti"]);
        world.clock.advance_secs(100);
        for refresh_token in [first.refresh_token(), first.refresh_token()] {
            let next = refresh(&world, &refresh_token).await;
            let (renewed, _) = claims_of(&world, &next).await;
            assert_eq!((&renewed["jti"], &renewed["exp"]), (&claims["jti"], &claims["exp"]));
            assert_eq!(renewed["ati"], next.json["jti"]);
            assert_eq!(world.check_token(&next.access_token()).await.status, 200);
        }
    }

    /// A narrowed refresh gives JWTs of the narrowed scope, and takes nothing of what was granted: neither from the one before
    /// nor from the one that says less.
    async fn a_refresh_jwt_says_the_narrowed_scope_and_stands_for_what_was_granted(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"
    ) {
        let first = world.password_grant("photo.read profile").await;
        let form = [
            ("grant_type", "refresh_token"), ("refresh_token", &first.refresh_token()), ("scope", "profile"),
        ];
        let narrowed = world.token("photo-desktop", &form).await;
        assert_eq!(narrowed.text_of("scope"), "profile");
        let (claims, access) = claims_of(&world, &narrowed).await;
        assert_eq!((&claims["scope"], &access["scope"]), (&json!(["profile"]), &json!(["profile"])));
        let (before, _) = claims_of(&world, &first).await;
        assert_eq!(claims["jti"], before["jti"]);
        for token in [first.refresh_token(), narrowed.refresh_token()] {
            let whole = refresh(&world, &token).await;
            assert_eq!(whole.text_of("scope"), "photo.read profile", "{}", whole.text);
        }
        let wider = [
            ("grant_type", "refresh_token"), ("refresh_token", &narrowed.refresh_token()), ("scope", "photo.write"),
        ];
        let refused = world.token("photo-desktop", &wider).await;
        refused.assert_error(400, "invalid_scope");
        assert_eq!(refused.text_of("scope"), "photo.read profile");
    }

    /// Where it is replaced, it is used up: its successor has another id, and who comes late with it ends the grant.
    async fn a_refresh_jwt_that_is_replaced_is_used_up(
        world,
        "AUTH_SERVER__SPRING__JWT_REFRESH_TOKENS" = "true", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"
    ) {
        let first = world.password_grant("photo.read").await;
        let second = refresh(&world, &first.refresh_token()).await;
        let again = refresh(&world, &first.refresh_token()).await;
        let [first_id, second_id, again_id] = [
            claims_of(&world, &first).await.0["jti"].clone(),
            claims_of(&world, &second).await.0["jti"].clone(),
            claims_of(&world, &again).await.0["jti"].clone(),
        ];
        assert_ne!(first_id, second_id);
        assert_eq!(second_id, again_id, "the same successor within the grace");
        world.clock.advance_secs(3600);
        refresh(&world, &first.refresh_token()).await.assert_error(400, "invalid_grant");
        refresh(&world, &second.refresh_token()).await.assert_error(400, "invalid_grant");
        assert_eq!(world.check_token(&second.access_token()).await.status, 400);
    }

    /// Neither kind stands for the other, at the token endpoint, at `check_token` and where resources are.
    async fn the_two_kinds_of_jwt_cannot_stand_for_each_other(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt";
        |world| world.client("photo-desktop", "refresh_token_ttl_secs = 60")
    ) {
        let answer = world.password_grant("photo.read").await;
        let (access, token) = (answer.access_token(), answer.refresh_token());
        assert_refused(&refresh(&world, &access).await, "Encoded token is not a refresh token");
        let (claims, _) = token.rsplit_once('.').unwrap();
        for unreadable in ["garbage", "a.b.c", &format!("{claims}.AAAA"), &"A".repeat(64)] {
            assert_refused(&refresh(&world, unreadable).await, "Cannot convert access token to JSON");
        }
        let checked = world.check_token(&token).await;
        let body = "{\"error\":\"invalid_token\",\"error_description\":\"Encoded token is a refresh token\"}";
        assert_eq!((checked.status, checked.text.as_str()), (400, body));
        assert_eq!(world.call("/photos", &token).await.status, 401);
        world.clock.advance_secs(60);
        assert_refused(&refresh(&world, &token).await, "Invalid refresh token (expired)");
    }

    /// What is kept decides: a refresh JWT is known to introspection, can be given back, and is then no good.
    async fn a_refresh_jwt_can_be_given_back(
        world,
        "AUTH_SERVER__SPRING__JWT_REFRESH_TOKENS" = "true", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"
    ) {
        let answer = world.password_grant("photo.read").await;
        let token = answer.refresh_token();
        let form = [("token", token.as_str())];
        let about = world.post_as("photo-desktop", "/oauth/introspect", &form).await;
        assert_eq!((&about.json["active"], &about.json["token_type"]), (&json!(true), &json!("N_A")));
        let (claims, _) = claims_of(&world, &answer).await;
        assert_eq!(about.json["jti"], claims["jti"]);
        world.post_as("photo-desktop", "/oauth/revoke", &form).await;
        refresh(&world, &token).await.assert_error(400, "invalid_grant");
        assert_eq!(world.check_token(&answer.access_token()).await.status, 400);
        let about = world.post_as("photo-desktop", "/oauth/introspect", &form).await;
        assert_eq!(about.text, "{\"active\":false}");
    }

    /// One of validity 0 says no end.
    async fn a_refresh_jwt_without_an_end_says_none(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt";
        |world| world.client("photo-desktop", "refresh_token_ttl_secs = 0")
    ) {
        let answer = world.password_grant("photo.read").await;
        assert!(claims_of(&world, &answer).await.0.get("exp").is_none());
        world.clock.advance_secs(4 * 365 * 24 * 60 * 60);
        let answer = refresh(&world, &answer.refresh_token()).await;
        assert!(claims_of(&world, &answer).await.0.get("exp").is_none());
    }

    /// The key that signed one stays known as long as it may be used.
    async fn a_refresh_jwt_outlives_the_key_that_signed_it(
        world,
        "AUTH_SERVER__SPRING__JWT_REFRESH_TOKENS" = "true",
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__PUBLISH_AHEAD_SECS" = "0"
    ) {
        let answer = world.password_grant("photo.read").await;
        world.rotate_keys().await;
        world.clock.advance_secs(LIFE_SECS - 100);
        world.reload_keys().await;
        assert_eq!(refresh(&world, &answer.refresh_token()).await.status, 200);
    }
}
