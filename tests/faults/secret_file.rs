//! What seals the keys beside an embedded store is lost, cut off, open to others, or another store's.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use e2e::{AuthServerProcess, Finished, run_auth_server};
use tempfile::TempDir;

/// A store that a server has used, and its secret.
struct Estate {
    folder: TempDir,
}

impl Estate {
    async fn used() -> Self {
        let estate = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        drop(estate.server().await);
        estate
    }

    /// Serves until it is dropped.
    async fn server(&self) -> AuthServerProcess {
        let mut server = AuthServerProcess::start(&self.url(), &[]).await;
        server.signal("TERM");
        assert!(server.ended().await.success(), "{}", server.log());
        server
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store.redb")
    }

    fn secret(&self) -> PathBuf {
        self.folder.path().join("store.redb.secret")
    }

    fn url(&self) -> String {
        format!("embedded:{}", self.store().display())
    }

    async fn run(&self, command: &str) -> Finished {
        let url = self.url();
        let environment = [
            ("AUTH_SERVER__STORE__URL", url.as_str()),
            ("AUTH_SERVER__HTTP__PORT", "0"),
            ("AUTH_SERVER__HTTP__PROBES_PORT", "0"),
        ];
        run_auth_server(&[command], &environment, "").await
    }

    /// Both `serve` and `check-config` refuse, name the file, and change nothing.
    async fn assert_refused(&self, why: &str) {
        let before = content(&self.secret());
        for command in ["check-config", "serve"] {
            let Finished { code, stderr, .. } = self.run(command).await;
            assert_eq!(code, Some(2), "{command}: {stderr}");
            let name = self.secret().display().to_string();
            assert!(stderr.contains(&name), "{command}: {stderr}");
            assert!(stderr.contains(why), "{command}: {stderr}");
        }
        assert_eq!(content(&self.secret()), before);
    }
}

impl Estate {
    /// `check-config` accepts the settings and says what is odd.
    async fn assert_warned(&self, warning: &str) {
        let Finished { code, stderr, .. } = self.run("check-config").await;
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains(warning), "{stderr}");
    }
}

fn content(file: &Path) -> Option<Vec<u8>> {
    std::fs::read(file).ok()
}

#[tokio::test]
async fn a_secret_that_a_full_disk_left_empty_or_short_is_refused() {
    let estate = Estate::used().await;
    let whole = std::fs::read(estate.secret()).unwrap();
    for rest in [0, 1, whole.len() - 1] {
        std::fs::write(estate.secret(), &whole[..rest]).unwrap();
        estate.assert_refused("no whole secret").await;
    }
    std::fs::write(estate.secret(), "\n").unwrap();
    estate.assert_refused("no whole secret").await;
    std::fs::write(estate.secret(), whole).unwrap();
    estate.server().await;
}

#[tokio::test]
async fn a_new_store_is_not_sealed_under_nothing() {
    let estate = Estate {
        folder: tempfile::tempdir().unwrap(),
    };
    std::fs::write(estate.secret(), "").unwrap();
    std::fs::set_permissions(estate.secret(), Permissions::from_mode(0o600)).unwrap();
    estate.assert_refused("no whole secret").await;
}

#[tokio::test]
async fn a_secret_that_others_may_read_or_that_leads_elsewhere_is_refused() {
    let estate = Estate::used().await;
    std::fs::set_permissions(estate.secret(), Permissions::from_mode(0o666)).unwrap();
    estate.assert_refused("mode 0666").await;
    std::fs::set_permissions(estate.secret(), Permissions::from_mode(0o600)).unwrap();
    let elsewhere = estate.folder.path().join("elsewhere");
    std::fs::rename(estate.secret(), &elsewhere).unwrap();
    symlink(&elsewhere, estate.secret()).unwrap();
    estate.assert_refused("is a link").await;
}

#[tokio::test]
async fn what_is_not_the_servers_own_beside_its_store_is_left_alone() {
    let estate = Estate::used().await;
    let socket = estate.folder.path().join("store.redb.control");
    std::fs::write(&socket, "my notes").unwrap();
    std::fs::set_permissions(estate.store(), Permissions::from_mode(0o644)).unwrap();
    let log = estate.server().await.log();
    assert!(log.contains("operator_not_heard"), "{log}");
    assert!(log.contains("store_open_to_others"), "{log}");
    assert_eq!(std::fs::read_to_string(&socket).unwrap(), "my notes");
}

#[tokio::test]
async fn a_lost_secret_is_told_and_none_is_made_in_its_place() {
    let estate = Estate::used().await;
    let whole = std::fs::read(estate.secret()).unwrap();
    std::fs::remove_file(estate.secret()).unwrap();
    estate.assert_warned("store.redb.secret is not there").await;
    let Finished { code, stderr, .. } = estate.run("serve").await;
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("store.redb.secret: it is gone"), "{stderr}");
    assert!(stderr.contains("docs/operations.md"), "{stderr}");
    assert!(!estate.secret().exists());
    // Another store's secret is none either.
    let other = Estate::used().await;
    std::fs::copy(other.secret(), estate.secret()).unwrap();
    let Finished { code, stderr, .. } = estate.run("serve").await;
    assert_eq!(code, Some(1), "{stderr}");
    assert!(
        stderr.contains("another secret than the one in"),
        "{stderr}"
    );
    assert!(stderr.contains("store.redb.secret"), "{stderr}");
    std::fs::write(estate.secret(), whole).unwrap();
    estate.server().await;
}

#[tokio::test]
async fn a_new_store_beside_an_old_secret_is_told_and_works() {
    let estate = Estate::used().await;
    std::fs::remove_file(estate.store()).unwrap();
    let secret = content(&estate.secret());
    estate.assert_warned("store.redb, which is gone").await;
    let log = estate.server().await.log();
    assert!(log.contains("store_is_new_beside_a_secret"), "{log}");
    assert!(log.contains("store.redb.secret"), "{log}");
    assert_eq!(content(&estate.secret()), secret);
    let log = estate.server().await.log();
    assert!(!log.contains("store_is_new_beside_a_secret"), "{log}");
}
