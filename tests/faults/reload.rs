//! Registrations are replaced while the server runs: on SIGHUP and by command, all or nothing.

use e2e::{AuthServerProcess, Finished, RedisServer, run_auth_server};

const DEMO: &str = include_str!("../../auth-server/config/demo.toml");

/// The demo's registrations, with one client more.
fn with_newcomer(grant_types: &str) -> String {
    format!(
        "{DEMO}\n[[clients]]\nclient_id = \"newcomer\"\nclient_name = \"Newcomer\"\n\
         client_secret = \"{{noop}}newcomer-secret\"\ngrant_types = [\"{grant_types}\"]\n\
         scope = [\"photo.read\"]\n"
    )
}

/// The status that a client's request for its own token gets.
async fn own_token(server: &AuthServerProcess, client_id: &str) -> u16 {
    let form = [("grant_type", "client_credentials")];
    server
        .post_as(client_id, "/oauth/token", &form)
        .await
        .status
}

async fn reload(store: &str) -> Finished {
    let environment = [("AUTH_SERVER__STORE__URL", store)];
    run_auth_server(&["reload"], &environment, "").await
}

/// On a signal a client that is new can get tokens, and one that is gone cannot, nor is its token good any
/// more. Nothing else is interrupted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_are_read_again_on_a_signal() {
    let redis = RedisServer::start().await;
    let store = format!("redis://127.0.0.1:{}/0", redis.port());
    let server = AuthServerProcess::start(&store, &[]).await;
    assert_eq!(own_token(&server, "newcomer").await, 401);
    server.change_settings(&with_newcomer("client_credentials"));
    server.signal("HUP");
    server.logged("registrations_reloaded").await;
    assert_eq!(own_token(&server, "newcomer").await, 200);
    let form = [("grant_type", "client_credentials")];
    let token = server.post_as("newcomer", "/oauth/token", &form).await;
    let check = [("token", &*token.access_token())];
    let checked = server.post_as("photo-space", "/oauth/check_token", &check);
    assert_eq!(checked.await.status, 200);
    server.change_settings(DEMO);
    server.signal("HUP");
    server.logged("8 clients").await;
    assert_eq!(own_token(&server, "newcomer").await, 401);
    let checked = server.post_as("photo-space", "/oauth/check_token", &check);
    assert_eq!(checked.await.status, 400);
    assert_eq!(own_token(&server, "photo-backup").await, 200);
}

/// What a password grant gives, and whether it is still any good: at `check_token`, at introspection, for a
/// refresh.
struct Desktop {
    access_token: String,
    refresh_token: String,
}

impl Desktop {
    async fn of(server: &AuthServerProcess) -> Self {
        let form = [
            ("grant_type", "password"),
            ("username", "xiaoming"),
            ("password", "photos4me"),
        ];
        let tokens = server.post_as("photo-desktop", "/oauth/token", &form).await;
        Self {
            access_token: tokens.access_token(),
            refresh_token: tokens.refresh_token(),
        }
    }

    async fn is_good(&self, server: &AuthServerProcess) -> [bool; 3] {
        let check = [("token", &*self.access_token)];
        let check = server.post_as("photo-space", "/oauth/check_token", &check);
        let asked = [("token", &*self.refresh_token)];
        let asked = server.post_as("photo-desktop", "/oauth/introspect", &asked);
        let refresh = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*self.refresh_token),
        ];
        let refresh = async {
            let answer = server.post_as("photo-desktop", "/oauth/token", &refresh);
            answer.await.status == 200
        };
        let asked = asked.await.text.contains("\"active\":true");
        [check.await.status == 200, asked, refresh.await]
    }
}

/// The form of a client's refresh tokens may change: those of before stay good, and each is exchanged for one of the form
/// of now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_of_before_the_jwts_stays_good_and_one_of_after_them_too() {
    let client = "client_id = \"photo-desktop\"";
    let jwts = format!("{client}\nspring = {{ jwt_refresh_tokens = true }}");
    let with_jwts = DEMO.replace(client, &jwts);
    let directory = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", directory.path().join("store").display());
    let server = AuthServerProcess::start(&store, &[("AUTH_SERVER__TOKENS__FORMAT", "jwt")]).await;
    let mut token = Desktop::of(&server).await.refresh_token;
    let mut was_jwt = false;
    for (settings, is_jwt) in [(&with_jwts, true), (&DEMO.to_owned(), false)] {
        assert_eq!(token.contains('.'), was_jwt);
        server.change_settings(settings);
        assert_eq!(reload(&store).await.code, Some(0));
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
        let answer = server.post_as("photo-desktop", "/oauth/token", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        token = answer.refresh_token();
        assert_eq!(token.contains('.'), is_jwt);
        was_jwt = is_jwt;
    }
}

/// An owner who is removed or locked opens nothing any more from the moment on that the server knows it,
/// with opaque tokens and with JWTs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_who_is_removed_or_locked_is_inactive_at_once() {
    let name = "name = \"xiaoming\"";
    let removed = DEMO.replace(name, "name = \"zhangsan\"");
    let locked = DEMO.replace(name, &format!("{name}\ndisabled = true"));
    for format in ["opaque", "jwt"] {
        for settings in [&removed, &locked] {
            let directory = tempfile::tempdir().unwrap();
            let store = format!("embedded:{}", directory.path().join("store").display());
            let format = [("AUTH_SERVER__TOKENS__FORMAT", format)];
            let server = AuthServerProcess::start(&store, &format).await;
            let desktop = Desktop::of(&server).await;
            server.change_settings(settings);
            assert_eq!(reload(&store).await.code, Some(0));
            assert_eq!(desktop.is_good(&server).await, [false; 3]);
            server.change_settings(DEMO);
            assert_eq!(reload(&store).await.code, Some(0));
            assert_eq!(desktop.is_good(&server).await, [true; 3]);
        }
    }
}

/// The command asks the server that has the store's file open, and says what is registered now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_are_read_again_by_command() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", directory.path().join("store").display());
    let server = AuthServerProcess::start(&store, &[]).await;
    server.change_settings(&with_newcomer("client_credentials"));
    let done = reload(&store).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    let mut lines = done.stdout.lines();
    assert_eq!(lines.next(), Some("9 clients and 3 owners are registered"));
    // What may be regretted is said here too: the newcomer's secret stands in the file.
    assert!(
        done.stdout
            .contains("client `newcomer`: `client_secret` is {noop}"),
        "{done:?}"
    );
    assert_eq!(own_token(&server, "newcomer").await, 200);
    server.logged("\"operator_command\"").await;
}

/// When anything is wrong, everything stays as it was, and whoever asked is shown what is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_registration_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", directory.path().join("store").display());
    let server = AuthServerProcess::start(&store, &[]).await;
    for (settings, why) in [
        (with_newcomer("authorization_code"), "client `newcomer`"),
        (with_newcomer("magic"), "magic"),
        ("[[clients".to_owned(), "settings.toml"),
    ] {
        server.change_settings(&settings);
        let refused = reload(&store).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains(why), "{refused:?}");
        assert_eq!(own_token(&server, "newcomer").await, 401);
        assert_eq!(own_token(&server, "photo-backup").await, 200);
    }
    server.signal("HUP");
    server.logged("registrations_not_reloaded").await;
    assert_eq!(own_token(&server, "photo-backup").await, 200);
}

/// Where no server has the file open there is nothing to reload.
#[tokio::test]
async fn without_a_running_server_nothing_is_reloaded() {
    let refused = reload("memory:").await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("SIGHUP"), "{refused:?}");
}
