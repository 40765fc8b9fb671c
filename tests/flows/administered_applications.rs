//! Applications that administrators add by the API, and their secrets.

use e2e::{Answer, World, on_every_store};
use reqwest::header::IF_MATCH;
use serde_json::{Value, json};
use symbolon::identifiers::ClientId;

use crate::administration_api::{console, get, on, post, with_application};

/// A client that acts for itself.
fn backup() -> Value {
    json!({
        "client_name": "Backup",
        "grant_types": ["client_credentials"],
        "scope": "photo.read",
        "resource_ids": ["photo-space"],
        "authorities": ["ROLE_BACKUP"],
    })
}

async fn add(world: &World, said: &Value) -> Answer {
    let token = console(world).await;
    post(world, &token, "/applications", said).await
}

/// A token of a client for itself.
async fn token(world: &World, id: &str, secret: &str) -> Answer {
    let form = [("grant_type", "client_credentials")];
    world.post_with((id, secret), "/oauth/token", &form).await
}

/// Lets one in that was looked at.
async fn approve(world: &World, token: &str, seen: &str) -> Answer {
    let url = format!("{}/admin/api/v1/applications/app-1/approve", world.auth);
    let request = world.http().post(url).bearer_auth(token);
    Answer::read(request.header(IF_MATCH, seen).send().await.unwrap()).await
}

