//! What a client's settings make of its refresh tokens.

use e2e::on_every_store;

use crate::{assert_described, assert_photos_of};

const FIVE_YEARS_SECS: u64 = 5 * 365 * 86_400;

on_every_store! {
    /// The Spring habit keeps the same refresh token; the old access token is dead all the same.
    async fn a_client_that_does_not_rotate_keeps_its_refresh_token(
        world;
        |world| world.client("print-photo", "rotate_refresh_tokens = false")
    ) {
        let first = world.exchange(&world.code().await).await;
        let mut last = first.access_token();
        for _ in 0..3 {
            world.clock.advance_secs(60);
            let next = world.refresh(&first.refresh_token()).await;
            assert_eq!(next.refresh_token(), first.refresh_token());
            assert_ne!(next.access_token(), last);
            world.call("/photos", &last).await.assert_error(401, "invalid_token");
            last = next.access_token();
            assert_photos_of("xiaoming", &world.call("/photos", &last).await);
        }
    }

    /// RFC 6749 §6 without rotation: a narrowed refresh leaves the refresh token its scope.
    async fn a_refresh_token_that_stays_keeps_its_scope(
        world;
        |world| world.client("print-photo", "rotate_refresh_tokens = false")
    ) {
        let first = world.exchange(&world.code().await).await.refresh_token();
        let form = [("grant_type", "refresh_token"), ("refresh_token", first.as_str()), ("scope", "profile")];
        assert_eq!(world.token("print-photo", &form).await.text_of("scope"), "profile");
        assert_eq!(world.refresh(&first).await.text_of("scope"), "photo.read profile");
    }

    /// Life 0 means that it does not expire; nor does what replaces it.
    async fn a_refresh_token_of_life_zero_does_not_expire(
        world;
        |world| world.client("print-photo", "refresh_token_ttl_secs = 0")
    ) {
        let mut answer = world.exchange(&world.code().await).await;
        for _ in 0..2 {
            world.clock.advance_secs(FIVE_YEARS_SECS);
            answer = world.refresh(&answer.refresh_token()).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
        }
    }

    /// A refresh token of life 0 that stays, after years.
    async fn a_refresh_token_of_life_zero_that_stays_does_not_expire(
        world, "AUTH_SERVER__TOKENS__REFRESH_TOKEN_TTL_SECS" = "0";
        |world| world.client("print-photo", "rotate_refresh_tokens = false")
    ) {
        let first = world.exchange(&world.code().await).await.refresh_token();
        world.clock.advance_secs(FIVE_YEARS_SECS);
        let answer = world.refresh(&first).await;
        assert_eq!(answer.refresh_token(), first);
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
    }

    /// 30 days unless somebody says otherwise; then it is refused.
    async fn an_expired_refresh_token_is_refused(world) {
        let first = world.exchange(&world.code().await).await;
        let other = world.exchange(&world.code().await).await;
        world.clock.advance_secs(30 * 86_400 - 1);
        assert_eq!(world.refresh(&other.refresh_token()).await.status, 200);
        world.clock.advance_secs(1);
        let answer = world.refresh(&first.refresh_token()).await;
        assert_described(&answer, 400, "invalid_grant", "Invalid refresh token");
    }

    /// The life of a refresh token is the client's own.
    async fn a_client_has_its_own_life_of_refresh_tokens(
        world;
        |world| world.client("print-photo", "refresh_token_ttl_secs = 100")
    ) {
        let own = world.exchange(&world.code().await).await.refresh_token();
        let desktop = world.password_grant("photo.read").await.refresh_token();
        world.clock.advance_secs(100);
        world.refresh(&own).await.assert_error(400, "invalid_grant");
        let form = [("grant_type", "refresh_token"), ("refresh_token", desktop.as_str())];
        assert_eq!(world.token("photo-desktop", &form).await.status, 200);
    }

    /// The grace window is a setting; without one the first repeat revokes.
    async fn without_a_grace_window_the_first_repeat_revokes(
        world, "AUTH_SERVER__TOKENS__REFRESH_GRACE_SECS" = "0"
    ) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        world.clock.advance_secs(1);
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
        world.check_token(&second.access_token()).await.assert_error(400, "invalid_token");
    }

    /// Each new refresh token lives as long as the first did: a grant in use does not end.
    async fn a_grant_that_is_used_does_not_expire(world) {
        let mut answer = world.exchange(&world.code().await).await;
        for _ in 0..3 {
            world.clock.advance_secs(20 * 86_400);
            answer = world.refresh(&answer.refresh_token()).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }
}
