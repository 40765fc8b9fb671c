//! The authorization server's program: the server in a process of its own, and the operator's commands.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use crate::service_process::{LONGEST_WAIT, ServiceProcess, service_binary};
use crate::{Answer, Browser, secret_of};

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
    process: ServiceProcess,
    http: reqwest::Client,
}

impl AuthServerProcess {
    /// Starts one on this store and waits until it is ready.
    pub async fn start(store: &str, environment: &[(&str, &str)]) -> Self {
        let demo = include_str!("../../auth-server/config/demo.toml");
        let mut all = vec![("AUTH_SERVER__STORE__URL", store)];
        all.extend(environment);
        Self::of(ServiceProcess::start("auth-server", Some(demo), &all).await)
    }

    /// A process that was started with settings of its own.
    pub fn of(process: ServiceProcess) -> Self {
        Self {
            auth: process.address.clone(),
            probes: process.probes.clone(),
            process,
            http: Browser::plain_client(),
        }
    }

    /// The same on an embedded store that has a file system of so many MiB of its own in `disk`.
    pub async fn start_on_disk(disk: &Path, mebibytes: u32) -> Self {
        let demo = include_str!("../../auth-server/config/demo.toml");
        let store = format!("embedded:{}", disk.join("store.redb").display());
        let environment = [("AUTH_SERVER__STORE__URL", store.as_str())];
        let disk = (disk, mebibytes);
        let process = ServiceProcess::start_with_disk("auth-server", demo, &environment, disk);
        Self::of(process.await)
    }

    /// The files as the server sees them.
    pub fn root(&self) -> PathBuf {
        self.process.root()
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

    /// Writes its settings anew; it reads them again when it is asked to.
    pub fn change_settings(&self, settings: &str) {
        self.process.change_settings(settings);
    }

    /// The file of its settings.
    pub fn settings_file(&self) -> PathBuf {
        self.process.settings_file()
    }

    /// Waits until its log holds a text.
    pub async fn logged(&self, text: &str) {
        self.process.logged(text).await;
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        self.process.ended().await
    }
}
