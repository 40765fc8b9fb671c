//! Logs: one line per request, and an id that the caller knows too.

use e2e::{ServiceProcess, Services, raw_request};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// The log lines that tell of requests.
fn requests(service: &ServiceProcess) -> Vec<Value> {
    let log = service.log();
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect(line));
    lines.filter(|line| line["event"] == "request").collect()
}

/// Every request is one line, with what an operator looks for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_one_log_line() {
    let mut services = Services::start(&[], &[]).await;
    let browser = services.print_photo().browser;
    let addresses = services.all().map(|service| service.address.clone());
    for address in &addresses {
        let path = format!("{address}/no/such/page?code=a-secret");
        let id = "the-id-of-the-caller";
        let answer = browser.get_with(&path, "x-request-id", id).await;
        assert_eq!(answer.header("x-request-id"), id);
    }
    for service in services.all() {
        let lines = requests(service);
        let [line] = lines.as_slice() else {
            panic!("one line: {lines:#?}");
        };
        let span = &line["span"];
        assert_eq!(span["request.id"], "the-id-of-the-caller", "{line:#}");
        assert_eq!(span["http.request.method"], "GET", "{line:#}");
        assert_eq!(span["url.path"], "/no/such/page", "{line:#}");
        assert_eq!(line["http.response.status_code"], 404, "{line:#}");
        assert_eq!(line["client.address"], "127.0.0.1", "{line:#}");
        assert!(line["duration_ms"].as_f64().unwrap() > 0.0, "{line:#}");
    }
}

/// What is logged about a request says which one it was about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_in_a_request_is_logged_with_its_id() {
    let services = Services::start(&[], &[]).await;
    let browser = services.print_photo().browser;
    let token = format!("{}/oauth/token", services.auth.address);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "photo-backup"),
        ("client_secret", "photo-backup-secret"),
    ];
    let answer = browser.post(&token, &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let id = answer.header("x-request-id").to_owned();
    assert!(id.len() >= 16, "{id}");
    let log = services.auth.log();
    let about: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &Value| line["span"]["request.id"] == id)
        .collect();
    let events: Vec<_> = about.iter().map(|line| line["event"].clone()).collect();
    assert_eq!(events, ["token_issued", "request"], "{log}");
}

/// Where there is a log line for each request elsewhere, these can be left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_of_requests_can_be_switched_off() {
    let quiet = [("LOG__FILTER", "info,request=off")];
    let mut services = Services::start(&quiet, &[]).await;
    let print_photo = services.print_photo();
    print_photo.authorize(&["photo.read", "profile"]).await;
    for service in services.all() {
        assert!(requests(service).is_empty(), "{}", service.log());
    }
    assert!(services.auth.log().contains("token_issued"));
}

/// What is no request, and who goes away in the middle of one, is not our error: whoever can connect could fill the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_callers_do_to_a_connection_is_no_error_of_ours() {
    let detailed = [(
        "LOG__FILTER",
        "info,actix_server=warn,symbolon_service=debug",
    )];
    let mut services = Services::start(&detailed, &[]).await;
    for service in services.all() {
        let answer = raw_request(&service.address, b"NONSENSE\r\n\r\n").await;
        assert_eq!(answer.status, 400, "{answer:?}");
        let chunks =
            b"POST /oauth/token HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
        let answer = raw_request(&service.address, chunks).await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        let host = service.address.trim_start_matches("http://");
        let mut caller = TcpStream::connect(host).await.expect("it listens");
        caller.write_all(b"POST / HTTP/1.1\r\n").await.unwrap();
        drop(caller);
        service.logged("connection_ended").await;
        let log = service.log();
        assert!(!log.contains("ERROR"), "{log}");
    }
}
