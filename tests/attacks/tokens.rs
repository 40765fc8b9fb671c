//! Tokens in the wrong place or hand (RFC 9700 §4.8.1, §4.10, §4.14).

use e2e::{Answer, Browser, Store, World, limit_reached, on_every_store};
use serde_json::json;

use crate::journey::Request;

async fn tokens(world: &World) -> Answer {
    let answer = world.exchange(&world.code().await).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// The token with its character at `position` replaced by another of the alphabet.
fn changed(token: &str, position: usize) -> String {
    let old = token.chars().nth(position).unwrap();
    let new = if old == 'A' { "B" } else { "A" };
    format!("{}{new}{}", &token[..position], &token[position + 1..])
}

/// What the script of `photo-spa` is told about a token.
async fn asked_by_the_script(world: &World, token: &str) -> Answer {
    let form = [("client_id", "photo-spa"), ("token", token)];
    world.post("/oauth/check_token", &form).await
}

/// JWTs of `photo-backup` are longer than the least limit, because it may do very much.
fn with_long_jwts(world: e2e::WorldBuilder) -> e2e::WorldBuilder {
    let roles: Vec<String> = (0..200).map(|role| format!("\"ROLE_{role}\"")).collect();
    let many = format!(
        "authorities = [{}]\ntoken_format = \"jwt\"",
        roles.join(", ")
    );
    world.replace("authorities = [\"ROLE_BACKUP\"]", &many)
}

async fn long_jwt(world: &World) -> String {
    let form = [("grant_type", "client_credentials")];
    let token = world.token("photo-backup", &form).await.access_token();
    assert!((2049..16_384).contains(&token.len()), "{}", token.len());
    token
}

on_every_store! {
    /// A token that is too long is nobody's, wherever it is presented, even if it is ours.
    async fn a_token_that_is_too_long_is_nobodys(
        world,
        "AUTH_SERVER__TOKENS__LONGEST_TOKEN_BYTES" = "2048";
        with_long_jwts
    ) {
        let token = long_jwt(&world).await;
        world.check_token(&token).await.assert_error(400, "invalid_token");
        let form = [("token", token.as_str())];
        let answer = world.post_as("photo-space", "/oauth/introspect", &form).await;
        assert_eq!((answer.status, answer.json), (200, json!({"active": false})));
        let answer = world.post_as("photo-backup", "/oauth/revoke", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        world.refresh(&token).await.assert_error(400, "invalid_grant");
        assert_eq!(limit_reached(&world.probes, "tokens.longest_token_bytes").await, 4);
        // A handle is never too long.
        let token = world.password_grant("profile").await.access_token();
        assert_eq!(world.check_token(&token).await.status, 200);
    }

    /// By default a JWT with two hundred authorities is looked at, and can be given back.
    async fn a_long_jwt_is_looked_at(world; with_long_jwts) {
        let token = long_jwt(&world).await;
        assert_eq!(world.check_token(&token).await.status, 200);
        let form = [("token", token.as_str())];
        world.post_as("photo-backup", "/oauth/revoke", &form).await;
        world.check_token(&token).await.assert_error(400, "invalid_token");
        assert_eq!(limit_reached(&world.probes, "tokens.longest_token_bytes").await, 0);
    }

    /// A scope is never widened, at the authorization endpoint or at the token endpoint.
    async fn no_scope_is_widened(world) {
        let request = Request::code(&world).with("scope", "photo.read admin");
        let landing = e2e::Landing::of(&world.browser().authorize(&request.pairs()).await);
        assert_eq!(landing.parameter("error").as_deref(), Some("invalid_scope"));

        let refresh_token = tokens(&world).await.refresh_token();
        for scope in ["photo.read photo.write profile", "photo.write", "admin", "PHOTO.READ"] {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token.as_str()),
                ("scope", scope),
            ];
            world.token("print-photo", &form).await.assert_error(400, "invalid_scope");
        }
        assert_eq!(world.refresh(&refresh_token).await.status, 200);

        let form = [("grant_type", "client_credentials"), ("scope", "photo.read photo.write")];
        world.token("photo-backup", &form).await.assert_error(400, "invalid_scope");
        let form = [
            ("grant_type", "password"),
            ("username", "xiaoming"),
            ("password", "photos4me"),
            ("scope", "photo.read admin"),
        ];
        world.token("photo-desktop", &form).await.assert_error(400, "invalid_scope");
    }

    /// What the owner did not approve is not in the token, nor in one that is refreshed.
    async fn a_scope_that_was_not_approved_cannot_be_refreshed_into_being(world) {
        let request = Request::code(&world);
        let landing = world.browser().journey(&request.pairs(), &["photo.read"]).await;
        let answer = world.exchange(&landing.code()).await;
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &answer.refresh_token()),
            ("scope", "photo.read profile"),
        ];
        world.token("print-photo", &form).await.assert_error(400, "invalid_scope");
        assert_eq!(world.call("/me", &answer.access_token()).await.status, 403);
    }

    /// RFC 6749 §10.4: a refresh token is bound to its client; the attempt leaves it good.
    async fn a_refresh_token_of_another_client_is_refused(world) {
        let refresh_token = tokens(&world).await.refresh_token();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        world.token("photo-desktop", &form).await.assert_error(400, "invalid_grant");
        assert_eq!(world.refresh(&refresh_token).await.status, 200);
    }

    /// RFC 7009 §2.1: nor can another client revoke it.
    async fn a_token_of_another_client_cannot_be_revoked(world) {
        let tokens = tokens(&world).await;
        for token in [tokens.access_token(), tokens.refresh_token()] {
            let answer = world.post_as("photo-desktop", "/oauth/revoke", &[("token", &token)]).await;
            assert_ne!(answer.status, 500);
        }
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 200);
        assert_eq!(world.refresh(&tokens.refresh_token()).await.status, 200);
    }

    /// RFC 9700 §4.14.2: a refresh token that comes back after its grace ends the whole family.
    async fn a_stolen_refresh_token_ends_the_family(world) {
        let first = tokens(&world).await;
        let second = world.refresh(&first.refresh_token()).await;
        world.clock.advance_secs(11);
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
        world.refresh(&second.refresh_token()).await.assert_error(400, "invalid_grant");
        assert_eq!(world.call("/photos", &second.access_token()).await.status, 401);
    }

    /// RFC 9700 §2.1.2: a script learns only about tokens that were issued to it, so a token of
    /// another client that was slipped to it is noticed.
    async fn a_script_is_told_about_its_own_tokens_only(world) {
        let own = Request::implicit(&world).approved(&world).await.parameter("access_token").unwrap();
        let facts = asked_by_the_script(&world, &own).await;
        assert_eq!((facts.status, &facts.json["client_id"]), (200, &json!("photo-spa")));
        let foreign = tokens(&world).await.access_token();
        asked_by_the_script(&world, &foreign).await.assert_error(400, "invalid_token");
    }

    /// Nobody asks about tokens without being somebody.
    async fn a_stranger_is_told_about_no_token(world) {
        let token = tokens(&world).await.access_token();
        for path in ["/oauth/check_token", "/oauth/check_access", "/oauth/introspect", "/oauth/revoke"] {
            let form = [("token", token.as_str())];
            world.post(path, &form).await.assert_error(401, "invalid_client");
            let named = [("token", token.as_str()), ("client_id", "photo-space")];
            world.post(path, &named).await.assert_error(401, "invalid_client");
        }
        let answer = world.post_as("photo-backup", "/oauth/introspect", &[("token", &token)]).await;
        assert_eq!((answer.status, answer.json), (200, json!({"active": false})));
        assert_eq!(world.call("/photos", &token).await.status, 200);
    }

    /// A token of one kind is no token of another.
    async fn a_token_of_one_kind_does_nothing_as_another(world) {
        let tokens = tokens(&world).await;
        world.check_token(&tokens.refresh_token()).await.assert_error(400, "invalid_token");
        assert_eq!(world.call("/photos", &tokens.refresh_token()).await.status, 401);
        world.refresh(&tokens.access_token()).await.assert_error(400, "invalid_grant");
        world.exchange(&tokens.access_token()).await.assert_error(400, "invalid_grant");
        world.exchange(&tokens.refresh_token()).await.assert_error(400, "invalid_grant");
    }

    /// ADR 0002: a handle is good to the last character.
    async fn a_handle_with_one_character_changed_is_refused(world) {
        let (code, tokens) = (world.code().await, tokens(&world).await);
        let (access, refresh) = (tokens.access_token(), tokens.refresh_token());
        for position in (0..access.len()).step_by(9).chain([access.len() - 1]) {
            world.check_token(&changed(&access, position)).await.assert_error(400, "invalid_token");
            world.refresh(&changed(&refresh, position)).await.assert_error(400, "invalid_grant");
            world.exchange(&changed(&code, position)).await.assert_error(400, "invalid_grant");
        }
        for token in [format!("{access}A"), format!("{access}="), access[..63].to_owned(), access.to_lowercase()] {
            world.check_token(&token).await.assert_error(400, "invalid_token");
        }
        assert_eq!(world.exchange(&code).await.status, 200);
        assert_eq!(world.refresh(&refresh).await.status, 200);
    }

    /// A client uses the grants that it is registered for, and a public one cannot be taken for a
    /// confidential one.
    async fn a_grant_that_is_not_registered_is_refused(world) {
        let form = [("grant_type", "client_credentials")];
        world.token("print-photo", &form).await.assert_error(400, "unauthorized_client");
        let form = [("grant_type", "client_credentials"), ("client_id", "photo-backup")];
        world.post("/oauth/token", &form).await.assert_error(401, "invalid_client");
        let request = Request::code(&world).with("response_type", "token");
        let landing = e2e::Landing::of(&world.browser().authorize(&request.pairs()).await);
        assert_eq!(landing.parameter("error").as_deref(), Some("unauthorized_client"));
        assert_eq!(landing.parameter("access_token"), None);
    }
}

/// RFC 9700 §4.10.2: a token for another resource server opens nothing here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_for_another_resource_server_is_refused() {
    const OTHER: &str = "client_id = \"photo-backup\"\nresource_ids = [\"other-api\"]";
    for dialect in ["spring", "standard"] {
        let world = World::builder(Store::Memory)
            .replace(
                "resource_ids = [\"photo-space\"]\nauthorities",
                "authorities",
            )
            .replace("client_id = \"photo-backup\"", OTHER)
            .set("RESOURCE_SERVER__DIALECT", dialect)
            .start()
            .await;
        let answer = world
            .token("photo-backup", &[("grant_type", "client_credentials")])
            .await;
        let answer = world.call("/photos", &answer.access_token()).await;
        let expected = if dialect == "spring" { 403 } else { 401 };
        assert_eq!(answer.status, expected, "{}", answer.text);
        let browser: Browser = world.browser();
        assert_eq!(
            browser
                .get(&format!("{}/photos", world.resource))
                .await
                .status,
            401
        );
    }
}
