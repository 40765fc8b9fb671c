//! RFC 6749 §2.3: how clients say who they are.

use e2e::{Answer, World, on_every_store};

use crate::assert_described;

const TOKEN: &str = "/oauth/token";
const ITSELF: (&str, &str) = ("grant_type", "client_credentials");

/// A client whose id and secret mean something else when they are decoded as a form.
const ODD: &str = r#"
    [[clients]]
    client_id = "a+b%20c"
    client_name = "Odd"
    client_secret = "{noop}s+t%3A:u"
    grant_types = ["client_credentials"]
    scope = ["photo.read"]
"#;

/// Asks about a token that does not exist, which a public client may do.
async fn ask_with(world: &World, authorization: &str, form: &[(&str, &str)]) -> Answer {
    let request = world
        .http()
        .post(format!("{}/oauth/introspect", world.auth));
    let request = request.header("Authorization", authorization).form(form);
    Answer::read(request.send().await.unwrap()).await
}

on_every_store! {
    /// Spring's clients send id and secret as they are.
    async fn basic_credentials_are_read_raw(world; |world| world.with(ODD)) {
        let answer = world.post_with(("a+b%20c", "s+t%3A:u"), TOKEN, &[ITSELF]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// RFC 6749 §2.3.1: standard clients encode id and secret as a form first.
    async fn basic_credentials_are_read_form_encoded(world; |world| world.with(ODD)) {
        let encoded = ("a%2Bb%2520c", "s%2Bt%253A%3Au");
        let answer = world.post_with(encoded, TOKEN, &[ITSELF]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let half = world.post_with(("a%2Bb%2520c", "s+t%3A:u"), TOKEN, &[ITSELF]).await;
        half.assert_error(401, "invalid_client");
    }

    /// `client_secret_post` with the same odd characters.
    async fn form_credentials_are_read_once(world; |world| world.with(ODD)) {
        let form = [ITSELF, ("client_id", "a+b%20c"), ("client_secret", "s+t%3A:u")];
        assert_eq!(world.post(TOKEN, &form).await.status, 200);
        let form = [ITSELF, ("client_id", "a b c"), ("client_secret", "s t::u")];
        world.post(TOKEN, &form).await.assert_error(401, "invalid_client");
    }

    /// RFC 6749 §2.3.1: a public client by Basic with an empty secret, or by its name; not with a secret.
    async fn a_public_client_only_says_who_it_is(world) {
        let path = "/oauth/introspect";
        let token = ("token", "t");
        assert_eq!(world.post_with(("photo-spa", ""), path, &[token]).await.status, 200);
        assert_eq!(world.post(path, &[token, ("client_id", "photo-spa")]).await.status, 200);
        let empty = [token, ("client_id", "photo-spa"), ("client_secret", "")];
        assert_eq!(world.post(path, &empty).await.status, 200);
        let answer = world.post_with(("photo-spa", "secret"), path, &[token]).await;
        answer.assert_error(401, "invalid_client");
        let form = [token, ("client_id", "photo-spa"), ("client_secret", "secret")];
        world.post(path, &form).await.assert_error(401, "invalid_client");
    }

    /// RFC 6749 §2.1: a confidential client cannot pass for a public one.
    async fn a_confidential_client_needs_its_secret(world) {
        let none = [ITSELF, ("client_id", "photo-backup")];
        let empty = [ITSELF, ("client_id", "photo-backup"), ("client_secret", "")];
        world.post(TOKEN, &none).await.assert_error(401, "invalid_client");
        world.post(TOKEN, &empty).await.assert_error(401, "invalid_client");
        world.post_with(("photo-backup", ""), TOKEN, &[ITSELF]).await.assert_error(401, "invalid_client");
    }

    /// RFC 6749 §2.3: one method per request.
    async fn two_methods_in_one_request_are_refused(world) {
        let form = [ITSELF, ("client_id", "photo-backup"), ("client_secret", "photo-backup-secret")];
        world.token("photo-backup", &form).await.assert_error(400, "invalid_request");
        let form = [ITSELF, ("client_secret", "photo-backup-secret")];
        world.token("photo-backup", &form).await.assert_error(400, "invalid_request");
    }

    /// The form may repeat the name of the header, but not say another.
    async fn the_form_may_not_name_another_client_than_the_header(world) {
        let same = [ITSELF, ("client_id", "photo-backup")];
        assert_eq!(world.token("photo-backup", &same).await.status, 200);
        let answer = world.token("photo-backup", &[ITSELF, ("client_id", "print-photo")]).await;
        assert_described(&answer, 401, "invalid_client", "Given client ID does not match authenticated client");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
    }

    /// A header that cannot be read is told from a wrong secret, and never falls back to the form.
    async fn a_malformed_header_is_told(world) {
        let form = [("token", "t"), ("client_id", "photo-spa")];
        for header in ["Basic", "Basic !!!", "Basic YWJj", "Digest username=x"] {
            let answer = ask_with(&world, header, &form).await;
            let text = "Failed to decode basic authentication token";
            assert_described(&answer, 401, "invalid_client", text);
        }
    }

    /// RFC 9110 §11.1: the scheme's name in any letter case.
    async fn the_scheme_may_be_written_in_any_letter_case(world) {
        // photo-spa: with an empty secret.
        for scheme in ["Basic", "basic", "BASIC"] {
            let header = format!("{scheme} cGhvdG8tc3BhOg==");
            assert_eq!(ask_with(&world, &header, &[("token", "t")]).await.status, 200, "{scheme}");
        }
    }
}
