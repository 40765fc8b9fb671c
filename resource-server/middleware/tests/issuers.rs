//! JWTs in the shapes of other issuers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use serde_json::{Value, json};
use support::world::{PINNED, World, set, transport, verify, with};
use support::{START, SigningKey, as_clock, claims, clock, encode};
use symbolon_resource_server::verifier::{
    ClaimNames, InvalidToken, JwtVerifier, KeySource, VerificationAlgorithm, VerificationError,
};
use symbolon_resource_server::{Authentication, ClientId};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn read(claims: &Value) -> Result<Authentication, VerificationError> {
    let key = SigningKey::eddsa();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    verify(&world.jwks(), &key.jwt(&json!({"kid": "k1"}), claims)).await
}

#[actix_web::test]
async fn one_text_is_one_audience() {
    let caller = read(&with("aud", json!("a,photo-space"))).await.unwrap();
    assert_eq!(caller.audience, ["a,photo-space"]);
    let caller = read(&with("aud", json!("photo-space"))).await.unwrap();
    assert_eq!(caller.audience, ["photo-space"]);
}

#[actix_web::test]
async fn a_scope_of_a_jwt_is_split_at_the_space_only() {
    let caller = read(&with("scope", json!("x+profile a,b"))).await.unwrap();
    for name in ["x", "profile", "a", "b"] {
        assert!(caller.require_scope(name).is_err(), "{name}");
    }
    let caller = read(&with("authorities", json!("ROLE_A,ROLE_ADMIN")))
        .await
        .unwrap();
    assert!(caller.require_authority("ROLE_ADMIN").is_err());
}

#[actix_web::test]
async fn a_moment_may_be_written_in_every_form_of_json() {
    for exp in ["1800003600.5", "1.9e9", "\"1800003600\""] {
        let claims = format!("{{\"exp\": {exp}, \"nbf\": 1.7e9, \"client_id\": \"c\"}}");
        let key = SigningKey::eddsa();
        let world = World::publishing(set(&[(&key, "k1")])).await;
        let token = key.jwt(
            &json!({"kid": "k1"}),
            &serde_json::from_str(&claims).unwrap(),
        );
        assert!(verify(&world.jwks(), &token).await.is_ok(), "{exp}");
    }
}

#[actix_web::test]
async fn a_claim_that_is_optional_may_be_null_or_odd() {
    for name in [
        "client_id",
        "scope",
        "authorities",
        "jti",
        "iss",
        "nbf",
        "aud",
        "ati",
        "user_name",
    ] {
        assert!(read(&with(name, Value::Null)).await.is_ok(), "{name}");
    }
    for name in [
        "client_id",
        "scope",
        "authorities",
        "jti",
        "iss",
        "iat",
        "tenant",
    ] {
        assert!(
            read(&with(name, json!({"odd": [1]}))).await.is_ok(),
            "{name}"
        );
    }
}

#[actix_web::test]
async fn a_claim_that_limits_is_named_when_it_cannot_be_read() {
    for (name, value) in [
        ("aud", json!({"a": 1})),
        ("aud", json!([null])),
        ("exp", json!("soon")),
        ("exp", json!(-5)),
        ("nbf", json!([])),
        ("user_name", json!({})),
        ("sub", json!(true)),
    ] {
        let mut claims = with(name, value);
        if name == "sub" {
            claims["user_name"] = Value::Null;
        }
        let error = read(&claims).await.unwrap_err();
        let expected = format!("the token's claim `{name}` cannot be read");
        assert_eq!(error.to_string(), expected);
    }
}

#[actix_web::test]
async fn jwts_in_the_shape_of_other_issuers_are_understood() {
    let exp = START + 60;
    for (claims, client_id, scopes) in [
        (
            json!({"exp": exp, "sub": "7f", "azp": "web", "scope": "openid email"}),
            Some("web"),
            "email",
        ),
        (
            json!({"exp": exp, "sub": "7f", "cid": "web", "scp": ["email"]}),
            Some("web"),
            "email",
        ),
        (
            json!({"exp": exp, "sub": "7f", "appid": "web", "scp": "User.Read"}),
            Some("web"),
            "User.Read",
        ),
        (json!({"exp": exp, "sub": "7f"}), None, ""),
        (
            json!({"exp": exp, "sub": 7, "client_id": "web"}),
            Some("web"),
            "",
        ),
    ] {
        let caller = read(&claims).await.unwrap();
        let known = caller.client_id.as_ref().map(ClientId::as_str);
        assert_eq!(known, client_id, "{claims}");
        assert!(caller.owner.is_some(), "{claims}");
        let scopes = Some(scopes).filter(|scopes| !scopes.is_empty());
        assert_eq!(caller.require_all_scopes(scopes), Ok(()), "{claims}");
    }
}

