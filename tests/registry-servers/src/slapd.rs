//! The directory of `OpenLDAP`.

use std::path::{Path, PathBuf};
use std::process::Command;

use redis_server::ReservedPort;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::certificates::Certificates;
use crate::child::{ServerChild, run};

/// A directory with the people of a Spring shop, that lives as long as this value. All below `dc=example`.
#[derive(Debug)]
pub struct Directory {
    child: ServerChild,
    port: ReservedPort,
    tls_port: ReservedPort,
    certificates: Certificates,
    // Last, because the server must have ended before what it works on goes.
    folder: TempDir,
}

impl Directory {
    /// Who may search.
    pub const SEARCHER: (&str, &str) = ("cn=searcher,dc=example", "s3cret of the searcher");
    /// Who may change things.
    const ROOT: (&str, &str) = ("cn=root,dc=example", "s3cret of root");

    /// Starts one with what stands in `spring.ldif`.
    pub async fn of_spring() -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), ReservedPort::take());
        let tls_port = ReservedPort::take();
        let certificates = Certificates::in_folder(folder.path());
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(
            folder.path().join("slapd.conf"),
            configuration(folder.path(), &certificates),
        )
        .unwrap();
        let entries = folder.path().join("spring.ldif");
        std::fs::write(&entries, include_str!("spring.ldif")).unwrap();
        let mut load = Command::new(program("slapadd"));
        load.arg("-f")
            .arg(folder.path().join("slapd.conf"))
            .arg("-l")
            .arg(entries);
        run(load);
        let child = spawn(folder.path(), [&port, &tls_port]);
        let mut directory = Self {
            child,
            port,
            tls_port,
            certificates,
            folder,
        };
        directory.until_it_answers().await;
        directory
    }

    async fn until_it_answers(&mut self) {
        let port = self.port.number();
        let answers = || async move { TcpStream::connect(("127.0.0.1", port)).await.is_ok() };
        self.child.until(answers).await;
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port.number())
    }

    /// Its address under the name that its certificate has, for a conversation that is encrypted once it has begun.
    pub fn url_by_name(&self) -> String {
        format!("ldap://localhost:{}", self.port.number())
    }

    /// Its address where all is encrypted from the beginning, under this name.
    pub fn tls_url(&self, host: &str) -> String {
        format!("ldaps://{host}:{}", self.tls_port.number())
    }

    /// Who signed its certificate, as a file.
    pub fn authority(&self) -> &Path {
        &self.certificates.authority
    }

    /// Changes entries, by LDIF.
    pub fn change(&self, ldif: &str) {
        let file = self.folder.path().join("change.ldif");
        std::fs::write(&file, ldif).unwrap();
        let mut change = Command::new("ldapmodify");
        change
            .args([
                "-x",
                "-H",
                &self.url(),
                "-D",
                Self::ROOT.0,
                "-w",
                Self::ROOT.1,
                "-f",
            ])
            .arg(file);
        run(change);
    }

    /// Kills it, as a power failure would.
    pub fn kill(&mut self) {
        self.child.kill();
    }

    /// The same directory again.
    pub async fn restart(&mut self) {
        self.child.kill();
        self.child = spawn(self.folder.path(), [&self.port, &self.tls_port]);
        self.until_it_answers().await;
    }

    /// Makes it silent: connections stay open and nothing is answered.
    pub fn pause(&self) {
        self.child.pause();
    }

    /// Lets it answer again.
    pub fn resume(&self) {
        self.child.resume();
    }
}

fn spawn(folder: &Path, [port, tls_port]: [&ReservedPort; 2]) -> ServerChild {
    let mut command = Command::new(program("slapd"));
    // With -d it stays in the foreground.
    command
        .args(["-d", "0", "-h"])
        .arg(format!(
            "ldap://127.0.0.1:{} ldaps://127.0.0.1:{}",
            port.number(),
            tls_port.number()
        ))
        .arg("-f")
        .arg(folder.join("slapd.conf"));
    ServerChild::start(command, &folder.join("log"))
}

/// Unauthenticated binds are answered with success, as many a directory does it.
fn configuration(folder: &Path, certificates: &Certificates) -> String {
    let (folder, (root, password)) = (folder.display(), Directory::ROOT);
    let Certificates {
        authority,
        certificate,
        key,
    } = certificates;
    let (authority, certificate, key) = (authority.display(), certificate.display(), key.display());
    format!(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\nallow bind_anon_dn\n\
         modulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile {folder}/pid\n\
         TLSCACertificateFile {authority}\nTLSCertificateFile {certificate}\nTLSCertificateKeyFile {key}\ndatabase mdb\nmaxsize 16777216\n\
         suffix \"dc=example\"\ndirectory {folder}/data\nrootdn \"{root}\"\nrootpw \"{password}\"\n\
         access to attrs=userPassword by anonymous auth by * none\n\
         access to * by dn.exact=\"{}\" read by anonymous auth by * none\n",
        Directory::SEARCHER.0
    )
}

/// Debian has its programs in a folder that only root looks into.
fn program(name: &str) -> PathBuf {
    let debian = Path::new("/usr/sbin").join(name);
    if debian.exists() {
        debian
    } else {
        PathBuf::from(name)
    }
}
