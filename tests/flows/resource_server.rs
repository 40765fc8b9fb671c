//! What the resource server answers to those it does not serve (RFC 6750 §3).

use e2e::{Answer, Store, World, on_every_store};

/// A client of another resource server.
const ELSEWHERE: &str = r#"
    [[clients]]
    client_id = "elsewhere"
    client_name = "Elsewhere"
    client_secret = "{noop}elsewhere-secret"
    grant_types = ["client_credentials"]
    scope = ["photo.read"]
    resource_ids = ["elsewhere"]
    authorities = ["ROLE_BACKUP"]
"#;

async fn without_token(world: &World, path: &str) -> Answer {
    let request = world.http().get(format!("{}{path}", world.resource));
    Answer::read(request.send().await.unwrap()).await
}

async fn own_token(world: &World, client: &str) -> String {
    world
        .token(client, &[("grant_type", "client_credentials")])
        .await
        .access_token()
}

#[track_caller]
fn assert_challenge(answer: &Answer, expected: &str) {
    assert_eq!(answer.header("www-authenticate"), expected);
    assert_eq!(answer.header("pragma"), "no-cache");
}

on_every_store! {
    /// RFC 6750 §3.1: without a token only scheme and realm are told.
    async fn without_a_token_the_scheme_is_told(world) {
        for path in ["/photos", "/photos/1", "/me"] {
            let answer = without_token(&world, path).await;
            answer.assert_error(401, "unauthorized");
            assert_challenge(&answer, "Bearer realm=\"photo-space\"");
        }
    }

    /// Garbage, and Basic credentials.
    async fn garbage_is_an_invalid_token(world) {
        for token in ["garbage", "a.b.c", &"A".repeat(64), &"A".repeat(3000)] {
            let answer = world.call("/photos", token).await;
            answer.assert_error(401, "invalid_token");
            let expected = "Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Invalid access token\"";
            assert_challenge(&answer, expected);
            assert!(!answer.text.contains(token));
        }
    }

    /// RFC 6750 §2: the scheme's name in any letter case; no token in the query.
    async fn the_scheme_may_be_written_in_any_letter_case(world) {
        let token = world.password_grant("photo.read").await.access_token();
        for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
            let request = world.http().get(format!("{}/photos", world.resource));
            let request = request.header("Authorization", format!("{scheme} {token}"));
            assert_eq!(request.send().await.unwrap().status(), 200, "{scheme}");
        }
        let answer = without_token(&world, &format!("/photos?access_token={token}")).await;
        answer.assert_error(401, "unauthorized");
    }

    /// A token in the query only where that is switched on.
    async fn a_token_in_the_query_must_be_switched_on(
        world, "RESOURCE_SERVER__TOKEN_PARAMETERS__QUERY" = "true"
    ) {
        let token = world.password_grant("photo.read").await.access_token();
        let answer = without_token(&world, &format!("/photos?access_token={token}")).await;
        assert_eq!(answer.status, 200);
    }

    /// RFC 6750 §3.1: `insufficient_scope` names the scope that would do.
    async fn a_missing_scope_is_named(world) {
        let reads = world.password_grant("photo.read").await.access_token();
        let knows = world.password_grant("profile").await.access_token();
        for (path, token, scope) in [("/me", &reads, "profile"), ("/photos", &knows, "photo.read"), ("/photos/1", &knows, "photo.read")] {
            let answer = world.call(path, token).await;
            answer.assert_error(403, "insufficient_scope");
            assert_eq!(answer.text_of("scope"), scope);
            let expected = format!(
                "Bearer realm=\"photo-space\", error=\"insufficient_scope\", \
                 error_description=\"Insufficient scope for this resource\", scope=\"{scope}\""
            );
            assert_challenge(&answer, &expected);
        }
        let delete = world.http().delete(format!("{}/photos/1", world.resource)).bearer_auth(&reads);
        let answer = Answer::read(delete.send().await.unwrap()).await;
        answer.assert_error(403, "insufficient_scope");
        assert_eq!(answer.text_of("scope"), "photo.write");
    }

    /// `/me` names who signed in, for `profile`.
    async fn the_profile_scope_tells_who_signed_in(world) {
        let token = world.password_grant("profile").await.access_token();
        let expected = serde_json::json!({
            "user_name": "xiaoming",
            "client_id": "photo-desktop",
            "scope": ["profile"],
            "authorities": ["ROLE_USER"],
        });
        assert_eq!(world.call("/me", &token).await.json, expected);
    }

    /// A token for another resource server (RFC 9068 §4).
    async fn a_token_for_elsewhere_is_refused(world; |world| world.with(ELSEWHERE)) {
        let token = own_token(&world, "elsewhere").await;
        let answer = world.call("/photos", &token).await;
        answer.assert_error(401, "invalid_token");
        let text = "Invalid token does not contain resource id (photo-space)";
        assert_eq!(answer.text_of("error_description"), text);
    }

    /// Spring §9.3: the same refusals as callers of a Spring resource server know them.
    async fn refusals_in_the_spring_dialect(
        world, "RESOURCE_SERVER__DIALECT" = "spring"; |world| world.with(ELSEWHERE)
    ) {
        let answer = without_token(&world, "/photos").await;
        answer.assert_error(401, "unauthorized");
        assert_challenge(&answer, "Bearer realm=\"photo-space\", error=\"unauthorized\", \
            error_description=\"Full authentication is required to access this resource\"");
        let answer = world.call("/photos", &own_token(&world, "elsewhere").await).await;
        answer.assert_error(403, "access_denied");
        assert_challenge(&answer, "Bearer realm=\"photo-space\"");
        let token = world.password_grant("profile").await.access_token();
        let answer = world.call("/photos", &token).await;
        answer.assert_error(403, "insufficient_scope");
        assert_challenge(&answer, "Bearer error=\"insufficient_scope\", \
            error_description=\"Insufficient scope for this resource\", scope=\"photo.read\"");
    }

    /// A client that acts for itself needs the authority.
    async fn a_client_without_the_authority_sees_nobodys_photos(
        world; |world| world.replace("authorities = [\"ROLE_BACKUP\"]", "")
    ) {
        let answer = world.call("/photos", &own_token(&world, "photo-backup").await).await;
        answer.assert_error(403, "access_denied");
    }

    /// Another owner's photo does not exist.
    async fn another_owners_photo_does_not_exist(world) {
        let token = world.password_grant("photo.read").await.access_token();
        assert_eq!(world.call("/photos/1", &token).await.status, 200);
        for id in [4, 999] {
            world.call(&format!("/photos/{id}"), &token).await.json["error"].as_str().unwrap();
            assert_eq!(world.call(&format!("/photos/{id}"), &token).await.status, 404);
        }
    }

    /// A writer adds a photo and takes it away.
    async fn a_photo_is_added_and_deleted_with_photo_write(world) {
        let token = world.password_grant("photo.read photo.write").await.access_token();
        let url = format!("{}/photos", world.resource);
        let picture = b"\x89PNG\r\n\x1a\n and so on".to_vec();
        let request = world.http().post(format!("{url}?title=New")).bearer_auth(&token).body(picture);
        let added = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let place = added.header("location").to_owned();
        assert_eq!(world.call(&place, &token).await.status, 200);
        let request = world.http().delete(format!("{}{place}", world.resource)).bearer_auth(&token);
        assert_eq!(request.send().await.unwrap().status(), 204);
        assert_eq!(world.call(&place, &token).await.status, 404);
    }
}

