//! Stolen, repeated and raced authorization codes (RFC 9700 §4.2, §4.5).

use std::sync::Arc;

use e2e::{Answer, Store, World, on_every_store};

/// Exchanges one code in 64 requests at the same time.
async fn race(world: &Arc<World>, code: &str) -> Vec<Answer> {
    let mut racing = Vec::new();
    for _ in 0..64 {
        let (world, code) = (Arc::clone(world), code.to_owned());
        racing.push(tokio::spawn(async move { world.exchange(&code).await }));
    }
    let mut answers = Vec::new();
    for answer in racing {
        answers.push(answer.await.unwrap());
    }
    answers
}

async fn assert_nothing_is_good(world: &World, answer: &Answer) {
    let access_token = answer.access_token();
    world
        .check_token(&access_token)
        .await
        .assert_error(400, "invalid_token");
    assert_eq!(world.call("/photos", &access_token).await.status, 401);
    let refreshed = world.refresh(&answer.refresh_token()).await;
    refreshed.assert_error(400, "invalid_grant");
}

on_every_store! {
    /// RFC 6749 §10.5: a replay ends what the first exchange gave, also what was refreshed since.
    async fn a_replay_ends_all_that_came_from_the_code(world) {
        let code = world.code().await;
        let first = world.exchange(&code).await;
        let second = world.refresh(&first.refresh_token()).await;
        assert_eq!(world.call("/photos", &second.access_token()).await.status, 200);
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        assert_nothing_is_good(&world, &second).await;
    }

    /// Of many exchanges at once one succeeds at most, and the others revoke what it got.
    async fn of_64_exchanges_of_one_code_at_once_one_succeeds_and_nothing_stays_good(world) {
        let code = world.code().await;
        let world = Arc::new(world);
        let answers = race(&world, &code).await;
        let given: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert!(given.len() <= 1, "{given:?}");
        for refused in answers.iter().filter(|answer| answer.status != 200) {
            refused.assert_error(400, "invalid_grant");
        }
        for answer in given {
            assert_nothing_is_good(&world, answer).await;
        }
    }

    /// A code is bound to its client. Whoever has found it and names a public client, which proves nothing, neither
    /// uses it up nor ends what it gave.
    async fn a_code_for_another_client_is_refused(world) {
        let code = world.code().await;
        let redirect_uri = world.callback();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "photo-spa"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        world.post("/oauth/token", &form).await.assert_error(400, "invalid_grant");
        let token = world.exchange(&code).await.access_token();
        world.post("/oauth/token", &form).await.assert_error(400, "invalid_grant");
        assert_eq!(world.check_token(&token).await.status, 200);
    }

    /// RFC 6749 §4.1.3: the redirect URI of the exchange is that of the request. With another one the code stays as it
    /// is, and so does what it gave.
    async fn a_code_with_another_redirect_uri_is_refused(world) {
        let others = [
            Some(format!("{}/", world.callback())),
            Some(format!("{}/spa", world.client)),
            Some("https://attacker.example/callback".to_owned()),
            None,
        ];
        let code = world.code().await;
        let refused = async || {
            for other in &others {
                let mut form = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
                form.extend(other.as_deref().map(|other| ("redirect_uri", other)));
                world.token("print-photo", &form).await.assert_error(400, "invalid_grant");
            }
        };
        refused().await;
        let token = world.exchange(&code).await.access_token();
        refused().await;
        assert_eq!(world.check_token(&token).await.status, 200);
    }

    /// A code lives for a minute.
    async fn a_code_that_expired_is_refused(world) {
        let code = world.code().await;
        world.clock.advance_secs(60);
        world.exchange(&code).await.assert_error(400, "invalid_grant");
    }

    /// A code opens nothing but the token endpoint.
    async fn a_code_is_no_token(world) {
        let code = world.code().await;
        world.check_token(&code).await.assert_error(400, "invalid_token");
        world.refresh(&code).await.assert_error(400, "invalid_grant");
        assert_eq!(world.call("/photos", &code).await.status, 401);
        assert_eq!(world.exchange(&code).await.status, 200);
    }
}

/// A client whose tokens are reused loses them to a race, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_leaves_nothing_good_of_a_client_that_reuses_tokens() {
    for store in Store::of_every_kind().await {
        let habit = "require_pkce = false\nreuse_access_tokens = true";
        let world = World::builder(store).replace("require_pkce = false", habit);
        let world = Arc::new(world.start().await);
        let code = world.code().await;
        let answers = race(&world, &code).await;
        let given: Vec<&Answer> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .collect();
        assert!(given.len() <= 1, "{given:?}");
        for answer in given {
            assert_nothing_is_good(&world, answer).await;
        }
        // What the race left behind must not come back as the token of the next grant.
        let next = world.exchange(&world.code().await).await;
        assert_eq!(
            world.call("/photos", &next.access_token()).await.status,
            200
        );
    }
}
