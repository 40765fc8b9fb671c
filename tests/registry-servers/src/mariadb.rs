//! MariaDB, which speaks MySQL's protocol.

use std::path::Path;
use std::process::Command;

use redis_server::ReservedPort;
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use tempfile::TempDir;

use crate::certificates::Certificates;
use crate::child::{PATIENCE, ServerChild, run, unprivileged};
use crate::postgresql::{PASSWORD, USER};

const ACCOUNT: &str = "mysql";
pub(crate) const DATABASE: &str = "spring";

#[derive(Debug)]
pub(crate) struct Mariadb {
    pub(crate) child: ServerChild,
    pub(crate) port: ReservedPort,
    pub(crate) pool: MySqlPool,
    /// Where it speaks TLS.
    pub(crate) certificates: Option<Certificates>,
    // Last, because the server must have ended before what it works on goes.
    folder: TempDir,
}

impl Mariadb {
    pub(crate) async fn start(with_certificate: bool) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), ReservedPort::take());
        let certificates = with_certificate.then(|| Certificates::in_folder(folder.path()));
        install(folder.path());
        let child = spawn(folder.path(), &port, certificates.as_ref());
        let options = MySqlConnectOptions::new()
            .socket(folder.path().join("socket"))
            .username("root");
        let pool = MySqlPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options.clone());
        let mut server = Self {
            child,
            port,
            pool,
            certificates,
            folder,
        };
        server.until_it_answers().await;
        for statement in [
            format!("CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4"),
            format!("CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'"),
            format!("GRANT SELECT ON {DATABASE}.* TO {USER}@'127.0.0.1'"),
        ] {
            let statement = sqlx::raw_sql(AssertSqlSafe(statement));
            statement.execute(&server.pool).await.unwrap();
        }
        server.pool = MySqlPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options.database(DATABASE));
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
        let certificates = self.certificates.as_ref();
        self.child = spawn(self.folder.path(), &self.port, certificates);
        self.until_it_answers().await;
    }
}

fn install(folder: &Path) {
    let mut install = unprivileged(Path::new("mariadb-install-db"), folder, ACCOUNT);
    install
        .args(["--no-defaults", "--skip-test-db"])
        .arg("--auth-root-authentication-method=normal")
        .arg(format!("--tmpdir={}", folder.display()))
        .arg(format!("--datadir={}", folder.join("data").display()));
    small(&mut install);
    run(install);
}

fn spawn(folder: &Path, port: &ReservedPort, certificates: Option<&Certificates>) -> ServerChild {
    let mut command = unprivileged(Path::new("mariadbd"), folder, ACCOUNT);
    command
        .arg("--no-defaults")
        .arg(format!("--tmpdir={}", folder.display()))
        .arg(format!("--datadir={}", folder.join("data").display()))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--pid-file={}", folder.join("pid").display()))
        .args([
            "--bind-address=127.0.0.1",
            &format!("--port={}", port.number()),
        ])
        .args(["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=2"]);
    if let Some(certificates) = certificates {
        command
            .arg(format!("--ssl-cert={}", certificates.certificate.display()))
            .arg(format!("--ssl-key={}", certificates.key.display()));
    }
    small(&mut command);
    ServerChild::start(command, &folder.join("log"))
}

/// It is there for a moment: neither much memory nor many megabytes of log.
fn small(command: &mut Command) {
    command.args([
        "--innodb-buffer-pool-size=8M",
        "--innodb-log-file-size=4M",
        "--innodb-log-buffer-size=1M",
        "--key-buffer-size=64K",
    ]);
}
