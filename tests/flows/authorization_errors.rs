//! The errors of the authorization endpoint (RFC 6749 §4.1.2.1).

use e2e::{Answer, Browser, Landing, World, on_every_store};

const MARKER: &str = "https://attacker.example/marker-9f2c";

/// Fails unless this is a page that leads nowhere.
#[track_caller]
fn assert_page(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("location"), "");
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer.text.contains("OAuth Error") && answer.text.contains(words),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("marker-9f2c"), "{}", answer.text);
}

/// A request of `print-photo` with one parameter added or replaced.
async fn ask_with(world: &World, browser: &Browser, changes: &[(&str, &str)]) -> Answer {
    let redirect_uri = world.callback();
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
        ("state", "a b&c"),
    ];
    parameters.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    parameters.extend(changes);
    browser.authorize(&parameters).await
}

/// Fails unless the client is told, with state and issuer.
#[track_caller]
fn assert_told(world: &World, answer: &Answer, code: &str, description: &str) -> Landing {
    assert_eq!(answer.status, 302, "{}", answer.text);
    let landing = Landing::of(answer);
    assert!(landing.0.as_str().starts_with(&world.client));
    let expected = [
        ("error", code),
        ("error_description", description),
        ("state", "a b&c"),
        ("iss", world.auth.as_str()),
    ];
    for (name, value) in expected {
        assert_eq!(landing.parameter(name).as_deref(), Some(value), "{name}");
    }
    assert!(answer.header("cache-control").contains("no-store"));
    landing
}

