//! The first start on an embedded store is cut short: killed at any moment, or on a disk that is full.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use e2e::{AuthServerProcess, service_binary, unshare};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(30);
/// How many starts are killed, each a little later than the one before.
const KILLS: u32 = 24;
const STEP: Duration = Duration::from_micros(700);

fn serve(command: &mut Command, store: &Path) -> Child {
    command
        .env(
            "AUTH_SERVER__STORE__URL",
            format!("embedded:{}", store.display()),
        )
        .env("AUTH_SERVER__HTTP__PORT", "0")
        .env("AUTH_SERVER__HTTP__PROBES_PORT", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

/// Kills a first start so long after its first file is there.
async fn kill_a_first_start(store: &Path, after: Duration) {
    let mut command = Command::new(service_binary("auth-server"));
    let mut server = serve(command.env_clear().arg("serve"), store);
    let folder = store.parent().unwrap();
    let begun = async {
        while is_empty(folder) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.unwrap();
    tokio::time::sleep(after).await;
    server.kill().await.unwrap();
}

#[tokio::test]
async fn a_first_start_that_is_killed_is_in_no_later_ones_way() {
    for step in 0..KILLS {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.redb");
        kill_a_first_start(&store, STEP * step).await;
        let url = format!("embedded:{}", store.display());
        drop(AuthServerProcess::start(&url, &[]).await);
        assert!(!folder.path().join("store.redb.unfinished").exists());
    }
}

/// What a disk too small for a store sees: a start, what it left, `check-config`, and a start with room.
const FULL_THEN_NOT: &str = r#"
    mount -t tmpfs -o size=4k tmpfs "$0" || exit 99
    "$1" serve 2>&1 && exit 98
    echo "left: $(ls -A "$0")"
    "$1" check-config 2>&1
    mount -o remount,size=64m "$0"
    exec "$1" serve
"#;

#[tokio::test]
async fn a_first_start_on_a_full_disk_leaves_nothing_and_the_next_one_succeeds() {
    let disk = tempfile::tempdir().unwrap();
    let mut command = Command::from(unshare(disk.path()));
    command
        .args(["sh", "-c"])
        .arg(FULL_THEN_NOT)
        .arg(disk.path());
    command.arg(service_binary("auth-server"));
    let mut shell = serve(&mut command, &disk.path().join("store.redb"));
    let mut log = BufReader::new(shell.stderr.take().unwrap()).lines();
    let started = async {
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("started") {
                return;
            }
        }
        panic!("the start with room failed");
    };
    tokio::time::timeout(PATIENCE, started).await.unwrap();
    shell.start_kill().unwrap();
    let mut said = String::new();
    let mut output = shell.stdout.take().unwrap();
    output.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("store.redb cannot be made"), "{said}");
    assert!(said.contains("left: \n"), "{said}");
    assert!(said.contains("the settings are sound"), "{said}");
    assert!(!said.contains("store.redb.secret"), "{said}");
}
