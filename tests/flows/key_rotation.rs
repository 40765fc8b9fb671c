//! Keys are replaced while tokens are in use.

use e2e::{World, on_every_store};

use crate::assert_photos_of;

async fn jwt(world: &World) -> String {
    world.password_grant("photo.read").await.access_token()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// The names of the published keys.
async fn published(world: &World) -> Vec<String> {
    let set = world.get("/oauth/jwks").await.json;
    let keys = set["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

on_every_store! {
    /// A new key is published a minute before it signs.
    async fn a_new_key_is_published_before_it_signs(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let old = kid(&jwt(&world).await);
        let new = world.rotate_keys().await;
        assert_eq!(published(&world).await, [new.clone(), old.clone()]);
        world.clock.advance_secs(59);
        assert_eq!(kid(&jwt(&world).await), old);
        world.clock.advance_secs(1);
        assert_eq!(kid(&jwt(&world).await), new);
    }

    /// Tokens of the old key are good until they expire; a resource server follows without a restart.
    async fn a_rotation_under_way_disturbs_nobody(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks"
    ) {
        let old = jwt(&world).await;
        assert_photos_of("xiaoming", &world.call("/photos", &old).await);
        world.rotate_keys().await;
        world.clock.advance_secs(61);
        let new = jwt(&world).await;
        assert_ne!(kid(&old), kid(&new));
        for token in [&new, &old] {
            assert_photos_of("xiaoming", &world.call("/photos", token).await);
            assert_eq!(world.check_token(token).await.status, 200);
        }
        world.clock.advance_secs(43_200 - 61);
        world.call("/photos", &old).await.assert_error(401, "invalid_token");
        assert_photos_of("xiaoming", &world.call("/photos", &new).await);
    }

    /// A resource server that knows the one key of `/oauth/token_key` follows, too.
    async fn a_resource_server_with_the_token_key_follows(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "token_key"
    ) {
        assert_photos_of("xiaoming", &world.call("/photos", &jwt(&world).await).await);
        world.rotate_keys().await;
        world.clock.advance_secs(61);
        assert_photos_of("xiaoming", &world.call("/photos", &jwt(&world).await).await);
    }

    /// A key is withdrawn when the last token that it signed has expired.
    async fn a_key_that_nothing_needs_is_withdrawn(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let old = kid(&jwt(&world).await);
        let new = world.rotate_keys().await;
        world.clock.advance_secs(60 + 43_200);
        world.reload_keys().await;
        assert!(published(&world).await.contains(&old));
        world.clock.advance_secs(1);
        world.reload_keys().await;
        assert_eq!(published(&world).await, [new]);
    }

    /// Keys are replaced by schedule where one is set.
    async fn a_key_is_replaced_by_schedule(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__KEYS__ROTATE_EVERY_SECS" = "86400"
    ) {
        let old = kid(&jwt(&world).await);
        world.clock.advance_secs(86_400);
        world.reload_keys().await;
        assert_eq!(published(&world).await.len(), 2);
        assert_eq!(kid(&jwt(&world).await), old);
        world.clock.advance_secs(60);
        assert_ne!(kid(&jwt(&world).await), old);
    }

    /// `/oauth/token_key` tells the key that signs now.
    async fn the_token_key_is_the_one_that_signs(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let before = world.get("/oauth/token_key").await.text_of("value");
        world.rotate_keys().await;
        world.clock.advance_secs(59);
        assert_eq!(world.get("/oauth/token_key").await.text_of("value"), before);
        world.clock.advance_secs(1);
        assert_ne!(world.get("/oauth/token_key").await.text_of("value"), before);
    }

    /// Handles do not depend on the keys that sign.
    async fn opaque_tokens_outlive_a_rotation(world) {
        let answer = world.exchange(&world.code().await).await;
        world.rotate_keys().await;
        world.clock.advance_secs(61);
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
        assert_eq!(world.refresh(&answer.refresh_token()).await.status, 200);
    }
}
