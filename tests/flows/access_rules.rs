//! Rules of Spring Security for `/oauth/check_token` and `/oauth/token_key`.

use e2e::{Answer, World, on_every_store};
use reqwest::RequestBuilder;

async fn read(request: RequestBuilder) -> Answer {
    Answer::read(request.send().await.unwrap()).await
}

/// What each of these is answered who asks about a good token: nobody, the client without a secret that says its
/// name, and clients with these authorities: none, `ROLE_BACKUP`.
async fn statuses_of_check_token(world: &World) -> [u16; 4] {
    let token = world.password_grant("profile").await.access_token();
    let form = [("token", token.as_str())];
    let named = [("token", token.as_str()), ("client_id", "photo-spa")];
    [
        world.post("/oauth/check_token", &form).await.status,
        world.post("/oauth/check_token", &named).await.status,
        world
            .post_as("print-photo", "/oauth/check_token", &form)
            .await
            .status,
        world
            .post_as("photo-backup", "/oauth/check_token", &form)
            .await
            .status,
    ]
}

/// The same for the key.
async fn statuses_of_token_key(world: &World) -> [u16; 4] {
    let url = format!("{}/oauth/token_key", world.auth);
    let ask = || world.http().get(&url);
    let as_client = |id| ask().basic_auth(id, Some(e2e::secret_of(id)));
    [
        read(ask()).await.status,
        read(ask().basic_auth("photo-spa", Some(""))).await.status,
        read(as_client("print-photo")).await.status,
        read(as_client("photo-backup")).await.status,
    ]
}

on_every_store! {
    /// Spring's default of `check_token`: nobody.
    async fn a_rule_may_refuse_everybody(
        world,
        "AUTH_SERVER__ACCESS__CHECK_TOKEN" = "denyAll()",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "denyAll()"
    ) {
        assert_eq!(statuses_of_check_token(&world).await, [401, 403, 403, 403]);
        assert_eq!(statuses_of_token_key(&world).await, [401, 403, 403, 403]);
    }

    /// What Spring shops write: every client that proves who it is asks about every token. To say the name of a
    /// client without a secret proves nothing.
    async fn whoever_proves_to_be_a_client_may_ask_about_every_token(
        world,
        "AUTH_SERVER__ACCESS__CHECK_TOKEN" = "isAuthenticated()",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "isAuthenticated()"
    ) {
        assert_eq!(statuses_of_check_token(&world).await, [401, 403, 200, 200]);
        assert_eq!(statuses_of_token_key(&world).await, [401, 403, 200, 200]);
    }

    /// Authorities are those of the client.
    async fn a_rule_asks_for_the_authorities_of_the_client(
        world,
        "AUTH_SERVER__ACCESS__CHECK_TOKEN" = "hasAuthority('ROLE_BACKUP')",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "isAnonymous() || hasRole('BACKUP')"
    ) {
        assert_eq!(statuses_of_check_token(&world).await, [401, 403, 403, 200]);
        assert_eq!(statuses_of_token_key(&world).await, [200, 200, 403, 200]);
    }

    /// Whoever is let in without a name learns of every token, and credentials that are shown have to be right.
    async fn a_rule_may_let_everybody_ask(world, "AUTH_SERVER__ACCESS__CHECK_TOKEN" = "permitAll()") {
        assert_eq!(statuses_of_check_token(&world).await, [200, 200, 200, 200]);
        let token = world.password_grant("profile").await.access_token();
        let form = [("token", token.as_str())];
        let wrong = world.post_with(("print-photo", "wrong"), "/oauth/check_token", &form).await;
        wrong.assert_error(401, "invalid_client");
        let unknown = world.post("/oauth/check_token", &[("token", "made-up")]).await;
        unknown.assert_error(400, "invalid_token");
    }

    /// Whoever has a shared key makes tokens with it, so no rule shows it to who is anonymous.
    async fn no_rule_shows_a_shared_key_to_who_is_anonymous(
        world,
        "AUTH_SERVER__KEYS__ALGORITHM" = "HS256",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "permitAll()"
    ) {
        assert_eq!(statuses_of_token_key(&world).await, [401, 401, 200, 200]);
        let refused = world.get("/oauth/token_key").await;
        refused.assert_error(401, "invalid_client");
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
    }
}