#[actix_web::test]
async fn the_names_of_claims_are_settings_and_all_claims_can_be_reached() {
    let key = SigningKey::eddsa();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let names = ClaimNames {
        owner: vec!["preferred_username".to_owned()],
        authorities: vec!["groups".to_owned()],
        ..ClaimNames::default()
    };
    let claims = json!({"exp": START + 60, "preferred_username": "lihua", "groups": ["staff"],
        "realm_access": {"roles": ["editor"]}});
    let token = key.jwt(&json!({"kid": "k1"}), &claims);
    let caller = verify(&world.jwks().claim_names(names), &token)
        .await
        .unwrap();
    assert_eq!(caller.require_owner(), Ok("lihua"));
    assert_eq!(caller.require_authority("staff"), Ok(()));
    assert_eq!(caller.claims["realm_access"]["roles"][0], "editor");
}

#[actix_web::test]
async fn every_algorithm_counts_where_it_is_pinned_and_nowhere_else() {
    let keys = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map(SigningKey::rsa);
    for key in keys.into_iter().chain([
        SigningKey::es256(),
        SigningKey::es384(),
        SigningKey::eddsa(),
    ]) {
        let own = VerificationAlgorithm::named(key.alg()).unwrap();
        let others = VerificationAlgorithm::ASYMMETRIC
            .into_iter()
            .filter(|other| *other != own);
        let world = World::publishing(set(&[(&key, "k1")])).await;
        let pinning = |pinned: Vec<VerificationAlgorithm>| {
            let source = KeySource::jwks(transport(), world.url()).unwrap();
            JwtVerifier::new(source, pinned, as_clock(&world.clock))
        };
        let token = key.jwt(&json!({"kid": "k1"}), &claims());
        assert!(verify(&pinning(vec![own]), &token).await.is_ok(), "{own}");
        let outcome = verify(&pinning(others.collect()), &token)
            .await
            .unwrap_err();
        assert_eq!(outcome, InvalidToken::WrongAlgorithm.into(), "{own}");
        let world = World::publishing(key.token_key()).await;
        assert!(
            verify(&world.token_key([own]), &token).await.is_ok(),
            "{own}"
        );
    }
}

#[actix_web::test]
async fn a_key_is_for_the_algorithm_that_it_declares() {
    let key = SigningKey::rsa("PS256");
    let mut keys = set(&[(&key, "k1")]);
    let pinned = VerificationAlgorithm::ASYMMETRIC;
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    for (declared, good) in [
        (json!("PS256"), true),
        (json!("RS256"), false),
        (Value::Null, true),
    ] {
        keys["keys"][0]["alg"] = declared.clone();
        let world = World::publishing(keys.clone()).await;
        let source = KeySource::jwks(transport(), world.url()).unwrap();
        let verifier = JwtVerifier::new(source, pinned, as_clock(&world.clock));
        assert_eq!(verify(&verifier, &token).await.is_ok(), good, "{declared}");
    }
}

#[actix_web::test]
async fn what_decides_nothing_in_a_header_may_be_odd() {
    let key = SigningKey::eddsa();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    for header in [
        json!({"kid": 7.5, "x5t": [], "jku": {}, "cty": 1, "jwk": "own", "x5c": "none"}),
        json!({"kid": null, "typ": null}),
        json!({"alg": "Ed25519", "kid": "k1"}),
    ] {
        let token = key.jwt(&header, &claims());
        assert!(verify(&world.jwks(), &token).await.is_ok(), "{header}");
    }
    for (header, reason) in [
        (
            json!({"kid": "k1", "crit": null}),
            InvalidToken::CriticalExtension,
        ),
        (
            json!({"kid": "k1", "typ": ["JWT"]}),
            InvalidToken::WrongType,
        ),
        (json!({"kid": "k1", "alg": 7.5}), InvalidToken::Unreadable),
    ] {
        let outcome = verify(&world.jwks(), &key.jwt(&header, &claims())).await;
        assert_eq!(outcome.unwrap_err(), reason.into(), "{header}");
    }
    let array = format!("{}.{}.AA", encode(&json!(["alg"])), encode(&claims()));
    let outcome = verify(&world.jwks(), &array).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Unreadable.into());
}

