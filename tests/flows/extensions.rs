//! Members of tokens, owners and a rule about approvals of whoever embeds the authorization server: those of the example `extended`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Answer, Landing, Store, World};
use symbolon::secret::Secret;
use symbolon_auth_server::app::Extensions;
use symbolon_auth_server::clients::client::Client;
use symbolon_auth_server::records::{AdditionalInformation, Grant};
use symbolon_auth_server::stores::StoreError;
use symbolon_auth_server::tokens::enhancer::TokenEnhancer;

#[path = "../../auth-server/examples/extended/departments.rs"]
mod departments;
#[path = "../../auth-server/examples/extended/house_rule.rs"]
mod house_rule;
#[path = "../../auth-server/examples/extended/visitors.rs"]
mod visitors;

use departments::Departments;
use house_rule::HouseRule;
use visitors::Visitors;

const WORD: &str = "sesame";

async fn world(extensions: Extensions) -> World {
    let builder = World::builder(Store::Memory);
    builder.extended_by(extensions).start().await
}

#[actix_web::test]
async fn owners_of_a_source_of_ones_own_have_passwords_authorities_and_tokens() {
    let visitors = Arc::new(Visitors::new(Secret::new(WORD)));
    let world = world(Extensions::default().owners(visitors)).await;
    let form = |name, password| {
        [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
            ("scope", "photo.read"),
        ]
    };
    let answer = world.token("photo-desktop", &form("visitor-3", WORD)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let checked = world.check_token(&answer.access_token()).await;
    assert_eq!(checked.json["user_name"], "visitor-3", "{}", checked.text);
    assert_eq!(checked.json["authorities"][0], "ROLE_VISITOR");
    for (name, password) in [
        ("visitor-3", "wrong"),
        ("visitor-3", ""),
        ("visitor-0", WORD),
    ] {
        let refused = world.token("photo-desktop", &form(name, password)).await;
        assert_ne!(refused.status, 200, "{name} {password}");
    }
    let refused = world.token("photo-desktop", &form("xiaoming", WORD)).await;
    refused.assert_error(400, "invalid_grant");
}

/// What somebody sees who has signed in, when `print-photo` asks for this.
async fn asked_of(world: &World, (name, password): (&str, &str), scope: &str) -> Answer {
    let browser = world.browser();
    browser.sign_in(name, password).await;
    let redirect_uri = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", scope),
        ("state", "s"),
    ];
    let answer = browser.authorize(&parameters).await;
    if answer.status == 200 {
        assert!(!answer.text.contains("scope.photo.read"), "{}", answer.text);
        return browser.decide(&answer, &["photo.write"]).await;
    }
    answer
}

#[actix_web::test]
async fn a_rule_of_ones_own_approves_and_withholds_what_owners_decide_the_rest_of() {
    let visitors = Arc::new(Visitors::new(Secret::new(WORD)));
    let extensions = Extensions::default().owners(visitors);
    let world = world(extensions.approval_rule(Arc::new(HouseRule))).await;
    let (owner, visitor) = (("xiaoming", "photos4me"), ("visitor-1", WORD));
    for (who, scope, granted) in [
        (owner, "photo.read", "photo.read"),
        (owner, "photo.read photo.write", "photo.read photo.write"),
        (visitor, "photo.read photo.write", "photo.read"),
    ] {
        let landing = Landing::of(&asked_of(&world, who, scope).await);
        let answer = world.exchange(&landing.code()).await;
        assert_eq!(answer.text_of("scope"), granted, "{}", answer.text);
    }
    let denied = Landing::of(&asked_of(&world, visitor, "photo.write").await);
    assert_eq!(denied.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(denied.parameter("code"), None);
}

/// Counts the tokens of which it was asked.
struct Serial(AtomicU64);

#[async_trait]
impl TokenEnhancer for Serial {
    async fn enhance(
        &self,
        _: &Client,
        grant: &Grant,
    ) -> Result<AdditionalInformation, StoreError> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let none = AdditionalInformation::default();
        let said = none.with("serial", format!("{number} {}", grant.scope));
        said.map_err(|error| StoreError::Damaged(error.to_string()))
    }
}

async fn enhanced(enhancer: Arc<dyn TokenEnhancer>, profile: &str, format: &str) -> World {
    let builder = World::builder(Store::Memory).set("AUTH_SERVER__PROFILE", profile);
    let builder = builder.set("AUTH_SERVER__TOKENS__FORMAT", format);
    let extensions = Extensions::default().enhancer(enhancer);
    builder.extended_by(extensions).start().await
}

async fn introspected(world: &World, token: &str) -> Answer {
    let form = [("token", token)];
    world
        .post_as("photo-space", "/oauth/introspect", &form)
        .await
}

#[actix_web::test]
async fn what_is_added_to_a_token_is_in_its_answer_and_in_what_is_told_about_it() {
    for format in ["opaque", "jwt"] {
        let world = enhanced(Arc::new(Departments), "standard", format).await;
        let answer = world.password_grant("photo.read").await;
        assert_eq!(answer.json["department"], "pictures", "{}", answer.text);
        let token = answer.access_token();
        let checked = world.check_token(&token).await;
        assert_eq!(checked.json["department"], "pictures", "{}", checked.text);
        assert_eq!(checked.json["user_name"], "xiaoming");
        let told = introspected(&world, &token).await;
        assert_eq!(told.json["department"], "pictures", "{}", told.text);
        assert_eq!(told.json["active"], true);
        if let Some(claims) = token.split('.').nth(1) {
            let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
            let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
            assert_eq!(claims["department"], "pictures", "{claims}");
            assert_eq!(claims["user_name"], "xiaoming", "{claims}");
        }
        let itself = [("grant_type", "client_credentials")];
        let answer = world.token("photo-backup", &itself).await;
        assert_eq!(answer.json["department"], serde_json::Value::Null);
    }
}

#[actix_web::test]
async fn what_is_added_is_said_anew_at_each_refresh_of_the_scope_that_is_left() {
    for profile in ["standard", "spring"] {
        let world = enhanced(Arc::new(Serial(AtomicU64::new(0))), profile, "opaque").await;
        let answer = world.password_grant("photo.read profile").await;
        assert_eq!(
            answer.json["serial"], "0 photo.read profile",
            "{}",
            answer.text
        );
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &answer.refresh_token()),
            ("scope", "profile"),
        ];
        let renewed = world.token("photo-desktop", &form).await;
        assert_eq!(renewed.json["serial"], "1 profile", "{}", renewed.text);
        let checked = world.check_token(&renewed.access_token()).await;
        assert_eq!(checked.json["serial"], "1 profile", "{}", checked.text);
        let by_code = world.exchange(&world.code().await).await;
        assert!(
            by_code.text_of("serial").starts_with("2 "),
            "{}",
            by_code.text
        );
    }
}
