//! Two servers behind a balancer are replaced by two others under load, and nobody notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use e2e::{Answer, AuthServerProcess, RedisServer, secret_of};

use crate::balancer::{Balancer, Spreads};

/// Callers of each kind: some keep their connections, some open one for each request.
const CALLERS: usize = 3;

/// How long a caller waits between two requests: steady load, not as much as the machine can bear.
const PAUSE: Duration = Duration::from_millis(5);

/// No caller goes on for longer, whatever else happens.
const MOST_REQUESTS: usize = 5000;

async fn pod(redis: &RedisServer, drain_secs: &str) -> AuthServerProcess {
    let environment = [
        ("AUTH_SERVER__HTTP__DRAIN_SECS", drain_secs),
        (
            "AUTH_SERVER__STORE__SEALING_SECRET",
            "the same in every pod",
        ),
    ];
    AuthServerProcess::start(&redis.url(), &environment).await
}

/// What the callers saw.
#[derive(Debug, Default)]
struct Seen {
    requests: AtomicUsize,
    failures: std::sync::Mutex<Vec<String>>,
    is_over: AtomicBool,
}

/// Somebody who asks for tokens and about tokens.
struct Caller {
    http: reqwest::Client,
    address: String,
    seen: Arc<Seen>,
}

impl Caller {
    fn new(address: &str, keeps_connections: bool, seen: &Arc<Seen>) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10));
        let http = if keeps_connections {
            http
        } else {
            http.pool_max_idle_per_host(0)
        };
        Self {
            http: http.build().unwrap(),
            address: address.to_owned(),
            seen: Arc::clone(seen),
        }
    }

    /// Sends a form; tells of everything but 200, and gives back what came with 200.
    async fn post(&self, client_id: &str, path: &str, form: &[(&str, &str)]) -> Option<Answer> {
        let request = self.http.post(format!("{}{path}", self.address)).form(form);
        let request = request.basic_auth(client_id, Some(secret_of(client_id)));
        self.seen.requests.fetch_add(1, Ordering::Relaxed);
        let failure = match request.send().await {
            Ok(response) if response.status().is_success() => {
                return Some(Answer::read(response).await);
            }
            Ok(response) => response.text().await.unwrap_or_default(),
            Err(error) => format!("{error:?}"),
        };
        let failure = format!("{path}: {failure}");
        self.seen.failures.lock().unwrap().push(failure);
        None
    }

    async fn check(&self, token: &str) -> Option<Answer> {
        let form = [("token", token)];
        self.post("photo-space", "/oauth/check_token", &form).await
    }

    async fn issue(&self) -> Option<String> {
        let form = [("grant_type", "client_credentials")];
        let answer = self.post("photo-backup", "/oauth/token", &form).await?;
        Some(answer.access_token())
    }

    /// Goes on until it is over.
    async fn call(self, old_token: String) {
        for _ in 0..MOST_REQUESTS / 3 {
            if self.seen.is_over.load(Ordering::Relaxed) {
                return;
            }
            if let Some(token) = self.issue().await {
                self.check(&token).await;
            }
            self.check(&old_token).await;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Rolls two pods over under load; gives back how many requests there were and which failed.
async fn roll_over(spreads: Spreads, drain_secs: &str) -> (usize, Vec<String>) {
    let redis = RedisServer::start().await;
    // Both at once on an empty store, as a first deployment does.
    let (one, other) = tokio::join!(pod(&redis, drain_secs), pod(&redis, drain_secs));
    let keys = one.browser().get("/oauth/jwks").await.text;
    assert_eq!(other.browser().get("/oauth/jwks").await.text, keys);

    let pods = vec![one, other];
    let balancer = Balancer::start(spreads, &pods).await;
    let seen = Arc::new(Seen::default());
    let before = Caller::new(&balancer.address, false, &seen);
    let old_token = before.issue().await.unwrap();
    let callers = (0..2 * CALLERS).map(|number| {
        let caller = Caller::new(&balancer.address, number < CALLERS, &seen);
        tokio::spawn(caller.call(old_token.clone()))
    });
    let callers: Vec<_> = callers.collect();

    let new = balancer.roll(pods, async || pod(&redis, drain_secs).await);
    let new = new.await;
    seen.is_over.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    for pod in &new {
        let form = [("token", old_token.as_str())];
        let answer = pod.post_as("photo-space", "/oauth/check_token", &form);
        assert_eq!(answer.await.status, 200, "a token from before is good");
        assert_eq!(pod.browser().get("/oauth/jwks").await.text, keys);
    }
    balancer.stop().await;
    let failures = std::mem::take(&mut *seen.failures.lock().unwrap());
    (seen.requests.load(Ordering::Relaxed), failures)
}

/// A rolling update loses no request: pods that leave go on for longer than the balancer takes to hear of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_update_loses_no_request() {
    for spreads in [Spreads::Connections, Spreads::Requests] {
        let (requests, failures) = roll_over(spreads, "2").await;
        println!(
            "{spreads:?}: {requests} requests, {} failed",
            failures.len()
        );
        assert!(failures.is_empty(), "of {requests}: {failures:#?}");
        assert!(requests > 100, "{requests} requests are no load");
    }
}

/// Without a drain the same update does lose some: what the test above sees would not go unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_drain_a_rolling_update_loses_requests() {
    for spreads in [Spreads::Connections, Spreads::Requests] {
        let (requests, failures) = roll_over(spreads, "0").await;
        println!(
            "{spreads:?}: {requests} requests, {} failed",
            failures.len()
        );
        assert!(!failures.is_empty(), "none of {requests} was lost");
    }
}
