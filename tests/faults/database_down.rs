//! The database with the clients and owners of a Spring server goes away under way, falls silent, and comes back.

use std::fs::{remove_file, rename};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use e2e::{Answer, Database, DatabaseKind, Finished, Store, World, run_auth_server};
use tempfile::TempDir;

const ROWS: &str = r"
insert into oauth_client_details (client_id, client_secret, scope, authorized_grant_types) values
  ('batch', '{noop}batch-secret', 'photo.read', 'client_credentials'),
  ('desk', '{noop}desk-secret', 'photo.read', 'password');
insert into users (username, password, enabled) values ('meilin', '{noop}photos4mei', true);
insert into authorities (username, authority) values ('meilin', 'ROLE_USER');
";
const PATIENCE: Duration = Duration::from_secs(60);
/// The time-out of the settings, and some time for a busy machine.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);

async fn database(kind: DatabaseKind) -> Database {
    let database = Database::of_spring(kind).await;
    database.execute(ROWS).await;
    database
}

async fn world(database: &Database) -> World {
    World::builder(Store::Memory)
        .set("AUTH_SERVER__SQL_CLIENTS__TIMEOUT_MS", "1000")
        .set("AUTH_SERVER__SQL_OWNERS__TIMEOUT_MS", "1000")
        .on_tables_of(database)
        .start()
        .await
}

async fn for_itself(world: &World, client: &str, secret: &str) -> Answer {
    let form = [("grant_type", "client_credentials")];
    let started = Instant::now();
    let answer = world
        .post_with((client, secret), "/oauth/token", &form)
        .await;
    assert!(
        started.elapsed() < LONGEST_ANSWER,
        "{:?}",
        started.elapsed()
    );
    answer
}

async fn by_password(world: &World, name: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", name),
        ("password", "photos4mei"),
    ];
    let desk = ("desk", "desk-secret");
    world.post_with(desk, "/oauth/token", &form).await
}

fn assert_later(answer: &Answer) {
    answer.assert_error(503, "temporarily_unavailable");
    assert!(!answer.header("retry-after").is_empty());
    assert!(!answer.text.contains("127.0.0.1"), "{}", answer.text);
}

async fn metric(world: &World, line: &str) -> bool {
    let metrics = format!("{}/metrics", world.probes);
    world.browser().get(&metrics).await.text.contains(line)
}

