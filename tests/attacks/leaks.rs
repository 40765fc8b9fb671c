//! Secrets where they must not be: in logs and in copies of the store (decisions 5 and 15).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{
    Answer, AuthServerProcess, Browser, PrintPhoto, RedisServer, Services, Store, World,
    hidden_field,
};

use crate::journey::Request;

/// What somebody could present, each with its name.
type Secrets = Vec<(&'static str, String)>;

fn cookie_of(answer: &Answer) -> Option<String> {
    let value = answer
        .header("set-cookie")
        .split_once('=')?
        .1
        .split(';')
        .next()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// Signs in, approves, and tells of everything that was secret under way.
async fn journey(browser: &Browser, parameters: &[(&str, &str)]) -> (Secrets, String) {
    let mut secrets = vec![("password", "photos4me".to_owned())];
    let answer = browser.authorize(parameters).await;
    secrets.extend(cookie_of(&answer).map(|cookie| ("cookie before", cookie)));
    let page = browser.get(answer.header("location")).await;
    secrets.push(("csrf before", hidden_field(&page.text, "_csrf").unwrap()));
    let answer = browser.submit_sign_in(&page, "xiaoming", "photos4me").await;
    secrets.extend(cookie_of(&answer).map(|cookie| ("cookie", cookie)));
    let page = browser.get(answer.header("location")).await;
    secrets.push(("csrf", hidden_field(&page.text, "_csrf").unwrap()));
    let answer = browser.decide(&page, &["photo.read", "profile"]).await;
    let code = e2e::Landing::of(&answer).code();
    secrets.push(("code", code.clone()));
    assert_eq!(secrets.len(), 6, "{secrets:?}");
    (secrets, code)
}

fn tokens(answer: &Answer) -> Secrets {
    vec![
        ("access token", answer.access_token()),
        ("refresh token", answer.refresh_token()),
    ]
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// Fails when a secret is there, as text or as the bytes that its text stands for.
fn assert_holds_none(place: &str, haystack: &[u8], secrets: &Secrets) {
    assert!(!haystack.is_empty(), "{place} holds nothing at all");
    for (name, secret) in secrets {
        assert!(
            !contains(haystack, secret.as_bytes()),
            "{place} holds a {name}"
        );
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(secret) else {
            continue;
        };
        assert!(
            !contains(haystack, &bytes),
            "{place} holds the bytes of a {name}"
        );
        // Ids are kept; the keyed check at the end of a handle is not.
        if bytes.len() == 48 {
            let check = &bytes[32..];
            assert!(
                !contains(haystack, check),
                "{place} holds the check of a {name}"
            );
            let text = URL_SAFE_NO_PAD.encode(check);
            assert!(
                !contains(haystack, text.as_bytes()),
                "{place} holds the check of a {name}"
            );
        }
    }
}

/// A journey through a world, with a copy of its store at every stage.
async fn copies_of_the_store(world: &World, copy: &dyn Fn() -> Vec<u8>) -> (Vec<Vec<u8>>, Secrets) {
    let browser = world.browser();
    let request = Request::code(world);
    let (mut secrets, code) = journey(&browser, &request.pairs()).await;
    let mut copies = vec![copy()];
    let answer = world.exchange(&code).await;
    secrets.extend(tokens(&answer));
    copies.push(copy());
    secrets.extend(tokens(&world.refresh(&answer.refresh_token()).await));
    let waiting = world.browser().authorize(&request.pairs()).await;
    secrets.extend(cookie_of(&waiting).map(|cookie| ("waiting cookie", cookie)));
    copies.push(copy());
    for client in ["print-photo", "photo-space"] {
        secrets.push(("client secret", e2e::secret_of(client)));
    }
    (copies, secrets)
}

/// ADR 0002: a copy of the file holds nothing that could be presented.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_the_file_holds_nothing_to_present() {
    for format in ["opaque", "jwt"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("store");
        let world = World::builder(Store::File(path.clone()));
        let world = world
            .set("AUTH_SERVER__TOKENS__FORMAT", format)
            .start()
            .await;
        let copy = || std::fs::read(&path).unwrap();
        let (copies, secrets) = copies_of_the_store(&world, &copy).await;
        for bytes in copies {
            assert!(contains(&bytes, b"xiaoming"), "the copy is a real one");
            assert_holds_none("the file", &bytes, &secrets);
        }
        let sealing_secret = std::fs::read(path.with_extension("secret")).unwrap();
        assert!(
            !contains(&copy(), &sealing_secret),
            "the file holds what seals its keys"
        );
    }
}

/// ADR 0002: a copy of Redis holds nothing that could be presented.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_redis_holds_nothing_to_present() {
    for format in ["opaque", "jwt"] {
        let redis = RedisServer::start().await;
        let world = World::builder(Store::SharedRedis(redis.url()));
        let world = world
            .set("AUTH_SERVER__TOKENS__FORMAT", format)
            .start()
            .await;
        let copy = || {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(redis.dump()))
        };
        let (copies, secrets) = copies_of_the_store(&world, &copy).await;
        for bytes in copies {
            assert!(contains(&bytes, b"xiaoming"), "the copy is a real one");
            assert_holds_none("Redis", &bytes, &secrets);
        }
    }
}

/// Not even the most talkative log tells a secret, of what went well or of what did not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_holds_a_secret() {
    let redis = RedisServer::start().await;
    for store in ["memory:", &redis.url()] {
        for format in ["opaque", "jwt"] {
            let environment = [
                ("AUTH_SERVER__LOG__FILTER", "trace"),
                ("AUTH_SERVER__TOKENS__FORMAT", format),
                ("AUTH_SERVER__STORE__KEY_PREFIX", format),
            ];
            let server = AuthServerProcess::start(store, &environment).await;
            let secrets = talk_about_everything(&server).await;
            let log = server.log();
            assert!(log.contains("token_issued"), "the log is a real one");
            assert_holds_none("the log", log.as_bytes(), &secrets);
        }
    }
}

