//! A server as a child process.

use std::fs::File;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to start or to answer on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A child process that ends with this value.
#[derive(Debug)]
pub(crate) struct ServerChild {
    child: Child,
    log: PathBuf,
}

impl ServerChild {
    /// Starts a program, which writes what it says into a file.
    pub(crate) fn start(mut command: Command, log: &Path) -> Self {
        let written = File::create(log).unwrap();
        command
            .stdin(Stdio::null())
            .stdout(written.try_clone().unwrap())
            .stderr(written);
        let started = command.spawn();
        let child = started.unwrap_or_else(|error| {
            panic!("{command:?} cannot be started ({error}); these tests need it installed")
        });
        Self {
            child,
            log: log.to_owned(),
        }
    }

    /// Waits until it answers.
    pub(crate) async fn until<F: Future<Output = bool>>(&mut self, answers: impl Fn() -> F) {
        let deadline = Instant::now() + PATIENCE;
        while !answers().await {
            let log = || std::fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ends by itself ({status}): {}", log());
            }
            assert!(Instant::now() < deadline, "it does not answer: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Halts it and its children. When this returns they answer nobody any more.
    pub(crate) fn pause(&self) {
        let halted = self.signal("STOP");
        let deadline = Instant::now() + PATIENCE;
        while !halted.iter().all(|id| is_halted(id)) {
            assert!(Instant::now() < deadline, "it does not halt");
            std::thread::yield_now();
        }
    }

    /// Lets them go on.
    pub(crate) fn resume(&self) {
        self.signal("CONT");
    }

    /// Sends a signal to it and to its children, and names them.
    fn signal(&self, name: &str) -> Vec<String> {
        let id = self.child.id().to_string();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let mut all = vec![id];
        all.extend(children.split_whitespace().map(str::to_owned));
        let sent = Command::new("kill").args(["-s", name]).args(&all).status();
        assert!(sent.unwrap().success());
        all
    }

    /// Kills it, as a power failure would.
    pub(crate) fn kill(&mut self) {
        drop(self.child.kill());
        self.child.wait().unwrap();
    }
}

impl Drop for ServerChild {
    fn drop(&mut self) {
        // It may have been killed by the test; then there is nothing left to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether none of the threads of a process runs: a signal reaches them one after the other.
fn is_halted(id: &str) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{id}/task"));
    threads.into_iter().flatten().flatten().all(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The name in parentheses may hold anything.
        stat.rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with(['T', 'Z', 'X']))
    })
}

/// Runs a program to its end.
pub(crate) fn run(mut command: Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{command:?} cannot be started ({error}); these tests need it installed")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A program under an account that may do nothing: some servers do not run as root. Its folder becomes that account's.
pub(crate) fn unprivileged(program: &Path, folder: &Path, account: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let account = if is_account(account) {
        account
    } else {
        "nobody"
    };
    let mut give = Command::new("chown");
    give.arg("--recursive").arg(account).arg(folder);
    run(give);
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", account, "--clear-groups", "--regid", "nogroup"])
        .args(["--inh-caps", "-all", "--"])
        .arg(program);
    command
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|found| {
        use std::os::unix::fs::MetadataExt as _;
        found.uid() == 0
    })
}

fn is_account(name: &str) -> bool {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    accounts
        .lines()
        .any(|line| line.split(':').next() == Some(name))
}
