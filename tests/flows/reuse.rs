//! Asking twice may return the token that is there.

use e2e::{World, WorldBuilder, on_every_store};

fn reusing(world: WorldBuilder) -> WorldBuilder {
    world
        .client("photo-desktop", "reuse_access_tokens = true")
        .client("photo-backup", "reuse_access_tokens = true")
}

async fn own_token(world: &World) -> e2e::Answer {
    world
        .token("photo-backup", &[("grant_type", "client_credentials")])
        .await
}

on_every_store! {
    /// Same client, owner and scope: the same tokens, with the life that is left.
    async fn asking_twice_returns_the_same_tokens(world; reusing) {
        let first = world.password_grant("photo.read profile").await;
        world.clock.advance_secs(100);
        let second = world.password_grant("profile photo.read").await;
        assert_eq!(second.access_token(), first.access_token());
        assert_eq!(second.refresh_token(), first.refresh_token());
        assert_eq!(second.json["expires_in"], 43_100);
        let itself = own_token(&world).await;
        assert_eq!(own_token(&world).await.access_token(), itself.access_token());
        assert_ne!(itself.access_token(), first.access_token());
    }

    /// Another scope or another owner has another token.
    async fn another_scope_or_owner_has_another_token(world; reusing) {
        let first = world.password_grant("photo.read").await.access_token();
        assert_ne!(world.password_grant("profile").await.access_token(), first);
        let form = [
            ("grant_type", "password"),
            ("username", "lihua"),
            ("password", "photos4me"),
            ("scope", "photo.read"),
        ];
        let other = world.token("photo-desktop", &form).await.access_token();
        assert_ne!(other, first);
        assert_eq!(world.check_token(&other).await.json["user_name"], "lihua");
    }

    /// An expired token is issued anew.
    async fn an_expired_token_is_issued_anew(world; reusing) {
        let first = own_token(&world).await.access_token();
        world.clock.advance_secs(43_200);
        let second = own_token(&world).await;
        assert_ne!(second.access_token(), first);
        assert_eq!(second.json["expires_in"], 43_200);
        assert_eq!(world.call("/photos", &second.access_token()).await.status, 200);
        assert_eq!(own_token(&world).await.access_token(), second.access_token());
    }

    /// RFC 7009: a token that was given back is not given out again.
    async fn a_revoked_token_is_not_returned(world; reusing) {
        let first = own_token(&world).await.access_token();
        world.post_as("photo-backup", "/oauth/revoke", &[("token", first.as_str())]).await;
        let second = own_token(&world).await.access_token();
        assert_ne!(second, first);
        assert_eq!(world.call("/photos", &second).await.status, 200);
    }

    /// Reuse off, which is the default: every request has its own token.
    async fn without_the_habit_every_request_has_its_own_token(world) {
        let first = own_token(&world).await.access_token();
        assert_ne!(own_token(&world).await.access_token(), first);
        assert_eq!(world.call("/photos", &first).await.status, 200);
    }
}
