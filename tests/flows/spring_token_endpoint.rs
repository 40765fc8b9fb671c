//! The token endpoint as a Spring server has it: how it reads requests, who is a client, and how it says no. Answers are
//! compared whole: status, challenge, and the body to the last character.

use e2e::{Answer, World, on_every_store};

use crate::Form;

const TOKEN: &str = "/oauth/token";
const ITSELF: (&str, &str) = ("grant_type", "client_credentials");
const BASIC: &str = "Basic realm=\"oauth2/client\"";

/// Clients that only a Spring server has.
const OPEN: &str = r#"
    [[clients]]
    client_id = "secretless"
    client_name = "Secretless"
    grant_types = ["client_credentials"]
    scope = ["photo.read"]

    [[clients]]
    client_id = "open"
    client_name = "Open"
    client_secret = "{noop}open-secret"
"#;

/// Status, challenge and body.
fn whole(answer: &Answer) -> (u16, &str, &str) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    (
        answer.status,
        answer.header("www-authenticate"),
        &answer.text,
    )
}

fn body(error: &str, description: &str) -> String {
    format!("{{\"error\":\"{error}\",\"error_description\":\"{description}\"}}")
}

#[track_caller]
fn assert_whole(answer: &Answer, status: u16, challenge: &str, (error, text): (&str, &str)) {
    assert_eq!(
        whole(answer),
        (status, challenge, body(error, text).as_str())
    );
}

fn bearer(error: &str, text: &str) -> String {
    format!("Bearer error=\"{error}\", error_description=\"{text}\"")
}

/// Sends a body of another type as one of the demo's clients.
async fn post_json(world: &World, path: &str) -> Answer {
    let request = world.http().post(format!("{}{path}", world.auth));
    let request = request.basic_auth("photo-backup", Some("photo-backup-secret"));
    let request = request.json(&serde_json::json!({"grant_type": "client_credentials"}));
    Answer::read(request.send().await.unwrap()).await
}

async fn get_as(world: &World, secret: &str, query: &str) -> Answer {
    let request = world.http().get(format!("{}{TOKEN}?{query}", world.auth));
    let request = request.basic_auth("photo-backup", Some(secret));
    Answer::read(request.send().await.unwrap()).await
}

