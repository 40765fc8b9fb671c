//! In which language pages are: what was said last counts, the client's `ui_locales` or the person's own choice; then what
//! the browser prefers.

use e2e::{Answer, Browser, Store, World, link, on_every_store};

const SIGN_IN: [(&str, &str); 3] = [
    ("en", "<h1>Sign in"),
    ("zh-CN", "<h1>登录"),
    ("ru", "<h1>Вход"),
];

#[track_caller]
fn assert_in(page: &Answer, tag: &str) {
    let language = format!("<html lang=\"{tag}\">");
    assert!(
        page.text.contains(&language),
        "{} {}",
        page.status,
        page.text
    );
}

/// Where a page links itself in a language.
#[track_caller]
fn switch(page: &Answer, tag: &str) -> String {
    let end = format!("page_language={tag}\"");
    let (before, _) = page.text.split_once(&end).unwrap();
    let (_, address) = before.rsplit_once("href=\"").unwrap();
    format!("{}page_language={tag}", address.replace("&#38;", "&"))
}

/// Chooses a language on a page, and goes where that leads.
async fn choose(browser: &Browser, page: &Answer, tag: &str) -> Answer {
    let answer = browser.get(&switch(page, tag)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(!answer.header("location").contains("page_language"));
    browser.follow(&answer).await
}

async fn ask(world: &World, browser: &Browser, locales: Option<&str>) -> Answer {
    let redirect_uri = world.callback();
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
        ("state", "a state"),
    ];
    parameters.extend(locales.map(|locales| ("ui_locales", locales)));
    browser.authorize(&parameters).await
}

on_every_store! {
    /// The choice is made by a link, and holds for every page of this browser and of no other.
    async fn a_choice_holds_for_every_page_of_its_browser(world) {
        let (browser, other) = (world.browser(), world.browser());
        for (tag, heading) in SIGN_IN {
            let page = choose(&browser, &browser.get("/login").await, tag).await;
            assert_in(&page, tag);
            assert!(page.text.contains(heading), "{}", page.text);
            for path in ["/", "/oauth/error", "/oauth/authorize?client_id=nobody", "/logout"] {
                assert_in(&browser.get(path).await, tag);
            }
        }
        assert_in(&other.get("/login").await, "en");
        let preferring = browser.get_with("/login", "accept-language", "zh-CN").await;
        assert_in(&preferring, "ru");
    }

    /// OpenID Connect Core §3.1.2.1: the client's wish outweighs the browser's and an earlier choice, on all pages about
    /// its request and on no other.
    async fn the_clients_wish_comes_first_for_its_request(world) {
        let browser = world.browser();
        choose(&browser, &browser.get("/login").await, "zh-CN").await;
        world.clock.advance_secs(1);
        let answer = ask(&world, &browser, Some("fr ru en")).await;
        assert_in(&browser.follow(&answer).await, "ru");
        let refused = browser.get(answer.header("location")).await;
        let refused = browser.submit_sign_in(&refused, "xiaoming", "wrong").await;
        assert_in(&refused, "ru");
        let approval = browser.sign_in_after(&answer, "xiaoming", "photos4me").await;
        assert_in(&approval, "ru");
        assert!(approval.text.contains("id=\"confirmationForm\""));
        assert_in(&browser.get("/").await, "zh-CN");
        let refused = browser.get("/oauth/authorize?client_id=nobody&ui_locales=en").await;
        assert_in(&refused, "en");
        let other = world.browser();
        let unknown = ask(&world, &other, Some("tlh")).await;
        assert_in(&other.follow(&unknown).await, "en");
    }

    /// Whoever chooses after that means it: the request goes on in the language that was chosen.
    async fn what_a_person_chooses_afterwards_outweighs_the_clients_wish(world) {
        let browser = world.browser();
        let asked = ask(&world, &browser, Some("ru")).await;
        let page = browser.follow(&asked).await;
        let page = choose(&browser, &page, "zh-CN").await;
        assert_in(&page, "zh-CN");
        let answer = browser.submit_sign_in(&page, "xiaoming", "photos4me").await;
        let approval = browser.follow(&answer).await;
        assert_in(&approval, "zh-CN");
        let approval = choose(&browser, &approval, "en").await;
        assert_in(&approval, "en");
        let landing = browser.decide(&approval, &["photo.read"]).await;
        assert!(landing.header("location").contains("code="), "{landing:?}");
    }

    /// The page of a form that was refused links the page that can be asked for again.
    async fn a_refused_sign_in_can_be_read_in_another_language(world) {
        let browser = world.browser();
        let page = browser.follow(&ask(&world, &browser, None).await).await;
        let refused = browser.submit_sign_in(&page, "xiaoming", "wrong").await;
        let page = choose(&browser, &refused, "ru").await;
        assert_in(&page, "ru");
        assert!(page.text.contains("name=\"authorization\""), "the request still waits");
    }
}

