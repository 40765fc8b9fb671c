//! Web sites of other people: clients that are not ours, and strangers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::http::header::{ContentType, LOCATION};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::small_server::SmallServer;

/// A site that runs until it is dropped.
#[derive(Debug)]
pub struct Site {
    server: SmallServer,
}

impl Site {
    /// A site at `http://127.0.0.1:PORT` with one page at `/`.
    pub fn with_page(body: &str) -> Self {
        let body = format!("<!DOCTYPE html><title>A site</title>{body}");
        let routes = move |config: &mut ServiceConfig| {
            let body = body.clone();
            let page = move || {
                let body = body.clone();
                async move { page(body) }
            };
            config.route("/", web::get().to(page));
        };
        let address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let server = SmallServer::start_as(("127.0.0.1", address), routes);
        Self { server }
    }

    /// A client at `http://[::1]:PORT` whose `/cb` shows the answer that it got.
    pub fn client_on_ipv6() -> Self {
        let address = IpAddr::from(Ipv6Addr::LOCALHOST);
        let server = SmallServer::start_as(("[::1]", address), |config| {
            config.route("/cb", web::get().to(landed));
        });
        Self { server }
    }

    /// A client whose `/cb` sends the browser on to `destination`, with the answer that it got.
    pub fn client_that_sends_on(destination: &str) -> Self {
        let destination = destination.to_owned();
        let routes = move |config: &mut ServiceConfig| {
            let destination = destination.clone();
            let send_on = move |request: HttpRequest| {
                let location = format!("{destination}?{}", request.query_string());
                async move {
                    HttpResponse::Found()
                        .insert_header((LOCATION, location))
                        .finish()
                }
            };
            config.route("/cb", web::get().to(send_on));
        };
        let address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let server = SmallServer::start_as(("127.0.0.1", address), routes);
        Self { server }
    }

    /// A path of it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }
}

async fn landed(request: HttpRequest) -> HttpResponse {
    let outcome = if request.query_string().contains("code=") {
        "yes"
    } else {
        "no"
    };
    page(format!("<p id=landed>{outcome}</p>"))
}

fn page(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .body(body)
}
