//! Between the wish to stop and the stop: what the balancer still sends is answered, and it is told to go
//! elsewhere.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use e2e::{AuthServerProcess, raw_request};
use symbolon::clock::SystemClock;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::service::RunningService;
use symbolon_service::settings::SettingsSources;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The server's own keys: a request that needs nothing and stays open, as HTTP/1.1 has it.
const REQUEST: &[u8] = b"GET /oauth/jwks HTTP/1.1\r\nhost: localhost\r\n\r\n";

async fn status_of(address: &str) -> u16 {
    let answer = reqwest::get(address).await.expect("the probes answer");
    answer.status().as_u16()
}

async fn until_not_ready(server: &AuthServerProcess) {
    let readyz = format!("{}/readyz", server.probes);
    for _ in 0..1000 {
        if status_of(&readyz).await == 503 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the server that leaves says that it is ready");
}

/// A connection on which a request was answered, and which is open.
async fn kept_connection(server: &AuthServerProcess) -> TcpStream {
    let host = server.auth.replace("http://localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"]}") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(!answer.contains("connection: close"), "{answer}");
    stream
}

/// A server that drains is not ready and alive, answers on old connections and on new ones, and ends each with
/// its answer. A second signal of either kind ends the drain.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_drains_answers_and_ends_its_connections() {
    for (first, second) in [("TERM", "TERM"), ("INT", "INT"), ("TERM", "INT")] {
        let environment = [("AUTH_SERVER__HTTP__DRAIN_SECS", "600")];
        let mut server = AuthServerProcess::start("memory:", &environment).await;
        assert_eq!(status_of(&format!("{}/readyz", server.probes)).await, 200);
        let mut kept = kept_connection(&server).await;

        server.signal(first);
        until_not_ready(&server).await;
        assert_eq!(status_of(&format!("{}/livez", server.probes)).await, 200);
        let answer = raw_request(&server.auth, REQUEST).await;
        assert_eq!(
            (answer.status, answer.header("connection")),
            (200, "close"),
            "{answer:?}"
        );
        kept.write_all(REQUEST).await.unwrap();
        let mut answer = String::new();
        kept.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");

        server.signal(second);
        let status = server.ended().await;
        assert!(status.success(), "{status}");
        for event in ["\"draining\"", "\"stopping\"", "\"stopped\""] {
            assert!(server.log().contains(event), "{}", server.log());
        }
    }
}

/// A drain ends by itself, not before its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_lasts_as_long_as_the_settings_say() {
    let environment = [("AUTH_SERVER__HTTP__DRAIN_SECS", "2")];
    let mut server = AuthServerProcess::start("memory:", &environment).await;
    let asked = Instant::now();
    server.signal("TERM");
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    assert!(asked.elapsed() >= Duration::from_secs(2));
}

/// A connection between two requests ends when the settings say so, not with the request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_ends_after_its_time() {
    for (secs, ends) in [("0", true), ("2", false)] {
        let environment = [("AUTH_SERVER__HTTP__KEEP_ALIVE_SECS", secs)];
        let server = AuthServerProcess::start("memory:", &environment).await;
        let asked = Instant::now();
        let answer = raw_request(&server.auth, REQUEST).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("connection") == "close", ends, "{answer:?}");
        // The clock behind it counts in half seconds.
        assert_eq!(asked.elapsed() < Duration::from_secs(1), ends, "{secs}");
    }
}

fn listeners() -> Listeners {
    let free = || TcpListener::bind("127.0.0.1:0").expect("a free port");
    Listeners {
        service: free(),
        probes: free(),
    }
}

async fn leaves_gently(running: RunningService) {
    let address = local_url(running.address);
    let probes = local_url(running.probes_address);
    let drain = running.drain;
    let servers = [running.service, running.probes];
    let handles = servers.each_ref().map(Server::handle);
    for server in servers {
        tokio::spawn(server);
    }
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let before = raw_request(&address, request).await;
    assert_eq!(status_of(&format!("{probes}/readyz")).await, 200);
    drain.begin();
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let answer = raw_request(&address, request).await;
    assert_eq!(
        (answer.status, answer.header("connection")),
        (before.status, "close"),
        "{answer:?}"
    );
    assert_eq!(status_of(&format!("{probes}/readyz")).await, 503);
    assert_eq!(status_of(&format!("{probes}/livez")).await, 200);
    for handle in handles {
        handle.stop(true).await;
    }
}

/// The demos leave in the same way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_drain_too() {
    let defaults = SettingsSources::default();
    let clock = Arc::new(SystemClock);
    let settings = defaults.load().unwrap();
    leaves_gently(photo_space::start(&settings, listeners(), clock.clone()).unwrap()).await;
    let settings = defaults.load().unwrap();
    leaves_gently(
        print_photo::start(&settings, listeners(), clock)
            .unwrap()
            .service,
    )
    .await;
}
