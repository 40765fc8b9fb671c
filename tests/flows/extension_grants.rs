//! Grants that whoever embeds the authorization server adds (RFC 6749 §4.5): that of the example `extended`, and one
//! that does what a test says.

use std::sync::Arc;

use async_trait::async_trait;
use e2e::{Answer, Store, World};
use symbolon::error::ErrorCode;
use symbolon::scope::Scope;
use symbolon_auth_server::app::Extensions;
use symbolon_auth_server::grants::extension::{
    ExtensionGrant, ExtensionRequest, GrantRefusal, Granted, NotGranted,
};

#[path = "../../auth-server/examples/extended/custom_grant.rs"]
mod custom_grant;

use custom_grant::CustomGrant;

/// The client that is registered for the example's grant, and the account that it falls back to.
const HOUSE: &str = r#"
    [[clients]]
    client_id = "house"
    client_name = "A program of the house"
    client_secret = "{noop}house-secret"
    grant_types = ["custom", "urn:example:asked", "refresh_token"]
    scope = ["photo.read", "photo.write"]
    authorities = ["ROLE_HOUSE"]

    [[owners]]
    name = "guest"
    password = "{noop}a password that nobody is told"
    authorities = ["ROLE_GUEST"]

    [[owners]]
    name = "locked"
    password = "{noop}a password that nobody is told"
    disabled = true
"#;

const CUSTOM: (&str, &str) = ("grant_type", "custom");
const ASKED: (&str, &str) = ("grant_type", "urn:example:asked");

/// A grant that answers as the parameter `answer` says.
struct Asked;

#[async_trait]
impl ExtensionGrant for Asked {
    fn grant_type(&self) -> &'static str {
        ASKED.1
    }

    async fn decide(&self, request: &ExtensionRequest<'_>) -> Result<Granted, NotGranted> {
        assert_eq!(request.address, "127.0.0.1");
        assert_eq!(request.parameter("client_secret"), None);
        let refused = |code| Err(GrantRefusal::new(code, "the answer is no").into());
        match request.parameter("answer").unwrap_or_default() {
            "client" => Ok(Granted::by_the_client()),
            "without" => Ok(Granted::by_owner("guest").with_refresh_token(false)),
            "wider" => {
                let scope = Scope::parse("photo.read photo.write profile").unwrap();
                Ok(Granted::by_owner("guest").narrowed_to(scope))
            }
            "nothing" => {
                Ok(Granted::by_owner("guest").narrowed_to(Scope::parse("profile").unwrap()))
            }
            "no" => refused(ErrorCode::AccessDenied),
            "other" => refused(ErrorCode::Other("interaction_required".to_owned())),
            "nobody" => refused(ErrorCode::InvalidClient),
            _ => Err(NotGranted::Unavailable("hush".into())),
        }
    }
}

async fn world(profile: &str) -> World {
    let extensions = Extensions::default().grant(Arc::new(CustomGrant)).unwrap();
    let extensions = extensions.grant(Arc::new(Asked)).unwrap();
    let builder = World::builder(Store::Memory).with(HOUSE);
    let builder = builder.set("AUTH_SERVER__PROFILE", profile);
    builder.extended_by(extensions).start().await
}

async fn asked(world: &World, answer: &str) -> Answer {
    let form = [ASKED, ("answer", answer), ("scope", "photo.read")];
    world.token("house", &form).await
}

#[actix_web::test]
async fn a_grant_that_was_added_gives_tokens_as_any_other() {
    let world = world("standard").await;
    let named = [CUSTOM, ("username", "xiaoming"), ("scope", "photo.read")];
    for (form, owner, authority, scope) in [
        (&named[..], "xiaoming", "ROLE_USER", "photo.read"),
        (&[CUSTOM], "guest", "ROLE_GUEST", "photo.read photo.write"),
    ] {
        let answer = world.token("house", form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["scope"], scope);
        let checked = world.check_token(&answer.access_token()).await;
        assert_eq!(checked.json["user_name"], owner, "{}", checked.text);
        assert_eq!(checked.json["authorities"][0], authority);
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &answer.refresh_token()),
        ];
        let renewed = world.token("house", &form).await;
        assert_eq!(renewed.status, 200, "{}", renewed.text);
        let checked = world.check_token(&renewed.access_token()).await;
        assert_eq!(checked.json["user_name"], owner, "{}", checked.text);
    }
}

