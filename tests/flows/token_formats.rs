//! Every format and algorithm, in both dialects, checked in every way.

use e2e::{World, WorldBuilder, on_every_store};

use crate::assert_photos_of;

/// Two clients, one for each dialect, so that one world shows both.
fn both_dialects(world: WorldBuilder) -> WorldBuilder {
    world
        .client("photo-desktop", "dialect = \"spring\"")
        .client("photo-backup", "dialect = \"standard\"")
}

/// Tokens of both dialects open the photos until they expire; a forged one never does.
async fn assert_opens_the_photos(world: &World) {
    let own = [("grant_type", "client_credentials")];
    let spring = world.password_grant("photo.read").await.access_token();
    let standard = world.token("photo-backup", &own).await.access_token();
    world.clock.advance_secs(43_199);
    assert_photos_of("xiaoming", &world.call("/photos", &spring).await);
    assert_eq!(
        world
            .call("/photos", &standard)
            .await
            .json
            .as_array()
            .unwrap()
            .len(),
        6
    );
    world
        .call("/me", &spring)
        .await
        .assert_error(403, "insufficient_scope");
    let forged = forged(&spring);
    world
        .call("/photos", &forged)
        .await
        .assert_error(401, "invalid_token");
    world.clock.advance_secs(1);
    for expired in [spring, standard] {
        world
            .call("/photos", &expired)
            .await
            .assert_error(401, "invalid_token");
    }
}

/// The same token with one character of its check or signature changed, not the last one, of which
/// some bits do not count.
fn forged(token: &str) -> String {
    let at = token.len() - 10;
    let other = if token.as_bytes()[at] == b'A' {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

on_every_store! {
    async fn opaque_by_check_token(world; both_dialects) {
        assert_opens_the_photos(&world).await;
    }

    async fn opaque_by_introspection(
        world, "RESOURCE_SERVER__VERIFIER__METHOD" = "introspection"; both_dialects
    ) {
        assert_opens_the_photos(&world).await;
    }
}

/// One test for each row: a name, the algorithm, the way of checking.
macro_rules! signed {
    ($($name:ident: $algorithm:literal, $method:literal;)+) => {
        on_every_store! {$(
            async fn $name(
                world,
                "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
                "AUTH_SERVER__KEYS__ALGORITHM" = $algorithm,
                "RESOURCE_SERVER__VERIFIER__METHOD" = $method,
                "RESOURCE_SERVER__VERIFIER__ALGORITHMS" = $algorithm;
                both_dialects
            ) {
                assert_opens_the_photos(&world).await;
            }
        )+}
    };
}

signed! {
    es256_by_check_token: "ES256", "check_token";
    es256_by_introspection: "ES256", "introspection";
    es256_by_token_key: "ES256", "token_key";
    es256_by_jwks: "ES256", "jwks";
    rs256_by_check_token: "RS256", "check_token";
    rs256_by_introspection: "RS256", "introspection";
    rs256_by_token_key: "RS256", "token_key";
    rs256_by_jwks: "RS256", "jwks";
    eddsa_by_check_token: "EdDSA", "check_token";
    eddsa_by_introspection: "EdDSA", "introspection";
    eddsa_by_token_key: "EdDSA", "token_key";
    eddsa_by_jwks: "EdDSA", "jwks";
    rs512_by_token_key: "RS512", "token_key";
    rs512_by_jwks: "RS512", "jwks";
    hs256_by_token_key: "HS256", "token_key";
    hs384_by_token_key: "HS384", "token_key";
    hs512_by_token_key: "HS512", "token_key";
}

on_every_store! {
    /// HS256 without the secret at the resource server: it asks.
    async fn hs256_by_check_token(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ALGORITHM" = "HS256";
        both_dialects
    ) {
        assert_opens_the_photos(&world).await;
    }

    /// RFC 8725 §3.1: a resource server takes only the algorithms that it was told.
    async fn an_algorithm_that_was_not_agreed_on_is_refused(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ALGORITHM" = "RS256",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks",
        "RESOURCE_SERVER__VERIFIER__ALGORITHMS" = "ES256,EdDSA"
    ) {
        let token = world.password_grant("photo.read").await.access_token();
        world.call("/photos", &token).await.assert_error(401, "invalid_token");
    }

    /// RFC 9068 §4: a resource server may insist on issuer and type; Spring's tokens have neither.
    async fn a_resource_server_may_insist_on_the_standard(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__ISSUER" = "https://auth.example",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks",
        "RESOURCE_SERVER__VERIFIER__ISSUER" = "https://auth.example",
        "RESOURCE_SERVER__VERIFIER__ONLY_STANDARD_TYPE" = "true";
        both_dialects
    ) {
        let spring = world.password_grant("photo.read").await.access_token();
        world.call("/photos", &spring).await.assert_error(401, "invalid_token");
        let own = [("grant_type", "client_credentials")];
        let standard = world.token("photo-backup", &own).await.access_token();
        assert_eq!(world.call("/photos", &standard).await.status, 200);
    }

    /// An opaque token says nothing to a resource server that only reads JWTs.
    async fn an_opaque_token_cannot_be_checked_locally(
        world, "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks"
    ) {
        let token = world.password_grant("photo.read").await.access_token();
        world.call("/photos", &token).await.assert_error(401, "invalid_token");
    }
}
