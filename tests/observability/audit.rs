//! The audit stream of a real server, event by event.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::{
    AuthServerProcess, RedisServer, Said, hidden_field, mails_in, passkey_options, recovery_codes,
    run_auth_server,
};
use serde_json::Value;
use symbolon::clock::{Clock as _, SystemClock};
use symbolon::secret::Secret;
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};
use symbolon_auth_server::stores::OwnerRegistrar as _;
use symbolon_auth_server::stores::embedded::{EmbeddedLocation, EmbeddedStore};

use crate::documented::{names, table_below};

/// What every log line has, and what is in the span around it.
const OF_EVERY_LINE: [&str; 5] = ["timestamp", "level", "target", "event", "span"];

/// Where `print-photo` is registered to be called back.
const CALLBACK: &str = "http://localhost:9002/callback";

/// An event: its fields and its level.
type Shape = (BTreeSet<String>, String);

fn documented() -> BTreeMap<String, Shape> {
    let rows = table_below("### Audit stream").into_iter().map(|row| {
        let [event, _, fields, level] = row.as_slice() else {
            panic!("a row of four cells: {row:?}")
        };
        let fields = names(fields).into_iter().collect();
        (names(event).remove(0), (fields, level.to_uppercase()))
    });
    rows.collect()
}

/// The audit events in a JSON log.
fn events(log: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["target"] == "audit").collect()
}

fn shape(event: &Value) -> Shape {
    let members = event.as_object().unwrap().keys();
    let fields = members.filter(|name| !OF_EVERY_LINE.contains(&name.as_str()));
    let level = event["level"].as_str().unwrap().to_owned();
    (fields.cloned().collect(), level)
}

struct Journey {
    server: AuthServerProcess,
    store: String,
    mails: PathBuf,
    /// Everything that must not be in the log.
    secrets: Vec<String>,
}

/// What an owner of the store chooses.
const NEW_PASSWORD: &str = "correct horse battery";

/// And with a link, when that is forgotten.
const CHOSEN_PASSWORD: &str = "another horse battery";

/// An account of the store, which can have another password.
async fn keep_owner(file: &Path) {
    let location = EmbeddedLocation::File(file.to_owned());
    let store = EmbeddedStore::open(&location, Arc::new(SystemClock)).unwrap();
    let owner = OwnerRegistration {
        name: "wang".to_owned(),
        password: Secret::new("{noop}photos4me"),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: false,
        password_mark: None,
        invited: false,
        email: EmailAddress::parse("wang@example.org"),
    };
    store.store_owner(&owner).await.unwrap();
}

/// A name that nobody has: what a person types who is in the wrong field.
const TYPED_PASSWORD: &str = "oops-my-password-1998";

impl Journey {
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    async fn begin(directory: &tempfile::TempDir) -> Self {
        let store = format!("embedded:{}", directory.path().join("store.redb").display());
        let environment = [
            ("AUTH_SERVER__LOGIN__WAITING", "0"),
            ("AUTH_SERVER__JOURNAL__GRANTED", "1000"),
            ("AUTH_SERVER__REGISTRATION__API", "open"),
            ("AUTH_SERVER__REGISTRATION__SCOPE", "profile"),
            (
                "AUTH_SERVER__REGISTRATION__GRANT_TYPES",
                "client_credentials",
            ),
            (
                "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_AND_ADDRESS_PER_MINUTE",
                "2",
            ),
            (
                "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE",
                "1000",
            ),
        ];
        let mails = directory.path().join("mails");
        let of_mail = [
            ("AUTH_SERVER__MAIL__TRANSPORT", "file"),
            ("AUTH_SERVER__MAIL__FROM", "no-reply@symbolon.example"),
            ("AUTH_SERVER__MAIL__FOLDER", mails.to_str().unwrap()),
            ("AUTH_SERVER__SIGN_UP__ALLOWED", "true"),
        ];
        let environment: Vec<_> = environment.into_iter().chain(of_mail).collect();
        keep_owner(&directory.path().join("store.redb")).await;
        Self {
            server: AuthServerProcess::start(&store, &environment).await,
            store,
            mails: mails.clone(),
            secrets: vec![
                TYPED_PASSWORD.to_owned(),
                "photos4me".to_owned(),
                "hiking2026".to_owned(),
                NEW_PASSWORD.to_owned(),
                CHOSEN_PASSWORD.to_owned(),
            ],
        }
    }