/// Who was known goes on, who was not is told to come back, and signing in waits for the database.
async fn assert_what_was_known_goes_on(world: &World, token: &Answer) {
    world.clock.advance_secs(61);
    assert_eq!(for_itself(world, "batch", "batch-secret").await.status, 200);
    assert_later(&for_itself(world, "never-seen", "secret").await);
    assert_later(&by_password(world, "meilin").await);
    let form = [("token", token.access_token())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let desk = ("desk", "desk-secret");
    let checked = world.post_with(desk, "/oauth/check_token", &form).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert!(
        metric(
            world,
            "auth_server_registry_up{registry=\"sql_clients\"} 0\n"
        )
        .await
    );
    assert!(
        metric(
            world,
            "auth_server_registry_up{registry=\"sql_owners\"} 0\n"
        )
        .await
    );
    assert!(
        !metric(
            world,
            "auth_server_registry_stale_answers_total{registry=\"sql_clients\"} 0\n"
        )
        .await
    );
    assert!(metric(world, "auth_server_store_up 1\n").await);
}

async fn until_it_is_back(world: &World) {
    let deadline = Instant::now() + PATIENCE;
    let later = || assert!(Instant::now() < deadline, "the database is not found again");
    // One name of its own each, so that it is no guessing.
    for number in 0.. {
        let answer = for_itself(world, &format!("never-seen-{number}"), "secret").await;
        if answer.status == 401 {
            break;
        }
        later();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    while by_password(world, "meilin").await.status != 200 {
        later();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        metric(
            world,
            "auth_server_registry_up{registry=\"sql_clients\"} 1\n"
        )
        .await
    );
}

async fn a_database_is_killed_and_comes_back(kind: DatabaseKind) {
    let mut database = database(kind).await;
    let world = world(&database).await;
    let token = by_password(&world, "meilin").await;
    assert_eq!(token.status, 200, "{}", token.text);
    database.kill();
    assert_what_was_known_goes_on(&world, &token).await;
    database.restart().await;
    until_it_is_back(&world).await;

    database.pause();
    assert_what_was_known_goes_on(&world, &token).await;
    // What is known counts for an hour longer, and no more.
    world.clock.advance_secs(3600);
    assert_later(&for_itself(&world, "batch", "batch-secret").await);
    database.resume();
    until_it_is_back(&world).await;
    assert_eq!(
        for_itself(&world, "batch", "batch-secret").await.status,
        200
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_killed_and_comes_back() {
    a_database_is_killed_and_comes_back(DatabaseKind::Postgresql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_is_killed_and_comes_back() {
    a_database_is_killed_and_comes_back(DatabaseKind::Mariadb).await;
}

const OLD_TOKEN: &str = "a-token-that-this-server-has-not-given-out";

/// While the tokens of the old server are away, only questions about those wait.
async fn a_database_of_old_tokens_that_is_away_stops_only_what_needs_it(kind: DatabaseKind) {
    let mut database = Database::of_spring(kind).await;
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__LEGACY_TOKENS__SQL_URL", &database.url())
        .set(
            "AUTH_SERVER__LEGACY_TOKENS__SQL_PASSWORD",
            database.password().unwrap_or_default(),
        )
        .set("AUTH_SERVER__LEGACY_TOKENS__TIMEOUT_MS", "1000");
    let world = world.start().await;
    let ours = world.password_grant("photo.read").await.access_token();
    assert_eq!(world.check_token(OLD_TOKEN).await.status, 400);
    database.kill();
    for _ in 0..2 {
        assert_later(&world.check_token(OLD_TOKEN).await);
        assert_later(&world.refresh(OLD_TOKEN).await);
        let form = [("token", OLD_TOKEN)];
        for address in ["/oauth/introspect", "/oauth/revoke"] {
            assert_later(&world.post_as("print-photo", address, &form).await);
        }
    }
    assert_eq!(world.check_token(&ours).await.status, 200);
    database.restart().await;
    let deadline = Instant::now() + PATIENCE;
    while world.check_token(OLD_TOKEN).await.status != 400 {
        assert!(Instant::now() < deadline, "the database is not found again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_of_old_tokens_that_is_away_stops_only_what_needs_it() {
    a_database_of_old_tokens_that_is_away_stops_only_what_needs_it(DatabaseKind::Postgresql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mariadb_of_old_tokens_that_is_away_stops_only_what_needs_it() {
    a_database_of_old_tokens_that_is_away_stops_only_what_needs_it(DatabaseKind::Mariadb).await;
}

#[tokio::test]
async fn check_config_looks_whether_old_tokens_can_be_read_and_removed() {
    for kind in DatabaseKind::ALL {
        let database = Database::start(kind).await;
        let tables = "create table oauth_access_token (token_id varchar(256), token varchar(256), \
                      refresh_token varchar(256)); \
                      create table kept (token_id varchar(256), token varchar(256), authentication varchar(256)); \
                      create view oauth_refresh_token as select distinct token_id, token, authentication from kept";
        database.execute(tables).await;
        let (url, password) = (database.url(), database.password().unwrap_or_default());
        let found = check_config(&[
            ("AUTH_SERVER__LEGACY_TOKENS__SQL_URL", &url),
            ("AUTH_SERVER__LEGACY_TOKENS__SQL_PASSWORD", password),
        ])
        .await;
        assert_eq!(found.code, Some(2), "{}", found.stderr);
        let said = format!("{}{}", found.stdout, found.stderr);
        for part in [
            "has no column `authentication`",
            "names rows of refresh tokens that cannot be used: none can be removed",
        ] {
            assert!(said.contains(part), "{kind:?}: {part}: {said}");
        }
    }
}

#[tokio::test]
async fn the_tokens_of_a_spring_server_are_in_one_place() {
    let both = [
        ("AUTH_SERVER__LEGACY_TOKENS__SQL_URL", "sqlite:old.db"),
        ("AUTH_SERVER__LEGACY_TOKENS__REDIS_URL", "redis://127.0.0.1"),
    ];
    let found = check_config(&both).await;
    assert_eq!(found.code, Some(2), "{}", found.stderr);
    let said = format!("{}{}", found.stdout, found.stderr);
    assert!(said.contains("`legacy_tokens.sql_url` too"), "{said}");
}

/// A link that leads to one file after the other, as whoever puts whole files in their place has it.
struct Link(TempDir);

impl Link {
    fn path(&self) -> PathBuf {
        self.0.path().join("spring.db")
    }

    fn lead_to(&self, database: &Database) {
        let url = database.url();
        let file = url.strip_prefix("sqlite:").unwrap();
        let aside = self.0.path().join("aside");
        symlink(file, &aside).unwrap();
        rename(aside, self.path()).unwrap();
    }
}

async fn assert_good(world: &World, client: &str) {
    let answer = for_itself(world, client, "batch-secret").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn a_file_in_the_place_of_the_database_is_read_from_then_on() {
    let first = database(DatabaseKind::Sqlite).await;
    let second = database(DatabaseKind::Sqlite).await;
    for change in [
        "update oauth_client_details set client_id = 'other' where client_id = 'batch'",
        "update users set enabled = false",
    ] {
        second.execute(change).await;
    }
    let link = Link(tempfile::tempdir().unwrap());
    link.lead_to(&first);
    let url = format!("sqlite:{}", link.path().display());
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__SQL_CLIENTS__URL", &url)
        .set("AUTH_SERVER__SQL_OWNERS__URL", &url);
    let world = world.start().await;
    assert_good(&world, "batch").await;
    assert_eq!(by_password(&world, "meilin").await.status, 200);

    link.lead_to(&second);
    assert_good(&world, "other").await;
    assert_eq!(by_password(&world, "meilin").await.status, 400);
    world.clock.advance_secs(60);
    let gone = for_itself(&world, "batch", "batch-secret").await;
    assert_eq!(gone.status, 401, "{}", gone.text);

    remove_file(link.path()).unwrap();
    assert_later(&for_itself(&world, "never-seen", "secret").await);
    assert_good(&world, "other").await;
    link.lead_to(&first);
    until_it_is_back(&world).await;
    assert_good(&world, "batch").await;
}

async fn check_config(environment: &[(&str, &str)]) -> Finished {
    run_auth_server(&["check-config"], environment, "").await
}

#[tokio::test]
async fn check_config_finds_what_is_missing_in_the_tables_all_at_once() {
    for kind in DatabaseKind::ALL {
        let database = Database::start(kind).await;
        let tables = "create table oauth_client_details (client_id varchar(256), client_secret varchar(256), \
                      resource_ids varchar(256), authorized_grant_types varchar(256), authorities varchar(256), \
                      web_server_redirect_uri varchar(256), access_token_validity integer, \
                      refresh_token_validity integer, additional_information varchar(4096)); \
                      create table users (username varchar(50), password varchar(500))";
        database.execute(tables).await;
        let (url, password) = (database.url(), database.password().unwrap_or_default());
        let found = check_config(&[
            ("AUTH_SERVER__SQL_CLIENTS__URL", &url),
            ("AUTH_SERVER__SQL_CLIENTS__PASSWORD", password),
            ("AUTH_SERVER__SQL_OWNERS__URL", &url),
            ("AUTH_SERVER__SQL_OWNERS__PASSWORD", password),
        ])
        .await;
        assert_eq!(found.code, Some(2), "{}", found.stderr);
        let said = format!("{}{}", found.stdout, found.stderr);
        for part in [
            "has no column `scope`",
            "has no column `autoapprove`",
            "has no column `enabled`",
            "names rows of authorities that cannot be used",
        ] {
            assert!(said.contains(part), "{kind:?}: {part}: {said}");
        }
        assert!(password.is_empty() || !said.contains(password), "{said}");
    }
}

#[tokio::test]
async fn check_config_names_an_address_that_is_none_and_never_shows_it() {
    let found = check_config(&[
        (
            "AUTH_SERVER__SQL_CLIENTS__URL",
            "jdbc:mysql://u:s3cret@db.example/shop",
        ),
        (
            "AUTH_SERVER__SQL_OWNERS__URL",
            "postgres://u:s3cret@127.0.0.1:1/shop",
        ),
        (
            "AUTH_SERVER__SQL_OWNERS__USERS_TABLE",
            "users; drop table users",
        ),
        ("AUTH_SERVER__SQL_OWNERS__CONNECTIONS", "0"),
    ])
    .await;
    assert_eq!(found.code, Some(2), "{}", found.stderr);
    let said = format!("{}{}", found.stdout, found.stderr);
    for part in [
        "`sql_clients.url`: it is an address for Java",
        "`sql_owners.users_table` is no name of a table",
        "`sql_owners.connections` is 0",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("s3cret"), "{said}");
    // Nobody answers there: a warning, because it may be there later.
    let found = check_config(&[(
        "AUTH_SERVER__SQL_OWNERS__URL",
        "postgres://u:s3cret@127.0.0.1:1/shop",
    )]);
    let found = found.await;
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    let said = format!("{}{}", found.stdout, found.stderr);
    assert!(said.contains("cannot be asked"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}