/// A link of somebody else chooses a language and nothing else: it never leads away, and what is no language is ignored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_choice_never_leads_away() {
    let world = World::builder(Store::Memory).start().await;
    let browser = world.browser();
    for path in [
        "//evil.example/?page_language=ru",
        "/%2F/evil.example?page_language=ru",
        "/\\evil.example/?page_language=ru",
        "/nothing?page_language=ru",
        "/oauth/token?page_language=ru",
    ] {
        let answer = browser.get(&format!("{}{path}", world.auth)).await;
        assert_ne!(answer.status, 303, "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    let next = "/?next=//evil.example&page_language=ru&redirect_uri=https://evil.example";
    let answer = browser.get(next).await;
    let location = "/?next=%2F%2Fevil.example&redirect_uri=https%3A%2F%2Fevil.example";
    assert_eq!(answer.header("location"), location);
    for tag in ["de", "EN", "", "ru%0d%0aset-cookie:a=b"] {
        let answer = browser.get(&format!("/?page_language={tag}")).await;
        assert_eq!(answer.status, 200, "{tag}");
        assert_eq!(answer.header("set-cookie"), "", "{tag}");
    }
    let answer = browser.post("/login?page_language=ru", &[]).await;
    assert!(
        !answer.header("set-cookie").contains("language"),
        "{answer:?}"
    );
}

/// Cookies of other programs, or made up ones, choose nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_that_is_none_of_ours_chooses_nothing() {
    let world = World::builder(Store::Memory).start().await;
    for cookie in [
        "ru",
        "ru.",
        "ru.x",
        ".1",
        "de.1",
        "ru.99999999999999999999999",
    ] {
        let cookie = format!("auth_server_language={cookie}");
        let page = world.browser().get_with("/login", "cookie", &cookie).await;
        assert_in(&page, "en");
    }
    let both = "auth_server_language=x; auth_server_language=ru.1";
    assert_in(
        &world.browser().get_with("/login", "cookie", both).await,
        "ru",
    );
}

/// A brand is on every page, its logo and its colour are served, and nothing else changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_those_of_whoever_runs_the_server() {
    let logo = tempfile::NamedTempFile::with_suffix(".svg").unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    std::fs::write(logo.path(), svg).unwrap();
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__BRAND__NAME", "Example Bank")
        .set("AUTH_SERVER__BRAND__COLOUR", "#7a1f4b")
        .set(
            "AUTH_SERVER__BRAND__PRIVACY_URL",
            "https://bank.example/privacy",
        )
        .set(
            "AUTH_SERVER__BRAND__LOGO_FILE",
            &logo.path().display().to_string(),
        )
        .start()
        .await;
    let browser = world.browser();
    for path in [
        "/",
        "/login",
        "/oauth/error",
        "/oauth/authorize?client_id=nobody",
    ] {
        let page = browser.get(path).await;
        assert!(page.text.contains("Example Bank"), "{}", page.text);
        assert!(page.text.contains("href=\"https://bank.example/privacy\""));
    }
    let logo = browser.get("/logo").await;
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    assert_eq!(logo.text, svg);
    let policy = logo.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(browser.get("/style.css").await.text.contains("#7a1f4b"));
    let page = browser.get("/login").await;
    assert_eq!(link(&page.text, "another-account"), None);

    let plain = World::builder(Store::Memory).start().await;
    assert_eq!(plain.browser().get("/logo").await.status, 404);
}
