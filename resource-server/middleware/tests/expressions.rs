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
use symbolon_resource_server::{Dialect, Require, ResourceServer};

/// The answer to a call with this token under this rule, at a server that lets everybody as far as the rule.
async fn answer(rule: &str, token: Option<&str>) -> String {
    let protection = ResourceServer::new(Arc::new(KnownTokens))
        .allow_anonymous(true)
        .dialect(Dialect::Spring);
    let page = web::resource("/")
        .wrap(Require::expression(rule).unwrap())
        .get(async || "served");
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
