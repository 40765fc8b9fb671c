//! What an administrator does, once on pages, once by the API and once by command, with the same outcome each time: an
//! application and an account are added, used, watched over, and removed.

use std::time::Duration;

use e2e::{
    Answer, AuthServerProcess, Browser, CONSOLE, Landing, ServiceProcess, hidden_field,
    run_auth_server,
};
use reqwest::Method;
use serde_json::{Value, json};

/// A server with the demo's clients and owners and a client that administers.
struct Place {
    server: AuthServerProcess,
    store: String,
    _directory: tempfile::TempDir,
}

/// Where the new application is called back.
const CALLBACK: &str = "https://calendar.example/callback";

/// RFC 7636, appendix B.
const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl Place {
    async fn begin() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = format!("embedded:{}", directory.path().join("store.redb").display());
        let demo = include_str!("../../auth-server/config/demo.toml");
        let settings = format!("{demo}{CONSOLE}");
        let environment = [
            ("AUTH_SERVER__STORE__URL", store.as_str()),
            ("AUTH_SERVER__ADMINISTRATION__API", "true"),
            ("AUTH_SERVER__REGISTRATION__SECRET_OVERLAP_SECS", "0"),
        ];
        let process = ServiceProcess::start("auth-server", Some(&settings), &environment).await;
        Self {
            server: AuthServerProcess::of(process),
            store,
            _directory: directory,
        }
    }

    /// The code by which an owner allows an application what it asks for.
    async fn code(&self, owner: [&str; 2], client: &Credentials) -> String {
        let browser = self.server.browser();
        let parameters = [
            ("response_type", "code"),
            ("client_id", client.id.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "photo.read"),
            ("code_challenge", CODE_CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let mut answer = browser.authorize(&parameters).await;
        let [name, password] = owner;
        answer = browser.sign_in_after(&answer, name, password).await;
        if answer.status == 200 {
            answer = browser.decide(&answer, &["photo.read"]).await;
        }
        Landing::of(&answer).code()
    }

    async fn token(&self, owner: [&str; 2], client: &Credentials) -> String {
        let code = self.code(owner, client).await;
        self.exchange(client, &code).await.access_token()
    }

    async fn exchange(&self, client: &Credentials, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", CODE_VERIFIER),
        ];
        self.ask(client, &form).await
    }

    async fn ask(&self, client: &Credentials, form: &[(&str, &str)]) -> Answer {
        let http = reqwest::Client::builder().build().unwrap();
        let request = http.post(format!("{}/oauth/token", self.server.auth));
        let request = request.basic_auth(&client.id, Some(&client.secret));
        Answer::read(request.form(form).send().await.unwrap()).await
    }

    async fn is_good(&self, token: &str) -> bool {
        let form = [("token", token)];
        let checked = self
            .server
            .post_as("photo-space", "/oauth/check_token", &form);
        checked.await.status == 200
    }

    /// Whether the application is who it says.
    async fn is_known(&self, client: &Credentials) -> bool {
        let form = [("grant_type", "authorization_code"), ("code", "none")];
        self.ask(client, &form).await.json["error"] == "invalid_grant"
    }

    async fn signs_in(&self, name: &str, password: &str) -> bool {
        let browser = self.server.browser();
        let page = browser.get("/login").await;
        browser.submit_sign_in(&page, name, password).await.status == 303
    }

    async fn keys(&self) -> usize {
        let set = self.server.browser().get("/oauth/jwks").await;
        set.json["keys"].as_array().unwrap().len()
    }
}

struct Credentials {
    id: String,
    secret: String,
}

/// How an administrator does things.
enum Way<'a> {
    Pages(Browser),
    Api(&'a Place, String),
    Commands(&'a Place),
}

/// The text of the element with this id, which has to be there.
fn element(page: &Answer, id: &str) -> String {
    let found = page.text.split_once(&format!("id=\"{id}\">"));
    let (_, rest) = found.unwrap_or_else(|| panic!("no {id}: {}", page.text));
    let rest = rest.trim_start_matches("<bdi>");
    rest.split('<').next().unwrap().to_owned()
}

/// What stands behind a word on a line of its own.
fn said(text: &str, word: &str) -> String {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(word));
    lines.next().unwrap().trim_start_matches(": ").to_owned()
}

