//! A service as its operator runs it: the real program, in a process of its own.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// No program takes longer to start or to end.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);

const SETTINGS_FILE: &str = "settings.toml";

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

/// What the environment's variables of a service begin with: `AUTH_SERVER` for `auth-server`.
pub fn environment_prefix(service: &str) -> String {
    service.replace('-', "_").to_uppercase()
}

/// Runs what is added to it where it may mount, and nobody else sees what it does. `own` is a file of this user.
pub fn unshare(own: &Path) -> Command {
    let mut command = Command::new("unshare");
    // Whoever is not root becomes it in a world of his own.
    if std::fs::metadata(own).expect("it is there").uid() != 0 {
        command.args(["--user", "--map-root-user"]);
    }
    command.arg("--mount");
    command
}

fn write_settings(directory: &TempDir, settings: &str) -> PathBuf {
    let file = directory.path().join(SETTINGS_FILE);
    std::fs::write(&file, settings).expect("the settings are written");
    file
}

/// One of the three services in a process of its own, until this is dropped.
pub struct ServiceProcess {
    /// Its address.
    pub address: String,
    /// Its probes.
    pub probes: String,
    process: BegunService,
}

/// One that need not listen yet.
pub struct BegunService {
    child: Child,
    log: PathBuf,
    directory: TempDir,
}

impl ServiceProcess {
    /// Starts one with `serve` and waits until it listens. The environment is its whole environment; it takes
    /// free ports and logs JSON unless that says otherwise.
    pub async fn start(
        service: &str,
        settings: Option<&str>,
        environment: &[(&str, &str)],
    ) -> Self {
        let begun = BegunService::begin(service, settings, environment);
        begun.listening().await
    }

    /// The same, with a file system of so many MiB of its own in `disk`, which only this process sees there; others
    /// find it in [`ServiceProcess::root`].
    pub async fn start_with_disk(
        service: &str,
        settings: &str,
        environment: &[(&str, &str)],
        (disk, mebibytes): (&Path, u32),
    ) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let file = write_settings(&directory, settings);
        let mut command = unshare(directory.path());
        let mount = format!("mount -t tmpfs -o size={mebibytes}m tmpfs \"$0\" && exec \"$@\"");
        command.args(["sh", "-c", &mount]);
        command.arg(disk).arg(service_binary(service)).arg("serve");
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path);
        command.arg("--config").arg(file);
        Self::spawn(service, command, environment, directory).await
    }

    /// The files as this process sees them.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.process.child.id()))
    }

    /// The same without a word on the command line: the environment names the file.
    pub async fn start_by_environment(service: &str, settings: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let file = write_settings(&directory, settings);
        let mut command = Command::new(service_binary(service));
        let variable = format!("{}_CONFIG", environment_prefix(service));
        command.env_clear().env(variable, file);
        Self::spawn(service, command, &[], directory).await
    }

    async fn spawn(
        service: &str,
        command: Command,
        environment: &[(&str, &str)],
        directory: TempDir,
    ) -> Self {
        let begun = BegunService::spawn(service, command, environment, directory);
        begun.listening().await
    }

    /// Writes its settings anew; it reads them again when it is asked to.
    pub fn change_settings(&self, settings: &str) {
        write_settings(&self.process.directory, settings);
    }

    /// The file of its settings.
    pub fn settings_file(&self) -> PathBuf {
        self.process.directory.path().join(SETTINGS_FILE)
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Waits until its log holds a text.
    pub async fn logged(&self, text: &str) {
        self.process.logged(text).await;
    }

    /// How much memory it has in use, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = format!("/proc/{}/status", self.process.child.id());
        let status = std::fs::read_to_string(status).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next());
        1024 * kibibytes.and_then(|text| text.parse().ok()).unwrap_or(0)
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

impl BegunService {
    /// Begins one with `serve`. The environment is its whole environment; it takes free ports and logs JSON unless
    /// that says otherwise.
    pub fn begin(service: &str, settings: Option<&str>, environment: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut command = Command::new(service_binary(service));
        command.arg("serve").env_clear();
        if let Some(settings) = settings {
            let file = write_settings(&directory, settings);
            command.arg("--config").arg(&file);
        }
        Self::spawn(service, command, environment, directory)
    }

    fn spawn(
        service: &str,
        mut command: Command,
        environment: &[(&str, &str)],
        directory: TempDir,
    ) -> Self {
        let log = directory.path().join("log.jsonl");
        let prefix = environment_prefix(service);
        let child = command
            .env(format!("{prefix}__HTTP__PORT"), "0")
            .env(format!("{prefix}__HTTP__PROBES_PORT"), "0")
            .env(format!("{prefix}__LOG__FORMAT"), "json")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stderr(File::create(&log).expect("a log"))
            .spawn()
            .expect("the program starts");
        Self {
            child,
            log,
            directory,
        }
    }

    /// Waits until it listens.
    pub async fn listening(mut self) -> ServiceProcess {
        let [address, probes] = addresses(&mut self.child, &self.log).await;
        ServiceProcess {
            address,
            probes,
            process: self,
        }
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log is read")
    }

    /// Waits until its log holds a text.
    pub async fn logged(&self, text: &str) {
        for _ in 0..1000 {
            if self.log().contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nothing says {text}: {}", self.log());
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
        panic!("the service does not end: {}", self.log());
    }
}

impl Drop for BegunService {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the addresses from the log line about the start.
async fn addresses(child: &mut Child, log: &Path) -> [String; 2] {
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        let text = std::fs::read_to_string(log).expect("the log is read");
        let mut lines = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        if let Some(line) = lines.find(|line: &Value| line["event"] == "started") {
            return ["address", "probes_address"].map(|name| {
                let address = line[name].as_str().expect("an address");
                let port = address.rsplit(':').next().unwrap_or_default();
                format!("http://localhost:{port}")
            });
        }
        let ended = child.try_wait().expect("it can be waited for");
        assert!(
            ended.is_none() && Instant::now() < deadline,
            "the service does not start: {text}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
