//! The authorization server as its operator runs it: the real program, in a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Answer, Browser, secret_of};

/// No program takes longer to start or to end.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A service's program, beside the tests' own; it is not a dependency of theirs, so `cargo build --workspace
/// --all-features` comes first (`scripts/test` sees to it).
pub fn service_binary(service: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("a test has a program");
    let built = tests
        .ancestors()
        .nth(2)
        .expect("it is in target/PROFILE/deps");
    let binary = built.join(service);
    assert!(
        binary.exists(),
        "{} is missing: run `cargo build --workspace --all-features` first, as scripts/test does",
        binary.display()
    );
    binary
}

/// How a command of the program ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Runs a command of the authorization server to its end. Its whole environment is `environment`.
pub async fn run_auth_server(
    arguments: &[&str],
    environment: &[(&str, &str)],
    stdin: &str,
) -> Finished {
    run_service("auth-server", arguments, environment, stdin).await
}

/// Runs a command of a service's program to its end. Its whole environment is `environment`.
pub async fn run_service(
    service: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
    stdin: &str,
) -> Finished {
    use tokio::io::AsyncWriteExt as _;
    let mut child = tokio::process::Command::new(service_binary(service))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("its input is piped");
    // A program that does not read has closed its end.
    let _ = input.write_all(stdin.as_bytes()).await;
    drop(input);
    let output = tokio::time::timeout(LONGEST_WAIT, child.wait_with_output()).await;
    let output = output
        .unwrap_or_else(|_| panic!("{service} {arguments:?} does not end"))
        .expect("its output is read");
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A server in a process of its own, with the demo's clients and owners, on free ports.
pub struct AuthServerProcess {
    /// Its address.
    pub auth: String,
    /// Its probes.
    pub probes: String,
    child: Child,
    http: reqwest::Client,
    directory: TempDir,
}

impl AuthServerProcess {
    /// Starts one on this store and waits until it is ready.
    pub async fn start(store: &str, environment: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let settings = directory.path().join("auth-server.toml");
        let demo = include_str!("../../auth-server/config/demo.toml");
        std::fs::write(&settings, demo).expect("the settings are written");
        let log = File::create(log_of(&directory)).expect("a log");
        let mut child = Command::new(service_binary("auth-server"))
            .arg("serve")
            .arg("--config")
            .arg(&settings)
            .env_clear()
            .env("AUTH_SERVER__HTTP__PORT", "0")
            .env("AUTH_SERVER__HTTP__PROBES_PORT", "0")
            .env("AUTH_SERVER__LOG__FORMAT", "json")
            .env("AUTH_SERVER__STORE__URL", store)
            .envs(environment.iter().copied())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let [auth, probes] = addresses(&mut child, &log_of(&directory)).await;
        Self {
            auth,
            probes,
            child,
            http: Browser::plain_client(),
            directory,
        }
    }

    /// A new browser.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.auth)
    }

    /// Sends a form as one of the demo's confidential clients; `None` when there is no answer.
    pub async fn try_post_as(
        &self,
        client_id: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Option<Answer> {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        let request = request.basic_auth(client_id, Some(secret_of(client_id)));
        Some(Answer::read(request.send().await.ok()?).await)
    }

    /// Sends a form as one of the demo's confidential clients.
    pub async fn post_as(&self, client_id: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.try_post_as(client_id, path, form).await;
        answer.expect("the server answers")
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log_of(&self.directory)).expect("the log is read")
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LONGEST_WAIT;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the server does not end: {}", self.log());
    }
}

impl Drop for AuthServerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_of(directory: &TempDir) -> PathBuf {
    directory.path().join("log.jsonl")
}

/// Reads the addresses from the log line that tells of the start.
async fn addresses(child: &mut Child, log: &Path) -> [String; 2] {
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        let text = std::fs::read_to_string(log).expect("the log is read");
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let started = lines
            .into_iter()
            .find(|line: &Value| line["event"] == "started");
        if let Some(line) = started {
            return ["address", "probes_address"].map(|name| {
                let address = line[name].as_str().expect("an address");
                let port = address.rsplit(':').next().unwrap_or_default();
                format!("http://localhost:{port}")
            });
        }
        let ended = child.try_wait().expect("it can be waited for");
        assert!(
            ended.is_none() && Instant::now() < deadline,
            "the server does not start: {text}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