on_every_store! {
    /// Unknown client: a page, never a redirect, nothing echoed; also for who has signed in.
    async fn an_unknown_client_gets_a_page(world) {
        let signed_in = world.browser();
        signed_in.sign_in("xiaoming", "photos4me").await;
        for browser in [world.browser(), signed_in] {
            for client_id in ["unknown", "marker-9f2c", ""] {
                let changes = [("client_id", client_id), ("redirect_uri", MARKER), ("state", MARKER)];
                let answer = ask_with(&world, &browser, &changes).await;
                assert_page(&answer, 400, "Bad client credentials");
            }
            let answer = browser.authorize(&[("response_type", "code"), ("redirect_uri", MARKER)]).await;
            assert_page(&answer, 400, "Bad client credentials");
        }
    }

    /// A redirect URI that is not registered gets as far as a page, not even to the sign-in page.
    async fn a_bad_redirect_uri_gets_a_page(world) {
        let browser = world.browser();
        let near = [
            format!("{}/", world.callback()),
            format!("{}?a=b", world.callback()),
            format!("{}#f", world.callback()),
            format!("{}/spa", world.client),
            world.callback().replace("localhost", "localhost.attacker.example"),
            format!("{}/../callback", world.callback()),
            MARKER.to_owned(),
            "javascript:alert(1)".to_owned(),
        ];
        let words = "Invalid redirect uri does not match one of the registered values.";
        for redirect_uri in near {
            // Whatever else is wrong, this comes first.
            for response_type in ["code", "token", "nonsense"] {
                let changes = [("redirect_uri", redirect_uri.as_str()), ("response_type", response_type)];
                assert_page(&ask_with(&world, &browser, &changes).await, 400, words);
            }
        }
    }

    /// Several registered URIs and none named: nobody guesses.
    async fn one_of_several_redirect_uris_must_be_named(
        world;
        |world| world.replace("/callback\"]", "/callback\", \"https://other.example/cb\"]")
    ) {
        let parameters = [("response_type", "code"), ("client_id", "print-photo")];
        let answer = world.browser().authorize(&parameters).await;
        assert_page(&answer, 400, "Invalid redirect uri");
    }

    /// A client that uses no grant with a browser.
    async fn a_client_without_a_redirecting_grant_gets_a_page(world) {
        let changes = [("client_id", "photo-backup")];
        let answer = ask_with(&world, &world.browser(), &changes).await;
        let words = "A redirect_uri can only be used by implicit or authorization_code grant types.";
        assert_page(&answer, 400, words);
    }

    /// RFC 6749 §3.1: a repeated parameter is an error, and nobody guesses which one was meant.
    async fn a_repeated_parameter_gets_a_page(world) {
        let redirect_uri = world.callback();
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", redirect_uri.as_str()),
            ("redirect_uri", MARKER),
        ];
        let answer = world.browser().authorize(&parameters).await;
        assert_page(&answer, 400, "invalid_request");
    }

    /// Each error is sent to the client with state and issuer, before anybody signs in.
    async fn every_other_error_is_told_to_the_client(world) {
        let browser = world.browser();
        let rows: [(crate::Form<'_>, &str, &str); 8] = [
            (&[("response_type", "nonsense")], "unsupported_response_type", "Unsupported response types"),
            (&[("response_type", "")], "invalid_request", "Unsupported response types"),
            (&[("scope", "photo.read unknown")], "invalid_scope", "Invalid scope"),
            (&[("scope", "photo.read \"profile\"")], "invalid_scope", "Invalid scope"),
            (&[("code_challenge", "short"), ("code_challenge_method", "S256")], "invalid_request",
                "code_challenge is malformed"),
            (&[("code_challenge", crate::CODE_CHALLENGE)], "invalid_request",
                "code_challenge_method must be S256"),
            (&[("code_challenge", crate::CODE_CHALLENGE), ("code_challenge_method", "plain")], "invalid_request",
                "code_challenge_method must be S256"),
            (&[("code_challenge_method", "S256")], "invalid_request",
                "code_challenge_method without code_challenge"),
        ];
        for (changes, code, description) in rows {
            let answer = ask_with(&world, &browser, changes).await;
            let landing = assert_told(&world, &answer, code, description);
            assert_eq!(landing.0.fragment(), None);
            if code == "invalid_scope" {
                let all = "photo.read photo.write profile";
                assert_eq!(landing.parameter("scope").as_deref(), Some(all));
            }
        }
    }

    /// Of the implicit grant, errors travel in the fragment too.
    async fn errors_of_the_implicit_grant_are_in_the_fragment(world) {
        let browser = world.browser();
        let redirect_uri = format!("{}/spa", world.client);
        let spa = [("client_id", "photo-spa"), ("redirect_uri", redirect_uri.as_str())];
        let wrong_scope = [spa[0], spa[1], ("response_type", "token"), ("scope", "photo.write")];
        let answer = ask_with(&world, &browser, &wrong_scope).await;
        let landing = assert_told(&world, &answer, "invalid_scope", "Invalid scope");
        assert_eq!(landing.0.query(), None);
        // Not registered for the grant.
        let answer = ask_with(&world, &browser, &[("response_type", "token")]).await;
        let landing = assert_told(&world, &answer, "unauthorized_client", "Unauthorized grant type");
        assert_eq!(landing.0.query(), None);
    }

    /// PKCE is compulsory for a public client.
    async fn a_public_client_without_pkce_is_refused(world) {
        let redirect_uri = format!("{}/spa", world.client);
        let changes = [("client_id", "photo-spa"), ("redirect_uri", redirect_uri.as_str())];
        let answer = ask_with(&world, &world.browser(), &changes).await;
        assert_told(&world, &answer, "invalid_request", "PKCE is required: code_challenge is missing");
    }

    /// PKCE is compulsory for every client unless somebody switched that off.
    async fn a_confidential_client_needs_pkce_unless_it_is_switched_off(
        world; |world| world.replace("require_pkce = false", "")
    ) {
        let answer = ask_with(&world, &world.browser(), &[]).await;
        assert_told(&world, &answer, "invalid_request", "PKCE is required: code_challenge is missing");
    }

    /// A page for a request that does not wait (any more), and for a decision without a session.
    async fn a_decision_without_a_request_gets_a_page(world) {
        let browser = world.browser();
        let form = [("user_oauth_approval", "true"), ("scope.photo.read", "true")];
        let answer = browser.post("/oauth/authorize", &form).await;
        assert_page(&answer, 400, "Cannot approve uninitialized authorization request.");
        assert_page(&browser.get("/oauth/confirm_access").await, 400, "invalid_request");
        browser.sign_in("xiaoming", "photos4me").await;
        let page = browser.get("/logout").await;
        let csrf = e2e::hidden_field(&page.text, "_csrf").unwrap();
        let form = [form[0], form[1], ("_csrf", csrf.as_str())];
        let answer = browser.post("/oauth/authorize", &form).await;
        assert_page(&answer, 400, "Cannot approve uninitialized authorization request.");
    }

    /// The error page by itself, whatever its address says.
    async fn the_error_page_echoes_nothing(world) {
        let answer = world.get("/oauth/error?error=marker-9f2c&error_description=marker-9f2c").await;
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(!answer.text.contains("marker-9f2c"));
    }
}
