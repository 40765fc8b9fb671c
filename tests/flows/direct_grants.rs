//! Grants without a browser (RFC 6749 §4.3 and §4.4), and who may use which.

use e2e::on_every_store;

use crate::{assert_described, assert_photos_of};

on_every_store! {
    /// A client of the same house gets the owner's photos with the owner's password.
    async fn a_password_opens_the_photos_of_its_owner(world) {
        let answer = world.password_grant("photo.read").await;
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
        assert_eq!(answer.text_of("scope"), "photo.read");
        answer.refresh_token();
    }

    /// RFC 6749 §5.2: a wrong password and an unknown name get the same answer.
    async fn wrong_owner_credentials_are_not_told_apart(world) {
        for (name, password) in [("xiaoming", "wrong"), ("nobody", "photos4me"), ("xiaoming", " ")] {
            let form = [("grant_type", "password"), ("username", name), ("password", password)];
            let answer = world.token("photo-desktop", &form).await;
            assert_described(&answer, 400, "invalid_grant", "Bad credentials");
        }
    }

    /// RFC 6749 §4.3.2: both are required; one without a value counts as not sent (§3.2).
    async fn a_name_and_a_password_are_required(world) {
        for (name, password) in [("xiaoming", ""), ("", "photos4me")] {
            let form = [("grant_type", "password"), ("username", name), ("password", password)];
            let answer = world.token("photo-desktop", &form).await;
            assert_described(&answer, 400, "invalid_request", "username and password must be supplied");
        }
    }

    /// The client is its own resource owner: nobody's name, its own authorities, no refresh token,
    /// and with `ROLE_BACKUP` everybody's photos.
    async fn a_client_acts_for_itself(world) {
        let answer = world.token("photo-backup", &[("grant_type", "client_credentials")]).await;
        assert!(answer.json["refresh_token"].is_null());
        let token = answer.access_token();
        let facts = world.check_token(&token).await;
        assert!(facts.json["user_name"].is_null());
        assert_eq!(facts.json["authorities"], serde_json::json!(["ROLE_BACKUP"]));
        let photos = world.call("/photos", &token).await;
        for owner in ["xiaoming", "lihua"] {
            let photos = photos.json.as_array().unwrap();
            assert!(photos.iter().any(|photo| photo["owner"] == owner), "{owner}");
        }
    }

    /// Even a client that may refresh gets no refresh token for itself.
    async fn client_credentials_give_no_refresh_token_to_a_client_that_may_refresh(
        world;
        |world| world.replace(
            "grant_types = [\"client_credentials\"]",
            "grant_types = [\"client_credentials\", \"refresh_token\"]",
        )
    ) {
        let answer = world.token("photo-backup", &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.status, 200);
        assert!(answer.json["refresh_token"].is_null());
    }

    /// Each client may use only the grants it is registered for.
    async fn a_grant_that_is_not_registered_is_refused(world) {
        let password = [("grant_type", "password"), ("username", "xiaoming"), ("password", "photos4me")];
        let itself = [("grant_type", "client_credentials")];
        let code = [("grant_type", "authorization_code"), ("code", "c")];
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", "r")];
        let forms: [(&str, crate::Form<'_>); 7] = [
            ("print-photo", &password),
            ("print-photo", &itself),
            ("photo-desktop", &itself),
            ("photo-desktop", &code),
            ("photo-backup", &password),
            ("photo-backup", &refresh),
            ("photo-space", &itself),
        ];
        for (client, form) in forms {
            let answer = world.token(client, form).await;
            assert_described(&answer, 400, "unauthorized_client", "Unauthorized grant type");
        }
    }

    /// RFC 6749 §3.3: a scope that is not registered is refused, and the registered ones are named.
    async fn a_scope_that_is_not_registered_is_refused(world) {
        for scope in ["photo.write", "photo.read unknown", "photo.read  profile", "\u{e9}"] {
            let form = [("grant_type", "client_credentials"), ("scope", scope)];
            let answer = world.token("photo-backup", &form).await;
            assert_described(&answer, 400, "invalid_scope", "Invalid scope");
            assert_eq!(answer.text_of("scope"), "photo.read");
        }
    }
}
