//! RFC 7009: `/oauth/revoke`.

use e2e::{Answer, World, on_every_store};

use crate::assert_photos_of;

async fn revoke(world: &World, client: &str, token: &str) -> Answer {
    world
        .post_as(client, "/oauth/revoke", &[("token", token)])
        .await
}

on_every_store! {
    /// RFC 7009 §2.1: a refresh token takes the whole grant with it.
    async fn a_refresh_token_takes_the_whole_grant(world) {
        let answer = world.exchange(&world.code().await).await;
        assert_eq!(revoke(&world, "print-photo", &answer.refresh_token()).await.status, 200);
        world.call("/photos", &answer.access_token()).await.assert_error(401, "invalid_token");
        world.refresh(&answer.refresh_token()).await.assert_error(400, "invalid_grant");
    }

    /// RFC 7009 §2.1: an access token goes alone; the grant can be renewed.
    async fn an_access_token_goes_alone(world) {
        let answer = world.exchange(&world.code().await).await;
        assert_eq!(revoke(&world, "print-photo", &answer.access_token()).await.status, 200);
        world.call("/photos", &answer.access_token()).await.assert_error(401, "invalid_token");
        let next = world.refresh(&answer.refresh_token()).await;
        assert_photos_of("xiaoming", &world.call("/photos", &next.access_token()).await);
    }

    /// RFC 7009 §2.2: what is not good is so already: 200, also the second time.
    async fn an_unknown_token_is_no_error(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        for token in [token.as_str(), token.as_str(), "garbage", "a.b.c"] {
            let answer = revoke(&world, "print-photo", token).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        }
    }

    /// RFC 7009 §2.1: another client's token is refused and stays good.
    async fn another_clients_token_is_refused_and_stays_good(world) {
        let answer = world.exchange(&world.code().await).await;
        for token in [answer.access_token(), answer.refresh_token()] {
            revoke(&world, "photo-desktop", &token).await.assert_error(400, "invalid_grant");
        }
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
        assert_eq!(world.refresh(&answer.refresh_token()).await.status, 200);
    }

    /// RFC 7009 §2.1: a public client gives back its own tokens by its name.
    async fn a_public_client_gives_back_its_token(world) {
        let redirect_uri = format!("{}/spa", world.client);
        let parameters = [
            ("response_type", "token"),
            ("client_id", "photo-spa"),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "photo.read"),
        ];
        let landing = world.browser().journey(&parameters, &["photo.read"]).await;
        let token = landing.parameter("access_token").unwrap();
        let form = [("client_id", "photo-spa"), ("token", token.as_str())];
        assert_eq!(world.post("/oauth/revoke", &form).await.status, 200);
        world.call("/photos", &token).await.assert_error(401, "invalid_token");
    }

    /// RFC 7009 §2.1 and §2.2.1: credentials and a token are required, by POST.
    async fn a_revocation_needs_credentials_a_token_and_post(world) {
        world.post("/oauth/revoke", &[("token", "t")]).await.assert_error(401, "invalid_client");
        let answer = world.post_as("print-photo", "/oauth/revoke", &[]).await;
        answer.assert_error(400, "invalid_request");
        let answer = world.get("/oauth/revoke").await;
        answer.assert_error(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "POST");
    }

    /// A JWT that was given back is dead wherever the server is asked.
    async fn a_jwt_can_be_given_back(world, "AUTH_SERVER__TOKENS__FORMAT" = "jwt") {
        let token = world.exchange(&world.code().await).await.access_token();
        assert_photos_of("xiaoming", &world.call("/photos", &token).await);
        assert_eq!(revoke(&world, "print-photo", &token).await.status, 200);
        world.call("/photos", &token).await.assert_error(401, "invalid_token");
    }
}
