//! The profile of a Spring server: what it changes, for the server and for one client, and what outweighs it.

use e2e::{Answer, World, on_every_store};

use crate::{Form, OTHER_CALLBACK};

/// A client that is registered without a word about its habits, with and without a secret.
const QUIET: &str = r#"
    [[clients]]
    client_id = "quiet"
    client_name = "Quiet"
    client_secret = "{noop}quiet-secret"
    grant_types = ["authorization_code", "refresh_token", "password"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read", "profile"]

    [[clients]]
    client_id = "quiet-script"
    client_name = "Quiet script"
    grant_types = ["authorization_code"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read", "profile"]
"#;

/// Asks for a code without PKCE and redeems it.
async fn code_without_pkce(world: &World, client_id: &str, secret: &str) -> Answer {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", OTHER_CALLBACK),
        ("scope", "photo.read"),
    ];
    let landing = world.browser().journey(&parameters, &["photo.read"]).await;
    let code = landing.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", OTHER_CALLBACK),
    ];
    world
        .post_with((client_id, secret), "/oauth/token", &form)
        .await
}

/// What a client is told that asks for a code without PKCE.
async fn told(world: &World, client_id: &str) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", OTHER_CALLBACK),
    ];
    world
        .browser()
        .authorize(&parameters)
        .await
        .header("location")
        .to_owned()
}

async fn by_password(world: &World, client_id: &str) -> Answer {
    let form: Form<'_> = &[
        ("grant_type", "password"),
        ("username", "xiaoming"),
        ("password", "photos4me"),
    ];
    let secret = format!("{client_id}-secret");
    world
        .post_with((client_id, &secret), "/oauth/token", form)
        .await
}

on_every_store! {
    /// The server's profile counts for clients that say nothing.
    async fn with_the_profile_no_code_needs_pkce(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(QUIET)
    ) {
        for (client_id, secret) in [("quiet", "quiet-secret"), ("quiet-script", "")] {
            let answer = code_without_pkce(&world, client_id, secret).await;
            assert_eq!(answer.status, 200, "{client_id}: {}", answer.text);
        }
    }

    /// Without it nothing has changed.
    async fn without_the_profile_a_code_needs_pkce(world; |world| world.with(QUIET)) {
        for client_id in ["quiet", "quiet-script"] {
            assert!(told(&world, client_id).await.contains("error=invalid_request"));
        }
    }

    /// One client can stand alone.
    async fn a_client_has_a_profile_of_its_own(
        world;
        |world| {
            let of_its_own = |id: &str| format!("client_id = \"{id}\"\nprofile = \"spring\"\n");
            let lines = QUIET.replace("client_id = \"quiet-script\"\n", &of_its_own("quiet-script"));
            world.with(&lines)
        }
    ) {
        let answer = code_without_pkce(&world, "quiet-script", "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(told(&world, "quiet").await.contains("error=invalid_request"));
    }

    /// What a client's registration says outweighs every profile.
    async fn what_is_written_outweighs_the_profile(
        world, "AUTH_SERVER__PROFILE" = "spring";
        |world| {
            let strict = "client_id = \"quiet\"\nrequire_pkce = true\nrotate_refresh_tokens = true\n\
                          reuse_access_tokens = false\n";
            world.with(&QUIET.replace("client_id = \"quiet\"\n", strict))
        }
    ) {
        assert!(told(&world, "quiet").await.contains("error=invalid_request"));
        let [first, second] = [by_password(&world, "quiet").await, by_password(&world, "quiet").await];
        assert_ne!(first.json["access_token"], second.json["access_token"]);
        let refresh_token = second.json["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let third = world.post_with(("quiet", "quiet-secret"), "/oauth/token", &form).await;
        assert_ne!(second.json["refresh_token"], third.json["refresh_token"]);
    }

    /// Spring's `reuseRefreshToken`, its re-issue and a rule for `check_token` are part of the profile.
    async fn with_the_profile_tokens_stay_and_every_client_may_check_them(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(QUIET)
    ) {
        let [first, second] = [by_password(&world, "quiet").await, by_password(&world, "quiet").await];
        assert_eq!(first.json["access_token"], second.json["access_token"]);
        assert_eq!(first.json["refresh_token"], second.json["refresh_token"]);
        let refresh_token = first.json["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let third = world.post_with(("quiet", "quiet-secret"), "/oauth/token", &form).await;
        assert_eq!(third.json["refresh_token"], refresh_token);
        let token = [("token", third.json["access_token"].as_str().unwrap())];
        let checked = world.post_as("photo-backup", "/oauth/check_token", &token).await;
        assert_eq!(checked.json["user_name"], "xiaoming", "{}", checked.text);
        let checked = world.post("/oauth/check_token", &token).await;
        assert_eq!(checked.status, 401);
    }
}
