//! Requests that no HTTP library would write.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// No answer takes longer.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What came back, as it was on the wire.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// The status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl RawAnswer {
    /// A header's value; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }
}

/// Sends bytes to the server at `address` and reads until it closes; so they ask for `connection: close`.
pub async fn raw_request(address: &str, request: &[u8]) -> RawAnswer {
    let url = Url::parse(address).expect("an address");
    let host = (url.host_str().expect("a host"), url.port().expect("a port"));
    let mut stream = TcpStream::connect(host).await.expect("it listens");
    let (mut reader, mut writer) = stream.split();
    let mut bytes = Vec::new();
    let exchange = async {
        // A server that has seen enough answers before it was told everything.
        let written = writer.write_all(request);
        let _ = tokio::join!(written, reader.read_to_end(&mut bytes));
    };
    timeout(LONGEST_WAIT, exchange)
        .await
        .expect("the server closes the connection");
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    RawAnswer {
        status: status.unwrap_or(0),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
