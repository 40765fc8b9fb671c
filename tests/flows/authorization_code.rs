//! The authorization code grant (RFC 6749 §4.1) with PKCE (RFC 7636).

use e2e::{Browser, Landing, World, on_every_store};

use crate::{
    CODE_CHALLENGE, CODE_VERIFIER, OTHER_CALLBACK, OTHER_SHOP, assert_described, assert_photos_of,
};

/// A code for the public client, with the challenge of RFC 7636.
async fn public_code(world: &World, browser: &Browser) -> Landing {
    let redirect_uri = format!("{}/spa", world.client);
    let parameters = [
        ("response_type", "code"),
        ("client_id", "photo-spa"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
        ("code_challenge", CODE_CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    browser.journey(&parameters, &["photo.read"]).await
}

/// The form that exchanges a code of the public client.
async fn public_exchange(world: &World, code: &str, verifier: Option<&str>) -> e2e::Answer {
    let redirect_uri = format!("{}/spa", world.client);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "photo-spa"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    world.post("/oauth/token", &form).await
}

/// Asks as `print-photo`, naming no redirect URI.
async fn code_without_redirect_uri(world: &World) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("scope", "photo.read"),
    ];
    world
        .browser()
        .journey(&parameters, &["photo.read"])
        .await
        .code()
}

on_every_store! {
    /// A code becomes a token that stands for client, owner and scope.
    async fn a_code_becomes_a_token_for_client_owner_and_scope(world) {
        let answer = world.exchange(&world.code().await).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let facts = world.check_token(&answer.access_token()).await;
        assert_eq!(facts.json["client_id"], "print-photo");
        assert_eq!(facts.json["user_name"], "xiaoming");
        assert_eq!(facts.json["scope"], serde_json::json!(["photo.read", "profile"]));
    }

    /// The token opens the photos of its owner and of nobody else.
    async fn a_token_opens_the_photos_of_its_owner(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        assert_photos_of("xiaoming", &world.call("/photos", &token).await);
    }

    /// A second use fails and revokes what the first gave.
    async fn a_code_is_good_for_one_exchange_and_its_replay_revokes_the_grant(world) {
        let code = world.code().await;
        let first = world.exchange(&code).await;
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        world.check_token(&first.access_token()).await.assert_error(400, "invalid_token");
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
    }

    /// RFC 6749 §2.3.1: `client_secret_post` does what HTTP Basic does.
    async fn a_client_may_send_its_secret_in_the_form(world) {
        let (code, redirect_uri) = (world.code().await, world.callback());
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("client_id", "print-photo"),
            ("client_secret", "print-photo-secret"),
        ];
        let answer = world.post("/oauth/token", &form).await;
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
    }

    /// A public client proves by PKCE that the code is its own.
    async fn a_public_client_gets_to_the_photos_with_pkce(world) {
        let code = public_code(&world, &world.browser()).await.code();
        let answer = public_exchange(&world, &code, Some(CODE_VERIFIER)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.json["refresh_token"].is_null(), "it is not registered for refreshing");
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
    }

    /// RFC 7636 §4.6: no verifier, a wrong one or a malformed one is `invalid_grant`, and the next try may be right.
    async fn a_code_with_a_challenge_needs_its_verifier(world) {
        let code = public_code(&world, &world.browser()).await.code();
        let wrong = CODE_VERIFIER.to_uppercase();
        for verifier in [None, Some(wrong.as_str()), Some("short"), Some(CODE_CHALLENGE)] {
            let answer = public_exchange(&world, &code, verifier).await;
            answer.assert_error(400, "invalid_grant");
            let is_malformed = verifier == Some("short");
            let why = if is_malformed { "code_verifier is malformed" } else { "code_verifier does not match" };
            assert!(answer.text.contains(why), "{verifier:?}: {answer:?}");
        }
        let answer = public_exchange(&world, &code, Some(CODE_VERIFIER)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// RFC 9700 §4.8.2: a verifier for a code that was asked for without a challenge is refused.
    async fn a_verifier_without_a_challenge_is_refused(world) {
        let (code, redirect_uri) = (world.code().await, world.callback());
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", CODE_VERIFIER),
        ];
        world.token("print-photo", &form).await.assert_error(400, "invalid_grant");
    }

    /// RFC 6749 §4.1.3: a redirect URI that was in the request must be repeated, and be equal.
    async fn the_redirect_uri_of_the_request_must_be_repeated(world) {
        let other = format!("{}/", world.callback());
        for redirect_uri in [None, Some(other.as_str()), Some("https://attacker.example/")] {
            let code = world.code().await;
            let mut form = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
            form.extend(redirect_uri.map(|uri| ("redirect_uri", uri)));
            let answer = world.token("print-photo", &form).await;
            assert_described(&answer, 400, "invalid_grant", "Redirect URI mismatch.");
        }
    }

    /// RFC 6749 §4.1.3: one that was not in the request may stay away, or be the registered one.
    async fn the_only_registered_redirect_uri_need_not_be_named(world) {
        let code = code_without_redirect_uri(&world).await;
        let form = [("grant_type", "authorization_code"), ("code", code.as_str())];
        assert_eq!(world.token("print-photo", &form).await.status, 200);
        let code = code_without_redirect_uri(&world).await;
        assert_eq!(world.exchange(&code).await.status, 200);
    }

    /// The code is bound to its client. A stranger's try harms nobody.
    async fn a_code_for_another_client_is_refused(world; |world| world.with(OTHER_SHOP)) {
        let (code, redirect_uri) = (world.code().await, world.callback());
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        let answer = world.token("other-shop", &form).await;
        assert_described(&answer, 400, "invalid_grant", "Client ID mismatch");
        assert_eq!(world.exchange(&code).await.status, 200);
    }

    /// RFC 9207: the answer carries the state unchanged, and who gave it.
    async fn a_code_comes_with_the_state_and_the_issuer(world; |world| world.with(OTHER_SHOP)) {
        let state = "a b&c=d+e#f%20é";
        let parameters = [
            ("response_type", "code"),
            ("client_id", "other-shop"),
            ("redirect_uri", OTHER_CALLBACK),
            ("scope", "photo.read"),
            ("state", state),
        ];
        let landing = world.browser().journey(&parameters, &["photo.read"]).await;
        assert!(landing.0.as_str().starts_with(OTHER_CALLBACK));
        assert_eq!(landing.0.fragment(), None);
        assert_eq!(landing.parameter("state").as_deref(), Some(state));
        assert_eq!(landing.parameter("iss").as_deref(), Some(world.auth.as_str()));
        assert_eq!(landing.parameter("error"), None);
        landing.code();
    }

    /// RFC 6749 §3.3: a client that does not say gets asked about all that it is registered for.
    async fn a_request_without_scope_asks_for_all_that_is_registered(world) {
        let parameters = [("response_type", "code"), ("client_id", "print-photo")];
        let all = ["photo.read", "photo.write", "profile"];
        let code = world.browser().journey(&parameters, &all).await.code();
        let form = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let answer = world.token("print-photo", &form).await;
        assert_eq!(answer.text_of("scope"), all.join(" "));
    }

    /// RFC 6749 §5.1 in Spring's words: what a token answer says, and that nobody may keep it.
    async fn a_token_answer_holds_what_it_must(world) {
        let answer = world.exchange(&world.code().await).await;
        let mut members: Vec<&String> = answer.json.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["access_token", "expires_in", "refresh_token", "scope", "token_type"]);
        assert_eq!(answer.text_of("token_type"), "bearer");
        assert_eq!(answer.json["expires_in"], 43_200);
        assert_eq!(answer.text_of("scope"), "photo.read profile");
        assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
    }
}
