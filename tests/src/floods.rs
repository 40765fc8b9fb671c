//! Callers that take what they can get, each from an address of its own on this machine's loopback, and one
//! beside them that wants to be served. They are bounded in number and in time.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

/// Who floods.
pub const FLOODER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Who wants to be served meanwhile.
pub const NEIGHBOUR: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// Nothing takes longer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A writer that gets nowhere for so long is not read from.
const STUCK: Duration = Duration::from_millis(300);

/// A connection to the service at `address` from one of loopback's many addresses.
pub async fn connect_from(from: Ipv4Addr, address: &str) -> std::io::Result<TcpStream> {
    let url = Url::parse(address).expect("an address");
    let to = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), url.port().expect("a port"));
    let socket = TcpSocket::new_v4()?;
    // Who does not read has no room for what it does not read either.
    socket.set_recv_buffer_size(8 * 1024)?;
    socket.bind(SocketAddr::new(IpAddr::V4(from), 0))?;
    socket.connect(to).await
}

/// A request for a page, on a connection of its own.
pub fn page_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

/// A request that brings a form, on a connection of its own.
pub fn form_request(path: &str, form: &str) -> String {
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    )
}

/// The status of a request for a page, and how long it took; `None` without an answer.
pub async fn ask_from(from: Ipv4Addr, address: &str, path: &str) -> Option<(u16, Duration)> {
    send_from(from, address, &page_request(path)).await
}

async fn send_from(from: Ipv4Addr, address: &str, request: &str) -> Option<(u16, Duration)> {
    let began = Instant::now();
    let exchange = async {
        let mut stream = connect_from(from, address).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.ok()?;
        str::from_utf8(head.get(9..)?).ok()?.parse().ok()
    };
    let status = timeout(LONGEST_WAIT, exchange).await.ok()??;
    Some((status, began.elapsed()))
}

/// Somebody who is served so soon notices nothing.
const PROMPT: Duration = Duration::from_millis(100);
/// How often the neighbour asks, and how often it does so again when the machine was busy with something else.
const QUESTIONS: usize = 21;
const ROUNDS: usize = 20;

/// The neighbour is served, each time it asks, and promptly: half of its requests within 100 ms. Returns what the
/// median request took.
pub async fn serve_neighbour(address: &str, path: &str) -> Duration {
    for _ in 0..ROUNDS {
        let median = neighbours_median(address, path).await;
        if median < PROMPT {
            return median;
        }
    }
    panic!("the neighbour has to wait");
}

async fn neighbours_median(address: &str, path: &str) -> Duration {
    let mut took = Vec::new();
    for _ in 0..QUESTIONS {
        let answer = ask_from(NEIGHBOUR, address, path).await;
        let (status, duration) = answer.expect("the neighbour is answered");
        assert!(status < 500, "{status}");
        took.push(duration);
    }
    took.sort_unstable();
    took.get(QUESTIONS / 2).copied().expect("it asked")
}

/// Connections that ask and do not read.
pub struct UnreadPipelines {
    /// They stay open until this is dropped.
    _connections: JoinSet<Option<TcpStream>>,
    /// How many requests got rid of.
    sent: Arc<AtomicUsize>,
}

impl UnreadPipelines {
    /// So many connections that each send so many requests in a row.
    pub fn begin(address: &str, path: &str, connections: usize, requests: usize) -> Self {
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
        let all: Arc<[u8]> = request.repeat(requests).into_bytes().into();
        let length = request.len();
        let sent = Arc::new(AtomicUsize::new(0));
        let mut asking = JoinSet::new();
        for _ in 0..connections {
            let (address, all, sent) = (address.to_owned(), Arc::clone(&all), Arc::clone(&sent));
            asking.spawn(async move {
                let mut stream = connect_from(FLOODER, &address).await.ok()?;
                for part in all.chunks(length * 16) {
                    match timeout(LONGEST_WAIT, stream.write_all(part)).await {
                        Ok(Ok(())) => sent.fetch_add(part.len() / length, Ordering::Relaxed),
                        Ok(Err(_)) | Err(_) => break,
                    };
                }
                // It stays open, and unread.
                tokio::time::sleep(LONGEST_WAIT).await;
                Some(stream)
            });
        }
        Self {
            _connections: asking,
            sent,
        }
    }

    /// Waits until no more is taken of them; returns how many requests were.
    pub async fn stuck(&self) -> usize {
        let deadline = Instant::now() + LONGEST_WAIT;
        loop {
            let before = self.sent.load(Ordering::Relaxed);
            tokio::time::sleep(STUCK).await;
            let now = self.sent.load(Ordering::Relaxed);
            if (now == before && now > 0) || Instant::now() > deadline {
                return now;
            }
        }
    }
}

/// Callers that send the same request again and again.
pub struct Insistence {
    asking: JoinSet<Statuses>,
    asked: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

/// How often each status came.
pub type Statuses = BTreeMap<u16, usize>;

impl Insistence {
    /// So many callers from one address.
    pub fn begin(address: &str, request: &str, callers: usize) -> Self {
        let (asked, is_over) = (Arc::default(), Arc::default());
        let mut asking = JoinSet::new();
        for _ in 0..callers {
            let (address, request) = (address.to_owned(), request.to_owned());
            let (asked, is_over) = (Arc::clone(&asked), Arc::clone(&is_over));
            asking.spawn(insist(address, request, asked, is_over));
        }
        Self {
            asking,
            asked,
            is_over,
        }
    }

    /// Waits until they have asked so many times.
    pub async fn asked(&self, times: usize) {
        let all = async {
            while self.asked.load(Ordering::Relaxed) < times {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(LONGEST_WAIT, all).await.expect("they are answered");
    }

    /// Ends them; returns what they were told.
    pub async fn end(self) -> Statuses {
        self.is_over.store(true, Ordering::Relaxed);
        let mut all = Statuses::new();
        for (status, times) in self.asking.join_all().await.into_iter().flatten() {
            *all.entry(status).or_default() += times;
        }
        all
    }
}

async fn insist(
    address: String,
    request: String,
    asked: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
) -> Statuses {
    let mut told = Statuses::new();
    while !is_over.load(Ordering::Relaxed) {
        let answer = send_from(FLOODER, &address, &request).await;
        *told
            .entry(answer.map_or(0, |(status, _)| status))
            .or_default() += 1;
        asked.fetch_add(1, Ordering::Relaxed);
    }
    told
}

/// Opens so many connections that each begin a form and say no more; returns how many were answered with 408,
/// and how many were closed without a word.
pub async fn slow_bodies(address: &str, path: &str, connections: usize) -> (usize, usize) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 1000\r\n\r\na="
    );
    let mut set = JoinSet::new();
    for _ in 0..connections {
        let (address, head) = (address.to_owned(), head.clone());
        set.spawn(async move {
            let mut stream = connect_from(FLOODER, &address).await.ok()?;
            stream.write_all(head.as_bytes()).await.ok()?;
            let mut said = [0; 12];
            let read = timeout(LONGEST_WAIT, stream.read_exact(&mut said)).await;
            read.expect("it is not held for ever").ok()?;
            (&said == b"HTTP/1.1 408").then_some(())
        });
    }
    let ended = set.join_all().await;
    let told = ended.iter().flatten().count();
    (told, ended.len() - told)
}
