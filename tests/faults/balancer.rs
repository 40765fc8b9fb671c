//! A cluster in small: pods that are processes, a service that spreads connections or requests over those that
//! are ready, and a rollout that replaces them one by one, with the signals and the delays of Kubernetes.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use e2e::AuthServerProcess;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How long the balancer goes on as before after a pod has come or is told to go.
const PROPAGATION: Duration = Duration::from_millis(700);

/// How the balancer spreads load.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spreads {
    /// By connection, as a cluster's own services do: whoever keeps one keeps its pod.
    Connections,
    /// By request over connections that it keeps to the pods, as an ingress does.
    Requests,
}

/// The pods that the balancer knows of.
#[derive(Clone, Debug, Default)]
struct Endpoints {
    addresses: Arc<Mutex<Vec<String>>>,
    turn: Arc<AtomicUsize>,
}

impl Endpoints {
    /// The next pod in turn.
    fn next(&self) -> Option<String> {
        let addresses = self.addresses.lock().unwrap();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        addresses.get(turn.checked_rem(addresses.len())?).cloned()
    }

    /// Changes what the balancer knows, as late as it hears of it.
    fn change_later(&self, change: impl FnOnce(&mut Vec<String>) + Send + 'static) {
        let addresses = Arc::clone(&self.addresses);
        tokio::spawn(async move {
            tokio::time::sleep(PROPAGATION).await;
            change(&mut addresses.lock().unwrap());
        });
    }
}

/// A balancer on a port of its own.
pub(crate) struct Balancer {
    /// Its address, without a slash at the end.
    pub(crate) address: String,
    endpoints: Endpoints,
    runs: Runs,
}

enum Runs {
    Connections(JoinHandle<()>),
    Requests(ServerHandle),
}

impl Balancer {
    /// Starts one that knows these pods.
    pub(crate) async fn start(spreads: Spreads, pods: &[AuthServerProcess]) -> Self {
        let endpoints = Endpoints::default();
        let addresses = pods.iter().map(|pod| pod.auth.clone());
        endpoints.addresses.lock().unwrap().extend(addresses);
        let known = endpoints.clone();
        let (address, runs) = match spreads {
            Spreads::Connections => spread_connections(known).await,
            Spreads::Requests => spread_requests(known),
        };
        Self {
            address: format!("http://{address}"),
            endpoints,
            runs,
        }
    }

    /// Replaces each pod by a new one that `start` makes: at most one more than there were, never one less.
    pub(crate) async fn roll(
        &self,
        pods: Vec<AuthServerProcess>,
        start: impl AsyncFn() -> AuthServerProcess,
    ) -> Vec<AuthServerProcess> {
        let (mut new, mut leaving) = (Vec::new(), Vec::new());
        for old in pods {
            // The kubelet's part: a pod is available as soon as its readiness probe says yes.
            let pod = start().await;
            until_ready(&pod).await;
            let address = pod.auth.clone();
            self.endpoints
                .change_later(move |known| known.push(address));
            // The old one gets its signal at the moment in which its removal begins to spread.
            let address = old.auth.clone();
            self.endpoints
                .change_later(move |known| known.retain(|other| *other != address));
            old.signal("TERM");
            leaving.push(old);
            new.push(pod);
        }
        for mut old in leaving {
            let status = old.ended().await;
            assert!(status.success(), "{status}: {}", old.log());
        }
        new
    }

    /// Ends it.
    pub(crate) async fn stop(self) {
        match self.runs {
            Runs::Connections(task) => task.abort(),
            Runs::Requests(handle) => handle.stop(false).await,
        }
    }
}

async fn until_ready(pod: &AuthServerProcess) {
    let readyz = format!("{}/readyz", pod.probes);
    for _ in 0..1000 {
        if let Ok(answer) = reqwest::get(&readyz).await
            && answer.status().is_success()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a new pod does not become ready");
}

async fn spread_connections(endpoints: Endpoints) -> (SocketAddr, Runs) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(splice(client, endpoints.next()));
        }
    });
    (address, Runs::Connections(task))
}

/// One connection: to one pod, for as long as it lives. A pod that does not answer is the client's loss.
async fn splice(mut client: TcpStream, pod: Option<String>) -> io::Result<()> {
    let pod = pod.ok_or_else(|| io::Error::other("no pod"))?;
    let mut server = TcpStream::connect(pod.replace("http://localhost", "127.0.0.1")).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

fn spread_requests(endpoints: Endpoints) -> (SocketAddr, Runs) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let http = reqwest::Client::builder().build().unwrap();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new((http.clone(), endpoints.clone())))
            .default_service(web::to(forward))
    });
    let server = server.workers(1).disable_signals();
    let server = server.listen(listener).unwrap().run();
    let handle = server.handle();
    tokio::spawn(server);
    (address, Runs::Requests(handle))
}

/// One request: to one pod, once. No second try hides what the first one met.
async fn forward(
    request: HttpRequest,
    body: web::Bytes,
    around: web::Data<(reqwest::Client, Endpoints)>,
) -> HttpResponse {
    let (http, endpoints) = around.get_ref();
    let Some(pod) = endpoints.next() else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    let mut forwarded = http.post(format!("{pod}{}", request.uri())).body(body);
    for name in ["authorization", "content-type"] {
        if let Some(value) = request.headers().get(name) {
            forwarded = forwarded.header(name, value.as_bytes());
        }
    }
    let answer = async {
        let answer = forwarded.send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.bytes().await?))
    };
    match answer.await {
        Ok((status, body)) => HttpResponse::build(
            StatusCode::from_u16(status.as_u16()).expect("a status is a status"),
        )
        .body(body),
        Err(error) => HttpResponse::BadGateway().body(error.to_string()),
    }
}
