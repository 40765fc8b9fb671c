//! Access tokens that are JWTs, claim by claim.

use e2e::{World, on_every_store};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Header, Validation};
use serde_json::{Value, json};
use symbolon::clock::Clock as _;

/// Header and claims, once the server's published key has verified the signature.
pub(crate) async fn verified(world: &World, token: &str) -> (Header, Value) {
    let keys: JwkSet = serde_json::from_value(world.get("/oauth/jwks").await.json).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = keys.find(header.kid.as_ref().unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key).unwrap();
    let decoded = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap();
    (header, decoded.claims)
}

async fn own_token(world: &World) -> e2e::Answer {
    world
        .token("photo-backup", &[("grant_type", "client_credentials")])
        .await
}

on_every_store! {
    /// Spring §6.3: these claims and no others; `jti` is in the token answer, too (§6.3).
    async fn claims_of_the_spring_dialect(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let answer = world.password_grant("profile photo.read").await;
        let (header, claims) = verified(&world, &answer.access_token()).await;
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        let expected = json!({
            "aud": ["photo-space"],
            "user_name": "xiaoming",
            "scope": ["photo.read", "profile"],
            "exp": world.clock.now().as_secs() + 43_200,
            "authorities": ["ROLE_USER"],
            "jti": answer.text_of("jti"),
            "client_id": "photo-desktop",
        });
        assert_eq!(claims, expected);
        assert_eq!(answer.text_of("token_type"), "bearer");
        assert_eq!(world.check_token(&answer.access_token()).await.text_of("jti"), answer.text_of("jti"));
    }

    /// Spring §6.3: a client's own token names no owner; the authorities are the client's.
    async fn claims_of_the_spring_dialect_for_a_client(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let answer = own_token(&world).await;
        let (_, claims) = verified(&world, &answer.access_token()).await;
        let expected = json!({
            "aud": ["photo-space"],
            "scope": ["photo.read"],
            "exp": world.clock.now().as_secs() + 43_200,
            "authorities": ["ROLE_BACKUP"],
            "jti": answer.text_of("jti"),
            "client_id": "photo-backup",
        });
        assert_eq!(claims, expected);
    }

    /// RFC 9068 §2.2: the claims of the standard dialect; nothing is added to the token answer.
    async fn claims_of_the_standard_dialect(
        world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt", "AUTH_SERVER__TOKENS__DIALECT" = "standard"
    ) {
        let answer = world.password_grant("profile photo.read").await;
        let (header, claims) = verified(&world, &answer.access_token()).await;
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let now = world.clock.now().as_secs();
        let expected = json!({
            "iss": world.auth,
            "sub": "xiaoming",
            "aud": ["photo-space"],
            "client_id": "photo-desktop",
            "scope": "photo.read profile",
            "authorities": ["ROLE_USER"],
            "iat": now,
            "exp": now + 43_200,
            "jti": claims["jti"].as_str().unwrap(),
        });
        assert_eq!(claims, expected);
        assert_eq!(answer.text_of("token_type"), "Bearer");
        assert!(answer.json["jti"].is_null());
        let (_, claims) = verified(&world, &own_token(&world).await.access_token()).await;
        assert_eq!(claims["sub"], "photo-backup");
    }

    /// Format and dialect are the client's own where it has them.
    async fn a_client_has_its_own_format_and_dialect(
        world; |world| world.client("photo-backup", "token_format = \"jwt\"\ndialect = \"standard\"")
    ) {
        let jwt = own_token(&world).await.access_token();
        assert_eq!(verified(&world, &jwt).await.0.typ.as_deref(), Some("at+jwt"));
        let opaque = world.password_grant("photo.read").await;
        assert_eq!(opaque.access_token().len(), 64);
        assert!(opaque.json["jti"].is_null());
        for token in [jwt, opaque.access_token()] {
            assert_eq!(world.call("/photos", &token).await.status, 200);
        }
    }

    /// Spring §6.3: the implicit grant's fragment carries `jti` as well. Refresh tokens stay opaque.
    async fn a_jwt_comes_with_its_id_in_the_fragment(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let redirect_uri = format!("{}/spa", world.client);
        let parameters = [
            ("response_type", "token"),
            ("client_id", "photo-spa"),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "photo.read"),
        ];
        let landing = world.browser().journey(&parameters, &["photo.read"]).await;
        let (_, claims) = verified(&world, &landing.parameter("access_token").unwrap()).await;
        assert_eq!(claims["jti"].as_str(), landing.parameter("jti").as_deref());
        assert!(!world.password_grant("photo.read").await.refresh_token().contains('.'));
    }

    /// RFC 7519 §7.2: a JWT with another signature, another payload or none is garbage to the server.
    async fn a_changed_jwt_is_garbage(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let token = world.password_grant("photo.read").await.access_token();
        let other = own_token(&world).await.access_token();
        let parts: Vec<&str> = token.split('.').collect();
        let others: Vec<&str> = other.split('.').collect();
        let changed = [
            format!("{}.{}.{}", parts[0], others[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            // {"alg":"none"}
            format!("eyJhbGciOiJub25lIn0.{}.", parts[1]),
        ];
        for token in changed {
            world.check_token(&token).await.assert_error(400, "invalid_token");
            world.call("/photos", &token).await.assert_error(401, "invalid_token");
        }
    }

    /// Spring §7.1: of a JWT whose time has passed the text says so.
    async fn an_expired_jwt_is_called_expired(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let token = world.password_grant("photo.read").await.access_token();
        world.clock.advance_secs(43_200);
        let answer = world.check_token(&token).await;
        crate::assert_described(&answer, 400, "invalid_token", "Token has expired");
    }
}
