//! What owners gave, and what clients hold, is listed and ended by command, also while the server runs.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use e2e::{AuthServerProcess, Finished, RedisServer, run_auth_server};

async fn access(store: &str, arguments: &[&str]) -> Finished {
    let environment = [("AUTH_SERVER__STORE__URL", store)];
    let arguments = [&["access"], arguments].concat();
    run_auth_server(&arguments, &environment, "").await
}

async fn operate(store: &str, arguments: &[&str]) -> Finished {
    let environment = [("AUTH_SERVER__STORE__URL", store)];
    run_auth_server(arguments, &environment, "").await
}

/// The access token of `photo-desktop` for the data of an owner.
async fn token(server: &AuthServerProcess, owner: &str) -> String {
    let form = [
        ("grant_type", "password"),
        ("username", owner),
        ("password", "photos4me"),
        ("scope", "photo.read"),
    ];
    let answer = server.post_as("photo-desktop", "/oauth/token", &form).await;
    answer.access_token()
}

async fn is_good(server: &AuthServerProcess, token: &str) -> bool {
    let form = [("token", token)];
    let checked = server.post_as("photo-space", "/oauth/check_token", &form);
    checked.await.status == 200
}

async fn ends_by_command(store: &str) {
    let server = AuthServerProcess::start(store, &[]).await;
    let (ending, staying) = (
        token(&server, "xiaoming").await,
        token(&server, "lihua").await,
    );
    let listed = access(store, &["list", "--owner", "xiaoming"]).await;
    assert_eq!(listed.code, Some(0), "{listed:?}");
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{listed:?}");
    assert!(
        lines[0].contains("  photo-desktop  xiaoming  password  "),
        "{listed:?}"
    );
    assert!(lines[0].ends_with("  photo.read"), "{listed:?}");
    assert_eq!(lines[1], "grants: 1");

    let other = ["end", "--owner", "xiaoming", "--client", "print-photo"];
    assert_eq!(access(store, &other).await.stdout, "grants: 0\n");
    assert!(is_good(&server, &ending).await);
    let ended = access(store, &["end", "--owner", "xiaoming"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.ends_with("grants: 1\n"), "{ended:?}");
    assert!(!is_good(&server, &ending).await);
    assert!(is_good(&server, &staying).await);
    let listed = access(store, &["list", "--owner", "xiaoming"]).await;
    assert_eq!(listed.stdout, "grants: 0\n");
    // Who it was may come again.
    assert!(is_good(&server, &token(&server, "xiaoming").await).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_is_ended_by_the_server_that_has_the_file_open() {
    let directory = tempfile::tempdir().unwrap();
    ends_by_command(&format!(
        "embedded:{}",
        directory.path().join("store").display()
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_is_ended_at_all_servers_of_a_redis() {
    let redis = RedisServer::start().await;
    ends_by_command(&redis.url()).await;
}

/// Tokens of two owners, and what another client has for itself.
async fn ends_by_client(store: &str) {
    let server = AuthServerProcess::start(store, &[]).await;
    let [one, two] = [
        token(&server, "xiaoming").await,
        token(&server, "lihua").await,
    ];
    let form = [("grant_type", "client_credentials")];
    let own = server.post_as("photo-backup", "/oauth/token", &form).await;
    let own = own.access_token();
    let listed = access(store, &["list", "--client", "photo-backup"]).await;
    let line = "  photo-backup  -  client_credentials  ";
    assert!(listed.stdout.contains(line), "{listed:?}");
    assert!(listed.stdout.ends_with("grants: 1\n"), "{listed:?}");

    let ended = access(store, &["end", "--client", "photo-desktop"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for owner in ["xiaoming", "lihua"] {
        let line = format!("  photo-desktop  {owner}  password  ");
        assert!(ended.stdout.contains(&line), "{ended:?}");
    }
    assert!(ended.stdout.ends_with("grants: 2\n"), "{ended:?}");
    assert!(!is_good(&server, &one).await && !is_good(&server, &two).await);
    assert!(is_good(&server, &own).await);
    let ended = access(store, &["end", "--client", "photo-backup"]).await;
    assert!(ended.stdout.ends_with("grants: 1\n"), "{ended:?}");
    assert!(!is_good(&server, &own).await);
    let nobody = access(store, &["end", "--client", "nobody"]).await;
    assert_eq!(nobody.stdout, "grants: 0\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_holds_is_ended_by_the_server_that_has_the_file_open() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("store");
    ends_by_client(&format!("embedded:{}", file.display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_holds_is_ended_at_all_servers_of_a_redis() {
    let redis = RedisServer::start().await;
    ends_by_client(&redis.url()).await;
}

#[tokio::test]
async fn whose_access_is_meant_has_to_be_said() {
    let refused = access("memory:", &["end"]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for option in ["--owner", "--client"] {
        assert!(refused.stderr.contains(option), "{refused:?}");
    }
}

/// Where no server has been, nothing is found and nothing is made, and that is no success.
#[tokio::test]
async fn a_command_on_a_store_that_no_server_has_used_is_refused_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let typo = folder.path().join("typo.redb");
    let store = format!("embedded:{}", typo.display());
    let redis = RedisServer::start().await;
    let of = ["list", "--owner", "xiaoming"];
    for (store, why) in [
        (
            &*store,
            &*format!("there is no store at {}", typo.display()),
        ),
        (&*redis.url(), "no server has used `store.url`"),
        ("memory:", "`store.url` is memory:"),
    ] {
        for arguments in [["keys", "list"], ["keys", "rotate"]] {
            let environment = [("AUTH_SERVER__STORE__URL", store)];
            let refused = run_auth_server(&arguments, &environment, "").await;
            assert_eq!(refused.code, Some(1), "{refused:?}");
            assert!(refused.stderr.contains(why), "{refused:?}");
        }
        let refused = access(store, &of).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains(why), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

/// A name that was cut off would be another's, or everybody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_is_too_long_or_cut_off_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    let store = format!("embedded:{}", file.display());
    let server = AuthServerProcess::start(&store, &[]).await;
    let token = token(&server, "xiaoming").await;
    let name = "x".repeat(5000);
    let long = ["end", "--owner", "xiaoming", "--client", &name];
    let refused = access(&store, &long).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("too long"), "{refused:?}");
    let padding = " ".repeat(5000);
    for line in [
        "access end?owner=xiaoming".to_owned(),
        format!("access end?owner=xiaoming{padding}\n"),
    ] {
        let mut stream = UnixStream::connect(folder.path().join("store.control")).unwrap();
        // The server may have read enough before all is sent.
        let _ = stream.write_all(line.as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(!answer.starts_with("ok"), "{answer}");
    }
    assert!(is_good(&server, &token).await);
}

/// Whoever is slow to say what it wants, and what takes long, keeps nobody else waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_is_slow_keeps_no_other_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let _server = AuthServerProcess::start(&store, &[]).await;
    let control = folder.path().join("store.control");
    let slow: Vec<_> = (0..3)
        .map(|_| UnixStream::connect(&control).unwrap())
        .collect();
    let listed = access(&store, &["list", "--client", "print-photo"]).await;
    assert_eq!(listed.stdout, "grants: 0\n", "{listed:?}");
    drop(slow);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let server = AuthServerProcess::start(&store, &[]).await;
    server.signal("STOP");
    let refused = access(&store, &["list", "--owner", "xiaoming"]).await;
    server.signal("CONT");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("said nothing for"), "{refused:?}");
}

/// Nobody knows then whether the secret that was made is good from now on, so it is told with that word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_told_also_where_nobody_knows_whether_it_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let server = AuthServerProcess::start(&store, &[]).await;
    let add = ["owners", "add", "newcomer", "--generate"];
    server.signal("STOP");
    let late = operate(&store, &add).await;
    server.signal("CONT");
    assert_eq!(late.code, Some(1), "{late:?}");
    assert!(late.stderr.contains("not known"), "{late:?}");
    let told = "password, if the command was carried out all the same: ";
    assert!(late.stdout.starts_with(told), "{late:?}");
    // The one who asked is gone, so the server does nothing for nobody.
    let again = operate(&store, &add).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains("newcomer  added"), "{again:?}");
}
