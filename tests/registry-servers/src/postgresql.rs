//! PostgreSQL.

use std::path::{Path, PathBuf};

use redis_server::ReservedPort;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tempfile::TempDir;

use crate::certificates::Certificates;
use crate::child::{PATIENCE, ServerChild, run, unprivileged};

const ACCOUNT: &str = "postgres";
pub(crate) const USER: &str = "spring";
pub(crate) const PASSWORD: &str = "s3cret of the database";

#[derive(Debug)]
pub(crate) struct Postgresql {
    pub(crate) child: ServerChild,
    pub(crate) port: ReservedPort,
    pub(crate) pool: PgPool,
    /// Where it speaks TLS.
    pub(crate) certificates: Option<Certificates>,
    // Last, because the server must have ended before what it works on goes.
    folder: TempDir,
}

impl Postgresql {
    pub(crate) async fn start(with_certificate: bool) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), ReservedPort::take());
        let certificates = with_certificate.then(|| Certificates::in_folder(folder.path()));
        std::fs::write(folder.path().join("password"), PASSWORD).unwrap();
        let mut initialize = unprivileged(&program("initdb"), folder.path(), ACCOUNT);
        initialize
            .args([
                "--username",
                USER,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
            ])
            .args(["--locale", "C", "--no-sync", "--pwfile"])
            .arg(folder.path().join("password"))
            .arg(folder.path().join("data"));
        run(initialize);
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port.number())
            .username(USER)
            .password(PASSWORD)
            .database("postgres");
        let pool = PgPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options);
        let child = spawn(folder.path(), &port, certificates.as_ref());
        let mut server = Self {
            child,
            port,
            pool,
            certificates,
            folder,
        };
        server.until_it_answers().await;
        server
    }

    async fn until_it_answers(&mut self) {
        let pool = self.pool.clone();
        let answers = || async { sqlx::query("SELECT 1").execute(&pool).await.is_ok() };
        self.child.until(answers).await;
    }

    /// The same server again, with what it had kept.
    pub(crate) async fn restart(&mut self) {
        self.child.kill();
        drop(std::fs::remove_file(
            self.folder.path().join("data/postmaster.pid"),
        ));
        let certificates = self.certificates.as_ref();
        self.child = spawn(self.folder.path(), &self.port, certificates);
        self.until_it_answers().await;
    }
}

fn spawn(folder: &Path, port: &ReservedPort, certificates: Option<&Certificates>) -> ServerChild {
    let mut command = unprivileged(&program("postgres"), folder, ACCOUNT);
    command
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-h", "127.0.0.1", "-p", &port.number().to_string()])
        .args([
            "-c",
            "fsync=off",
            "-c",
            "shared_buffers=16MB",
            "-c",
            "max_connections=40",
        ]);
    if let Some(certificates) = certificates {
        let file = |setting: &str, file: &Path| format!("{setting}={}", file.display());
        command
            .args(["-c", "ssl=on", "-c"])
            .arg(file("ssl_cert_file", &certificates.certificate))
            .arg("-c")
            .arg(file("ssl_key_file", &certificates.key));
    }
    ServerChild::start(command, &folder.join("log"))
}

/// Debian has its programs in a folder for each version; others have them where programs are.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let folders = versions.map(|version| version.unwrap().path().join("bin").join(name));
    let mut installed: Vec<PathBuf> = folders.filter(|path| path.exists()).collect();
    installed.sort();
    installed.pop().unwrap_or_else(|| PathBuf::from(name))
}
