//! `auth-server migrate shadow`: it stands before an old server and compares its answers with those of a new one.

use std::process::Stdio;
use std::time::Duration;

use e2e::{Answer, AuthServerProcess, raw_request, secret_of, service_binary};
use serde_json::{Value, json};
use symbolon_auth_server::migrate::shadow::{Choice, Kind, ShadowError, ShadowSettings, Snapshot};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// More than a shadow compares at once.
const MANY: u64 = 80;

/// Nothing here takes longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

fn settings(old: &str, new: &str) -> ShadowSettings {
    let free = "127.0.0.1:0".parse().unwrap();
    ShadowSettings {
        old: old.to_owned(),
        new: new.to_owned(),
        allow_plain_http: false,
        authorities: Vec::new(),
        listen: free,
        report_on: Some(free),
        report_file: None,
        choice: Choice::default(),
        tolerance_secs: 5,
        patience: Duration::from_secs(60),
    }
}

/// A shadow in this process.
struct Running {
    address: String,
    report: String,
    end: oneshot::Sender<()>,
    outcome: JoinHandle<Result<Snapshot, ShadowError>>,
}

impl Running {
    fn start(settings: ShadowSettings) -> Self {
        let bound = settings.bind().unwrap();
        let (address, report) = bound.addresses().unwrap();
        let (end, ended) = oneshot::channel();
        let until = async {
            // Dropped, the other end is the end too.
            let _ = ended.await;
        };
        Self {
            address: format!("http://{address}"),
            report: format!("http://{}/report.json", report.unwrap()),
            end,
            outcome: tokio::spawn(bound.run(until)),
        }
    }

    async fn end(self) -> Snapshot {
        self.end.send(()).unwrap();
        self.outcome.await.unwrap().unwrap()
    }
}

/// The report, once it counts so many requests.
async fn report_of(address: &str, requests: u64) -> Value {
    let until = async {
        loop {
            let report: Value = http()
                .get(address)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            if report["requests"] == requests {
                return report;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONGEST_WAIT, until)
        .await
        .expect("it counts them")
}

fn http() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().unwrap()
}

async fn post(base: &str, path: &str, client_id: &str, form: &[(&str, &str)]) -> Answer {
    let request = http().post(format!("{base}{path}")).form(form);
    let request = request.basic_auth(client_id, Some(secret_of(client_id)));
    Answer::read(request.send().await.unwrap()).await
}

/// An old server that answers everything with this.
async fn old_server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn row<'a>(report: &'a Value, client: &str, endpoint: &str) -> &'a Value {
    let mut rows = report["rows"].as_array().unwrap().iter();
    rows.find(|row| row["client"] == client && row["endpoint"] == endpoint)
        .unwrap_or_else(|| panic!("{client} {endpoint}: {report:#}"))
}

/// The program between two servers, and where it says that it listens and reports.
async fn shadow_process(old: &str, new: &str) -> (Child, String, String) {
    let mut child = Command::new(service_binary("auth-server"))
        .args([
            "migrate",
            "shadow",
            "--listen",
            "127.0.0.1:0",
            "--report-on",
            "127.0.0.1:0",
        ])
        .args(["--old", old, "--new", new, "--format", "json"])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut address = async || {
        let line = lines.next_line().await.unwrap().unwrap();
        line[line.find("http://").unwrap()..].to_owned()
    };
    let (listens, reports) = (address().await, address().await + ".json");
    (child, listens, reports)
}

/// Four requests of which the second and the first get the same answer from both; what the first has got.
async fn ask_four_times(shadow: &str) -> String {
    let own = [("grant_type", "client_credentials")];
    let given = post(shadow, "/oauth/token", "photo-backup", &own).await;
    let token = given.access_token();
    let unknown = [("token", "sesame-of-nobody")];
    post(shadow, "/oauth/check_token", "photo-space", &unknown)
        .await
        .assert_error(400, "invalid_token");
    // Only the old server knows a token that it gave.
    let known = [("token", token.as_str())];
    let facts = post(shadow, "/oauth/check_token", "photo-space", &known).await;
    assert_eq!(facts.json["client_id"], "photo-backup", "{}", facts.text);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "sesame-refresh"),
    ];
    post(shadow, "/oauth/token", "photo-desktop", &refresh).await;
    token
}

