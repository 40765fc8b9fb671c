//! Hashes that were carried over from a Spring server's tables are replaced where the settings allow that.

use e2e::{AuthServerProcess, Database, DatabaseKind, run_auth_server};

const ROWS: &str = "
insert into oauth_client_details (client_id, client_secret, scope, authorized_grant_types)
values ('photo-old', '{noop}photo-old-secret', 'photo.read', 'password,refresh_token');
insert into users (username, password, enabled)
values ('meilin', '{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi', true);
insert into authorities (username, authority) values ('meilin', 'ROLE_USER');
";

/// Owner and client go on with the same password and secret, and with what they had before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_carried_over_is_hashed_anew_and_goes_on() {
    let database = Database::of_spring(DatabaseKind::Sqlite).await;
    database.execute(ROWS).await;
    let (url, directory) = (database.url(), tempfile::tempdir().unwrap());
    let store = format!("embedded:{}", directory.path().join("store").display());
    let import = [
        ("AUTH_SERVER__STORE__URL", store.as_str()),
        ("AUTH_SERVER__SQL_CLIENTS__URL", &url),
        ("AUTH_SERVER__SQL_OWNERS__URL", &url),
    ];
    let imported = run_auth_server(&["migrate", "import"], &import, "").await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    let allowed = [
        ("AUTH_SERVER__LOGIN__REHASH", "true"),
        ("AUTH_SERVER__CLIENT_AUTHENTICATION__REHASH", "true"),
    ];
    let server = AuthServerProcess::start(&store, &allowed).await;
    let form = [
        ("grant_type", "password"),
        ("username", "meilin"),
        ("password", "correct horse 电池"),
    ];
    let before = server.post_as("photo-old", "/oauth/token", &form).await;
    assert_eq!(before.status, 200, "{}", before.text);
    // One at a time: the client's comes first, and the owner's at the next sign-in.
    server.logged("secret_hashed_anew").await;
    let again = server.post_as("photo-old", "/oauth/token", &form).await;
    assert_eq!(again.status, 200, "{}", again.text);
    server.logged("password_hashed_anew").await;
    let again = server.post_as("photo-old", "/oauth/token", &form).await;
    assert_eq!(again.status, 200, "{}", again.text);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &before.refresh_token()),
    ];
    let refreshed = server.post_as("photo-old", "/oauth/token", &refresh).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let token = refreshed.access_token();
    let check = [("token", token.as_str())];
    let checked = server.post_as("photo-space", "/oauth/check_token", &check);
    assert_eq!(checked.await.status, 200);
}
