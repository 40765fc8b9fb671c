//! A Spring server's registrations and tokens, looked at and carried over by the commands that do it: in small, and, when
//! `scripts/prove-migration` asks for it, with as many as a large company has.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use e2e::{
    AuthServerProcess, Bound, Database, DatabaseKind, Finished, RedisServer, run_auth_server,
    service_binary,
};
use serde_json::{Value, json};
use tokio::process::Child;

/// How much there is.
#[derive(Clone, Copy, Debug)]
struct Scale {
    clients: u32,
    owners: u32,
    access_tokens: u32,
    refresh_tokens: u32,
    /// What the command may have in memory at most, in bytes.
    memory: u64,
}

const SMALL: Scale = Scale {
    clients: 1200,
    owners: 3000,
    access_tokens: 700,
    refresh_tokens: 300,
    memory: 150_000_000,
};
const LARGE: Scale = Scale {
    clients: 10_000,
    owners: 100_000,
    access_tokens: 700_000,
    refresh_tokens: 300_000,
    memory: 150_000_000,
};

/// All odd clients have a secret of this, and all owners a password.
const SECRET: &str = "correct horse 电池";
const HASH: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
/// A client and its tokens, as the JDK has written them.
const CLIENT: &str = "print-photo";
const ACCESS: &str = "0ld-access-token-of-the-owner";
const REFRESH: &str = "0ld-refresh-token-of-the-owner";

/// Numbers from 0, as each database counts.
fn numbers(count: u32) -> String {
    let last = count - 1;
    format!("with recursive s(n) as (select 0 union all select n + 1 from s where n < {last})")
}

fn client(number: u32) -> String {
    format!("client-{number:04}")
}

fn access_token(number: u32) -> String {
    format!("access-token-of-the-{number:09}")
}

fn refresh_token(number: u32) -> String {
    format!("refresh-token-of-the-{number:09}")
}

/// A Spring shop of a size.
struct Shop {
    scale: Scale,
    database: Database,
    redis: RedisServer,
}

impl Shop {
    async fn of(scale: Scale) -> Self {
        let database = Database::of_spring(DatabaseKind::Postgresql).await;
        let Scale {
            clients, owners, ..
        } = scale;
        let (some, many) = (numbers(clients), numbers(owners));
        database
            .execute(&format!(
                "{some} insert into oauth_client_details (client_id, client_secret, scope, authorized_grant_types, \
                 web_server_redirect_uri, access_token_validity) \
                 select 'client-' || lpad(n::text, 4, '0'), '{HASH}', 'photo.read,profile', \
                 case n % 3 when 0 then 'client_credentials' when 1 then 'authorization_code,refresh_token' \
                 else 'password,custom' end, 'https://shop.example/callback', 600 from s;
                 {many} insert into users (username, password, enabled) \
                 select 'owner-' || n, '{HASH}', n % 100 > 0 from s;
                 {many} insert into authorities (username, authority) select 'owner-' || n, 'ROLE_USER' from s;
                 {many} insert into authorities (username, authority) select 'owner-' || n, 'ROLE_SHOP' from s \
                 where n % 2 = 0"
            ))
            .await;
        let redis = RedisServer::start().await;
        redis.keep_all(tokens(scale)).await;
        Self {
            scale,
            database,
            redis,
        }
    }

    /// What the commands are told, with the store that it is carried over to.
    fn environment(&self, store: &str) -> Vec<(String, String)> {
        let url = self.database.url();
        let password = self.database.password().unwrap().to_owned();
        let said = [
            ("STORE__URL", store.to_owned()),
            ("PROFILE", "spring".to_owned()),
            ("SQL_CLIENTS__URL", url.clone()),
            ("SQL_CLIENTS__PASSWORD", password.clone()),
            ("SQL_OWNERS__URL", url),
            ("SQL_OWNERS__PASSWORD", password),
            ("LEGACY_TOKENS__REDIS_URL", self.redis.url()),
        ];
        let said = said.map(|(name, value)| (format!("AUTH_SERVER__{name}"), value));
        said.to_vec()
    }

