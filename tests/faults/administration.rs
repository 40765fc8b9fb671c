//! The operator's commands on applications and owners, as real processes: while the server runs on its file, and on Redis
//! beside it.

use e2e::{Answer, AuthServerProcess, Finished, RedisServer, hidden_field, run_auth_server};
use serde_json::json;
use symbolon::clock::{Clock as _, SystemClock};

const REGISTRATION: [(&str, &str); 4] = [
    ("AUTH_SERVER__REGISTRATION__APPROVAL_REQUIRED", "true"),
    ("AUTH_SERVER__REGISTRATION__API", "open"),
    ("AUTH_SERVER__REGISTRATION__SCOPE", "profile"),
    (
        "AUTH_SERVER__REGISTRATION__GRANT_TYPES",
        "client_credentials",
    ),
];

/// A server on a store, and its operator.
struct Place {
    server: AuthServerProcess,
    store: String,
    /// Whether commands are carried out by the server that runs, which knows the demo's settings.
    by_the_server: bool,
}

impl Place {
    async fn on(store: String) -> Self {
        let server = AuthServerProcess::start(&store, &REGISTRATION).await;
        let by_the_server = store.starts_with("embedded:");
        Self {
            server,
            store,
            by_the_server,
        }
    }

    async fn command(&self, arguments: &[&str], input: &str) -> Finished {
        let environment = [("AUTH_SERVER__STORE__URL", self.store.as_str())];
        run_auth_server(arguments, &environment, input).await
    }

    /// What a command that ends well prints.
    async fn done(&self, arguments: &[&str], input: &str) -> String {
        let finished = self.command(arguments, input).await;
        assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
        finished.stdout
    }

    /// Why a command did nothing.
    async fn refused(&self, arguments: &[&str], input: &str) -> String {
        let finished = self.command(arguments, input).await;
        assert_eq!(finished.code, Some(1), "{arguments:?}: {finished:?}");
        finished.stderr
    }

    /// An application that registered itself: its name and its secret.
    async fn registered(&self) -> [String; 2] {
        let said = json!({"client_name": "Calendar", "grant_types": ["client_credentials"]});
        let url = format!("{}/oauth/register", self.server.auth);
        let client = reqwest::Client::builder().build().unwrap();
        let told = client.post(url).json(&said).send().await;
        let told = Answer::read(told.unwrap()).await;
        [told.text_of("client_id"), told.text_of("client_secret")]
    }

    /// The status of a token request.
    async fn token(&self, [id, secret]: &[String; 2]) -> u16 {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let url = format!("{}/oauth/token", self.server.auth);
        let client = reqwest::Client::builder().build().unwrap();
        let answer = client.post(url).form(&form).send().await;
        answer.unwrap().status().as_u16()
    }

    /// Whether somebody can sign in.
    async fn signs_in(&self, name: &str, password: &str) -> bool {
        let browser = self.server.browser();
        let page = browser.get("/login").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [
            ("username", name),
            ("password", password),
            ("_csrf", csrf.as_str()),
        ];
        let answer = browser.post("/login", &form).await;
        (answer.status, answer.header("location")) == (303, "/")
    }
}

async fn applications(place: &Place) {
    let app = place.registered().await;
    let id = app[0].as_str();
    assert_eq!(place.token(&app).await, 401);
    let waiting = place
        .done(&["applications", "list", "--awaiting"], "")
        .await;
    assert!(
        waiting.contains(&format!("{id}  awaiting   -  Calendar\n")),
        "{waiting}"
    );
    place.done(&["applications", "approve", id], "").await;
    assert_eq!(place.token(&app).await, 200);
    let waiting = place
        .done(&["applications", "list", "--awaiting"], "")
        .await;
    assert_eq!(waiting, "applications: 0\n");
    place.done(&["applications", "suspend", id], "").await;
    assert_eq!(place.token(&app).await, 401);
    place.done(&["applications", "resume", id], "").await;
    assert_eq!(place.token(&app).await, 200);
    place.done(&["applications", "remove", id], "").await;
    assert_eq!(place.token(&app).await, 401);
    for (arguments, why) in [
        (["applications", "approve", id], "no such client"),
        (
            ["applications", "remove", "print-photo"],
            "not kept in the store",
        ),
    ] {
        if place.by_the_server || !arguments.contains(&"print-photo") {
            let told = place.refused(&arguments, "").await;
            assert!(told.contains(why), "{told}");
        }
    }
}

