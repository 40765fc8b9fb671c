//! The bounds as callers meet them: real sockets, and a service that runs.

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use actix_web::{App, HttpResponse, web};
use symbolon::clock::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::took_too_long;
use crate::http::{HttpSettings, Listeners};
use crate::identity::ServiceIdentity;
use crate::probes::Readiness;
use crate::service::Service;

const IDENTITY: ServiceIdentity = ServiceIdentity {
    name: "example",
    version: "1.2.3",
    crate_name: "symbolon_service",
};

const GET: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
/// The length of an answer that no socket takes at once.
const LONG: usize = 64 * 1024 * 1024;

const SHORT: Duration = Duration::from_secs(10);

thread_local! {
    /// How many requests began to be answered, by the one worker of a test.
    static BEGUN: Cell<u32> = const { Cell::new(0) };
}

async fn read_body(body: Result<web::Bytes, actix_web::Error>) -> HttpResponse {
    match body {
        Ok(body) => HttpResponse::Ok().body(format!("{}", body.len())),
        Err(error) if took_too_long(&error) => HttpResponse::RequestTimeout().finish(),
        Err(_) => HttpResponse::BadRequest().finish(),
    }
}

async fn slow() -> HttpResponse {
    BEGUN.with(|begun| begun.set(begun.get() + 1));
    tokio::time::sleep(Duration::from_millis(30)).await;
    HttpResponse::Ok().body(BEGUN.with(Cell::get).to_string())
}

async fn long() -> HttpResponse {
    HttpResponse::Ok().streaming(futures_util::stream::iter(
        (0..LONG / 1024).map(|_| Ok::<_, actix_web::Error>(web::Bytes::from_static(&[b'.'; 1024]))),
    ))
}

struct Example {
    address: SocketAddr,
    probes: String,
}

