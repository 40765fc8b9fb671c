//! What the grants give and refuse as a Spring server does. Answers are compared whole: status, headers, and the body to the
//! last character, with names in the place of what is random.

use e2e::{Answer, World, on_every_store};

use crate::{Form, OTHER_SHOP};

const ITSELF: Form<'_> = &[("grant_type", "client_credentials")];

/// The body, with `A`, `R` and `J` for the tokens and the id.
fn body(answer: &Answer) -> String {
    let mut body = answer.text.clone();
    for (member, name) in [("access_token", "A"), ("refresh_token", "R"), ("jti", "J")] {
        if let Some(random) = answer.json[member].as_str() {
            body = body.replace(random, name);
        }
    }
    body
}

#[track_caller]
fn assert_whole(answer: &Answer, status: u16, expected: &str) {
    assert_eq!((answer.status, body(answer).as_str()), (status, expected));
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(answer.header("www-authenticate"), "");
    assert_eq!(answer.header("set-cookie"), "");
}

fn no(error: &str, text: &str) -> String {
    format!("{{\"error\":\"{error}\",\"error_description\":\"{text}\"}}")
}

async fn refresh(world: &World, client: &str, refresh_token: &str, scope: Form<'_>) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    world.token(client, &[&form, scope].concat()).await
}

on_every_store! {
    /// Members in Spring's order, and none that it does not write.
    async fn a_token_answer_is_written_as_spring_does(world, "AUTH_SERVER__PROFILE" = "spring") {
        let whole = "{\"access_token\":\"A\",\"token_type\":\"bearer\",\"refresh_token\":\"R\",\"expires_in\":43200,\
                     \"scope\":\"photo.read profile\"}";
        let given = world.password_grant("profile photo.read").await;
        assert_whole(&given, 200, whole);
        assert_whole(&refresh(&world, "photo-desktop", &given.refresh_token(), &[]).await, 200, whole);
        assert_whole(&world.exchange(&world.code().await).await, 200, whole);
        let whole = "{\"access_token\":\"A\",\"token_type\":\"bearer\",\"expires_in\":43200,\"scope\":\"photo.read\"}";
        assert_whole(&world.token("photo-backup", ITSELF).await, 200, whole);
    }

    /// The id of a JWT comes last.
    async fn the_answer_of_a_jwt_ends_with_its_id(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"
    ) {
        let whole = "{\"access_token\":\"A\",\"token_type\":\"bearer\",\"refresh_token\":\"R\",\"expires_in\":43200,\
                     \"scope\":\"photo.read\",\"jti\":\"J\"}";
        assert_whole(&world.password_grant("photo.read").await, 200, whole);
    }

    /// The same client, owner and scope have the same token by whatever grant, with the time that is left.
    async fn the_same_token_is_given_across_grants(
        world, "AUTH_SERVER__PROFILE" = "spring";
        |world| world.client("print-photo", "grant_types = [\"authorization_code\", \"password\", \"refresh_token\"]")
            .replace("grant_types = [\"authorization_code\", \"refresh_token\"]\nredirect_uris", "redirect_uris")
    ) {
        let form = [
            ("grant_type", "password"), ("username", "xiaoming"), ("password", "photos4me"),
            ("scope", "photo.read profile"),
        ];
        let by_password = world.token("print-photo", &form).await;
        world.clock.advance_secs(100);
        // The scope is approved: the client holds it.
        let parameters = [
            ("response_type", "code"), ("client_id", "print-photo"), ("scope", "photo.read profile"),
        ];
        let code = world.browser().journey(&parameters, &[]).await.code();
        let form = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let by_code = world.token("print-photo", &form).await;
        assert_eq!(by_code.access_token(), by_password.access_token());
        assert_eq!(by_code.refresh_token(), by_password.refresh_token());
        assert_eq!(by_code.json["expires_in"], 43_100);
    }

    /// What a code is refused for.
    async fn a_code_is_refused_as_spring_does(world, "AUTH_SERVER__PROFILE" = "spring") {
        let mismatch = no("invalid_grant", "Redirect URI mismatch.");
        let code = world.code().await;
        let by_code = [("grant_type", "authorization_code"), ("code", code.as_str())];
        assert_whole(&world.token("print-photo", &by_code).await, 400, &mismatch);
        let elsewhere = [&by_code[..], &[("redirect_uri", "https://shop.example/")]].concat();
        assert_whole(&world.token("print-photo", &elsewhere).await, 400, &mismatch);
        assert_eq!(world.exchange(&code).await.status, 200);
        let invalid = no("invalid_grant", "Invalid authorization code");
        for code in [code.as_str(), "garbage", ""] {
            assert_whole(&world.exchange(code).await, 400, &invalid);
        }
    }

    /// What a refresh token is refused for; each time it stays good.
    async fn a_refresh_token_is_refused_as_spring_does(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(OTHER_SHOP)
    ) {
        let first = world.password_grant("photo.read").await;
        let token = first.refresh_token();
        let invalid = no("invalid_grant", "Invalid refresh token");
        for unknown in ["garbage", &"A".repeat(64), &first.access_token()] {
            assert_whole(&refresh(&world, "photo-desktop", unknown, &[]).await, 400, &invalid);
        }
        let wrong = no("invalid_grant", "Wrong client for this refresh token");
        assert_whole(&refresh(&world, "other-shop", &token, &[]).await, 400, &wrong);
        let wider = "{\"error\":\"invalid_scope\",\
                     \"error_description\":\"Unable to narrow the scope of the client authentication\",\
                     \"scope\":\"photo.read\"}";
        assert_whole(&refresh(&world, "photo-desktop", &token, &[("scope", "profile")]).await, 400, wider);
        assert_eq!(refresh(&world, "photo-desktop", &token, &[]).await.status, 200);
    }

    /// Every password that is not right, and every name that nobody has.
    async fn an_owner_is_refused_as_spring_does(world, "AUTH_SERVER__PROFILE" = "spring") {
        let bad = no("invalid_grant", "Bad credentials");
        for (name, password) in [("xiaoming", "wrong"), ("nobody", "photos4me"), ("", "photos4me"), ("xiaoming", "")] {
            let form = [("grant_type", "password"), ("username", name), ("password", password)];
            assert_whole(&world.token("photo-desktop", &form).await, 400, &bad);
        }
    }
}