async fn owners(place: &Place) {
    let add = [
        "owners",
        "add",
        "小红",
        "--authority",
        "ROLE_USER",
        "--authority",
        "ROLE_B",
    ];
    place.done(&add, "first password\n").await;
    assert!(place.signs_in("小红", "first password").await);
    let list = place.done(&["owners", "list"], "").await;
    assert_eq!(list, "小红  active  -  ROLE_USER ROLE_B\nowners: 1\n");
    place.done(&["owners", "lock", "小红"], "").await;
    assert!(!place.signs_in("小红", "first password").await);
    place.done(&["owners", "unlock", "小红"], "").await;
    let told = place
        .done(&["owners", "reset-password", "小红", "--generate"], "")
        .await;
    let password = told
        .lines()
        .last()
        .unwrap()
        .strip_prefix("password: ")
        .unwrap();
    assert!(!place.signs_in("小红", "first password").await);
    assert!(place.signs_in("小红", password).await);
    second_factor(place, password).await;
    owners_are_not_changed(place).await;
    place.done(&["owners", "remove", "小红"], "").await;
    assert!(!place.signs_in("小红", password).await);
    assert_eq!(place.done(&["owners", "list"], "").await, "owners: 0\n");
}

/// Somebody has lost the phone and the recovery codes. With the account it goes too: the next of that name has none.
async fn second_factor(place: &Place, password: &str) {
    let enrol = async || {
        let browser = place.server.browser();
        browser.sign_in("小红", password).await;
        browser.enrol(password, SystemClock.now()).await;
        assert!(!place.signs_in("小红", password).await);
    };
    enrol().await;
    let remove = ["owners", "remove-second-factor", "小红"];
    let told = place.done(&remove, "").await;
    assert_eq!(told, "小红  second_factor_removed\n");
    assert!(place.signs_in("小红", password).await);
    assert!(place.refused(&remove, "").await.contains("so already"));
    let nobody = ["owners", "remove-second-factor", "nobody"];
    assert!(place.refused(&nobody, "").await.contains("no such account"));
    enrol().await;
    place.done(&["owners", "remove", "小红"], "").await;
    place.done(&["owners", "add", "小红"], password).await;
    assert!(place.signs_in("小红", password).await);
}

/// What is said of an owner that cannot be changed so.
async fn owners_are_not_changed(place: &Place) {
    for (arguments, input, why) in [
        (
            vec!["owners", "add", "小红"],
            "x",
            "an account of that name",
        ),
        (
            vec!["owners", "add", "xiaoming"],
            "x",
            "an account of that name",
        ),
        (vec!["owners", "add", " a"], "x", "a blank at an end"),
        (vec!["owners", "add", "a"], "", "holds no secret"),
        (
            vec!["owners", "lock", "xiaoming"],
            "",
            "not kept in the store",
        ),
        (vec!["owners", "lock", "nobody"], "", "no such account"),
        (vec!["owners", "unlock", "小红"], "", "so already"),
    ] {
        if place.by_the_server || !arguments.contains(&"xiaoming") {
            let told = place.refused(&arguments, input).await;
            assert!(told.contains(why), "{arguments:?}: {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_and_owners_are_changed_while_the_server_runs_on_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tokens.redb");
    let place = Place::on(format!("embedded:{}", file.display())).await;
    applications(&place).await;
    owners(&place).await;
    let log = place.server.log();
    for event in ["client_changed", "owner_changed"] {
        assert!(log.contains(event), "{event}: {log}");
    }
    assert!(
        !log.contains("first password") && !log.contains("argon2id"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_and_owners_are_changed_beside_servers_on_redis() {
    let redis = RedisServer::start().await;
    let place = Place::on(redis.url()).await;
    applications(&place).await;
    owners(&place).await;
}
