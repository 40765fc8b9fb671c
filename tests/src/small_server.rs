//! A server of a test's own on a free port.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::ServerHandle;
use actix_web::web::{PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer};

/// Bodies may be longer than actix takes by itself.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

/// Runs until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct SmallServer {
    /// Where it listens: `http://localhost:PORT`, or the address that was asked for.
    pub(crate) url: String,
    handle: ServerHandle,
}

impl SmallServer {
    /// Starts one with these routes.
    pub(crate) fn start(routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> Self {
        let local = ("localhost", IpAddr::from(Ipv4Addr::LOCALHOST));
        Self::start_as(local, routes)
    }

    /// Starts one that is called `name` at this address of the machine.
    pub(crate) fn start_as(
        (name, address): (&str, IpAddr),
        routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(PayloadConfig::new(LONGEST_BODY))
                .configure(routes.clone())
        });
        let server = server.workers(1).disable_signals();
        let server = server.bind((address, 0)).expect("a free port");
        let port = server.addrs().first().expect("it has an address").port();
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            url: format!("http://{name}:{port}"),
            handle,
        }
    }
}

impl Drop for SmallServer {
    fn drop(&mut self) {
        // Asked now, done by the runtime that it runs on; nobody waits for it.
        drop(self.handle.stop(false));
    }
}
