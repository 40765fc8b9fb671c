//! What the services cost, as ratios against a bare actix-web handler in the same run on the same machine.
//!
//! `wrk` sends the load from a process of its own, to loopback only, for a few seconds per line.
//! `scripts/bench` builds with optimisation and runs this.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a program for developers: it prints, and a failure ends it"
)]

use std::net::TcpListener;
use std::process::{Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};
use e2e::{RedisServer, Store, World};
use tempfile::TempDir;

/// Connections, and seconds per line.
const CONNECTIONS: u32 = 32;
const SECONDS: u32 = 5;

/// One request, sent again and again.
struct Load {
    method: &'static str,
    url: String,
    authorization: Option<String>,
    form: Option<String>,
}

/// Requests per second and the latency that 99 of 100 requests stay below.
struct Measured {
    per_second: f64,
    p99: String,
}

impl Load {
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    fn run(&self, directory: &TempDir) -> Measured {
        let mut lines = vec![format!("wrk.method = \"{}\"", self.method)];
        if let Some(form) = &self.form {
            let content_type = "application/x-www-form-urlencoded";
            lines.push(format!(
                "wrk.headers[\"Content-Type\"] = \"{content_type}\""
            ));
            lines.push(format!("wrk.body = \"{form}\""));
        }
        if let Some(authorization) = &self.authorization {
            lines.push(format!(
                "wrk.headers[\"Authorization\"] = \"{authorization}\""
            ));
        }
        let file = directory.path().join("load.lua");
        std::fs::write(&file, lines.join("\n")).expect("the script is written");
        let output = Command::new("wrk")
            .args(["--threads", "1", "--connections", &CONNECTIONS.to_string()])
            .args([
                "--duration",
                &format!("{SECONDS}s"),
                "--latency",
                "--script",
            ])
            .args([file.as_os_str(), self.url.as_ref()])
            .stderr(Stdio::inherit())
            .output()
            .expect("wrk is installed (scripts/bench installs it)");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("Non-2xx"), "{}: {text}", self.url);
        let after = |word: &str| {
            let line = text
                .lines()
                .find(|line| line.trim_start().starts_with(word));
            let value = line.and_then(|line| line.split_whitespace().nth(1));
            value
                .unwrap_or_else(|| panic!("wrk says nothing about {word}: {text}"))
                .to_owned()
        };
        let per_second = after("Requests/sec:").parse().expect("a number");
        Measured {
            per_second,
            p99: after("99%"),
        }
    }
}

/// A handler that reads a form and answers with as many bytes as `check_token` does.
fn bare_handler() -> String {
    const BODY: &str = r#"{"active":true,"client_id":"photo-desktop","user_name":"xiaoming","authorities":["ROLE_USER"],"scope":["photo.read","photo.write","profile"],"aud":["photo-space"],"exp":1795367897,"jti":"eWi3u3LVJgec0-AQP3b1CyA-2dfXXUuHPEAY1QKX4Zo"}"#;
    async fn answer(_body: web::Bytes) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(BODY)
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let server = HttpServer::new(|| App::new().route("/", web::to(answer)))
        .workers(2)
        .disable_signals()
        .listen(listener)
        .expect("it listens")
        .run();
    tokio::spawn(server);
    format!("http://{address}/")
}

fn basic(client_id: &str) -> String {
    use base64::Engine as _;
    let pair = format!("{client_id}:{}", e2e::secret_of(client_id));
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(pair)
    )
}

async fn token(world: &World) -> String {
    let form = [
        ("grant_type", "password"),
        ("username", "xiaoming"),
        ("password", "photos4me"),
    ];
    world.token("photo-desktop", &form).await.access_token()
}

fn check_token(world: &World, token: &str) -> Load {
    Load {
        method: "POST",
        url: format!("{}/oauth/check_token", world.auth),
        authorization: Some(basic("photo-space")),
        form: Some(format!("token={token}")),
    }
}

fn issue(world: &World) -> Load {
    Load {
        method: "POST",
        url: format!("{}/oauth/token", world.auth),
        authorization: Some(basic("photo-backup")),
        form: Some("grant_type=client_credentials".to_owned()),
    }
}

fn call(world: &World, token: &str) -> Load {
    Load {
        method: "GET",
        url: format!("{}/me", world.resource),
        authorization: Some(format!("Bearer {token}")),
        form: None,
    }
}

struct Table {
    directory: TempDir,
    bare: f64,
}

impl Table {
    fn row(&self, name: &str, load: &Load) {
        let Measured { per_second, p99 } = load.run(&self.directory);
        let ratio = per_second / self.bare;
        println!("| {name} | {per_second:.0} | {p99} | {ratio:.2} |");
    }
}

async fn on_store(table: &Table, name: &str, store: Store) {
    let world = World::builder(store).start().await;
    let opaque = token(&world).await;
    table.row(
        &format!("check_token, opaque, {name}"),
        &check_token(&world, &opaque),
    );
    table.row(
        &format!("token, client credentials, opaque, {name}"),
        &issue(&world),
    );
}

async fn with_jwt(table: &Table, algorithm: &str) {
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
        .set("AUTH_SERVER__KEYS__ALGORITHM", algorithm)
        .set("RESOURCE_SERVER__VERIFIER__METHOD", "jwks")
        .set("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true")
        .start()
        .await;
    let jwt = token(&world).await;
    table.row(
        &format!("check_token, JWT {algorithm}, memory"),
        &check_token(&world, &jwt),
    );
    table.row(
        &format!("token, client credentials, JWT {algorithm}, memory"),
        &issue(&world),
    );
    table.row(
        &format!("resource server, JWT {algorithm}, JWKS, cached"),
        &call(&world, &jwt),
    );
}

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = bare_handler();
    let form = Some("token=x".to_owned());
    let load = Load {
        method: "POST",
        url,
        authorization: None,
        form,
    };
    let Measured {
        per_second: bare,
        p99,
    } = load.run(&directory);
    println!("| what | requests/s | p99 | ratio |\n| --- | ---: | ---: | ---: |");
    println!("| bare actix-web handler | {bare:.0} | {p99} | 1.00 |");
    let file = directory.path().join("tokens.redb");
    let table = Table { directory, bare };
    on_store(&table, "memory", Store::Memory).await;
    on_store(&table, "embedded file", Store::File(file)).await;
    on_store(&table, "Redis", Store::Redis(RedisServer::start().await)).await;
    for algorithm in ["ES256", "RS256"] {
        with_jwt(&table, algorithm).await;
    }
}