    /// Runs a command, and says how long it took and how much memory it had at most.
    #[allow(
        clippy::print_stdout,
        reason = "scripts/prove-migration shows the figures"
    )]
    async fn run(&self, arguments: &[&str], store: &str) -> Finished {
        let begun = Instant::now();
        let child = self.begin(arguments, store);
        let (finished, most) = watched(child).await;
        let took = begun.elapsed();
        println!(
            "{}: {:.1} s, at most {} MB",
            arguments.join(" "),
            took.as_secs_f64(),
            most / 1_000_000
        );
        let lines: Vec<&str> = finished.stdout.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(5)) {
            println!("  {line}");
        }
        assert!(most < self.scale.memory, "{most} bytes");
        finished
    }

    fn begin(&self, arguments: &[&str], store: &str) -> Child {
        tokio::process::Command::new(service_binary("auth-server"))
            .args(arguments)
            .env_clear()
            .envs(self.environment(store))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    async fn is_carried_over_to(&self, store: &str) {
        let third = self.scale.clients / 3;
        let dry = self.run(&["migrate", "import", "--dry-run"], store).await;
        if let Some(file) = store.strip_prefix("embedded:") {
            assert!(!Path::new(file).exists(), "a dry run writes nothing");
        }
        let clients = format!(
            "{} clients: {} added",
            self.scale.clients, self.scale.clients
        );
        let owners = format!("{} owners: {} added", self.scale.owners, self.scale.owners);
        for finished in [dry, self.run(&["migrate", "import"], store).await] {
            assert_eq!(finished.code, Some(0), "{finished:?}");
            assert!(finished.stdout.contains(&clients), "{}", finished.stdout);
            assert!(finished.stdout.contains(&owners), "{}", finished.stdout);
            let odd = format!("{third} with entries that mean nothing here");
            assert!(finished.stdout.contains(&odd), "{}", finished.stdout);
        }
        let again = self.run(&["migrate", "import"], store).await;
        let there = format!(
            "{} owners: {} there already",
            self.scale.owners, self.scale.owners
        );
        assert!(again.stdout.contains(&there), "{}", again.stdout);
    }

    /// A server on the store, without the tables, knows them all.
    async fn lives_on_in(&self, store: &str) {
        let redis = self.redis.url();
        let environment = [
            ("AUTH_SERVER__PROFILE", "spring"),
            ("AUTH_SERVER__LEGACY_TOKENS__REDIS_URL", redis.as_str()),
        ];
        let server = AuthServerProcess::start(store, &environment).await;
        let last = self.scale.clients - 1;
        let of_itself = last - last % 3;
        let own = [("grant_type", "client_credentials")];
        assert_eq!(asked(&server, &client(of_itself), &own).await.0, 200);
        let owner = format!("owner-{}", self.scale.owners - 1);
        let of_owner = [
            ("grant_type", "password"),
            ("username", owner.as_str()),
            ("password", SECRET),
        ];
        let by_password = of_itself - 1;
        let (status, answer) = asked(&server, &client(by_password), &of_owner).await;
        assert_eq!(
            (status, &answer["scope"]),
            (200, &json!("photo.read profile")),
            "{answer}"
        );
        let old = access_token(self.scale.access_tokens - 1);
        let (status, answer) = server_knows(&server, &client(0), &old).await;
        assert_eq!(
            (status, &answer["user_name"]),
            (200, &json!("xiaoming")),
            "{answer}"
        );
    }
}

/// The tokens: client by client in turn.
fn tokens(scale: Scale) -> impl Iterator<Item = (String, Vec<u8>)> {
    let [access, refresh, authentication] =
        ["access_token", "expiring_refresh_token", "authentication"].map(stream);
    let of = move |stream: &[u8], from: &str, to: &str| with(stream, from, to);
    let clients = scale.clients;
    let about = authentication.clone();
    let accesses = (0..scale.access_tokens).flat_map(move |number| {
        let token = access_token(number);
        let client = client(number % clients);
        [
            (format!("access:{token}"), of(&access, ACCESS, &token)),
            (format!("auth:{token}"), of(&about, CLIENT, &client)),
        ]
    });
    let refreshes = (0..scale.refresh_tokens).flat_map(move |number| {
        let token = refresh_token(number);
        let client = client(number % clients);
        [
            (format!("refresh:{token}"), with(&refresh, REFRESH, &token)),
            (
                format!("refresh_auth:{token}"),
                with(&authentication, CLIENT, &client),
            ),
        ]
    });
    accesses.chain(refreshes)
}

fn stream(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../auth-server/tests/java/streams");
    std::fs::read(folder.join(format!("{name}.ser"))).unwrap()
}

