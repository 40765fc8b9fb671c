//! Access rules as they stand in the configuration of a Spring server, at a resource.
#![cfg(feature = "access-expressions")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::Arc;

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, web};
use support::{KnownTokens, wire};
use symbolon_resource_server::access_expression::{
    has_any_scope, has_role, has_scope, has_scope_matching, is_client, is_oauth, is_user,
};
use symbolon_resource_server::{
    AccessExpression, Authentication, Dialect, Require, ResourceServer,
};

/// The answer to a call with this token under this rule, at a server that lets everybody as far as the rule.
async fn answer(rule: &str, token: Option<&str>) -> String {
    answer_under(Require::expression(rule).unwrap(), token).await
}

async fn answer_under(rule: Require, token: Option<&str>) -> String {
    let protection = ResourceServer::new(Arc::new(KnownTokens))
        .allow_anonymous(true)
        .dialect(Dialect::Spring);
    let page = web::resource("/").wrap(rule).get(async || "served");
    let service = init_service(App::new().wrap(protection).service(page)).await;
    let request = TestRequest::get().uri("/");
    let request = match token {
        Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
        None => request,
    };
    wire(call_service(&service, request.to_request()).await.into()).await
}

#[actix_web::test]
async fn who_satisfies_the_rule_is_served() {
    for (rule, token) in [
        ("permitAll()", None),
        ("isAnonymous() or #oauth2.hasScope('x')", None),
        (
            "#oauth2.hasScope('photo.read') and #oauth2.isUser()",
            Some("xiaoming~photo.read~photo-space"),
        ),
        (
            "#oauth2.hasScopeMatching('photo\\..*')",
            Some("xiaoming~photo.read~photo-space"),
        ),
    ] {
        assert!(answer(rule, token).await.ends_with("served"), "{rule}");
    }
}

#[actix_web::test]
async fn who_does_not_is_refused_as_by_spring() {
    let token = Some("xiaoming~photo.read~photo-space");
    let refused = answer("#oauth2.hasAnyScope('trust', 'write')", token).await;
    let challenge = "www-authenticate: Bearer error=\"insufficient_scope\", \
                     error_description=\"Insufficient scope for this resource\", scope=\"trust write\"\n";
    assert!(
        refused.starts_with("403\n") && refused.contains(challenge),
        "{refused}"
    );
    let refused = answer("hasRole('NOBODY')", token).await;
    assert!(refused.contains("\"error\":\"access_denied\""), "{refused}");
    let refused = answer("isAuthenticated()", None).await;
    assert!(refused.starts_with("401\n"), "{refused}");
    let refused = answer("denyAll", token).await;
    assert!(refused.starts_with("403\n"), "{refused}");
}

/// Spring §9.4: the whole answer, with all scopes that were asked for in vain, in the order of the rule.
#[actix_web::test]
async fn the_scopes_of_all_failed_checks_are_named_in_their_order() {
    let token = Some("xiaoming~photo.read~photo-space");
    let in_words = "#oauth2.hasScope('trust') or #oauth2.hasScopeMatching('w.*') and denyAll \
                    or #oauth2.hasAnyScope('trust', 'a')";
    let in_rust = has_scope("trust")
        .or(has_scope_matching("w.*").unwrap().and(has_role("X")))
        .or(has_any_scope(["trust", "a"]));
    let expected = "403\n\
        www-authenticate: Bearer error=\"insufficient_scope\", error_description=\"Insufficient scope for this resource\", scope=\"trust w.* a\"\n\
        cache-control: no-store\npragma: no-cache\ncontent-type: application/json;charset=UTF-8\n\
        {\"error\":\"insufficient_scope\",\"error_description\":\"Insufficient scope for this resource\",\"scope\":\"trust w.* a\"}";
    assert_eq!(answer(in_words, token).await, expected);
    assert_eq!(
        answer_under(Require::access(in_rust), token).await,
        expected
    );
}

#[actix_web::test]
async fn a_rule_in_rust_is_the_same_as_in_words() {
    let owners = Some("xiaoming~photo.read~photo-space");
    let clients = Some("-~photo.read~photo-space");
    for (rule, of_owner, of_client, of_nobody) in [
        (is_user(), "200", "403", "401"),
        (is_client(), "403", "200", "401"),
        (is_oauth(), "200", "200", "401"),
        (!is_oauth(), "403", "403", "200"),
        (has_role("USER").and(is_user()), "200", "403", "401"),
    ] {
        let words = rule.to_string();
        for (token, status) in [(owners, of_owner), (clients, of_client), (None, of_nobody)] {
            let in_rust = answer_under(Require::access(rule.clone()), token).await;
            assert!(in_rust.starts_with(status), "{words}: {in_rust}");
            assert_eq!(answer(&words, token).await, in_rust, "{words}");
        }
    }
}

#[actix_web::test]
async fn a_handler_may_ask_by_a_rule_too() {
    let rule = AccessExpression::parse("#oauth2.hasScope('photo.write')").unwrap();
    let handler = move |caller: Authentication| {
        let allowed = caller.require_access(&rule).map(|()| "served");
        async move { allowed }
    };
    let protection = ResourceServer::new(Arc::new(KnownTokens)).dialect(Dialect::Spring);
    let app = App::new()
        .wrap(protection)
        .route("/", web::get().to(handler));
    let service = init_service(app).await;
    for (scope, status) in [("photo.write", 200), ("photo.read", 403)] {
        let token = format!("Bearer xiaoming~{scope}~photo-space");
        let request = TestRequest::get().insert_header(("authorization", token));
        let answer = call_service(&service, request.to_request()).await;
        assert_eq!(answer.status(), status, "{scope}");
    }
}