/// While the authorization server cannot be reached, nobody can tell: 503, and when to try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_authorization_server_callers_are_told_to_come_back() {
    for method in ["check_token", "introspection", "token_key", "jwks"] {
        let world = World::builder(Store::Memory)
            .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
            .set("RESOURCE_SERVER__VERIFIER__METHOD", method)
            .set(
                "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
                "http://127.0.0.1:1",
            )
            .start()
            .await;
        let token = world.password_grant("photo.read").await.access_token();
        let answer = world.call("/photos", &token).await;
        answer.assert_error(503, "temporarily_unavailable");
        assert_eq!(answer.header("retry-after"), "5", "{method}");
        assert_eq!(answer.header("www-authenticate"), "");
        assert_eq!(without_token(&world, "/photos").await.status, 401);
    }
}

/// A resource server whose own credentials are wrong says 503, not that the token is bad.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_credentials_of_the_resource_server_are_not_the_callers_fault() {
    for method in ["check_token", "introspection"] {
        let world = World::builder(Store::Memory)
            .set("RESOURCE_SERVER__VERIFIER__METHOD", method)
            .set("RESOURCE_SERVER__VERIFIER__CLIENT_SECRET", "wrong")
            .start()
            .await;
        let token = world.password_grant("photo.read").await.access_token();
        world
            .call("/photos", &token)
            .await
            .assert_error(503, "temporarily_unavailable");
    }
}
