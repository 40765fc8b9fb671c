//! A server that stands in front of the old one: it passes every request on to the old server and gives its answer back,
//! both as they are, and asks the new server the same behind it, where that uses nothing up (`rules`). What it reports is how
//! often the two answers mean the same, per client and endpoint, and where they do not.
//!
//! Callers never wait for the new server and never see anything of it. Nothing of a secret, a token, a code or a password
//! gets into a report. Nobody else is called than these two.

mod comparison;
mod difference;
mod endpoint;
mod facts;
mod headers;
mod masking;
mod members;
mod proxy;
mod report;
mod rules;
mod second;
mod state;
mod upstream;

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, get, to};
use actix_web::{App, HttpResponse, HttpServer};
use reqwest::Certificate;
use symbolon::calls::{AddressError, read_base_address};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{interval, timeout};

pub use endpoint::Endpoint;
pub use report::{Place, Report, Row, Snapshot};
pub use rules::{Choice, Kind, Reason};

use state::{MOST_AT_ONCE, Shadow};
use upstream::Upstream;

/// How long the old server may say nothing.
const PATIENCE_WITH_THE_OLD: Duration = Duration::from_secs(60);

/// How long requests under way may take when the shadow stops.
const LEAVE: u64 = 10;

/// How often the report's file is written.
const PACE_OF_THE_FILE: Duration = Duration::from_secs(10);

/// So many connections are open at once, per worker.
const MOST_CONNECTIONS: usize = 1024;

/// What a shadow is told.
#[derive(Clone, Debug)]
pub struct ShadowSettings {
    /// The old server, with its context path.
    pub old: String,
    /// The new server: its issuer, or where else it is reached.
    pub new: String,
    /// Whether plain http may leave this machine.
    pub allow_plain_http: bool,
    /// Who signed the certificates of both, as PEM, beside the authorities that are known here.
    pub authorities: Vec<u8>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it tells its report as it stands, at `/report` and `/report.json`.
    pub report_on: Option<SocketAddr>,
    /// Where it writes its report, every ten seconds and at its end; JSON where the name ends so.
    pub report_file: Option<PathBuf>,
    /// What is asked twice.
    pub choice: Choice,
    /// How far moments and lifetimes may be apart, in seconds.
    pub tolerance_secs: u64,
    /// How long the new server may take.
    pub patience: Duration,
}

