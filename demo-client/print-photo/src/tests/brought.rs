//! An application that a visitor brings: what it is used for, and how far it is known.

use super::*;

const SECRET: &str = "hush-my-secret";

/// All that Print Photo shows to a visitor without a token, but the problems.
const PAGES: [&str; 8] = [
    "/",
    "/code",
    "/password",
    "/client-credentials",
    "/spa",
    "/compare",
    "/attacks",
    "/own-client",
];

impl Browser {
    /// Brings an application with this secret, or with none.
    async fn bring(&mut self, secret: &str) -> Seen {
        let typed = [
            ("client_id", "my-app"),
            ("client_secret", secret),
            ("scope", "photo.read"),
        ];
        self.press("/own-client", "/own-client", &typed).await
    }
}

/// The exchanges of a code that the server was asked for: how the client showed who it is, and the body.
async fn exchanges(server: &MockServer) -> Vec<(Option<String>, String)> {
    let asked = server.received_requests().await.unwrap();
    let exchanges = asked
        .iter()
        .filter(|asked| asked.url.path() == "/oauth/token");
    exchanges
        .map(|asked| {
            let shown = asked.headers.get("authorization");
            let shown = shown.map(|shown| shown.to_str().unwrap().to_owned());
            (shown, String::from_utf8(asked.body.clone()).unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn a_client_that_is_brought_asks_in_its_own_name() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let brought = browser.bring(SECRET).await;
    assert_eq!((brought.status, brought.header("location")), (303, "/code"));
    let sent = browser.press("/code", "/code", &[]).await;
    assert!(sent.header("location").contains("client_id=my-app"));
    assert!(sent.header("location").contains("scope=photo.read&"));
    let callback = format!("/callback?code=c&{}", answer_to(&sent));
    assert_eq!(browser.get(&callback).await.header("location"), "/photos");
    let page = browser.get("/photos").await.text;
    assert!(page.contains("my-app") && !page.contains(SECRET));
    // my-app:hush-my-secret
    let basic = "Basic bXktYXBwOmh1c2gtbXktc2VjcmV0";
    let [(shown, _)] = &exchanges(&server).await[..] else {
        panic!("one exchange");
    };
    assert_eq!(shown.as_deref(), Some(basic));
}

#[actix_web::test]
async fn a_client_without_a_secret_shows_its_name_and_its_verifier() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.bring("").await;
    assert_eq!(browser.authorize().await.header("location"), "/photos");
    let [(None, body)] = &exchanges(&server).await[..] else {
        panic!("one exchange, without a secret");
    };
    assert!(body.contains("client_id=my-app") && body.contains("code_verifier="));
}

#[actix_web::test]
async fn attacks_and_photos_use_the_client_that_was_brought() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.bring(SECRET).await;
    let sent = browser.get("/photos").await;
    assert!(sent.header("location").contains("client_id=my-app"));
    let attack = [("attack", "drop-the-verifier")];
    let sent = browser.press("/attacks", "/attack", &attack).await;
    assert!(sent.header("location").contains("client_id=my-app"));
    for attack in ["change-the-redirect-uri", "mix-up-the-issuer"] {
        browser
            .press("/attacks", "/attack", &[("attack", attack)])
            .await;
        let steps = browser.get("/flow.md").await.text;
        assert!(steps.contains("my-app"), "{steps}");
        assert!(!steps.contains("print-photo"), "{steps}");
    }
}

#[actix_web::test]
async fn each_page_says_which_client_asks_and_none_says_its_secret() {
    let mut browser = demo("http://localhost:9000", |_| ());
    let mut stranger = demo("http://localhost:9000", |_| ());
    stranger.url.clone_from(&browser.url);
    browser.bring(SECRET).await;
    for page in PAGES {
        let seen = browser.get(page).await.text;
        assert!(seen.contains("id=\"brought\""), "{page}");
        assert!(seen.contains("<bdi>my-app</bdi>"), "{page}");
        assert!(!seen.contains(SECRET), "{page}");
        let seen = stranger.get(page).await.text;
        assert!(!seen.contains("my-app"), "{page}");
    }
    assert!(!browser.get("/stats").await.text.contains("my-app"));
}

#[actix_web::test]
async fn print_photos_own_client_can_be_had_back() {
    let mut browser = demo("http://localhost:9000", |_| ());
    browser.bring(SECRET).await;
    let seen = browser.press("/attacks", "/own-client/forget", &[]).await;
    assert_eq!((seen.status, seen.header("location")), (303, "/code"));
    assert!(!browser.get("/code").await.text.contains("my-app"));
    let sent = browser.press("/code", "/code", &[]).await;
    assert!(sent.header("location").contains("client_id=print-photo&"));
}

#[actix_web::test]
async fn who_logs_out_takes_the_client_along() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.bring(SECRET).await;
    browser.authorize().await;
    let out = browser.press("/", "/logout", &[]).await;
    assert!(!out.text.contains("id=\"brought\""), "{}", out.text);
    assert!(!browser.get("/code").await.text.contains("my-app"));
}

/// A secret or a scope that is not the registered one is the likeliest mistake, and it was typed there.
#[actix_web::test]
async fn what_the_server_refuses_leads_back_to_what_was_typed() {
    let server = servers().await;
    let refusal = ResponseTemplate::new(401).set_body_json(json!({ "error": "invalid_client" }));
    Mock::given(path("/oauth/token"))
        .respond_with(refusal)
        .with_priority(1)
        .mount(&server)
        .await;
    let mut browser = demo(&server.uri(), |_| ());
    let ours = browser.authorize().await.text;
    assert!(ours.contains("id=\"next\" href=\"/\""), "{ours}");
    browser.bring("wrong").await;
    let brought = browser.authorize().await.text;
    assert!(
        brought.contains("id=\"next\" href=\"/own-client\""),
        "{brought}"
    );
}

#[actix_web::test]
async fn what_is_wrong_with_a_client_stands_beside_the_field_and_nothing_is_lost() {
    let mut browser = demo("http://localhost:9000", |_| ());
    for (id, secret, scope, fault) in [
        ("", SECRET, "photo.read", "client-id-fault"),
        ("mý-app", "", "photo.read", "client-id-fault"),
        ("my-app", "ключ", "photo.read", "secret-fault"),
        ("my-app", SECRET, "photo.read  \"x", "scope-fault"),
    ] {
        let typed = [
            ("client_id", id),
            ("client_secret", secret),
            ("scope", scope),
        ];
        let seen = browser.press("/own-client", "/own-client", &typed).await;
        assert_eq!(seen.status, 422, "{id}");
        assert!(seen.text.contains(&format!("id=\"{fault}\"")), "{fault}");
        assert!(seen.text.contains(&format!("value=\"{id}\"")), "{id}");
        assert!(!seen.text.contains(SECRET));
    }
    // And nothing is used of it.
    assert!(!browser.get("/code").await.text.contains("my-app"));
}