/// A form of the page at `from`.
async fn submit(browser: &Browser, from: &str, to: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get(from).await;
    assert_eq!(page.status, 200, "{from}: {}", page.text);
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let once = hidden_field(&page.text, "once");
    let mut form = vec![("_csrf", csrf.as_str())];
    form.extend(once.as_deref().map(|once| ("once", once)));
    form.extend_from_slice(typed);
    let answer = browser.post(to, &form).await;
    assert!(answer.status < 400, "{to}: {}", answer.text);
    answer
}

async fn call(place: &Place, token: &str, what: (Method, &str), body: Value) -> Answer {
    let (method, path) = what;
    let url = format!("{}/admin/api/v1{path}", place.server.auth);
    let http = reqwest::Client::builder().build().unwrap();
    let mut request = http.request(method, url).bearer_auth(token);
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert!(answer.status < 300, "{path}: {}", answer.text);
    answer
}

/// What a command prints that ends well.
async fn command(place: &Place, arguments: &[&str]) -> String {
    let environment = [("AUTH_SERVER__STORE__URL", place.store.as_str())];
    let finished = run_auth_server(arguments, &environment, "").await;
    assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
    finished.stdout
}

/// The same application, as a form, as JSON and as a command.
const FORM: [(&str, &str); 5] = [
    ("client_name", "Calendar"),
    ("redirect_uris", CALLBACK),
    ("client_type", "confidential"),
    ("grant.authorization_code", "true"),
    ("scope.photo.read", "true"),
];

fn body() -> Value {
    json!({
        "client_name": "Calendar",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code"],
        "scope": "photo.read",
        "resource_ids": ["photo-space"],
    })
}

const ADD: [&str; 11] = [
    "applications",
    "add",
    "Calendar",
    "--redirect-uri",
    CALLBACK,
    "--grant",
    "authorization_code",
    "--scope",
    "photo.read",
    "--resource-id",
    "photo-space",
];

impl<'a> Way<'a> {
    async fn pages(place: &Place) -> Self {
        let browser = place.server.browser();
        browser.sign_in("admin", "admin4me").await;
        Self::Pages(browser)
    }

    async fn api(place: &'a Place) -> Self {
        let form = [("grant_type", "client_credentials")];
        let token = place.server.post_as("console", "/oauth/token", &form).await;
        Self::Api(place, token.access_token())
    }

    async fn adds_an_application(&self) -> Credentials {
        match self {
            Self::Pages(browser) => {
                let told = submit(browser, "/developer/new", "/developer/new", &FORM).await;
                Credentials {
                    id: element(&told, "client-id"),
                    secret: element(&told, "client-secret"),
                }
            }
            Self::Api(place, token) => {
                let told = call(place, token, (Method::POST, "/applications"), body()).await;
                Credentials {
                    id: told.text_of("client_id"),
                    secret: told.text_of("client_secret"),
                }
            }
            Self::Commands(place) => {
                let told = command(place, &ADD).await;
                Credentials {
                    id: said(&told, "client_id"),
                    secret: said(&told, "client_secret"),
                }
            }
        }
    }

    async fn replaces_its_secret(&self, id: &str) -> String {
        match self {
            Self::Pages(browser) => {
                let page = format!("/developer/application?client_id={id}");
                let typed = [("client_id", id)];
                let told = submit(browser, &page, "/developer/application/secret", &typed).await;
                element(&told, "client-secret")
            }
            Self::Api(place, token) => {
                let path = format!("/applications/{id}/secret");
                let told = call(place, token, (Method::POST, &path), Value::Null).await;
                told.text_of("client_secret")
            }
            Self::Commands(place) => {
                let told = command(place, &["applications", "rotate-secret", id]).await;
                said(&told, "client_secret")
            }
        }
    }