/// The stream with another text of the same length.
fn with(stream: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut made = stream.to_vec();
    let places = stream.windows(from.len()).enumerate();
    let places = places.filter(|(_, window)| *window == from.as_bytes());
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    assert!(!places.is_empty(), "{from}");
    for place in places {
        made[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    made
}

/// Waits for the end of a command; answers the most memory that it was seen to have.
async fn watched(child: Child) -> (Finished, u64) {
    let status = format!("/proc/{}/status", child.id().unwrap());
    let mut ending = std::pin::pin!(child.wait_with_output());
    let mut most = 0;
    loop {
        tokio::select! {
            output = &mut ending => {
                let output = output.unwrap();
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let finished = Finished {
                    code: output.status.code(),
                    stdout: text(&output.stdout),
                    stderr: text(&output.stderr),
                };
                return (finished, most);
            }
            () = tokio::time::sleep(Duration::from_millis(20)) => {
                let status = std::fs::read_to_string(&status).unwrap_or_default();
                let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let kibibytes = line.and_then(|line| line.split_whitespace().next());
                most = most.max(1024 * kibibytes.and_then(|text| text.parse().ok()).unwrap_or(0));
            }
        }
    }
}

async fn asked(server: &AuthServerProcess, client: &str, form: &[(&str, &str)]) -> (u16, Value) {
    posted(server, client, "/oauth/token", form).await
}

async fn server_knows(server: &AuthServerProcess, client: &str, token: &str) -> (u16, Value) {
    posted(server, client, "/oauth/check_token", &[("token", token)]).await
}

async fn posted(
    server: &AuthServerProcess,
    client: &str,
    path: &str,
    form: &[(&str, &str)],
) -> (u16, Value) {
    let request = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(format!("{}{path}", server.auth));
    let answer = request
        .basic_auth(client, Some(SECRET))
        .form(form)
        .send()
        .await;
    let answer = answer.unwrap();
    (
        answer.status().as_u16(),
        answer.json().await.unwrap_or_default(),
    )
}

async fn is_looked_at(shop: &Shop) {
    let seen = shop
        .run(&["migrate", "scan", "--format", "json"], "memory:")
        .await;
    assert_eq!(seen.code, Some(0), "{}", seen.stderr);
    let lines: Vec<Value> = seen
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let scale = shop.scale;
    let third = scale.clients / 3;
    let summary = &lines.last().unwrap()["summary"];
    let odd = scale.clients - 2 * third;
    let expected = json!([odd + third, 0, third, 0]);
    assert_eq!(summary["clients"], expected, "{summary}");
    assert_eq!(summary["owners"]["all"], scale.owners);
    assert_eq!(summary["owners"]["disabled"], scale.owners / 100);
    assert_eq!(summary["tokens"]["access_tokens"], scale.access_tokens);
    assert_eq!(summary["tokens"]["refresh_tokens"], scale.refresh_tokens);
    let first = &lines[0];
    assert_eq!(first["client_id"], "client-0000");
    let held = scale.access_tokens.div_ceil(scale.clients);
    assert_eq!(first["holds"]["access_tokens"], held, "{first}");
    for secret in [ACCESS, "access-token-of", "refresh-token-of", HASH, SECRET] {
        assert!(
            !seen.stdout.contains(secret) && !seen.stderr.contains(secret),
            "{secret}"
        );
    }
}

async fn is_killed_half_way_and_goes_on(shop: &Shop) {
    let into = RedisServer::start().await;
    let store = into.url();
    let mut child = shop.begin(&["migrate", "import"], &store);
    let half = u64::from(shop.scale.clients + shop.scale.owners / 4);
    while into.how_many_are_kept().await < half {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it was killed"
        );
    }
    child.kill().await.unwrap();
    let kept = into.how_many_are_kept().await;
    let done = shop.run(&["migrate", "import"], &store).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.stdout.contains("there already"), "{}", done.stdout);
    assert!(done.stdout.contains(" added, "), "{kept}: {}", done.stdout);
    shop.lives_on_in(&store).await;
}

