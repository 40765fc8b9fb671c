//! Settings in what is no regular file: nobody waits for a pipe that has no writer.

use std::path::Path;
use std::process::Command;

use e2e::{AuthServerProcess, environment_prefix, run_auth_server, run_service};

const WHY: &str =
    "it is a folder, pipe, socket or device; accepted: a regular file, or a link to one";

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo is there").success());
}

/// At every start, of every service, for the file of settings and for files that settings name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_in_a_pipe_are_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    let pipe = pipe.display().to_string();
    let certificate = [
        ("AUTH_SERVER__STORE__URL", "rediss://localhost:1"),
        ("AUTH_SERVER__STORE__CA_FILE", pipe.as_str()),
    ];
    let signing_key = [("AUTH_SERVER__KEYS__SIGNING_KEY_FILE", pipe.as_str())];
    for environment in [&certificate[..], &signing_key] {
        let ended = run_auth_server(&["check-config"], environment, "").await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains(WHY), "{ended:?}");
    }
    for service in ["auth-server", "resource-server", "demo-client"] {
        let host = format!("{}__HTTP__HOST_FILE", environment_prefix(service));
        let by_variable = [(host.as_str(), pipe.as_str())];
        for command in ["check-config", "serve"] {
            for file in [pipe.as_str(), "/dev/zero", "/"] {
                let ended = run_service(service, &[command, "--config", file], &[], "").await;
                let line = format!("{service}: error: {file}: {WHY}\n");
                assert_eq!((ended.code, ended.stderr), (Some(2), line));
            }
            let ended = run_service(service, &[command], &by_variable, "").await;
            assert_eq!(ended.code, Some(2), "{ended:?}");
            assert!(
                ended.stderr.contains(&format!("{pipe}: {WHY}")),
                "{ended:?}"
            );
        }
    }
}

/// A server whose file became a pipe says so, goes on with what it has, and hears its operator.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_became_a_pipe_changes_nothing_and_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let mut server = AuthServerProcess::start(&store, &[]).await;
    std::fs::remove_file(server.settings_file()).unwrap();
    make_pipe(&server.settings_file());
    server.signal("HUP");
    server.logged("registrations_not_reloaded").await;
    let environment = [("AUTH_SERVER__STORE__URL", store.as_str())];
    let refused = run_auth_server(&["reload"], &environment, "").await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains(WHY), "{refused:?}");
    let form = [("grant_type", "client_credentials")];
    let answer = server.post_as("photo-backup", "/oauth/token", &form).await;
    assert_eq!(answer.status, 200);
    server.signal("TERM");
    assert!(server.ended().await.success(), "{}", server.log());
}