    /// Does what one word says to an application: `suspend`, `resume` or `remove`.
    async fn does_to_application(&self, id: &str, word: &str) {
        match self {
            Self::Pages(browser) => {
                let page = format!("/admin/application?client_id={id}");
                let typed = [("client_id", id), ("action", word)];
                submit(browser, &page, "/admin/application", &typed).await;
            }
            Self::Api(place, token) => {
                let path = match word {
                    "remove" => format!("/applications/{id}"),
                    word => format!("/applications/{id}/{word}"),
                };
                let method = match word {
                    "remove" => Method::DELETE,
                    _ => Method::POST,
                };
                call(place, token, (method, &path), Value::Null).await;
            }
            Self::Commands(place) => {
                command(place, &["applications", word, id]).await;
            }
        }
    }

    /// An account, whose password is made.
    async fn adds_an_account(&self, name: &str) -> String {
        match self {
            Self::Pages(browser) => {
                let typed = [("username", name), ("authorities", "ROLE_USER")];
                let told = submit(browser, "/admin/accounts", "/admin/accounts", &typed).await;
                element(&told, "password")
            }
            Self::Api(place, token) => {
                let body = json!({"name": name, "authorities": ["ROLE_USER"]});
                let told = call(place, token, (Method::POST, "/owners"), body).await;
                told.text_of("password")
            }
            Self::Commands(place) => {
                let add = [
                    "owners",
                    "add",
                    name,
                    "--authority",
                    "ROLE_USER",
                    "--generate",
                ];
                said(&command(place, &add).await, "password")
            }
        }
    }

    /// Does what one word says to an account: `lock`, `unlock` or `remove`.
    async fn does_to_account(&self, name: &str, word: &str) {
        match self {
            Self::Pages(browser) => {
                let page = format!("/admin/account?username={name}");
                let typed = [("username", name), ("action", word)];
                submit(browser, &page, "/admin/account", &typed).await;
            }
            Self::Api(place, token) => {
                let (method, path) = match word {
                    "remove" => (Method::DELETE, format!("/owners/{name}")),
                    word => (Method::POST, format!("/owners/{name}/{word}")),
                };
                call(place, token, (method, &path), Value::Null).await;
            }
            Self::Commands(place) => {
                command(place, &["owners", word, name]).await;
            }
        }
    }

    /// Finds the one grant of an owner, and ends it.
    async fn ends_the_grant_of(&self, owner: &str) {
        match self {
            Self::Pages(browser) => {
                let page = format!("/admin/access?username={owner}");
                let shown = browser.get(&page).await;
                let (_, rest) = shown.text.split_once("name=\"grant_id\" value=\"").unwrap();
                let grant = rest.split('"').next().unwrap();
                let typed = [("username", owner), ("client_id", ""), ("grant_id", grant)];
                submit(browser, &page, "/admin/access", &typed).await;
            }
            Self::Api(place, token) => {
                let path = format!("/grants?owner={owner}");
                let list = call(place, token, (Method::GET, &path), Value::Null).await;
                assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
                let grant = list.json["items"][0]["grant_id"].as_str().unwrap();
                let path = format!("/grants/{grant}");
                call(place, token, (Method::DELETE, &path), Value::Null).await;
            }
            Self::Commands(place) => {
                let list = command(place, &["access", "list", "--owner", owner]).await;
                assert!(list.ends_with("grants: 1\n"), "{list}");
                let grant = list.split("  ").next().unwrap();
                command(place, &["access", "end", "--grant", grant]).await;
            }
        }
    }

