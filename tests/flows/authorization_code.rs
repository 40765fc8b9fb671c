//! G1: the authorization code grant.

use e2e::on_every_store;

on_every_store! {
    /// G1, T1: a code becomes a token that stands for client, owner and scope.
    async fn a_code_becomes_a_token_for_client_owner_and_scope(world) {
        let answer = world.exchange(&world.code().await).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let facts = world.check_token(&answer.access_token()).await;
        assert_eq!(facts.json["client_id"], "print-photo");
        assert_eq!(facts.json["user_name"], "xiaoming");
        assert_eq!(facts.json["scope"], serde_json::json!(["photo.read", "profile"]));
    }

    /// G1, S1: the token opens the photos of its owner and of nobody else.
    async fn a_token_opens_the_photos_of_its_owner(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        let photos = world.call("/photos", &token).await;
        assert_eq!(photos.status, 200, "{}", photos.text);
        let photos = photos.json.as_array().unwrap().clone();
        assert!(!photos.is_empty());
        assert!(photos.iter().all(|photo| photo["owner"] == "xiaoming"));
    }

    /// G1: a second use fails and revokes what the first gave.
    async fn a_code_is_good_for_one_exchange_and_its_replay_revokes_the_grant(world) {
        let code = world.code().await;
        let first = world.exchange(&code).await;
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        world.check_token(&first.access_token()).await.assert_error(400, "invalid_token");
        world.refresh(&first.refresh_token()).await.assert_error(400, "invalid_grant");
    }
}
