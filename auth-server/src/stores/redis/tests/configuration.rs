//! What Redis is, and what it does when it is full.

use redis_server::RedisServer;

use super::{store, wait_until_healthy};
use crate::stores::{StoreError, StoreHealth as _};

pub(super) async fn configure(server: &RedisServer, name: &str, value: &str) {
    let mut command = redis::cmd("CONFIG");
    command.arg("SET").arg(name).arg(value);
    let _done: String = server.ask(&command).await;
}

#[tokio::test]
async fn a_redis_that_evicts_is_refused() {
    let server = RedisServer::start().await;
    let store = store(&server.url());
    configure(&server, "maxmemory", "100mb").await;
    store.check_configuration().await.unwrap();
    for policy in ["allkeys-lru", "volatile-ttl", "volatile-lru"] {
        configure(&server, "maxmemory-policy", policy).await;
        let error = store.check_configuration().await.unwrap_err();
        assert!(error.to_string().contains(policy), "{error}");
        assert!(error.to_string().contains("noeviction"), "{error}");
    }
    configure(&server, "maxmemory", "0").await;
    store.check_configuration().await.unwrap();
}

#[tokio::test]
async fn a_redis_that_does_not_tell_its_configuration_is_taken() {
    let server = RedisServer::start().await;
    let mut user = redis::cmd("ACL");
    user.arg(&[
        "SETUSER", "plain", "on", ">secret", "~*", "+@all", "-info", "-config",
    ]);
    let _made: String = server.ask(&user).await;
    let url = format!("redis://plain:secret@127.0.0.1:{}", server.port());
    store(&url).check_configuration().await.unwrap();
}

#[tokio::test]
async fn a_redis_that_is_not_there_fails_the_check_of_its_configuration() {
    let mut server = RedisServer::start().await;
    server.kill();
    let checked = store(&server.url()).check_configuration().await;
    assert!(matches!(checked, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_redis_that_became_a_replica_is_not_healthy_and_none_to_start_with() {
    let (primary, server) = (RedisServer::start().await, RedisServer::start().await);
    let store = store(&server.url());
    store.check_health().await.unwrap();
    let mut follow = redis::cmd("REPLICAOF");
    follow.arg("127.0.0.1").arg(primary.port());
    let _done: String = server.ask(&follow).await;
    for checked in [
        store.check_health().await,
        store.check_configuration().await,
    ] {
        let text = checked.unwrap_err().to_string();
        assert!(text.contains("is a replica"), "{text}");
        assert!(text.contains(&server.port().to_string()), "{text}");
    }
    let mut lead = redis::cmd("REPLICAOF");
    let _done: String = server.ask(lead.arg("NO").arg("ONE")).await;
    wait_until_healthy(&store).await;
}

#[tokio::test]
async fn a_node_of_a_cluster_of_several_is_not_healthy_and_none_to_start_with() {
    for node in RedisServer::start_cluster_of_two().await {
        let store = store(&node.url());
        for checked in [
            store.check_health().await,
            store.check_configuration().await,
        ] {
            let text = checked.unwrap_err().to_string();
            assert!(text.contains("one node of a cluster"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_cluster_of_one_node_is_one_redis() {
    let server = RedisServer::start_cluster().await;
    store(&server.url()).check_configuration().await.unwrap();
}

#[tokio::test]
async fn a_redis_that_cannot_save_and_therefore_takes_no_writes_is_not_healthy() {
    let server = RedisServer::start().await;
    let store = store(&server.url());
    store.check_health().await.unwrap();
    configure(&server, "min-replicas-to-write", "1").await;
    let health = store.check_health().await;
    assert!(matches!(health, Err(StoreError::Unavailable(_))));
    configure(&server, "min-replicas-to-write", "0").await;
    wait_until_healthy(&store).await;
}