/// Ends the program as a terminal does; what it has printed.
async fn interrupted(mut shadow: Child) -> String {
    let id = shadow.id().unwrap().to_string();
    let mut kill = Command::new("kill");
    kill.args(["-INT", &id]).status().await.unwrap();
    let mut printed = String::new();
    let mut stdout = shadow.stdout.take().unwrap();
    stdout.read_to_string(&mut printed).await.unwrap();
    assert_eq!(shadow.wait().await.unwrap().code(), Some(0));
    printed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_often_two_servers_agree_is_a_number() {
    let profile = [("AUTH_SERVER__PROFILE", "spring")];
    let old = AuthServerProcess::start("memory:", &profile).await;
    let new = AuthServerProcess::start("memory:", &profile).await;
    let (child, shadow, reports) = shadow_process(&old.auth, &new.auth).await;
    let token = ask_four_times(&shadow).await;
    let report = report_of(&reports, 4).await;
    let agreed = &row(&report, "photo-backup", "token")["agreed"];
    assert_eq!(agreed, 1, "{report:#}");
    let checks = row(&report, "photo-space", "check_token");
    let compared = (&checks["compared"], &checks["agreed"]);
    assert_eq!(compared, (&json!(2), &json!(1)));
    let places = checks["differences"].to_string();
    assert!(places.contains(r#""place":"status""#), "{checks:#}");
    let asked = &row(&report, "photo-desktop", "token")["not_asked"];
    assert_eq!(asked, &json!({"one_time": 1}));
    assert_eq!(report["agreement_percent"], "66.6");
    let printed = interrupted(child).await;
    let last: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(last, report);
    for secret in ["sesame", token.as_str(), &secret_of("photo-backup")] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_reaches_the_old_server_as_it_came_and_so_does_its_answer() {
    let long = "x".repeat(3 * 1024 * 1024);
    let answer = ResponseTemplate::new(201).set_body_string(long.as_str());
    let answer = answer
        .append_header("set-cookie", "a=1")
        .append_header("set-cookie", "b=2");
    let old = old_server(
        answer
            .append_header("connection", "x-own")
            .append_header("x-own", "1"),
    )
    .await;
    let new = old_server(ResponseTemplate::new(200)).await;
    let shadow = Running::start(settings(&old.uri(), &new.uri()));
    let request = http().post(format!("{}/uaa/upload?a=%41&b='c d'", shadow.address));
    let request = request
        .header("host", "login.example")
        .header("x-forwarded-proto", "https");
    let answer = request.body(long.clone()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert!(!answer.headers().contains_key("x-own"));
    assert_eq!(answer.content_length(), Some(3 * 1024 * 1024));
    assert_eq!(answer.text().await.unwrap(), long);
    let got = old.received_requests().await.unwrap();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].body, long.as_bytes());
    assert_eq!(got[0].url.path(), "/uaa/upload");
    assert_eq!(got[0].url.query_pairs().count(), 2);
    assert_eq!(got[0].headers["host"], "login.example");
    assert_eq!(got[0].headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(got[0].headers["x-forwarded-proto"], "https");
    // It is for no endpoint of OAuth: the new server hears nothing of it.
    let snapshot = shadow.end().await;
    assert_eq!((snapshot.requests, snapshot.compared), (1, 0));
    assert!(new.received_requests().await.unwrap().is_empty());
}

/// Whoever waited for the new server would wait longer than this test may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_new_server_that_does_not_answer() {
    let old = old_server(ResponseTemplate::new(200).set_body_json(json!({"alg": "x"}))).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let new = format!("http://{}", silent.local_addr().unwrap());
    let shadow = Running::start(settings(&old.uri(), &new));
    for _ in 0..MANY {
        let key = http().get(format!("{}/oauth/token_key", shadow.address));
        let key = tokio::time::timeout(LONGEST_WAIT, key.send()).await;
        assert_eq!(key.expect("it is answered").unwrap().status(), 200);
    }
    // As many as may be compared at once are under way; all others were not asked.
    let report = report_of(&shadow.report, MANY - 64).await;
    assert_eq!(
        row(&report, "-", "token_key")["not_asked"],
        json!({"busy": MANY - 64})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_server_that_is_away_is_counted_and_harms_nobody() {
    let old = old_server(ResponseTemplate::new(401)).await;
    let shadow = Running::start(settings(&old.uri(), "http://127.0.0.1:1"));
    let asked = http().get(format!("{}/oauth/token_key", shadow.address));
    assert_eq!(asked.send().await.unwrap().status(), 401);
    let report = report_of(&shadow.report, 1).await;
    let row = row(&report, "-", "token_key");
    assert_eq!(row["new_failed"], 1);
    let why = row["last_failure"].as_str().unwrap();
    assert!(why.contains("onnection refused"), "{why}");
    let away = Running::start(settings("http://127.0.0.1:1", &old.uri()));
    let asked = http().get(format!("{}/oauth/token_key", away.address));
    assert_eq!(asked.send().await.unwrap().status(), 502);
    let report = report_of(&away.report, 1).await;
    assert_eq!(report["rows"][0]["old_failed"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_the_two_servers_is_called() {
    let other = old_server(ResponseTemplate::new(200)).await;
    let away = ResponseTemplate::new(302).insert_header("location", other.uri().as_str());
    let (old, new) = (old_server(away.clone()).await, old_server(away).await);
    let shadow = Running::start(settings(&old.uri(), &new.uri()));
    let target = format!("{}/oauth/token_key", other.uri());
    for request in [
        format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        format!("GET //{target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        "GET /a/../b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
        "CONNECT other.example:80 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let answer = raw_request(&shadow.address, request.as_bytes()).await;
        assert!(
            [302, 400].contains(&answer.status),
            "{request} {}",
            answer.head
        );
    }
    assert_eq!(shadow.end().await.compared, 1);
    assert!(other.received_requests().await.unwrap().is_empty());
}

/// What a code or a refresh token is for happens once, unless the operator says otherwise; sessions stay where they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_good_once_is_asked_twice_by_word_only() {
    let old = old_server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let new = old_server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let code = [("grant_type", "authorization_code"), ("code", "c")];
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "r")];
    let assertion = [("grant_type", "urn:own"), ("assertion", "a")];
    let password = [("grant_type", "password"), ("password", "p")];
    for (also, never, asked) in [
        (vec![], vec![], 1),
        (vec![], vec![Kind::Password], 0),
        (vec![Kind::RefreshToken, Kind::AuthorizationCode], vec![], 3),
    ] {
        let choice = Choice {
            also: also.into_iter().collect(),
            never: never.into_iter().collect(),
        };
        let shadow = Running::start(ShadowSettings {
            choice,
            ..settings(&old.uri(), &new.uri())
        });
        for form in [code, refresh, assertion, password] {
            post(&shadow.address, "/oauth/token", "photo-backup", &form).await;
        }
        let authorize = http().get(format!("{}/oauth/authorize", shadow.address));
        authorize
            .header("cookie", "JSESSIONID=1")
            .send()
            .await
            .unwrap();
        let snapshot = shadow.end().await;
        assert_eq!((snapshot.requests, snapshot.compared), (5, asked));
        let asked = new.received_requests().await.unwrap();
        assert!(
            asked
                .iter()
                .all(|request| !request.headers.contains_key("cookie"))
        );
    }
}