/// Uses every endpoint, with good and with wrong credentials.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn talk_about_everything(server: &AuthServerProcess) -> Secrets {
    const REDIRECT_URI: &str = "http://localhost:9002/callback";
    let browser = server.browser();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "photo.read profile"),
        ("state", "the-state-of-the-client"),
    ];
    let (mut secrets, code) = journey(&browser, &parameters).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
    ];
    let answer = server.post_as("print-photo", "/oauth/token", &form).await;
    secrets.extend(tokens(&answer));
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &answer.refresh_token()),
    ];
    secrets.extend(tokens(
        &server
            .post_as("print-photo", "/oauth/token", &refresh)
            .await,
    ));
    let token = answer.access_token();
    for path in ["/oauth/check_token", "/oauth/introspect"] {
        server
            .post_as("photo-space", path, &[("token", &token)])
            .await;
    }
    secrets.extend(talk_about_what_goes_wrong(server, &form, &token).await);
    for client in ["print-photo", "photo-space", "photo-desktop"] {
        let basic = format!("{client}:{}", e2e::secret_of(client));
        secrets.push(("client secret", e2e::secret_of(client)));
        secrets.push((
            "Basic",
            base64::engine::general_purpose::STANDARD.encode(basic),
        ));
    }
    secrets
}

/// A replay, a wrong password, wrong secrets, a damaged token: what goes wrong is logged, too.
async fn talk_about_what_goes_wrong(
    server: &AuthServerProcess,
    form: &[(&str, &str)],
    token: &str,
) -> Secrets {
    let browser = server.browser();
    server.post_as("print-photo", "/oauth/token", form).await;
    let guess = [
        ("grant_type", "password"),
        ("username", "lihua"),
        ("password", "a-wrong-password"),
    ];
    server
        .post_as("photo-desktop", "/oauth/token", &guess)
        .await;
    let wrong = [
        ("client_id", "print-photo"),
        ("client_secret", "a-wrong-secret"),
    ];
    browser
        .post("/oauth/token", &[&guess[..], &wrong[..]].concat())
        .await;
    server
        .post_as("print-photo", "/oauth/revoke", &[("token", token)])
        .await;
    let damaged = format!("{}x", &token[1..]);
    server
        .post_as("photo-space", "/oauth/check_token", &[("token", &damaged)])
        .await;
    let address = "/oauth/authorize?client_id=nobody&client_secret=secret-in-the-query&code=code-in-the-query";
    browser.get(address).await;
    let wrong = [
        "a-wrong-password",
        "a-wrong-secret",
        "secret-in-the-query",
        "code-in-the-query",
        &damaged,
    ];
    let wrong = wrong.map(|secret| ("wrong credential", secret.to_owned()));
    wrong.into()
}

/// All that the inspector shows when somebody clicks on it.
fn revealed(page: &str) -> Secrets {
    let secrets = page.split("<details class=\"secret\">").skip(1);
    let secrets = secrets.filter_map(|rest| rest.split("<code>").nth(1)?.split("</code>").next());
    // A fragment of a page that is as short as `true` is no secret.
    let secrets = secrets.filter(|secret| secret.len() >= 20);
    secrets
        .map(|secret| ("revealed secret", secret.to_owned()))
        .collect()
}

/// Somebody brings an application with a wrong secret, which is shown to the authorization server and refused.
async fn brought_application(print_photo: &PrintPhoto) -> Secrets {
    let typed = "typed-secret-of-a-client";
    let fields = [
        ("client_id", "print-photo"),
        ("client_secret", typed),
        ("scope", "photo.read"),
    ];
    print_photo
        .press("/own-client", "/own-client", &fields)
        .await;
    let asked = print_photo.press("/code", "/code", &[]).await;
    let back = print_photo.browser.follow(&asked).await;
    let refused = print_photo.browser.follow(&back).await;
    assert_eq!(refused.status, 502, "{}", refused.text);
    let mut secrets = revealed(&refused.text);
    secrets.push(("typed secret", typed.to_owned()));
    secrets
}

/// The inspector knows codes and tokens as they are; the logs of all three services do not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_of_the_demo_holds_what_its_inspector_shows() {
    let settings = [
        ("RESOURCE_SERVER__SHOW_QUESTIONS", "true"),
        ("DEMO_CLIENT__INSPECTOR__SHOWS_QUESTIONS", "true"),
    ];
    let mut services = Services::start(&[("LOG__FILTER", "trace")], &settings).await;
    let print_photo = services.print_photo();
    print_photo.authorize(&["photo.read", "profile"]).await;
    let mut secrets = revealed(&print_photo.open("/photos").await.text);
    assert!(secrets.len() > 6, "{secrets:?}");
    secrets.extend(brought_application(&print_photo).await);
    print_photo.open("/photos").await;
    for attack in [
        "too-little-scope",
        "another-audience",
        "mix-up-the-issuer",
        "old-refresh-token",
    ] {
        print_photo
            .press("/attacks", "/attack", &[("attack", attack)])
            .await;
        secrets.extend(revealed(&print_photo.open("/attacks").await.text));
    }
    print_photo.open("/flow.md").await;
    for client in ["print-photo", "photo-space", "calendar-sync"] {
        secrets.push(("client secret", e2e::secret_of(client)));
    }
    for service in services.all() {
        let log = service.log();
        assert!(log.contains("event"), "the log is a real one");
        assert_holds_none("a log of the demo", log.as_bytes(), &secrets);
    }
}
