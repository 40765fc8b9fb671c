//! Where a service listens, and the methods that it hears.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::http::Method;
use serde::Deserialize;

use crate::client_address::TrustedProxies;
use crate::numbers::within;

/// The addresses of a service and how it stops.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// The address to listen on, for example `127.0.0.1`.
    pub host: String,
    /// The port for callers; 0 takes any free one.
    pub port: u16,
    /// The port for probes; 0 takes any free one.
    pub probes_port: u16,
    /// Worker threads: 1 to 512.
    #[serde(deserialize_with = "within::<1, 512, _, _>")]
    pub workers: usize,
    /// How long a connection stays open between two requests, in seconds; 0: no longer than one.
    #[serde(deserialize_with = "within::<0, 3600, _, _>")]
    pub keep_alive_secs: u64,
    /// How many connections there may be at once.
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub connections: usize,
    /// How many of them one caller may have; a trusted proxy may have all.
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub connections_per_address: usize,
    /// How long a caller may take to send the head of a request, in seconds.
    #[serde(deserialize_with = "within::<1, 3600, _, _>")]
    pub header_timeout_secs: u64,
    /// How long it may take to send its body, in seconds.
    #[serde(deserialize_with = "within::<1, 3600, _, _>")]
    pub body_timeout_secs: u64,
    /// How long it may take to read what was written, in seconds.
    #[serde(deserialize_with = "within::<1, 3600, _, _>")]
    pub write_timeout_secs: u64,
    /// How long requests are still taken, and `/readyz` says no, once a stop was asked for, in seconds.
    #[serde(deserialize_with = "within::<0, 3600, _, _>")]
    pub drain_secs: u64,
    /// How long requests in flight may take after that, in seconds.
    #[serde(deserialize_with = "within::<0, 3600, _, _>")]
    pub shutdown_timeout_secs: u64,
    /// Proxies whose word about the caller's address is taken.
    pub trusted_proxies: TrustedProxies,
}

impl HttpSettings {
    fn bind_port(&self, port: u16) -> io::Result<TcpListener> {
        TcpListener::bind((self.host.as_str(), port)).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot listen on {}:{port}: {error}", self.host),
            )
        })
    }
}

/// The sockets of a service, taken before it starts, so that nothing begins when one is somebody else's.
#[derive(Debug)]
pub struct Listeners {
    /// For callers.
    pub service: TcpListener,
    /// For probes.
    pub probes: TcpListener,
}

impl Listeners {
    /// Takes the ports that the settings name.
    pub fn bind(settings: &HttpSettings) -> io::Result<Self> {
        Ok(Self {
            service: settings.bind_port(settings.port)?,
            probes: settings.bind_port(settings.probes_port)?,
        })
    }

    /// Where callers are listened to.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.service.local_addr()
    }
}

/// The address a browser on this machine uses for a listener: `localhost` when it is on loopback or
/// on every interface.
pub fn local_url(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// The methods that have a name of their own (RFC 9110 §9, RFC 5789), and last what stands for all that a
/// caller may invent: the words that logs, spans and metrics use.
pub(crate) const METHODS: [&str; 10] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    OTHER_METHOD,
];
pub(crate) const OTHER_METHOD: &str = "_OTHER";

/// The place of a method in [`METHODS`].
pub(crate) fn method_place(method: &Method) -> usize {
    let known = METHODS.iter().position(|known| *known == method.as_str());
    known.unwrap_or(METHODS.len() - 1)
}

/// The word at a place in [`METHODS`].
pub(crate) fn method_name(place: usize) -> &'static str {
    METHODS.get(place).copied().unwrap_or(OTHER_METHOD)
}

#[cfg(test)]
impl HttpSettings {
    /// Those of a service in a test, on any free ports.
    pub(crate) fn sample() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            probes_port: 0,
            workers: 1,
            keep_alive_secs: 5,
            connections: 1000,
            connections_per_address: 1000,
            header_timeout_secs: 5,
            body_timeout_secs: 5,
            write_timeout_secs: 5,
            drain_secs: 0,
            shutdown_timeout_secs: 1,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}