    /// All that an event tells of.
    async fn through_every_event(&mut self) {
        self.tokens().await;
        self.registration().await;
        self.end().await;
        self.password().await;
        self.forgotten().await;
        self.invitation().await;
        self.sign_up().await;
        self.passkey().await;
        self.second_factor().await;
        self.refusals().await;
        self.guesses().await;
        self.secrets().await;
        self.rotation().await;
    }

    /// A code for `print-photo`, with everything that leads to it; then its owner signs out.
    async fn code(&mut self) -> String {
        let browser = self.server.browser();
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", CALLBACK),
            ("scope", "photo.read profile"),
        ];
        let code = browser.journey(&parameters, &["photo.read"]).await.code();
        let page = browser.get("/logout").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        browser.post("/logout", &[("_csrf", csrf.as_str())]).await;
        self.secrets.extend([code.clone(), csrf]);
        code
    }

    async fn exchange(&mut self, code: &str) -> [String; 2] {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        let answer = self.post_as("print-photo", "/oauth/token", &form).await;
        let tokens = [answer.access_token(), answer.refresh_token()];
        self.secrets.extend(tokens.clone());
        tokens
    }

    async fn post_as(&self, client: &str, path: &str, form: &[(&str, &str)]) -> e2e::Answer {
        self.server.post_as(client, path, form).await
    }

    async fn refresh(&mut self, token: &str) -> e2e::Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let answer = self.post_as("print-photo", "/oauth/token", &form).await;
        if answer.status == 200 {
            self.secrets
                .extend([answer.access_token(), answer.refresh_token()]);
        }
        answer
    }

    /// A client that registers, changes and removes itself.
    async fn registration(&mut self) {
        let http = reqwest::Client::builder().build().unwrap();
        let said =
            serde_json::json!({"client_name": "Calendar", "grant_types": ["client_credentials"]});
        let url = format!("{}/oauth/register", self.server.auth);
        let told = http.post(url).json(&said).send().await.unwrap();
        let told = e2e::Answer::read(told).await;
        assert_eq!(told.status, 201, "{}", told.text);
        let url = told.text_of("registration_client_uri");
        let token = told.text_of("registration_access_token");
        let mut said = said;
        said["client_id"] = told.json["client_id"].clone();
        let request = http.put(&url).bearer_auth(&token).json(&said);
        assert_eq!(request.send().await.unwrap().status(), 200);
        let request = http.delete(&url).bearer_auth(&token);
        assert_eq!(request.send().await.unwrap().status(), 204);
        self.secrets.extend([token, told.text_of("client_secret")]);
    }

    /// Codes and tokens: issued, checked, given back, presented again.
    async fn tokens(&mut self) {
        let code = self.code().await;
        let [access, refresh] = self.exchange(&code).await;
        let other = [("token", access.as_str())];
        self.post_as("photo-backup", "/oauth/check_token", &other)
            .await;
        self.post_as("photo-backup", "/oauth/revoke", &other).await;
        self.post_as("print-photo", "/oauth/revoke", &other).await;
        // Whose successor was used is not repeated by accident.
        let next = self.refresh(&refresh).await.refresh_token();
        self.refresh(&next).await;
        let reused = self.refresh(&refresh).await;
        reused.assert_error(400, "invalid_grant");
        let replayed = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
        ];
        let answer = self.post_as("print-photo", "/oauth/token", &replayed).await;
        answer.assert_error(400, "invalid_grant");
        let code = self.code().await;
        let [_, refresh] = self.exchange(&code).await;
        let token = [("token", refresh.as_str())];
        self.post_as("print-photo", "/oauth/revoke", &token).await;
    }

    /// What is refused to clients.
    async fn refusals(&self) {
        let browser = self.server.browser();
        for client in ["print-photo", TYPED_PASSWORD] {
            let parameters = [("response_type", "code"), ("client_id", client)];
            browser
                .authorize(&[&parameters[..], &[("scope", "nothing")]].concat())
                .await;
            let form = [("grant_type", "client_credentials")];
            let form = [
                &form[..],
                &[("client_id", client), ("client_secret", TYPED_PASSWORD)],
            ]
            .concat();
            browser.post("/oauth/token", &form).await;
        }
        let nothing = self.post_as("print-photo", "/oauth/revoke", &[]).await;
        nothing.assert_error(400, "invalid_request");
    }

    async fn sign_in(&self, name: &str) -> e2e::Answer {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", "wrong"),
        ];
        self.post_as("photo-desktop", "/oauth/token", &form).await
    }

    /// Guesses: wrong ones, ones that nobody has time for, and too many.
    async fn guesses(&self) {
        self.sign_in("lihua")
            .await
            .assert_error(400, "invalid_grant");
        self.sign_in(TYPED_PASSWORD)
            .await
            .assert_error(400, "invalid_grant");
        // More at once than a machine has cores, and more than one account may.
        let nobody: Vec<String> = (0..256).map(|number| format!("nobody-{number}")).collect();
        let names = nobody.iter().map(String::as_str);
        let flood = names.flat_map(|nobody| ["lihua", nobody]);
        let flood = flood.map(|name| self.sign_in(name));
        let answers = futures_util::future::join_all(flood).await;
        for status in [429, 503] {
            assert!(
                answers.iter().any(|answer| answer.status == status),
                "no {status}"
            );
        }
    }

    /// More secrets than one client may try.
    async fn secrets(&self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "photo-backup"),
            ("client_secret", TYPED_PASSWORD),
        ];
        let browser = self.server.browser();
        let mut status = 401;
        while status == 401 {
            status = browser.post("/oauth/token", &form).await.status;
        }
        assert_eq!(status, 429);
    }

    async fn rotation(&self) {
        let environment = [
            ("AUTH_SERVER__STORE__URL", self.store.as_str()),
            ("PATH", "/usr/bin"),
        ];
        let rotated = run_auth_server(&["keys", "rotate"], &environment, "").await;
        assert_eq!(rotated.code, Some(0), "{rotated:?}");
    }

    /// The journal, as somebody exports it who expects so many events.
    async fn exported(&self, how_many: usize) -> Vec<Value> {
        let environment = [
            ("AUTH_SERVER__STORE__URL", self.store.as_str()),
            ("PATH", "/usr/bin"),
        ];
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let exported = run_auth_server(&["audit", "export"], &environment, "").await;
            assert_eq!(exported.code, Some(0), "{exported:?}");
            let lines = exported.stdout.lines();
            let events: Vec<Value> = lines
                .map(|line| serde_json::from_str(line).unwrap())
                .filter(|event: &Value| event["command"] != "audit export")
                .collect();
            if events.len() >= how_many {
                return events;
            }
            assert!(Instant::now() < deadline, "{} of {how_many}", events.len());
        }
    }

    /// Somebody chooses another password.
    async fn password(&self) {
        let browser = self.server.browser();
        browser.sign_in("wang", "photos4me").await;
        let page = browser.get("/account/password").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [
            ("_csrf", csrf.as_str()),
            ("current_password", "photos4me"),
            ("new_password", NEW_PASSWORD),
            ("repeated_password", NEW_PASSWORD),
        ];
        let answer = browser.post("/account/password", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Somebody forgets it, chooses another with a link, and reads mails elsewhere.
    async fn forgotten(&mut self) {
        let browser = self.server.browser();
        let page = browser.get("/login/forgotten").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [("_csrf", csrf.as_str()), ("username", "wang")];
        browser.post("/login/forgotten", &form).await;
        let link = mails_in(&self.mails, 1).await[0].link();
        let page = browser.get(&link).await;
        let secret = hidden_field(&page.text, "link").unwrap();
        let form = [
            ("link", secret.as_str()),
            ("new_password", CHOSEN_PASSWORD),
            ("repeated_password", CHOSEN_PASSWORD),
        ];
        let answer = browser.post("/login/reset", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        browser.sign_in("wang", CHOSEN_PASSWORD).await;
        let page = browser.get("/account/email").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [
            ("_csrf", csrf.as_str()),
            ("email", "wang@elsewhere.example"),
            ("current_password", CHOSEN_PASSWORD),
        ];
        let answer = browser.post("/account/email", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let more = ["wang@example.org", "wang@elsewhere.example"];
        self.secrets.push(secret);
        self.secrets.extend(more.map(ToOwned::to_owned));
    }

    /// An administrator invites somebody, who chooses a password.
    async fn invitation(&mut self) {
        let administrator = self.server.browser();
        administrator.sign_in("admin", "admin4me").await;
        let page = administrator.get("/admin/accounts").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [
            ("_csrf", csrf.as_str()),
            ("username", "hanmeimei"),
            ("email", "hanmeimei@example.org"),
            ("invite", "true"),
        ];
        administrator.post("/admin/accounts", &form).await;
        self.choose("/login/reset", 2).await;
        let more = ["admin4me", "hanmeimei@example.org"];
        self.secrets.extend(more.map(ToOwned::to_owned));
    }

    /// Somebody makes an account without anybody.
    async fn sign_up(&mut self) {
        let browser = self.server.browser();
        let page = browser.get("/login/sign-up").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [("_csrf", csrf.as_str()), ("email", "lilei@example.org")];
        browser.post("/login/sign-up", &form).await;
        self.choose("/login/sign-up/finish", 3).await;
        self.secrets.push("lilei@example.org".to_owned());
    }

    /// Follows the link of the last of so many mails.
    async fn choose(&mut self, path: &str, mails: usize) {
        let link = mails_in(&self.mails, mails).await.pop().unwrap().link();
        let browser = self.server.browser();
        let secret = hidden_field(&browser.get(&link).await.text, "link").unwrap();
        let form = [
            ("link", secret.as_str()),
            ("username", "lilei"),
            ("new_password", CHOSEN_PASSWORD),
            ("repeated_password", CHOSEN_PASSWORD),
        ];
        let answer = browser.post(path, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.secrets.push(secret);
    }

    /// A second factor from its beginning to its end.
    async fn second_factor(&mut self) {
        let owner = self.server.browser();
        owner.sign_in("lihua", "photos4me").await;
        let now = SystemClock.now();
        let enrolled = owner.enrol("photos4me", now).await;
        self.secrets.push(enrolled.app.code(now));
        self.secrets.extend(enrolled.recovery_codes.iter().cloned());
        let code = &enrolled.recovery_codes[0];
        let browser = self.server.browser();
        let answer = browser.sign_in_with_code(["lihua", "photos4me", code]);
        assert_eq!(answer.await.status, 303);
        let again = self.server.browser();
        let answer = again.sign_in_with_code(["lihua", "photos4me", code]);
        assert_eq!(answer.await.status, 401);
        for (change, field) in [
            ("codes", "password_for_codes"),
            ("remove", "password_for_removal"),
        ] {
            let page = browser.get("/account/second-factor").await;
            let csrf = hidden_field(&page.text, "_csrf").unwrap();
            let form = [
                ("_csrf", csrf.as_str()),
                ("change", change),
                (field, "photos4me"),
            ];
            let answer = browser.post("/account/second-factor", &form).await;
            assert!(answer.status < 400, "{}", answer.text);
            self.secrets.extend(recovery_codes(&answer.text));
        }
    }

    /// A passkey from its beginning to its end.
    async fn passkey(&self) {
        let owner = self.server.browser();
        owner.sign_in("lihua", "photos4me").await;
        let passkey = owner.add_passkey(&self.server.auth, "photos4me").await;
        let browser = self.server.browser();
        for (said, status) in [
            (Said::at("http://evil.example"), 401),
            (Said::at(&self.server.auth), 303),
        ] {
            let page = browser.get("/login").await;
            let shown = passkey.assertion(&passkey_options(&page), &said);
            assert_eq!(browser.show_passkey(&page, &shown).await.status, status);
        }
        let page = owner.get("/account/passkeys").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let (_, rest) = page.text.split_once("?passkey=").unwrap();
        let form = [
            ("_csrf", csrf.as_str()),
            ("change", "remove"),
            ("passkey", rest.split_once('"').unwrap().0),
            ("current_password", "photos4me"),
        ];
        let answer = owner.post("/account/passkeys", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// What is left of the owner's grants ends.
    async fn end(&mut self) {
        let code = self.code().await;
        self.exchange(&code).await;
        let environment = [
            ("AUTH_SERVER__STORE__URL", self.store.as_str()),
            ("PATH", "/usr/bin"),
        ];
        let add = ["owners", "add", "xiaohong"];
        let added = run_auth_server(&add, &environment, "hiking2026").await;
        assert_eq!(added.code, Some(0), "{added:?}");
        let end = ["access", "end", "--owner", "xiaoming"];
        let ended = run_auth_server(&end, &environment, "").await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

/// Names, fields and levels are those of the table, all of them, and no secret is among the values.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_stream_is_what_the_documentation_says() {
    let directory = tempfile::tempdir().unwrap();
    let mut journey = Journey::begin(&directory).await;
    journey.through_every_event().await;

    let log = journey.server.log();
    let mut written: BTreeMap<String, Shape> = BTreeMap::new();
    for event in events(&log) {
        let name = event["event"].as_str().unwrap().to_owned();
        let shape = shape(&event);
        let same = written.entry(name).or_insert_with(|| shape.clone());
        assert_eq!(*same, shape, "an event has one set of fields: {event}");
    }
    assert_eq!(written, documented());
    for secret in &journey.secrets {
        assert!(
            !log.contains(secret.as_str()),
            "{secret} is in the log: {log}"
        );
    }
}

/// What an event says, without what is empty and what only one of the two has.
fn said(event: &Value) -> BTreeMap<String, String> {
    let of_one = [
        "timestamp",
        "level",
        "target",
        "span",
        "time",
        "request.id",
        "rule",
    ];
    let members = event.as_object().unwrap().iter();
    let members = members.filter(|(name, _)| !of_one.contains(&name.as_str()));
    let texts = members.map(|(name, value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), text)
    });
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_says_of_each_event_what_the_log_says() {
    let directory = tempfile::tempdir().unwrap();
    let mut journey = Journey::begin(&directory).await;
    journey.through_every_event().await;
    let mut logged: Vec<_> = events(&journey.server.log()).iter().map(said).collect();
    let exported = journey.exported(logged.len()).await;
    let mut kept: Vec<_> = exported.iter().map(said).collect();
    logged.sort();
    kept.sort();
    assert_eq!(kept, logged);
    let refused = exported
        .iter()
        .filter(|event| event["event"] == "token_refused");
    for event in refused {
        assert!(!event["rule"].as_str().unwrap().is_empty(), "{event}");
        assert!(!event["request.id"].as_str().unwrap().is_empty(), "{event}");
    }
}

/// The values that an auditor ties together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_grant_can_be_followed_through_the_stream() {
    let directory = tempfile::tempdir().unwrap();
    let mut journey = Journey::begin(&directory).await;
    let code = journey.code().await;
    let [_, refresh] = journey.exchange(&code).await;
    journey
        .post_as(
            "print-photo",
            "/oauth/revoke",
            &[("token", refresh.as_str())],
        )
        .await;

    let events = events(&journey.server.log());
    let one = |name: &str| {
        let found = events.iter().find(|event| event["event"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {events:#?}"))
    };
    let consent = one("consent_decided");
    assert_eq!(
        (&consent["granted"], &consent["scope"]),
        (&true.into(), &"photo.read".into())
    );
    for name in ["code_issued", "token_issued", "grant_revoked"] {
        let event = one(name);
        assert_eq!(event["grant.id"], one("code_issued")["grant.id"]);
        assert_eq!(event["client.id"], "print-photo");
        assert_eq!(event["owner"], "xiaoming");
        assert_eq!(event["client.address"], "127.0.0.1");
    }
    assert_eq!(one("owner_signed_out")["owner"], "xiaoming");
    assert_eq!(one("key_rotated")["cause"], "first");
}

/// A command that works on Redis in a process of its own writes its part of the stream there; the server
/// that takes the key up tells of the change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_on_redis_tell_the_stream_from_their_own_process() {
    let redis = RedisServer::start().await;
    let url = redis.url();
    let server =
        AuthServerProcess::start(&url, &[("AUTH_SERVER__KEYS__RELOAD_EVERY_SECS", "1")]).await;
    let environment = [
        ("AUTH_SERVER__STORE__URL", url.as_str()),
        ("AUTH_SERVER__LOG__FORMAT", "json"),
    ];
    let rotated = run_auth_server(&["keys", "rotate"], &environment, "").await;
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let told = events(&rotated.stderr);
    let one = |name: &str| {
        let found = told.iter().find(|event| event["event"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {rotated:?}"))
    };
    assert_eq!(one("key_rotated")["cause"], "command");
    assert_eq!(one("key_rotated")["by"], "");
    assert_eq!(one("operator_command")["command"], "keys rotate");
    assert_eq!(one("operator_command")["done"], true);

    let deadline = Instant::now() + Duration::from_secs(20);
    let changed = |log: &str| {
        events(log)
            .iter()
            .any(|event| event["event"] == "key_ring_changed")
    };
    while !changed(&server.log()) {
        assert!(Instant::now() < deadline, "{}", server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