on_every_store! {
    /// A developer may change an application while an administrator looks at it.
    async fn what_the_api_lets_in_is_what_was_looked_at(world; on) {
        with_application(&world, "app-1", Some("lihua"), true).await;
        let token = console(&world).await;
        let seen = get(&world, &token, "/applications/app-1").await.header("etag").to_owned();
        let registrar = &world.server.registration.registrar;
        let id = ClientId::new("app-1");
        let known = registrar.find_client(&id).await.unwrap().unwrap();
        let mut other = known.clone();
        "A bank".clone_into(&mut other.client_name);
        assert!(registrar.replace_client(&known, &other).await.unwrap());
        approve(&world, &token, &seen).await.assert_error(412, "precondition_failed");
        for other in ["W/\"a\"", "\"\"", "a"] {
            approve(&world, &token, other).await.assert_error(412, "precondition_failed");
        }
        let read = get(&world, &token, "/applications/app-1").await;
        assert_eq!(read.text_of("state"), "awaiting");
        // Whoever got no answer asks again.
        for tags in [format!("{seen}, {}", read.header("etag")), read.header("etag").to_owned()] {
            let approved = approve(&world, &token, &tags).await;
            assert_eq!(approved.status, 200, "{}", approved.text);
            assert_eq!(approved.text_of("state"), "active");
        }
        assert_eq!(approve(&world, &token, "*").await.status, 200);
        approve(&world, &token, &seen).await.assert_error(412, "precondition_failed");
    }

    /// It is active at once, may what it was given, and its secret is told once.
    async fn an_application_is_added(world; on) {
        let told = add(&world, &backup()).await;
        assert_eq!(told.status, 201, "{}", told.text);
        assert!(told.header("cache-control").contains("no-store"));
        let (id, secret) = (told.text_of("client_id"), told.text_of("client_secret"));
        let answer = token(&world, &id, &secret).await;
        let checked = world.check_token(&answer.access_token()).await;
        assert_eq!(checked.json["authorities"], json!(["ROLE_BACKUP"]));
        assert_eq!(checked.json["aud"], json!(["photo-space"]));
        let console = console(&world).await;
        let read = get(&world, &console, &format!("/applications/{id}")).await;
        assert!(read.json.get("client_secret").is_none(), "{}", read.text);
        assert_eq!((&read.json["state"], &read.json["client_name"]), (&json!("active"), &json!("Backup")));
        assert!(read.json.get("registered_by").is_none() && read.json["registered_at"].is_u64());
    }

    /// What settings give, administrators may give, too.
    async fn an_application_may_have_a_password_and_renew(world; on) {
        let mut said = backup();
        said["grant_types"] = json!(["password", "refresh_token"]);
        let told = add(&world, &said).await;
        assert_eq!(told.status, 201, "{}", told.text);
    }

    /// Each is called differently, also when the same is said.
    async fn two_that_are_described_alike_are_two(world; on) {
        let [one, other] = [add(&world, &backup()).await, add(&world, &backup()).await];
        assert_ne!(one.text_of("client_id"), other.text_of("client_id"));
        assert_ne!(one.text_of("client_secret"), other.text_of("client_secret"));
    }

    /// One that cannot keep a secret gets none, and none can be replaced.
    async fn a_public_application_has_no_secret(world; on) {
        let said = json!({
            "client_name": "Phone",
            "grant_types": ["authorization_code"],
            "redirect_uris": ["com.example.phone:/callback"],
            "scope": "photo.read",
            "public": true,
        });
        let told = add(&world, &said).await;
        assert_eq!((told.status, &told.json["public"]), (201, &json!(true)), "{}", told.text);
        assert!(told.json.get("client_secret").is_none());
        let console = console(&world).await;
        let path = format!("/applications/{}/secret", told.text_of("client_id"));
        post(&world, &console, &path, &Value::Null).await.assert_error(409, "conflict");
    }

    /// What cannot be is refused with all reasons, and nothing is kept.
    async fn an_application_that_cannot_be_is_not_added(world; on) {
        let console = console(&world).await;
        for (member, value, why) in [
            ("client_name", json!(""), "client_name"),
            ("client_name", json!("a\nb"), "client_name"),
            ("grant_types", json!([]), "grant_types"),
            ("grant_types", json!(["authorization_code"]), "redirect_uris"),
            ("grant_types", json!(["refresh_token"]), "grant_types"),
            ("redirect_uris", json!(["https://a.example/#b"]), "redirect_uris"),
            ("redirect_uris", json!(["http://a.example/"]), "redirect_uris"),
            ("public", json!(true), "grant_types"),
            ("client_uri", json!("javascript:1"), "client_uri"),
            ("authorities", json!([""]), "authorities"),
            ("resource_ids", json!(["a\u{7}b"]), "resource_ids"),
            ("scope", json!("a\"b"), "scope"),
            ("scope", json!(7), "scope"),
            ("client_id", json!("chosen"), "client_id"),
            ("grant_types", json!(["client_credential"]), "no grant here"),
        ] {
            let mut said = backup();
            said[member] = value;
            let refused = post(&world, &console, "/applications", &said).await;
            refused.assert_error(400, "invalid_request");
            let told = refused.text_of("error_description");
            assert!(told.contains(why), "{said}: {told}");
        }
        let list = get(&world, &console, "/applications").await;
        assert_eq!(list.json["items"], json!([]));
    }

    /// A new secret is good at once, and the one before for as long as the settings say.
    async fn a_secret_is_replaced(world; |world: e2e::WorldBuilder| {
        on(world).set("AUTH_SERVER__REGISTRATION__SECRET_OVERLAP_SECS", "3600")
    }) {
        let told = add(&world, &backup()).await;
        let (id, old) = (told.text_of("client_id"), told.text_of("client_secret"));
        let path = format!("/applications/{id}/secret");
        let told = post(&world, &console(&world).await, &path, &Value::Null).await;
        assert_eq!(told.status, 200, "{}", told.text);
        let new = told.text_of("client_secret");
        // Sent twice, the secret that is in use goes on.
        let again = post(&world, &console(&world).await, &path, &Value::Null).await;
        for secret in [&old, &new, &again.text_of("client_secret")] {
            assert_eq!(token(&world, &id, secret).await.status, 200);
        }
        world.clock.advance_secs(3601);
        for old in [&old, &new] {
            token(&world, &id, old).await.assert_error(401, "invalid_client");
        }
        assert_eq!(token(&world, &id, &again.text_of("client_secret")).await.status, 200);
        let console = console(&world).await;
        for unknown in ["nobody", "print-photo"] {
            let path = format!("/applications/{unknown}/secret");
            let refused = post(&world, &console, &path, &Value::Null).await;
            assert!([404, 409].contains(&refused.status), "{}", refused.text);
        }
    }
}