/// Answers for an issuer with this path: the metadata at `document`, and the keys.
async fn issuer(
    path_of_issuer: &str,
    document: &str,
    says: impl Fn(&str) -> Value,
) -> (MockServer, String) {
    let server = MockServer::start().await;
    let issuer = format!("{}{path_of_issuer}", server.uri());
    let metadata = ResponseTemplate::new(200).set_body_json(says(&issuer));
    Mock::given(method("GET"))
        .and(path(document))
        .respond_with(metadata)
        .mount(&server)
        .await;
    (server, issuer)
}

async fn by_issuer(
    path_of_issuer: &str,
    document: &str,
) -> Result<Authentication, VerificationError> {
    let key = SigningKey::es384();
    let says = |issuer: &str| json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")});
    let (server, issuer) = issuer(path_of_issuer, document, says).await;
    let keys = ResponseTemplate::new(200).set_body_json(set(&[(&key, "k1")]));
    Mock::given(path(format!("{path_of_issuer}/keys")))
        .respond_with(keys)
        .mount(&server)
        .await;
    let mut claims = with("iss", json!(issuer));
    claims["exp"] = json!(4_000_000_000_u64);
    verify(
        &JwtVerifier::by_issuer(issuer).unwrap(),
        &key.jwt(&json!({"kid": "k1"}), &claims),
    )
    .await
}

#[actix_web::test]
async fn an_issuer_is_enough_to_find_the_keys() {
    for (path_of_issuer, document) in [
        ("", "/.well-known/oauth-authorization-server"),
        ("", "/.well-known/openid-configuration"),
        (
            "/realms/a",
            "/.well-known/oauth-authorization-server/realms/a",
        ),
        ("/realms/a", "/realms/a/.well-known/openid-configuration"),
    ] {
        let caller = by_issuer(path_of_issuer, document).await;
        assert!(caller.is_ok(), "{path_of_issuer} {document}: {caller:?}");
    }
}

#[actix_web::test]
async fn keys_of_an_issuer_count_for_its_own_tokens_only() {
    let key = SigningKey::eddsa();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let jwks_uri = world.server.uri();
    let document = "/.well-known/oauth-authorization-server";
    let (_server, issuer) = issuer(
        "",
        document,
        |issuer| json!({"issuer": issuer, "jwks_uri": jwks_uri}),
    )
    .await;
    let source = KeySource::issuer(transport(), issuer.clone()).unwrap();
    let verifier = JwtVerifier::new(source, PINNED, as_clock(&world.clock));
    let header = json!({"kid": "k1"});
    let own = key.jwt(&header, &with("iss", json!(issuer)));
    assert!(verify(&verifier, &own).await.is_ok());
    for iss in [json!("https://other.example"), Value::Null, json!({})] {
        let outcome = verify(&verifier, &key.jwt(&header, &with("iss", iss))).await;
        assert_eq!(outcome.unwrap_err(), InvalidToken::WrongIssuer.into());
    }
}

#[actix_web::test]
async fn metadata_that_must_not_be_used_is_an_outage() {
    let document = "/.well-known/oauth-authorization-server";
    let key = SigningKey::eddsa();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    let says: [&dyn Fn(&str) -> Value; 4] = [
        &|issuer| json!({"issuer": format!("{issuer}/"), "jwks_uri": format!("{issuer}/keys")}),
        &|issuer| json!({"issuer": issuer}),
        &|issuer| json!({"issuer": issuer, "jwks_uri": "http://keys.example/"}),
        &|issuer| json!({"issuer": issuer, "jwks_uri": "file:///keys"}),
    ];
    for says in says {
        let (_server, issuer) = issuer("", document, says).await;
        let source = KeySource::issuer(transport(), issuer).unwrap();
        let verifier = JwtVerifier::new(source, PINNED, as_clock(&clock()));
        let outcome = verify(&verifier, &token).await;
        assert!(
            matches!(outcome, Err(VerificationError::Unavailable(_))),
            "{outcome:?}"
        );
    }
}
