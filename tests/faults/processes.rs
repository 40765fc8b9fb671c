//! The real program: killed under load, stopped gracefully, started twice.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use e2e::{AuthServerProcess, run_auth_server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const OWN_TOKEN: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// Asks for tokens until the server is gone; gives back what was answered.
async fn load(server: &Arc<AuthServerProcess>, enough: usize) -> Vec<String> {
    let answered = Arc::new(Mutex::new(Vec::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for _ in 0..8 {
        let (server, answered, count) = (
            Arc::clone(server),
            Arc::clone(&answered),
            Arc::clone(&count),
        );
        clients.push(tokio::spawn(async move {
            while let Some(answer) = server
                .try_post_as("photo-backup", "/oauth/token", &OWN_TOKEN)
                .await
            {
                // The answer's head may arrive and its body not.
                if let Some(token) = answer.json["access_token"].as_str() {
                    answered.lock().unwrap().push(token.to_owned());
                    count.fetch_add(1, Ordering::SeqCst);
                }
            }
        }));
    }
    while count.load(Ordering::SeqCst) < enough {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.signal("KILL");
    for client in clients {
        client.await.unwrap();
    }
    Arc::into_inner(answered).unwrap().into_inner().unwrap()
}

/// What was answered was written. A crash under load loses nothing that anybody was given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_token_that_was_answered_outlives_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", directory.path().join("store").display());
    let server = Arc::new(AuthServerProcess::start(&store, &[]).await);
    let tokens = load(&server, 200).await;
    Arc::into_inner(server).unwrap().ended().await;
    let server = AuthServerProcess::start(&store, &[]).await;
    for token in &tokens {
        let answer = server
            .post_as("photo-space", "/oauth/check_token", &[("token", token)])
            .await;
        assert_eq!(
            answer.status,
            200,
            "one of {}: {}",
            tokens.len(),
            answer.text
        );
    }
}

const BODY: &str = "grant_type=client_credentials";

/// A connection on which half of a request was sent.
async fn half_a_request(server: &AuthServerProcess) -> TcpStream {
    let mut stream = TcpStream::connect(host(server)).await.unwrap();
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Basic cGhvdG8tYmFja3VwOnBob3RvLWJhY2t1cC1zZWNyZXQ=\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{}",
        BODY.len(),
        &BODY[..5]
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A whole request after it on the same kind of connection: by then the half one was taken.
    let answer = server
        .post_as("photo-backup", "/oauth/token", &OWN_TOKEN)
        .await;
    assert_eq!(answer.status, 200);
    stream
}

fn host(server: &AuthServerProcess) -> String {
    server.auth.replace("http://localhost", "127.0.0.1")
}

async fn until_connections_are_refused(server: &AuthServerProcess) {
    for _ in 0..1000 {
        if TcpStream::connect(host(server)).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the server still takes connections");
}

/// A stop finishes what is in flight and takes nothing new.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_in_flight_is_finished_and_no_new_one_taken() {
    let environment = [("AUTH_SERVER__HTTP__SHUTDOWN_TIMEOUT_SECS", "20")];
    let mut server = AuthServerProcess::start("memory:", &environment).await;
    let mut stream = half_a_request(&server).await;
    server.signal("TERM");
    until_connections_are_refused(&server).await;
    stream.write_all(&BODY.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("access_token"), "{answer}");
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    assert!(server.log().contains("\"stopped\""), "{}", server.log());
}

/// A stop does not wait for ever for a caller that says nothing more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_ends_holds_the_stop_up_for_a_set_time() {
    let environment = [("AUTH_SERVER__HTTP__SHUTDOWN_TIMEOUT_SECS", "1")];
    let mut server = AuthServerProcess::start("memory:", &environment).await;
    let _stream = half_a_request(&server).await;
    let asked = Instant::now();
    server.signal("TERM");
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    assert!(
        asked.elapsed() < Duration::from_secs(8),
        "{:?}",
        asked.elapsed()
    );
}

/// One file, one process; the second says so and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_file_says_so_and_ends() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store").display().to_string();
    let store = format!("embedded:{path}");
    let first = AuthServerProcess::start(&store, &[]).await;
    let environment = [
        ("AUTH_SERVER__STORE__URL", store.as_str()),
        ("AUTH_SERVER__HTTP__PORT", "0"),
        ("AUTH_SERVER__HTTP__PROBES_PORT", "0"),
    ];
    let second = run_auth_server(&["serve"], &environment, "").await;
    assert_eq!(second.code, Some(1), "{second:?}");
    assert!(second.stderr.contains(&path), "{second:?}");
    assert!(second.stderr.contains("another process"), "{second:?}");
    assert!(!second.stderr.contains("panicked"), "{second:?}");
    let answer = first
        .post_as("photo-backup", "/oauth/token", &OWN_TOKEN)
        .await;
    assert_eq!(answer.status, 200, "the first goes on");
}

/// A Redis that cannot be reached is named at the start.
#[tokio::test]
async fn a_redis_that_is_not_there_is_named_at_the_start() {
    let environment = [
        (
            "AUTH_SERVER__STORE__URL",
            "redis://user:a-password@127.0.0.1:1/",
        ),
        ("AUTH_SERVER__HTTP__PORT", "0"),
        ("AUTH_SERVER__HTTP__PROBES_PORT", "0"),
    ];
    let ended = run_auth_server(&["serve"], &environment, "").await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("127.0.0.1:1"), "{ended:?}");
    assert!(!ended.stderr.contains("a-password"), "{ended:?}");
}