/// Why there is no shadow.
#[derive(Debug, thiserror::Error)]
pub enum ShadowError {
    /// A server's address cannot be called.
    #[error("--{which}: {why}")]
    Address {
        /// Which of the two.
        which: &'static str,
        /// What is wrong with it.
        why: AddressError,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] reqwest::Error),
    /// There is no certificate where an authority's should be.
    #[error("--ca-file holds no certificate")]
    NoCertificate,
    /// Nobody can listen there.
    #[error("{address} cannot be listened on: {error}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The report cannot be written.
    #[error("{}: {error}", file.display())]
    File {
        /// Where to.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The server broke off.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A shadow whose sockets are open.
#[derive(Debug)]
pub struct BoundShadow {
    shadow: Arc<Shadow>,
    listener: TcpListener,
    report_listener: Option<TcpListener>,
    report_file: Option<PathBuf>,
}

impl ShadowSettings {
    /// Opens the sockets. Within a runtime, on which comparing will be done.
    pub fn bind(self) -> Result<BoundShadow, ShadowError> {
        let read = |which, text: &str| {
            read_base_address(text, self.allow_plain_http)
                .map_err(|why| ShadowError::Address { which, why })
        };
        let authorities = Certificate::from_pem_bundle(&self.authorities)?;
        if authorities.is_empty() && !self.authorities.is_empty() {
            return Err(ShadowError::NoCertificate);
        }
        let upstream = |base, pause, total| Upstream::new(base, pause, total, &authorities);
        let old = upstream(read("old", &self.old)?, PATIENCE_WITH_THE_OLD, None)?;
        let new = read("new", &self.new)?;
        let new = upstream(new, self.patience, Some(self.patience))?;
        let shadow = Arc::new(Shadow {
            old,
            new,
            choice: self.choice,
            tolerance_secs: self.tolerance_secs,
            patience: self.patience,
            report: Arc::default(),
            permits: Arc::new(Semaphore::new(permits())),
            background: Handle::current(),
        });
        let report_file = self.report_file;
        if let Some(file) = &report_file {
            write_report(file, &shadow.report)?;
        }
        Ok(BoundShadow {
            shadow,
            listener: listen(self.listen)?,
            report_listener: self.report_on.map(listen).transpose()?,
            report_file,
        })
    }
}

impl BoundShadow {
    /// Where it listens, and where it reports.
    pub fn addresses(&self) -> io::Result<(SocketAddr, Option<SocketAddr>)> {
        let report = self.report_listener.as_ref();
        let report = report.map(TcpListener::local_addr).transpose()?;
        Ok((self.listener.local_addr()?, report))
    }

    /// Passes requests on until `end`, lets those under way come to theirs, and answers with the report.
    pub async fn run(self, end: impl Future<Output = ()>) -> Result<Snapshot, ShadowError> {
        let shadow = self.shadow;
        let report = Arc::clone(&shadow.report);
        let telling = self
            .report_listener
            .map(|at| tell(at, &report))
            .transpose()?;
        let writing = self
            .report_file
            .clone()
            .map(|file| tokio::spawn(write_again_and_again(file, Arc::clone(&report))));
        let serving = pass_on(self.listener, &shadow)?;
        let handle = serving.handle();
        let serving = tokio::spawn(serving);
        end.await;
        handle.stop(true).await;
        serving.await.map_err(io::Error::other)??;
        // What is still being compared has as long as the new server has, and nobody waits for ever.
        let patience = shadow.patience.min(Duration::from_secs(LEAVE));
        let _ = timeout(patience, shadow.permits.acquire_many(MOST_AT_ONCE)).await;
        if let Some(telling) = telling {
            telling.stop(true).await;
        }
        if let Some(writing) = writing {
            writing.abort();
        }
        if let Some(file) = &self.report_file {
            write_report(file, &report)?;
        }
        Ok(report.snapshot())
    }
}

fn permits() -> usize {
    usize::try_from(MOST_AT_ONCE).unwrap_or(Semaphore::MAX_PERMITS)
}

fn listen(address: SocketAddr) -> Result<TcpListener, ShadowError> {
    TcpListener::bind(address).map_err(|error| ShadowError::Bind { address, error })
}

fn pass_on(listener: TcpListener, shadow: &Arc<Shadow>) -> io::Result<actix_web::dev::Server> {
    let data = Data::from(Arc::clone(shadow));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .default_service(to(proxy::pass_on))
    });
    let server = server
        .max_connections(MOST_CONNECTIONS)
        .shutdown_timeout(LEAVE)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// Tells the report as it stands to whoever asks.
fn tell(listener: TcpListener, report: &Arc<Report>) -> io::Result<actix_web::dev::ServerHandle> {
    let report = Data::from(Arc::clone(report));
    let server = HttpServer::new(move || {
        let as_text = async |report: Data<Report>| report.snapshot().to_text() + "\n";
        let as_json = async |report: Data<Report>| HttpResponse::Ok().json(report.snapshot());
        App::new()
            .app_data(report.clone())
            .route("/report", get().to(as_text))
            .route("/report.json", get().to(as_json))
    });
    let server = server.workers(1).shutdown_timeout(1).disable_signals();
    let server = server.listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

async fn write_again_and_again(file: PathBuf, report: Arc<Report>) {
    let mut pace = interval(PACE_OF_THE_FILE);
    loop {
        pace.tick().await;
        let (file, report) = (file.clone(), Arc::clone(&report));
        // A full disk holds nothing up; the last writing says what is wrong.
        let _ = tokio::task::spawn_blocking(move || write_report(&file, &report)).await;
    }
}

/// The file is whole at every moment.
fn write_report(file: &Path, report: &Report) -> Result<(), ShadowError> {
    let snapshot = report.snapshot();
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let write = || -> io::Result<()> {
        let text = if is_json {
            snapshot.to_json().map_err(io::Error::other)?
        } else {
            snapshot.to_text()
        };
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        std::fs::write(&part, text + "\n")?;
        std::fs::rename(&part, file)
    };
    let file = file.to_owned();
    write().map_err(|error| ShadowError::File { file, error })
}