impl Example {
    fn start(settings: &HttpSettings) -> Self {
        let listeners = Listeners::bind(settings).unwrap();
        let app = || {
            App::new()
                .service(web::resource("/").get(HttpResponse::Ok).post(read_body))
                .route("/slow", web::get().to(slow))
                .route("/long", web::get().to(long))
                .route(
                    "/text",
                    web::get().to(async || HttpResponse::Ok().body("text")),
                )
        };
        let running = Service::new(IDENTITY, Timestamp::from_secs(1))
            .start(settings, listeners, &Readiness::always(), app)
            .unwrap();
        actix_web::rt::spawn(running.service);
        actix_web::rt::spawn(running.probes);
        Self {
            address: running.address,
            probes: format!("http://{}", running.probes_address),
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn connect_from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        let address: IpAddr = address.parse().unwrap();
        socket.bind(SocketAddr::new(address, 0)).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    async fn times_reached(&self, setting: &str) -> u32 {
        let text = reqwest::get(format!("{}/metrics", self.probes))
            .await
            .unwrap();
        let text = text.text().await.unwrap();
        let series = format!("limit_reached_total{{setting=\"{setting}\"}} ");
        let count = text.lines().find_map(|line| line.strip_prefix(&series));
        count
            .unwrap_or_else(|| panic!("no {series} in {text}"))
            .parse()
            .unwrap()
    }
}

/// What a connection says until it is closed.
async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A reset is an end, too.
    let _ = timeout(SHORT, stream.read_to_end(&mut bytes))
        .await
        .expect("it is closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether one request is answered now.
async fn is_served(stream: &mut TcpStream) -> bool {
    if stream.write_all(GET.as_bytes()).await.is_err() {
        return false;
    }
    let mut status = [0; 15];
    let read = timeout(SHORT, stream.read_exact(&mut status))
        .await
        .expect("it is answered or closed");
    read.is_ok() && &status == b"HTTP/1.1 200 OK"
}

fn settings() -> HttpSettings {
    HttpSettings {
        header_timeout_secs: 1,
        body_timeout_secs: 1,
        write_timeout_secs: 1,
        ..HttpSettings::sample()
    }
}

#[actix_web::test]
async fn a_request_is_read_when_the_one_before_it_is_answered() {
    let example = Example::start(&HttpSettings::sample());
    let mut stream = example.connect().await;
    let requests = "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n".repeat(3);
    let last = "GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    stream
        .write_all((requests + last).as_bytes())
        .await
        .unwrap();
    let answers = until_closed(&mut stream).await;
    // Each said how many had begun when it was done.
    let said: Vec<&str> = answers
        .split("\r\n\r\n")
        .skip(1)
        .filter_map(|rest| rest.get(..1))
        .collect();
    assert_eq!(said, ["1", "2", "3", "4"], "{answers}");
}

#[actix_web::test]
async fn a_request_in_a_row_is_answered_by_its_own_method() {
    let example = Example::start(&HttpSettings::sample());
    let mut stream = example.connect().await;
    let request =
        |method: &str, rest: &str| format!("{method} /text HTTP/1.1\r\nhost: a\r\n{rest}\r\n");
    let requests = [
        request("GET", ""),
        request("HEAD", ""),
        request("GET", "connection: close\r\n"),
    ];
    stream
        .write_all(requests.concat().as_bytes())
        .await
        .unwrap();
    let answers = until_closed(&mut stream).await;
    let bodies: Vec<&str> = answers.split("\r\n\r\n").skip(1).collect();
    let [first, second, third] = bodies[..] else {
        panic!("{answers}");
    };
    assert!(first.starts_with("textHTTP/1.1 200"), "{answers}");
    assert!(second.starts_with("HTTP/1.1 200"), "{answers}");
    assert_eq!(third, "text", "{answers}");
}

#[actix_web::test]
async fn the_probes_answer_head_too() {
    let example = Example::start(&HttpSettings::sample());
    for path in ["/livez", "/readyz", "/metrics"] {
        let url = format!("{}{path}", example.probes);
        let client = reqwest::Client::builder().build().unwrap();
        let answer = client.head(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

#[actix_web::test]
async fn a_head_that_does_not_come_in_time_is_answered_with_408() {
    let example = Example::start(&settings());
    let mut silent = example.connect().await;
    let mut first = example.connect().await;
    first.write_all(b"GET / HT").await.unwrap();
    let mut second = example.connect().await;
    assert!(is_served(&mut second).await);
    second.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
    for stream in [&mut silent, &mut first, &mut second] {
        let said = until_closed(stream).await;
        assert!(said.contains("HTTP/1.1 408 "), "{said}");
    }
    assert_eq!(example.times_reached("http.header_timeout_secs").await, 3);
}

#[actix_web::test]
async fn a_body_that_does_not_come_in_time_is_answered_with_408() {
    let example = Example::start(&settings());
    for framing in ["content-length: 10", "transfer-encoding: chunked"] {
        let mut stream = example.connect().await;
        let begin = format!("POST / HTTP/1.1\r\nhost: a\r\n{framing}\r\n\r\n");
        stream.write_all(begin.as_bytes()).await.unwrap();
        let (mut reader, mut drip) = example.connect().await.into_split();
        drip.write_all(begin.as_bytes()).await.unwrap();
        let dripping = async {
            loop {
                // One byte after the other is no body in time either.
                let part: &[u8] = if framing.contains("chunked") {
                    b"1\r\na\r\n"
                } else {
                    b"a"
                };
                if drip.write_all(part).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let (said, said_meanwhile, ()) = tokio::join!(
            until_closed(&mut stream),
            until_closed(&mut reader),
            dripping
        );
        for said in [said, said_meanwhile] {
            assert!(said.starts_with("HTTP/1.1 408 "), "{framing}: {said}");
            assert!(said.contains("connection: close"), "{framing}: {said}");
        }
    }
    assert_eq!(example.times_reached("http.body_timeout_secs").await, 4);
}

#[actix_web::test]
async fn a_body_in_pieces_is_read_whole() {
    let example = Example::start(&HttpSettings::sample());
    let mut stream = example.connect().await;
    let body = "a\r\n\r\nb\n\nc".repeat(1000);
    let head = format!(
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n",
        body.len()
    );
    let mut chunked = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for part in ["a\r\n\r\nb", "\n\n\n\n"] {
        chunked.extend([&format!("{:x}\r\n", part.len()), part, "\r\n"]);
    }
    let last = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let all = format!("{head}\r\n{body}{chunked}0\r\n\r\n{last}");
    for piece in all.as_bytes().chunks(777) {
        stream.write_all(piece).await.unwrap();
        stream.flush().await.unwrap();
        tokio::task::yield_now().await;
    }
    let answers = until_closed(&mut stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
    assert!(
        answers.contains("\r\n\r\n9000HTTP") && answers.contains("\r\n\r\n10HTTP"),
        "{answers}"
    );
}

#[actix_web::test]
async fn a_body_that_nobody_reads_does_not_hold_its_connection() {
    let example = Example::start(&settings());
    let mut whole = example.connect().await;
    let request = "POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc";
    whole.write_all(request.as_bytes()).await.unwrap();
    whole.write_all(GET.as_bytes()).await.unwrap();
    let mut answers = [0; 12];
    whole.read_exact(&mut answers).await.unwrap();
    assert_eq!(&answers, b"HTTP/1.1 404");
    for framing in ["content-length: 9", "transfer-encoding: chunked"] {
        let mut stream = example.connect().await;
        let begin = format!("POST /nowhere HTTP/1.1\r\nhost: a\r\n{framing}\r\n\r\n");
        stream.write_all(begin.as_bytes()).await.unwrap();
        let said = until_closed(&mut stream).await;
        assert!(said.starts_with("HTTP/1.1 404 "), "{framing}: {said}");
    }
}

#[actix_web::test]
async fn who_does_not_read_is_not_waited_for() {
    let example = Example::start(&settings());
    let mut stream = example.connect().await;
    stream
        .write_all(b"GET /long HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    while example.times_reached("http.write_timeout_secs").await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(until_closed(&mut stream).await.len() < LONG);
}

#[actix_web::test]
async fn who_reads_slowly_gets_everything() {
    let example = Example::start(&settings());
    let mut stream = example.connect().await;
    let request = "GET /long HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = 0;
    for _ in 0..8 {
        let mut part = vec![0; LONG / 10];
        read += stream.read_exact(&mut part).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    read += until_closed(&mut stream).await.len();
    assert!(read > LONG, "{read}");
}

#[actix_web::test]
async fn who_takes_all_its_connections_takes_nobody_elses() {
    let example = Example::start(&HttpSettings {
        connections: 30,
        connections_per_address: 10,
        ..HttpSettings::sample()
    });
    let mut taken = Vec::new();
    let mut served = 0;
    for _ in 0..50 {
        let mut stream = example.connect_from("127.0.0.3").await;
        served += u32::from(is_served(&mut stream).await);
        taken.push(stream);
        let mut other = example.connect_from("127.0.0.4").await;
        assert!(is_served(&mut other).await);
    }
    assert_eq!(served, 10);
    assert_eq!(
        example.times_reached("http.connections_per_address").await,
        40
    );
    drop(taken);
    let mut again = example.connect_from("127.0.0.3").await;
    while !is_served(&mut again).await {
        again = example.connect_from("127.0.0.3").await;
    }
    assert_eq!(example.times_reached("http.connections").await, 0);
}

#[actix_web::test]
async fn there_are_no_more_connections_than_the_settings_say() {
    let example = Example::start(&HttpSettings {
        connections: 3,
        ..HttpSettings::sample()
    });
    let mut taken = Vec::new();
    for last in 3..6 {
        let mut stream = example.connect_from(&format!("127.0.0.{last}")).await;
        assert!(is_served(&mut stream).await);
        taken.push(stream);
    }
    let mut one_too_many = example.connect_from("127.0.0.9").await;
    assert!(!is_served(&mut one_too_many).await);
    assert_eq!(example.times_reached("http.connections").await, 1);
    // The probes have their own.
    assert_eq!(
        reqwest::get(format!("{}/livez", example.probes))
            .await
            .unwrap()
            .status(),
        200
    );
}