async fn all_of(scale: Scale) {
    let shop = Shop::of(scale).await;
    is_looked_at(&shop).await;
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    shop.is_carried_over_to(&store).await;
    shop.lives_on_in(&store).await;
    is_killed_half_way_and_goes_on(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_is_looked_at_carried_over_and_lives_on() {
    all_of(SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and gigabytes: scripts/prove-migration runs it"]
async fn a_large_company_is_carried_over() {
    all_of(LARGE).await;
}

/// More access tokens than are read at a time, one refresh token, and a row that is no token.
async fn with_tokens(kind: DatabaseKind) -> Database {
    let database = Database::of_spring(kind).await;
    database.allow_removal().await;
    let text = |text: String| Bound::Text(Some(text));
    let bytes = |name: &str| Bound::Bytes(stream(name));
    let access = "insert into oauth_access_token (token_id, token, authentication_id, authentication) values (?, ?, ?, ?)";
    for number in 0..501 {
        let id = format!("{number:032x}");
        let row = [
            text(id.clone()),
            bytes("access_token"),
            text(id),
            bytes("authentication"),
        ];
        database.change(access, &row).await;
    }
    let refresh =
        "insert into oauth_refresh_token (token_id, token, authentication) values (?, ?, ?)";
    for (id, token) in [("a", "expiring_refresh_token"), ("b", "authentication")] {
        let row = [text(id.to_owned()), bytes(token), bytes("authentication")];
        database.change(refresh, &row).await;
    }
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_in_tables_are_counted_too() {
    for kind in DatabaseKind::ALL {
        let database = with_tokens(kind).await;
        let (url, password) = (database.url(), database.password().unwrap_or_default());
        let environment = [
            ("AUTH_SERVER__LEGACY_TOKENS__SQL_URL", url.as_str()),
            ("AUTH_SERVER__LEGACY_TOKENS__SQL_PASSWORD", password),
        ];
        let seen = run_auth_server(&["migrate", "scan"], &environment, "").await;
        assert_eq!(seen.code, Some(0), "{seen:?}");
        let counted =
            "tokens: 501 access tokens, 1 refresh tokens (0 of them never end; 0 more have ended)";
        assert!(seen.stdout.contains(counted), "{kind:?}: {}", seen.stdout);
        assert!(
            seen.stdout.contains("  1 cannot be read here: "),
            "{}",
            seen.stdout
        );
        let unasked = "  of a client that was not looked at, print-photo: 501 access tokens, 1 refresh tokens";
        assert!(seen.stdout.contains(unasked), "{}", seen.stdout);
    }
}

#[tokio::test]
async fn there_has_to_be_something_to_carry_over_and_a_place_for_it() {
    for (arguments, environment, expected) in [
        (["migrate", "import"], vec![], "there is nothing to import"),
        (["migrate", "scan"], vec![], "there is nothing to look at"),
        (
            ["migrate", "import"],
            vec![("AUTH_SERVER__SQL_CLIENTS__URL", "sqlite:/absent/spring.db")],
            "`store.url` is `memory:`",
        ),
    ] {
        let done = run_auth_server(&arguments, &environment, "").await;
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(done.stderr.contains(expected), "{}", done.stderr);
    }
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let environment = [
        ("AUTH_SERVER__SQL_CLIENTS__URL", "sqlite:/absent/spring.db"),
        ("AUTH_SERVER__STORE__URL", store.as_str()),
    ];
    let done = run_auth_server(&["migrate", "import"], &environment, "").await;
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stdout.contains("0 clients"), "{}", done.stdout);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_a_server_has_open_is_not_written() {
    let database = Database::of_spring(DatabaseKind::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let store = format!("embedded:{}", folder.path().join("store").display());
    let _server = AuthServerProcess::start(&store, &[]).await;
    let url = database.url();
    let environment = [
        ("AUTH_SERVER__SQL_CLIENTS__URL", url.as_str()),
        ("AUTH_SERVER__STORE__URL", store.as_str()),
    ];
    let done = run_auth_server(&["migrate", "import"], &environment, "").await;
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.contains("open"), "{}", done.stderr);
}

#[tokio::test]
async fn settings_are_drawn_from_a_configuration_and_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (yaml, toml) = (
        folder.path().join("application.yml"),
        folder.path().join("drawn.toml"),
    );
    std::fs::write(
        &yaml,
        "security:\n  oauth2:\n    client:\n      client-id: shop\n      client-secret: s3cret\n      scope: read\n      \
         registered-redirect-uri: https://shop.example/cb\n    authorization:\n      check-token-access: permitAll()\n",
    )
    .unwrap();
    let (yaml, toml) = (yaml.to_str().unwrap(), toml.to_str().unwrap());
    let scan = [
        "migrate",
        "scan",
        "--spring-config",
        yaml,
        "--settings-out",
        toml,
    ];
    let drawn = run_auth_server(&scan, &[], "").await;
    assert_eq!(drawn.code, Some(0), "{drawn:?}");
    assert!(drawn.stdout.contains("switch   shop"), "{}", drawn.stdout);
    let checked = run_auth_server(&["--config", toml, "check-config"], &[], "").await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let again = run_auth_server(&scan, &[], "").await;
    assert_eq!(
        again.code,
        Some(1),
        "a file that is there is not overwritten: {again:?}"
    );
    for text in [drawn.stdout, std::fs::read_to_string(toml).unwrap()] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}
