//! The disk under the embedded store is full for a while.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use e2e::{Answer, AuthServerProcess};

const PATIENCE: Duration = Duration::from_secs(30);

async fn token(server: &AuthServerProcess) -> Answer {
    let form = [("grant_type", "client_credentials")];
    server.post_as("photo-backup", "/oauth/token", &form).await
}

async fn is_good(server: &AuthServerProcess, token: &str) -> bool {
    let answer = server
        .post_as("photo-space", "/oauth/check_token", &[("token", token)])
        .await;
    answer.status == 200
}

/// Writes into a file until nothing more can be written.
fn fill(disk: &Path) -> PathBuf {
    let filler = disk.join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[b'x'; 4096]).is_ok() {}
    while file.write_all(b"x").is_ok() {}
    filler
}

/// Asks for tokens until an answer has this status; all that were given on the way.
async fn until_status(server: &AuthServerProcess, status: u16) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    let mut tokens = Vec::new();
    loop {
        let answer = token(server).await;
        if answer.status == 200 {
            tokens.push(answer.access_token());
        }
        if answer.status == status {
            return tokens;
        }
        assert!(Instant::now() < deadline, "{}", server.log());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_full_disk_fails_writes_only_and_only_while_it_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let server = AuthServerProcess::start_on_disk(folder.path(), 8).await;
    let disk = server.root().join(folder.path().strip_prefix("/").unwrap());
    let mut given = until_status(&server, 200).await;
    for _ in 0..2 {
        let filler = fill(&disk);
        given.extend(until_status(&server, 503).await);
        for token in given.iter().rev().take(3) {
            assert!(is_good(&server, token).await, "{}", server.log());
        }
        std::fs::remove_file(filler).unwrap();
        given.extend(until_status(&server, 200).await);
        for token in &given {
            assert!(is_good(&server, token).await, "{}", server.log());
        }
    }
    assert!(server.log().contains("embedded_store_writes_again"));
}