on_every_store! {
    /// Servlets: the query counts, before the form, and of repeated parameters the first.
    async fn parameters_are_read_as_servlets_do(world, "AUTH_SERVER__PROFILE" = "spring") {
        let repeated = [ITSELF, ("scope", "photo.read"), ("scope", "nonsense")];
        assert_eq!(world.token("photo-backup", &repeated).await.status, 200);
        let query = "/oauth/token?grant_type=client_credentials&scope=photo.read";
        let against = [("scope", "nonsense")];
        assert_eq!(world.post_as("photo-backup", query, &against).await.status, 200);
        assert_eq!(post_json(&world, query).await.status, 200);
        assert_whole(&post_json(&world, TOKEN).await, 400, "", ("invalid_request", "Missing grant type"));
        let token = world.token("photo-backup", &[ITSELF]).await.json["access_token"].clone();
        let query = format!("/oauth/check_token?token={}", token.as_str().unwrap());
        let checked = world.post_as("photo-space", &query, &[]).await;
        assert_eq!(checked.json["client_id"], "photo-backup", "{}", checked.text);
    }

    /// What cannot be bounded is refused all the same.
    async fn a_query_and_a_form_are_no_longer_together_than_a_form(world, "AUTH_SERVER__PROFILE" = "spring") {
        let half = "a".repeat(20_000);
        let query = format!("{TOKEN}?x={half}");
        let answer = world.post_as("photo-backup", &query, &[ITSELF, ("y", &half)]).await;
        answer.assert_error(413, "invalid_request");
    }

    /// A client without a secret may send any, and acts for itself.
    async fn a_client_without_a_secret_needs_none(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(OPEN)
    ) {
        for secret in ["", "any"] {
            let answer = world.post_with(("secretless", secret), TOKEN, &[ITSELF]).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let form = [ITSELF, ("client_id", "secretless"), ("client_secret", secret)];
            assert_eq!(world.post(TOKEN, &form).await.status, 200);
        }
        let form = [ITSELF, ("client_id", "secretless")];
        assert_eq!(world.post(TOKEN, &form).await.status, 200);
    }

    /// Lists that say nothing: every grant, and every scope that is named.
    async fn empty_lists_mean_all_at_the_token_endpoint(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(OPEN)
    ) {
        let open = ("open", "open-secret");
        let answer = world.post_with(open, TOKEN, &[ITSELF, ("scope", "any thing")]).await;
        assert_eq!(answer.json["scope"], "any thing", "{}", answer.text);
        let owner: Form<'_> = &[
            ("grant_type", "password"), ("username", "xiaoming"), ("password", "photos4me"), ("scope", "any"),
        ];
        let answer = world.post_with(open, TOKEN, owner).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        // Who is not registered for exchanging one gets none.
        assert!(answer.json.get("refresh_token").is_none(), "{}", answer.text);
        let empty = "Empty scope (either the client or the user is not allowed the requested scopes)";
        assert_whole(&world.post_with(open, TOKEN, &[ITSELF]).await, 400, "", ("invalid_scope", empty));
        let authorize = [("response_type", "code"), ("client_id", "open")];
        assert_eq!(world.browser().authorize(&authorize).await.status, 400);
    }

    /// Who is no client: the header's challenge, the form's, and that of a client that is known.
    async fn who_is_no_client_is_told_in_springs_words(world, "AUTH_SERVER__PROFILE" = "spring") {
        let full = ("unauthorized", "Full authentication is required to access this resource");
        assert_whole(&world.post(TOKEN, &[ITSELF]).await, 401, BASIC, full);
        let bad = ("unauthorized", "Bad credentials");
        for id in ["photo-backup", "unknown"] {
            assert_whole(&world.post_with((id, "wrong"), TOKEN, &[ITSELF]).await, 401, BASIC, bad);
        }
        let bad = ("invalid_client", "Bad client credentials");
        let form_challenge = format!("Form realm=\"oauth2/client\", error=\"{}\", error_description=\"{}\"", bad.0, bad.1);
        for id in ["photo-backup", "unknown"] {
            let form = [ITSELF, ("client_id", id), ("client_secret", "wrong")];
            assert_whole(&world.post(TOKEN, &form).await, 401, &form_challenge, bad);
            let form = [ITSELF, ("client_id", id)];
            assert_whole(&world.post(TOKEN, &form).await, 401, &form_challenge, bad);
        }
        let other = ("invalid_client", "Given client ID does not match authenticated client");
        let answer = world.token("photo-backup", &[ITSELF, ("client_id", "print-photo")]).await;
        assert_whole(&answer, 401, &bearer(other.0, other.1), other);
        let malformed = world.http().post(format!("{}{TOKEN}", world.auth)).header("Authorization", "Basic !!!");
        let answer = Answer::read(malformed.form(&[ITSELF]).send().await.unwrap()).await;
        assert_whole(&answer, 401, BASIC, ("unauthorized", "Failed to decode basic authentication token"));
    }

    /// `client_id`, and `client_secret` too, in the form beside Basic.
    async fn a_secret_in_the_form_counts_for_nothing_beside_basic(world, "AUTH_SERVER__PROFILE" = "spring") {
        for secret in ["photo-backup-secret", "another"] {
            let form = [ITSELF, ("client_id", "photo-backup"), ("client_secret", secret)];
            assert_eq!(world.token("photo-backup", &form).await.status, 200);
        }
        let form = [ITSELF, ("client_id", "photo-backup"), ("client_secret", "photo-backup-secret")];
        assert_eq!(world.post_with(("photo-backup", "wrong"), TOKEN, &form).await.status, 401);
        let somebodys = world.http().post(format!("{}{TOKEN}", world.auth)).bearer_auth("somebodys");
        assert_eq!(somebodys.form(&form).send().await.unwrap().status(), 200);
    }

    /// The table of Spring's refusals, in Spring's order: scope, grant type, registered grant, what the grant needs.
    async fn a_token_request_is_refused_as_spring_does(world, "AUTH_SERVER__PROFILE" = "spring") {
        let unauthorized = ("invalid_client", "Unauthorized grant type");
        let rows: [(&str, Form<'_>, u16, (&str, &str)); 9] = [
            ("photo-backup", &[], 400, ("invalid_request", "Missing grant type")),
            ("photo-backup", &[("grant_type", "implicit")], 400,
                ("invalid_grant", "Implicit grant type not supported from token endpoint")),
            ("photo-backup", &[("grant_type", "urn:x")], 400, ("unsupported_grant_type", "Unsupported grant type")),
            ("photo-backup", &[("grant_type", "authorization_code")], 401, unauthorized),
            ("photo-backup", &[("grant_type", "password")], 401, unauthorized),
            ("photo-backup", &[("grant_type", "refresh_token")], 400,
                ("invalid_request", "refresh_token parameter not provided")),
            ("photo-desktop", &[("grant_type", "password")], 400, ("invalid_grant", "Bad credentials")),
            ("print-photo", &[("grant_type", "authorization_code"), ("code", "")], 400,
                ("invalid_grant", "Invalid authorization code")),
            ("print-photo", &[("grant_type", "authorization_code")], 400,
                ("invalid_request", "An authorization code must be supplied.")),
        ];
        for (client, form, status, (error, text)) in rows {
            let challenge = if status == 401 { bearer(error, text) } else { String::new() };
            assert_whole(&world.token(client, form).await, status, &challenge, (error, text));
        }
    }

    /// The scope comes first, for every grant; names have one blank or `+` between them.
    async fn a_scope_that_is_not_registered_comes_first(world, "AUTH_SERVER__PROFILE" = "spring") {
        let invalid = "{\"error\":\"invalid_scope\",\"error_description\":\"Invalid scope\",\
                       \"scope\":\"photo.read photo.write profile\"}";
        for form in [
            &[("scope", "nonsense")][..],
            &[("grant_type", "refresh_token"), ("refresh_token", "x"), ("scope", "nonsense")],
            &[("grant_type", "authorization_code"), ("code", "x"), ("scope", "nonsense")],
            &[("grant_type", "password"), ("scope", "photo.read  profile")],
        ] {
            let answer = world.token("print-photo", form).await;
            assert_eq!(whole(&answer), (400, "", invalid));
        }
        let answer = world.password_grant("photo.read+profile").await;
        assert_eq!(answer.json["scope"], "photo.read profile", "{}", answer.text);
    }

    /// A code of another client.
    async fn a_code_of_another_client_is_a_mismatch(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(crate::OTHER_SHOP)
    ) {
        let code = world.code().await;
        let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", &world.callback())];
        let answer = world.token("other-shop", &form).await;
        let mismatch = ("invalid_client", "Client ID mismatch");
        assert_whole(&answer, 401, &bearer(mismatch.0, mismatch.1), mismatch);
    }

    /// GET: first who asks, then that this is no way to ask.
    async fn by_get_a_client_is_asked_for_first(world, "AUTH_SERVER__PROFILE" = "spring") {
        let full = ("unauthorized", "Full authentication is required to access this resource");
        let answer = world.get("/oauth/token?grant_type=client_credentials").await;
        assert_whole(&answer, 401, BASIC, full);
        let answer = get_as(&world, "wrong", "grant_type=client_credentials").await;
        assert_whole(&answer, 401, BASIC, ("unauthorized", "Bad credentials"));
        let answer = get_as(&world, "photo-backup-secret", "grant_type=client_credentials").await;
        let refused = ("method_not_allowed", "Request method 'GET' not supported");
        assert_whole(&answer, 405, "", refused);
    }

    /// Where GET is allowed it is as good as POST.
    async fn tokens_are_given_by_get_where_that_is_said(
        world, "AUTH_SERVER__SPRING__TOKEN_BY_GET" = "true"
    ) {
        let answer = get_as(&world, "photo-backup-secret", "grant_type=client_credentials&scope=photo.read").await;
        assert_eq!(answer.json["scope"], "photo.read", "{}", answer.text);
        let answer = get_as(&world, "wrong", "grant_type=client_credentials").await;
        answer.assert_error(401, "invalid_client");
    }

    /// One habit alone, and for one client alone.
    async fn a_client_hears_springs_words_where_it_alone_has_them(
        world; |world| world.client("photo-backup", "spring = { token_errors = true }")
    ) {
        let refused = world.token("photo-backup", &[("grant_type", "password")]).await;
        refused.assert_error(401, "invalid_client");
        let form = [("grant_type", "password"), ("username", "x"), ("password", "x")];
        world.token("print-photo", &form).await.assert_error(400, "unauthorized_client");
    }

    /// Nothing that was presented comes back, in a challenge neither.
    async fn springs_words_repeat_nothing_that_was_presented(world, "AUTH_SERVER__PROFILE" = "spring") {
        let marker = "marker-9f2c";
        for name in ["grant_type", "scope", "code", "refresh_token", "redirect_uri", "client_id", "username"] {
            for grant in ["authorization_code", "refresh_token", "password"] {
                let mut form = vec![("grant_type", grant), ("code", "c"), ("refresh_token", "r"), ("password", "p")];
                form.retain(|(kept, _)| *kept != name);
                form.push((name, marker));
                let answer = world.token("print-photo", &form).await;
                assert!(!answer.text.contains(marker), "{}", answer.text);
                assert!(!answer.header("www-authenticate").contains(marker));
            }
        }
    }

    /// `access_token_validity` of 0: no `expires_in`, no `exp`, and good for as long as anything is kept, ten years; it can be given back.
    async fn a_token_of_no_validity_never_expires(
        world, "AUTH_SERVER__PROFILE" = "spring";
        |world| world.client("photo-backup", "access_token_ttl_secs = 0")
            .client("photo-desktop", "access_token_ttl_secs = 0\ntoken_format = \"jwt\"")
    ) {
        for answer in [world.token("photo-backup", &[ITSELF]).await, world.password_grant("profile").await] {
            assert!(answer.json.get("expires_in").is_none(), "{}", answer.text);
            let token = answer.access_token();
            world.clock.advance_secs(4 * 365 * 24 * 60 * 60);
            let checked = world.check_token(&token).await;
            assert_eq!(checked.status, 200, "{}", checked.text);
            assert!(checked.json.get("exp").is_none(), "{}", checked.text);
        }
        let token = world.token("photo-backup", &[ITSELF]).await.access_token();
        world.post_as("photo-backup", "/oauth/revoke", &[("token", &token)]).await;
        assert_eq!(world.check_token(&token).await.status, 400);
    }
}
