//! PKCE and its downgrades (RFC 7636, RFC 9700 §2.1.1 and §4.8.2).

use e2e::{Answer, World, on_every_store};

use crate::journey::Request;

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn challenged(request: Request) -> Request {
    request
        .with("code_challenge", CHALLENGE)
        .with("code_challenge_method", "S256")
}

async fn exchange(world: &World, code: &str, verifier: Option<&str>) -> Answer {
    let redirect_uri = world.callback();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    world.token("print-photo", &form).await
}

/// As the public client, which anybody can name.
async fn exchange_as_anybody(world: &World, code: &str, verifier: &str) -> Answer {
    let redirect_uri = format!("{}/spa", world.client);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "photo-spa"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_verifier", verifier),
    ];
    world.post("/oauth/token", &form).await
}

/// A missing verifier, another one, the challenge itself, and one that could be nobody's.
async fn assert_guesses_are_refused(world: &World, code: &str) {
    let another = "x".repeat(43);
    for (verifier, description) in [
        (None, "code_verifier does not match"),
        (Some(another.as_str()), "code_verifier does not match"),
        (Some(CHALLENGE), "code_verifier does not match"),
        (Some("short"), "code_verifier is malformed"),
    ] {
        let answer = exchange(world, code, verifier).await;
        answer.assert_error(400, "invalid_grant");
        assert_eq!(answer.json["error_description"], description);
    }
}

/// How many codes were replayed, as the audit stream's listener has counted.
async fn replays(world: &World) -> String {
    let metrics = world.http().get(format!("{}/metrics", world.probes));
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    let counter = r#"auth_server_tokens_replayed_total{kind="code"} "#;
    let mut lines = metrics.lines();
    let count = lines.find_map(|line| line.strip_prefix(counter));
    count.unwrap().to_owned()
}

async fn assert_refused_back_at_the_client(world: &World, request: &Request) {
    let answer = world.browser().authorize(&request.pairs()).await;
    let landing = e2e::Landing::of(&answer);
    assert!(
        landing.0.as_str().starts_with(&world.client),
        "{}",
        landing.0
    );
    assert_eq!(
        landing.parameter("error").as_deref(),
        Some("invalid_request")
    );
    assert_eq!(landing.parameter("state").as_deref(), Some("xyz"));
    assert_eq!(landing.parameter("code"), None);
}

on_every_store! {
    /// The verifier that belongs to the challenge opens the code.
    async fn the_right_verifier_is_accepted(world) {
        let code = challenged(Request::code(&world)).approved(&world).await.code();
        assert_eq!(exchange(&world, &code, Some(VERIFIER)).await.status, 200);
    }

    /// A code that was asked for with a challenge is worth nothing without its verifier. Whoever has only the code
    /// neither uses it up nor ends what it gave, and raises no alarm.
    async fn a_code_with_a_challenge_needs_its_verifier(world) {
        let code = challenged(Request::code(&world)).approved(&world).await.code();
        assert_guesses_are_refused(&world, &code).await;
        let token = exchange(&world, &code, Some(VERIFIER)).await.access_token();
        assert_guesses_are_refused(&world, &code).await;
        assert_eq!(world.check_token(&token).await.status, 200);
        assert_eq!(replays(&world).await, "0");
        exchange(&world, &code, Some(VERIFIER)).await.assert_error(400, "invalid_grant");
        world.check_token(&token).await.assert_error(400, "invalid_token");
        assert_eq!(replays(&world).await, "1");
    }

    /// Whoever has found the code of a public client can name that client, and 63 at once who do keep it from nothing.
    async fn guesses_keep_a_public_client_from_nothing(world) {
        let request = Request::implicit(&world).with("response_type", "code");
        let code = challenged(request).approved(&world).await.code();
        let mut verifiers: Vec<String> = (0..64).map(|number| format!("{number:x<43}")).collect();
        VERIFIER.clone_into(&mut verifiers[31]);
        let sent = verifiers.iter().map(|verifier| exchange_as_anybody(&world, &code, verifier));
        let mut answers = futures_util::future::join_all(sent).await;
        let token = answers.remove(31).access_token();
        for answer in answers {
            answer.assert_error(400, "invalid_grant");
            assert_eq!(answer.json["error_description"], "code_verifier does not match");
        }
        assert_eq!(world.check_token(&token).await.status, 200);
        assert_eq!(replays(&world).await, "0");
    }

    /// RFC 9700 §4.8.2: a challenge that was cut out of the request is noticed at the exchange.
    async fn a_verifier_without_a_challenge_is_refused(world) {
        let code = Request::code(&world).approved(&world).await.code();
        exchange(&world, &code, Some(VERIFIER)).await.assert_error(400, "invalid_grant");
    }

    /// A public client cannot leave PKCE out.
    async fn a_public_client_without_a_challenge_is_refused(world) {
        let request = Request::implicit(&world).with("response_type", "code");
        assert_refused_back_at_the_client(&world, &request).await;
    }

    /// `plain`, no method (which means `plain`), unknown methods, a method alone, malformed
    /// challenges.
    async fn nothing_but_s256_is_accepted(world) {
        let with = |challenge: &str| Request::code(&world).with("code_challenge", challenge);
        let refused = [
            with(VERIFIER).with("code_challenge_method", "plain"),
            with(CHALLENGE),
            with(CHALLENGE).with("code_challenge_method", "s256"),
            with(CHALLENGE).with("code_challenge_method", "S512"),
            with("too-short").with("code_challenge_method", "S256"),
            Request::code(&world).with("code_challenge_method", "S256"),
        ];
        for request in refused {
            assert_refused_back_at_the_client(&world, &request).await;
        }
    }
}
