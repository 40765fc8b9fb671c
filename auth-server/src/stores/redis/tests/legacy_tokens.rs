//! The Redis of a Spring server.

use redis_server::RedisServer;
use symbolon::secret::Secret;

use super::TIMEOUT_MS;
use crate::java_stream::LONGEST_STREAM;
use crate::legacy_tokens::SecurityRelease;
use crate::records::GrantId;
use crate::stores::redis::{LegacyRedisStore, LegacyRedisWriter, RedisSettings};
use crate::stores::{LegacyTokenStore as _, LegacyTokenWriter as _, StoreError, TokensOfGrant};

fn legacy_store(redis: &RedisServer) -> LegacyRedisStore {
    let settings = RedisSettings {
        key_prefix: "old:".to_owned(),
        timeout_ms: 10 * TIMEOUT_MS,
        ..RedisSettings::new(redis.url())
    };
    LegacyRedisStore::new(&settings).unwrap()
}

async fn without(command: &str) -> RedisServer {
    RedisServer::start_with_arguments(None, &["--rename-command", command, ""]).await
}

#[tokio::test]
async fn a_redis_that_is_older_than_its_newer_protocol_is_asked() {
    let redis = without("HELLO").await;
    let store = legacy_store(&redis);
    let presented = Secret::new("0ld");
    let found = store.find_legacy_access_token(&presented).await;
    assert_eq!(found.unwrap(), None);
    assert!(!store.take_legacy_refresh_token(&presented).await.unwrap());
    store.take_legacy_access_token(&presented).await.unwrap();
}

#[tokio::test]
async fn what_redis_quotes_of_a_key_is_told_to_nobody() {
    let presented = Secret::new("0ld-token");
    for command in ["GETRANGE", "EVALSHA", "DEL"] {
        let redis = without(command).await;
        let store = legacy_store(&redis);
        let refused = match command {
            "GETRANGE" => store.find_legacy_refresh_token(&presented).await.err(),
            "EVALSHA" => store.take_legacy_refresh_token(&presented).await.err(),
            _ => store.take_legacy_access_token(&presented).await.err(),
        };
        let text = refused.unwrap().to_string();
        assert!(text.contains(command), "{text}");
        assert!(text.ends_with("[redacted]"), "{text}");
        assert!(!text.contains("0ld"), "{text}");
    }
}

#[tokio::test]
async fn what_redis_quotes_of_what_is_written_is_told_to_nobody() {
    let redis = without("EVALSHA").await;
    let writer = LegacyRedisWriter::new(&legacy_store(&redis), SecurityRelease(420));
    let grant_id = GrantId::from_bytes([7; 16]);
    let tokens = TokensOfGrant {
        access_tokens: vec![Secret::new("0ld-token")],
        refresh_tokens: vec![],
    };
    let ended = writer.end_legacy_tokens(&grant_id, &tokens).await;
    let text = ended.unwrap_err().to_string();
    assert!(text.contains("EVALSHA"), "{text}");
    assert!(text.ends_with("[redacted]"), "{text}");
    assert!(!text.contains("0ld"), "{text}");
}

#[tokio::test]
async fn what_is_too_long_or_no_text_for_a_token_is_damaged() {
    let redis = RedisServer::start().await;
    let store = legacy_store(&redis);
    let presented = Secret::new("0ld");
    redis.keep("old:auth:0ld", b"x").await;
    redis
        .keep("old:access:0ld", &vec![0; 2 * LONGEST_STREAM])
        .await;
    let found = store.find_legacy_access_token(&presented).await;
    let Err(StoreError::Damaged(text)) = found else {
        panic!("{found:?}");
    };
    assert!(text.contains(&LONGEST_STREAM.to_string()), "{text}");
    redis.tell(&["RENAME", "old:auth:0ld", "x"]).await;
    let missing = store.find_legacy_access_token(&presented).await;
    assert_eq!(missing.unwrap(), None);
    redis
        .ask::<u64>(redis::cmd("RPUSH").arg("old:auth:0ld").arg("x"))
        .await;
    let found = store.find_legacy_access_token(&presented).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}
