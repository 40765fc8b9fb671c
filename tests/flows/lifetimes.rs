//! How long codes and access tokens live, by the clock.

use e2e::on_every_store;

use crate::{assert_described, assert_photos_of};

on_every_store! {
    /// Twelve hours unless somebody says otherwise; then every way of asking says no.
    async fn an_access_token_expires_everywhere_at_once(world) {
        let answer = world.password_grant("photo.read").await;
        assert_eq!(answer.json["expires_in"], 43_200);
        let token = answer.access_token();
        world.clock.advance_secs(43_199);
        assert_photos_of("xiaoming", &world.call("/photos", &token).await);
        world.clock.advance_secs(1);
        world.check_token(&token).await.assert_error(400, "invalid_token");
        let form = [("token", token.as_str())];
        let facts = world.post_as("photo-space", "/oauth/introspect", &form).await;
        assert_eq!(facts.text, r#"{"active":false}"#);
        world.call("/photos", &token).await.assert_error(401, "invalid_token");
    }

    /// The life is the client's own where it has one.
    async fn a_client_has_its_own_life_of_access_tokens(
        world, "AUTH_SERVER__TOKENS__ACCESS_TOKEN_TTL_SECS" = "300";
        |world| world.client("photo-desktop", "access_token_ttl_secs = 60")
    ) {
        let own = world.password_grant("photo.read").await;
        let default = world.token("photo-backup", &[("grant_type", "client_credentials")]).await;
        assert_eq!((&own.json["expires_in"], &default.json["expires_in"]), (&60.into(), &300.into()));
        world.clock.advance_secs(60);
        world.call("/photos", &own.access_token()).await.assert_error(401, "invalid_token");
        assert_eq!(world.call("/photos", &default.access_token()).await.status, 200);
        world.clock.advance_secs(240);
        world.call("/photos", &default.access_token()).await.assert_error(401, "invalid_token");
    }

    /// A code lives for a minute.
    async fn a_code_expires_after_a_minute(world) {
        let (timely, late) = (world.code().await, world.code().await);
        world.clock.advance_secs(59);
        assert_eq!(world.exchange(&timely).await.status, 200);
        world.clock.advance_secs(1);
        let answer = world.exchange(&late).await;
        assert_described(&answer, 400, "invalid_grant", "Invalid authorization code");
    }

    /// The life of a code is a setting.
    async fn the_life_of_a_code_is_a_setting(
        world, "AUTH_SERVER__TOKENS__AUTHORIZATION_CODE_TTL_SECS" = "600"
    ) {
        let (timely, late) = (world.code().await, world.code().await);
        world.clock.advance_secs(599);
        assert_eq!(world.exchange(&timely).await.status, 200);
        world.clock.advance_secs(1);
        world.exchange(&late).await.assert_error(400, "invalid_grant");
    }

    /// RFC 6749 §5.1: a refresh gives an access token of the full life.
    async fn a_refreshed_token_has_the_full_life(world) {
        let first = world.exchange(&world.code().await).await;
        world.clock.advance_secs(43_200);
        let second = world.refresh(&first.refresh_token()).await;
        assert_eq!(second.json["expires_in"], 43_200);
        world.clock.advance_secs(43_199);
        assert_photos_of("xiaoming", &world.call("/photos", &second.access_token()).await);
    }
}
