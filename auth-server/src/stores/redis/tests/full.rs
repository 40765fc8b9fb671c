//! A Redis whose memory is full.

use redis_server::RedisServer;
use symbolon::random::SystemRandom;

use super::configuration::configure;
use super::{samples, store};
use crate::records::PendingId;
use crate::stores::contract::{new_answer, new_code_id, new_session, owner};
use crate::stores::{
    AccessTokenStore as _, Answering, GrantStore as _, Issuance, OwnerRegistrar as _,
    RefreshTokenStore as _, SessionStore as _, StoreError, StoreHealth as _,
};

#[tokio::test]
async fn a_redis_that_is_full_ends_what_it_is_told_to_end() {
    let server = RedisServer::start().await;
    let (store, samples) = (store(&server.url()), samples());
    let tokens = samples.tokens(new_code_id().grant_id());
    let other = samples.tokens(tokens.access_token_id.grant_id());
    store.issue_tokens(&tokens).await.unwrap();
    store.issue_tokens_of_code(&other).await.unwrap();
    let (session, waiting) = (new_session(), PendingId::mint(&SystemRandom));
    let begun = store.store_session(&session, &samples.session()).await;
    begun.unwrap();
    let pending = samples.pending("a");
    let waits = store.store_pending(&session, &waiting, &pending).await;
    waits.unwrap();
    store.store_owner(&owner("xiaoming")).await.unwrap();
    configure(&server, "maxmemory", "1").await;
    let full = store.issue_tokens(&tokens).await;
    assert!(matches!(full, Err(StoreError::Unavailable(_))), "{full:?}");

    let (first, second) = (tokens.access_token_id, other.access_token_id);
    store.revoke_access_token(&first).await.unwrap();
    assert_eq!(store.find_access_token(&first).await.unwrap(), None);
    store.revoke_grant(&second.grant_id()).await.unwrap();
    assert_eq!(store.find_access_token(&second).await.unwrap(), None);
    let (refresh, _) = other.refresh_token.unwrap();
    assert_eq!(store.find_refresh_token(&refresh).await.unwrap(), None);
    let (answer, forget_at) = (new_answer(), pending.expires_at);
    for outcome in [Answering::Answered, Answering::Unknown] {
        let answered = store.answer_pending(&session, &waiting, &answer, forget_at);
        assert_eq!(answered.await.unwrap(), outcome);
    }
    store.delete_session(&session).await.unwrap();
    assert_eq!(store.find_session(&session).await.unwrap(), None);
    assert!(store.remove_owner("xiaoming").await.unwrap());
    store.check_health().await.unwrap();

    configure(&server, "maxmemory", "0").await;
    let again = samples.tokens(second.grant_id());
    let issuance = store.issue_tokens_of_code(&again).await.unwrap();
    assert_eq!(issuance, Issuance::GrantRevoked, "the end is forgotten");
}
