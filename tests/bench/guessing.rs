//! What 130 attackers cost an honest sign-in: its latency beside each attack, as a ratio to its latency when nobody
//! attacks, in the same run on the same machine. `scripts/bench` runs this too.
//!
//! Attackers, server and the honest owner share the machine. Each attacker waits as long after an answer as a caller
//! far away does, so that what is measured is the price of hashing and not of a full network.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a program for developers: it prints, and a failure ends it"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use e2e::{Store, World};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::telemetry::{LogFormat, LogSettings, Telemetry, TraceSettings};
use tokio::task::JoinSet;

const ATTACKERS: usize = 130;
/// Between an answer and the next attempt of an attacker.
const FAR_AWAY: Duration = Duration::from_millis(50);
/// Honest sign-ins that are measured for each line.
const SIGN_INS: usize = 100;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(50);
/// A secret that took its client's owner 100 ms to hash: bcrypt of cost 10.
const BCRYPT: &str = "{bcrypt}$2b$10$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";

/// What each attacker does again and again.
#[derive(Clone, Copy)]
enum Attack {
    Nothing,
    /// Wrong secrets of one client with a slow hash.
    ClientSecrets {
        from_many_addresses: bool,
    },
    /// Wrong passwords for names that somebody has or not.
    Passwords {
        from_many_addresses: bool,
    },
}

impl Attack {
    const ALL: [(&'static str, Self); 5] = [
        ("nobody attacks", Self::Nothing),
        ("client secrets, from one address", Self::secrets(false)),
        ("client secrets, from 130 addresses", Self::secrets(true)),
        ("passwords, from one address", Self::passwords(false)),
        ("passwords, from 130 addresses", Self::passwords(true)),
    ];

    const fn secrets(from_many_addresses: bool) -> Self {
        Self::ClientSecrets {
            from_many_addresses,
        }
    }

    const fn passwords(from_many_addresses: bool) -> Self {
        Self::Passwords {
            from_many_addresses,
        }
    }

    fn request(
        self,
        world: &World,
        attacker: usize,
        turn: usize,
    ) -> Option<reqwest::RequestBuilder> {
        let post = |path: &str, form: &[(&str, &str)], from_many: bool| {
            let address = if from_many { attacker } else { 0 };
            let request = world
                .http()
                .post(format!("{}{path}", world.auth))
                .form(form);
            request.header("X-Forwarded-For", format!("192.0.2.{address}"))
        };
        match self {
            Self::Nothing => None,
            Self::ClientSecrets {
                from_many_addresses,
            } => {
                let guess = format!("guess {attacker} {turn}");
                let form = [
                    ("client_id", "old-shop"),
                    ("client_secret", guess.as_str()),
                    ("token", "x"),
                ];
                Some(post("/oauth/check_token", &form, from_many_addresses))
            }
            Self::Passwords {
                from_many_addresses,
            } => {
                let name = format!("name-{}", (attacker + turn) % 10);
                Some(password_grant(post(
                    "/oauth/token",
                    &by_password(&name, "guess"),
                    from_many_addresses,
                )))
            }
        }
    }
}

fn by_password<'a>(name: &'a str, password: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
    ]
}

fn password_grant(request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    request.basic_auth("photo-desktop", Some(e2e::secret_of("photo-desktop")))
}

/// How long an honest sign-in takes, in milliseconds.
async fn sign_in(world: &World) -> f64 {
    let form = by_password("xiaoming", "photos4me");
    let request = world.http().post(format!("{}/oauth/token", world.auth));
    let request = request
        .form(&form)
        .header("X-Forwarded-For", "198.51.100.7");
    let started = Instant::now();
    let answer = password_grant(request).send().await.expect("it answers");
    assert_eq!(answer.status(), 200, "an honest sign-in is refused");
    started.elapsed().as_secs_f64() * 1_000.0
}

struct Measured {
    median: f64,
    p99: f64,
    attempts: u64,
}

async fn beside(world: &Arc<World>, attack: Attack) -> Measured {
    let attempts = Arc::new(AtomicU64::new(0));
    let mut attackers = JoinSet::new();
    for attacker in 0..ATTACKERS {
        let (world, attempts) = (Arc::clone(world), Arc::clone(&attempts));
        attackers.spawn(async move {
            for turn in 0.. {
                let Some(request) = attack.request(&world, attacker, turn) else {
                    return;
                };
                // Whatever it is: an attacker goes on.
                drop(request.send().await);
                attempts.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(FAR_AWAY).await;
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut took = Vec::new();
    for _ in 0..SIGN_INS {
        took.push(sign_in(world).await);
        tokio::time::sleep(PAUSE).await;
    }
    attackers.shutdown().await;
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get(SIGN_INS * share / 100).copied();
    Measured {
        median: at(50).expect("there are so many"),
        p99: at(99).expect("there are so many"),
        attempts: attempts.load(Ordering::Relaxed),
    }
}

/// The clock of the services follows the machine's, so that the brakes let through what they would.
fn let_time_pass(world: &Arc<World>) {
    let world = Arc::downgrade(world);
    tokio::spawn(async move {
        while let Some(world) = world.upgrade() {
            world.clock.advance_secs(1);
            drop(world);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
}

/// The attackers would fill the screen with warnings.
fn log_errors_only() {
    const IDENTITY: ServiceIdentity = ServiceIdentity {
        name: "guessing",
        version: env!("CARGO_PKG_VERSION"),
        crate_name: env!("CARGO_CRATE_NAME"),
    };
    let log = LogSettings {
        format: LogFormat::Pretty,
        filter: "error".to_owned(),
    };
    Telemetry::start(IDENTITY, &log, &TraceSettings::OFF).expect("the filter is sound");
}

#[tokio::main]
async fn main() {
    log_errors_only();
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__HTTP__TRUSTED_PROXIES", "127.0.0.0/8, ::1")
        .with(&format!(
            "[[clients]]\nclient_id = \"old-shop\"\nclient_name = \"Old\"\nclient_secret = \"{BCRYPT}\"\n"
        ))
        .start()
        .await;
    let world = Arc::new(world);
    let_time_pass(&world);
    println!("| 130 attackers | attempts | sign-in, median | p99 | p99, ratio |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let mut unloaded = None;
    for (name, attack) in Attack::ALL {
        let Measured {
            median,
            p99,
            attempts,
        } = beside(&world, attack).await;
        let ratio = p99 / *unloaded.get_or_insert(p99);
        println!("| {name} | {attempts} | {median:.0} ms | {p99:.0} ms | {ratio:.2} |");
    }
}