    /// What is told of a request, as soon as the journal knows of it.
    async fn explains(&self, refused: &Answer, words: &[&str]) {
        let id = refused.header("x-request-id");
        let told = async {
            loop {
                let told = self.explanation(id).await;
                if words.iter().all(|word| told.contains(word)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let limit = Duration::from_secs(20);
        let told = tokio::time::timeout(limit, told).await;
        assert!(told.is_ok(), "{id}: {}", self.explanation(id).await);
    }

    async fn explanation(&self, id: &str) -> String {
        match self {
            Self::Pages(browser) => {
                let page = format!("/admin/audit?request_id={id}");
                browser.get(&page).await.text
            }
            Self::Api(place, token) => {
                let url = format!("{}/admin/api/v1/audit/{id}", place.server.auth);
                let http = reqwest::Client::builder().build().unwrap();
                let asked = http.get(url).bearer_auth(token).send().await.unwrap();
                Answer::read(asked).await.text
            }
            Self::Commands(place) => {
                let environment = [("AUTH_SERVER__STORE__URL", place.store.as_str())];
                run_auth_server(&["explain", id], &environment, "")
                    .await
                    .stdout
            }
        }
    }

    async fn adds_a_key(&self) {
        match self {
            Self::Pages(browser) => {
                let typed = [("action", "rotate")];
                submit(browser, "/admin/keys", "/admin/keys", &typed).await;
            }
            Self::Api(place, token) => {
                call(place, token, (Method::POST, "/keys"), Value::Null).await;
            }
            Self::Commands(place) => {
                command(place, &["keys", "rotate"]).await;
            }
        }
    }
}

/// Why a code is refused that was exchanged before: the event, the parameter and the rule.
const REPLAYED: [&str; 3] = [
    "token_refused",
    "code",
    "it is good once, and was exchanged before",
];

/// The same rules, whichever way somebody goes.
async fn administers(place: &Place, way: Way<'_>) {
    let client = way.adds_an_application().await;
    let password = way.adds_an_account("wang").await;
    let wang = ["wang", password.as_str()];

    let code = place.code(wang, &client).await;
    let token = place.exchange(&client, &code).await.access_token();
    assert!(place.is_good(&token).await);
    let replayed = place.exchange(&client, &code).await;
    replayed.assert_error(400, "invalid_grant");
    assert!(!place.is_good(&token).await, "a replay ends all");
    way.explains(&replayed, &REPLAYED).await;

    let token = place.token(wang, &client).await;
    assert!(place.is_good(&token).await);
    way.ends_the_grant_of("wang").await;
    assert!(!place.is_good(&token).await, "a grant that was ended");

    let token = place.token(wang, &client).await;
    way.does_to_application(&client.id, "suspend").await;
    assert!(!place.is_good(&token).await && !place.is_known(&client).await);
    way.does_to_application(&client.id, "resume").await;
    assert!(place.is_good(&token).await && place.is_known(&client).await);
    let secret = way.replaces_its_secret(&client.id).await;
    assert!(!place.is_known(&client).await, "the secret before");
    let client = Credentials { secret, ..client };
    assert!(place.is_known(&client).await, "the new secret");

    way.does_to_account("wang", "lock").await;
    assert!(!place.signs_in("wang", &password).await && !place.is_good(&token).await);
    way.does_to_account("wang", "unlock").await;
    assert!(place.signs_in("wang", &password).await && place.is_good(&token).await);

    let before = place.keys().await;
    way.adds_a_key().await;
    assert_eq!(place.keys().await, before + 1);

    way.does_to_account("wang", "remove").await;
    assert!(!place.signs_in("wang", &password).await && !place.is_good(&token).await);
    way.does_to_application(&client.id, "remove").await;
    assert!(!place.is_known(&client).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_does_all_of_it_on_pages() {
    let place = Place::begin().await;
    administers(&place, Way::pages(&place).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_does_all_of_it_by_the_api() {
    let place = Place::begin().await;
    administers(&place, Way::api(&place).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_does_all_of_it_by_command() {
    let place = Place::begin().await;
    administers(&place, Way::Commands(&place)).await;
}
