//! Refreshing (RFC 6749 §6), with rotation.

use e2e::{Answer, World, on_every_store};

use crate::{OTHER_SHOP, assert_described, assert_photos_of};

/// Refreshes as `photo-desktop`, asking for a scope.
async fn refresh_for(world: &World, refresh_token: &str, scope: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("scope", scope),
    ];
    world.token("photo-desktop", &form).await
}

/// Nothing of a grant is good any more.
async fn assert_revoked(world: &World, answer: &Answer) {
    let token = answer.access_token();
    world
        .check_token(&token)
        .await
        .assert_error(400, "invalid_token");
    world
        .call("/photos", &token)
        .await
        .assert_error(401, "invalid_token");
    world
        .refresh(&answer.refresh_token())
        .await
        .assert_error(400, "invalid_grant");
}

on_every_store! {
    /// RFC 9700 §4.14.2: a refresh gives a new pair that opens the photos; the old access token is dead.
    async fn a_refresh_gives_a_new_pair_and_ends_the_old_access_token(world) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        assert_eq!(second.status, 200, "{}", second.text);
        assert_ne!(first.access_token(), second.access_token());
        assert_ne!(first.refresh_token(), second.refresh_token());
        assert_photos_of("xiaoming", &world.call("/photos", &second.access_token()).await);
        world.call("/photos", &first.access_token()).await.assert_error(401, "invalid_token");
        world.check_token(&first.access_token()).await.assert_error(400, "invalid_token");
    }

    /// Whoever lost the answer and asks again within the grace window gets the same pair, not a
    /// second one.
    async fn a_repeat_within_the_grace_window_gets_the_same_pair(world) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        world.clock.advance_secs(10);
        let again = world.refresh(&first.refresh_token()).await;
        assert_eq!(again.access_token(), second.access_token());
        assert_eq!(again.refresh_token(), second.refresh_token());
        assert_photos_of("xiaoming", &world.call("/photos", &again.access_token()).await);
    }

    /// RFC 9700 §4.14.2: after the window a used refresh token tells of a thief, and the grant ends.
    async fn a_repeat_after_the_grace_window_revokes_the_whole_grant(world) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        world.clock.advance_secs(11);
        let answer = world.refresh(&first.refresh_token()).await;
        assert_described(&answer, 400, "invalid_grant", "Invalid refresh token");
        assert_revoked(&world, &second).await;
    }

    /// RFC 9700 §4.14.2: a successor that was used ends the window.
    async fn a_repeat_after_the_successor_was_used_revokes_the_whole_grant(world) {
        let first = world.exchange(&world.code().await).await;
        let second = world.refresh(&first.refresh_token()).await;
        let third = world.refresh(&second.refresh_token()).await;
        assert_eq!(third.status, 200, "{}", third.text);
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
        assert_revoked(&world, &third).await;
    }

    /// RFC 9700 §4.14.2: one grant's reuse does not touch the other grants of client and owner.
    async fn reuse_leaves_other_grants_alone(world) {
        let first = world.exchange(&world.code().await).await;
        let other = world.exchange(&world.code().await).await;
        world.refresh(&first.refresh_token()).await;
        world.clock.advance_secs(11);
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
        assert_photos_of("xiaoming", &world.call("/photos", &other.access_token()).await);
        assert_eq!(world.refresh(&other.refresh_token()).await.status, 200);
    }

    /// RFC 6749 §6: only the access token is narrowed; the next refresh may have it all again.
    async fn a_narrowed_refresh_keeps_the_scope_of_the_refresh_token(world) {
        let first = world.password_grant("photo.read profile").await;
        let narrow = refresh_for(&world, &first.refresh_token(), "photo.read").await;
        assert_eq!(narrow.text_of("scope"), "photo.read");
        world.call("/me", &narrow.access_token()).await.assert_error(403, "insufficient_scope");
        assert_photos_of("xiaoming", &world.call("/photos", &narrow.access_token()).await);
        let full = refresh_for(&world, &narrow.refresh_token(), "profile photo.read").await;
        assert_eq!(full.text_of("scope"), "photo.read profile");
        assert_eq!(world.call("/me", &full.access_token()).await.status, 200);
    }

    /// The scope is never widened, not even to what the client is registered for. The refresh token
    /// stays good.
    async fn a_refresh_cannot_widen_the_scope(world) {
        let first = world.password_grant("photo.read").await;
        for scope in ["photo.read photo.write", "profile", "unknown"] {
            let answer = refresh_for(&world, &first.refresh_token(), scope).await;
            let text = "Unable to narrow the scope of the client authentication";
            assert_described(&answer, 400, "invalid_scope", text);
            assert_eq!(answer.text_of("scope"), "photo.read");
        }
        assert_eq!(refresh_for(&world, &first.refresh_token(), "photo.read").await.status, 200);
    }

    /// RFC 6749 §6: the refresh token is bound to its client. Another client's try harms nobody.
    async fn another_clients_refresh_is_refused_and_harmless(world; |world| world.with(OTHER_SHOP)) {
        let first = world.exchange(&world.code().await).await;
        let refresh_token = first.refresh_token();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        for client in ["other-shop", "photo-desktop"] {
            let answer = world.token(client, &form).await;
            assert_described(&answer, 400, "invalid_grant", "Wrong client for this refresh token");
        }
        assert_photos_of("xiaoming", &world.call("/photos", &first.access_token()).await);
        assert_eq!(world.refresh(&refresh_token).await.status, 200);
    }

    /// RFC 6749 §1.5: a refresh token goes to the token endpoint only, an access token never there.
    async fn the_two_kinds_of_token_cannot_stand_for_each_other(world) {
        let first = world.exchange(&world.code().await).await;
        world.call("/photos", &first.refresh_token()).await.assert_error(401, "invalid_token");
        world.check_token(&first.refresh_token()).await.assert_error(400, "invalid_token");
        world.refresh(&first.access_token()).await.assert_error(400, "invalid_grant");
    }
}
