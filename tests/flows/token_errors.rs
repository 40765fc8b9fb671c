//! The errors of the token endpoint: RFC 6749 §5.2 in the words of the Spring dialect.

use e2e::on_every_store;

use crate::assert_described;

on_every_store! {
    /// Requests that cannot be understood, each with its text.
    async fn a_request_that_cannot_be_understood_is_told_why(world) {
        let rows: [(&str, crate::Form<'_>, &str, &str); 8] = [
            ("print-photo", &[], "invalid_request", "Missing grant type"),
            ("print-photo", &[("grant_type", "")], "invalid_request", "Missing grant type"),
            ("print-photo", &[("grant_type", "authorization_code")], "invalid_request",
                "An authorization code must be supplied."),
            ("print-photo", &[("grant_type", "refresh_token")], "invalid_request",
                "refresh_token parameter not provided"),
            ("photo-spa", &[("grant_type", "implicit")], "invalid_grant",
                "Implicit grant type not supported from token endpoint"),
            ("print-photo", &[("grant_type", "urn:unknown")], "unsupported_grant_type", "Unsupported grant type"),
            ("print-photo", &[("grant_type", "authorization_code"), ("code", "garbage")], "invalid_grant",
                "Invalid authorization code"),
            ("print-photo", &[("grant_type", "refresh_token"), ("refresh_token", "garbage")], "invalid_grant",
                "Invalid refresh token"),
        ];
        for (client, form, code, description) in rows {
            let answer = if client == "photo-spa" {
                world.post_with((client, ""), "/oauth/token", form).await
            } else {
                world.token(client, form).await
            };
            assert_described(&answer, 400, code, description);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("pragma"), "no-cache");
            assert_eq!(answer.header("www-authenticate"), "");
            assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
        }
    }

    /// RFC 6749 §5.2: client authentication that failed is 401 with the scheme that was used.
    async fn a_client_that_is_not_believed_gets_401_and_a_challenge(world) {
        let form = [("grant_type", "client_credentials")];
        let in_form = |id, secret| [form[0], ("client_id", id), ("client_secret", secret)];
        let answers = [
            (world.post("/oauth/token", &form).await, "Full authentication is required to access this resource"),
            (world.post_with(("photo-backup", "wrong"), "/oauth/token", &form).await, "Bad client credentials"),
            (world.post_with(("unknown", "wrong"), "/oauth/token", &form).await, "Bad client credentials"),
            (world.post("/oauth/token", &in_form("photo-backup", "wrong")).await, "Bad client credentials"),
            (world.post("/oauth/token", &in_form("unknown", "wrong")).await, "Bad client credentials"),
            (world.post("/oauth/token", &[form[0], ("client_id", "photo-backup")]).await, "Bad client credentials"),
        ];
        for (answer, description) in answers {
            assert_described(&answer, 401, "invalid_client", description);
            assert_eq!(answer.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
            assert_eq!(answer.header("pragma"), "no-cache");
        }
    }

    /// RFC 6749 §3.2: POST only.
    async fn only_post_gets_tokens(world) {
        let answer = world.get("/oauth/token?grant_type=client_credentials").await;
        assert_described(&answer, 405, "method_not_allowed", "Request method 'GET' not supported");
        assert_eq!(answer.header("allow"), "POST");
    }

    /// RFC 6749 §3.2: parameters must not be repeated, credentials do not travel in the query.
    async fn repeated_parameters_and_parameters_of_the_query_do_not_count(world) {
        let form = [("grant_type", "client_credentials"), ("scope", "photo.read"), ("scope", "photo.read")];
        world.token("photo-backup", &form).await.assert_error(400, "invalid_request");
        let query = "/oauth/token?grant_type=client_credentials&client_id=photo-backup&client_secret=photo-backup-secret";
        world.post(query, &[]).await.assert_error(401, "invalid_client");
    }

    /// A body that is no form is refused as JSON.
    async fn a_body_that_is_no_form_is_refused(world) {
        let request = world.http().post(format!("{}/oauth/token", world.auth));
        let request = request.basic_auth("photo-backup", Some("photo-backup-secret"));
        let answer = request.json(&serde_json::json!({"grant_type": "client_credentials"})).send().await;
        e2e::Answer::read(answer.unwrap()).await.assert_error(415, "invalid_request");
    }

    /// What was presented is never repeated.
    async fn an_error_repeats_nothing_that_was_presented(world) {
        let marker = "marker-9f2c";
        for name in ["grant_type", "scope", "code", "refresh_token", "redirect_uri"] {
            for grant in ["authorization_code", "refresh_token"] {
                let mut form = vec![("grant_type", grant), ("code", "c"), ("refresh_token", "r")];
                form.retain(|(kept, _)| *kept != name);
                form.push((name, marker));
                let answer = world.token("print-photo", &form).await;
                assert_eq!(answer.status, 400);
                assert!(!answer.text.contains(marker), "{}", answer.text);
            }
        }
    }
}