#[actix_web::test]
async fn a_grant_that_was_added_is_for_clients_that_are_registered_for_it() {
    let world = world("standard").await;
    let refused = world.token("photo-backup", &[CUSTOM]).await;
    refused.assert_error(400, "unauthorized_client");
    let unknown = world.token("house", &[("grant_type", "magic")]).await;
    unknown.assert_error(400, "unsupported_grant_type");
    let wider = world.token("house", &[CUSTOM, ("scope", "profile")]).await;
    wider.assert_error(400, "invalid_scope");
    for gone in ["nobody", "locked"] {
        let refused = world.token("house", &[CUSTOM, ("username", gone)]).await;
        refused.assert_error(400, "invalid_grant");
        assert_eq!(refused.json["error_description"], "user not found");
    }
}

#[actix_web::test]
async fn a_spring_server_says_no_to_it_in_its_own_way() {
    let world = world("spring").await;
    let refused = world.token("photo-backup", &[CUSTOM]).await;
    refused.assert_error(401, "invalid_client");
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer error=\"invalid_client\", error_description=\"Unauthorized grant type\""
    );
    let unknown = world.token("house", &[("grant_type", "magic")]).await;
    unknown.assert_error(400, "unsupported_grant_type");
    assert_eq!(unknown.json["error_description"], "Unsupported grant type");
    asked(&world, "no").await.assert_error(400, "access_denied");
    let nobody = asked(&world, "nobody").await;
    nobody.assert_error(401, "invalid_client");
    assert_eq!(
        nobody.header("www-authenticate"),
        "Bearer error=\"invalid_client\", error_description=\"the answer is no\""
    );
    let answer = world.token("house", &[CUSTOM]).await;
    assert_eq!(answer.json["token_type"], "bearer", "{}", answer.text);
}

#[actix_web::test]
async fn what_a_grant_says_decides_and_no_more_is_given_than_was_asked_for() {
    let world = world("standard").await;
    let itself = asked(&world, "client").await;
    assert_eq!(itself.json["refresh_token"], serde_json::Value::Null);
    let checked = world.check_token(&itself.access_token()).await;
    assert_eq!(checked.json["user_name"], serde_json::Value::Null);
    assert_eq!(checked.json["authorities"][0], "ROLE_HOUSE");
    let without = asked(&world, "without").await;
    assert_eq!(without.status, 200, "{}", without.text);
    assert_eq!(without.json["refresh_token"], serde_json::Value::Null);
    assert_eq!(asked(&world, "wider").await.json["scope"], "photo.read");
    let nothing = asked(&world, "nothing").await;
    nothing.assert_error(400, "invalid_scope");
    let no = asked(&world, "no").await;
    no.assert_error(400, "access_denied");
    assert_eq!(no.json["error_description"], "the answer is no");
    let other = asked(&world, "other").await;
    other.assert_error(400, "interaction_required");
    let away = asked(&world, "away").await;
    away.assert_error(503, "temporarily_unavailable");
    assert!(!away.text.contains("hush"), "{}", away.text);
}

#[actix_web::test]
async fn the_metadata_and_the_metrics_name_a_grant_that_was_added() {
    let world = world("standard").await;
    let metadata = world.get("/.well-known/oauth-authorization-server").await;
    let supported = metadata.json["grant_types_supported"].to_string();
    assert!(supported.contains("\"custom\""), "{supported}");
    world.token("house", &[CUSTOM]).await;
    asked(&world, "no").await;
    world.token("house", &[("grant_type", "magic")]).await;
    let metrics = world.http().get(format!("{}/metrics", world.probes));
    let metrics = Answer::read(metrics.send().await.unwrap()).await.text;
    for line in [
        "auth_server_tokens_issued_total{grant_type=\"custom\"} 1",
        "auth_server_tokens_issued_total{grant_type=\"urn:example:asked\"} 0",
        "auth_server_tokens_refused_total{grant_type=\"urn:example:asked\",error=\"other\"} 1",
        "auth_server_tokens_refused_total{grant_type=\"other\",error=\"unsupported_grant_type\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
}
