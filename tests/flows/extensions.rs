//! Owners and a rule about approvals of whoever embeds the authorization server: those of the example `extended`.

use std::sync::Arc;

use e2e::{Answer, Landing, Store, World};
use symbolon::secret::Secret;
use symbolon_auth_server::app::Extensions;

#[path = "../../auth-server/examples/extended/house_rule.rs"]
mod house_rule;
#[path = "../../auth-server/examples/extended/visitors.rs"]
mod visitors;

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
