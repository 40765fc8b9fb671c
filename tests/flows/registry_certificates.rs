//! Registries of others are believed by their certificates: a directory by `ldaps://` and by `StartTLS`, PostgreSQL by
//! `sslmode=verify-full`, MariaDB by `ssl-mode=verify_identity`; each under the name that is called, by the authority that is named.

use std::path::Path;

use e2e::{Answer, Database, DatabaseKind, Directory, Store, World, WorldBuilder, run_auth_server};

/// Who is asked, under which name, and whom its certificate has to be from.
struct Way<'a> {
    url: &'a str,
    starttls: bool,
    authority: Option<&'a Path>,
}

async fn sign_in_by(directory: &Directory, way: Way<'_>) -> Answer {
    let authority = way.authority.map(|file| file.to_str().unwrap());
    let world = World::builder(Store::Memory)
        .on_directory(directory)
        .set("AUTH_SERVER__LDAP_OWNERS__URL", way.url)
        .set(
            "AUTH_SERVER__LDAP_OWNERS__STARTTLS",
            if way.starttls { "true" } else { "false" },
        )
        .set(
            "AUTH_SERVER__LDAP_OWNERS__CA_FILE",
            authority.unwrap_or_default(),
        )
        .set("AUTH_SERVER__LDAP_OWNERS__USER_SEARCH_BASE", "ou=people")
        .start()
        .await;
    let form = [
        ("grant_type", "password"),
        ("username", "meilin"),
        ("password", "photos4mei"),
    ];
    world.token("photo-desktop", &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_is_believed_by_its_certificate() {
    let directory = Directory::of_spring().await;
    let by_name = directory.url_by_name();
    for (url, starttls) in [
        (directory.tls_url("localhost"), false),
        (by_name.clone(), true),
    ] {
        let way = Way {
            url: &url,
            starttls,
            authority: Some(directory.authority()),
        };
        let answer = sign_in_by(&directory, way).await;
        assert_eq!(answer.status, 200, "{url}: {}", answer.text);
    }
}

/// Another authority, none that is known, and another name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_with_another_certificate_is_told_nothing() {
    let (directory, other) = (Directory::of_spring().await, Directory::of_spring().await);
    let own = Some(directory.authority());
    let by_name = directory.url_by_name();
    let by_number = directory.url();
    for (url, starttls, authority) in [
        (
            directory.tls_url("localhost"),
            false,
            Some(other.authority()),
        ),
        (directory.tls_url("localhost"), false, None),
        (directory.tls_url("127.0.0.1"), false, own),
        (by_name.clone(), true, Some(other.authority())),
        (by_name, true, None),
        (by_number, true, own),
    ] {
        let way = Way {
            url: &url,
            starttls,
            authority,
        };
        let answer = sign_in_by(&directory, way).await;
        answer.assert_error(503, "temporarily_unavailable");
    }
}

/// A row of Spring's table gets a token.
async fn assert_believed(database: &Database, url: &str) {
    let authority = database.authority().unwrap().to_str().unwrap();
    let on_tables = |builder: WorldBuilder, section: &str| {
        builder
            .set(&format!("AUTH_SERVER__{section}__URL"), url)
            .set(&format!("AUTH_SERVER__{section}__CA_FILE"), authority)
    };
    let builder = World::builder(Store::Memory).on_tables_of(database);
    let builder = on_tables(on_tables(builder, "SQL_CLIENTS"), "SQL_OWNERS");
    let world = builder.start().await;
    let form = [("grant_type", "client_credentials")];
    let batch = ("batch", "batch-secret");
    let answer = world.post_with(batch, "/oauth/token", &form).await;
    assert_eq!(answer.status, 200, "{url}: {}", answer.text);
}

/// A server does not start without its clients.
async fn assert_refused(database: &Database, url: &str, authority: &Path) {
    let environment = [
        ("AUTH_SERVER__HTTP__PORT", "0"),
        ("AUTH_SERVER__HTTP__PROBES_PORT", "0"),
        ("AUTH_SERVER__SQL_CLIENTS__URL", url),
        (
            "AUTH_SERVER__SQL_CLIENTS__PASSWORD",
            database.password().unwrap(),
        ),
        (
            "AUTH_SERVER__SQL_CLIENTS__CA_FILE",
            authority.to_str().unwrap(),
        ),
    ];
    let ended = run_auth_server(&["serve"], &environment, "").await;
    assert_ne!(ended.code, Some(0), "{url}");
    let told = ["invalid peer certificate", "TLS"];
    assert!(
        told.iter().any(|reason| ended.stderr.contains(reason)),
        "{url}: {ended:?}"
    );
}

/// What an address says of certificates: that the name counts too, and that any name will do.
const MODES: [(DatabaseKind, [&str; 2]); 2] = [
    (
        DatabaseKind::Postgresql,
        ["sslmode=verify-full", "sslmode=verify-ca"],
    ),
    (
        DatabaseKind::Mariadb,
        ["ssl-mode=verify_identity", "ssl-mode=verify_ca"],
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_is_believed_by_its_certificate() {
    let batch = "insert into oauth_client_details (client_id, client_secret, scope, authorized_grant_types) \
                 values ('batch', '{noop}batch-secret', 'photo.read', 'client_credentials')";
    for (kind, [of_this_name, of_any_name]) in MODES {
        let database = Database::of_spring_with_certificate(kind).await;
        database.execute(batch).await;
        let by_number = database.url();
        let by_name = by_number.replace("127.0.0.1", "localhost");
        // Where an authority is named it is asked for, whether the address says so or not.
        assert_believed(&database, &by_name).await;
        assert_believed(&database, &format!("{by_name}?{of_this_name}")).await;
        assert_believed(&database, &format!("{by_number}?{of_any_name}")).await;
    }
}

/// Another name, another authority, and a database that speaks no TLS at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_with_another_certificate_is_told_nothing() {
    let other = Directory::of_spring().await;
    for (kind, [of_this_name, _]) in MODES {
        let database = Database::of_spring_with_certificate(kind).await;
        let own = database.authority().unwrap();
        let plain = Database::of_spring(kind).await;
        let full = |database: &Database| format!("{}?{of_this_name}", database.url());
        let by_name = |database: &Database| full(database).replace("127.0.0.1", "localhost");
        assert_refused(&database, &full(&database), own).await;
        assert_refused(&database, &by_name(&database), other.authority()).await;
        assert_refused(&plain, &by_name(&plain), own).await;
    }
}
