//! `/login`, `/logout` and the home page.

use e2e::{Answer, Browser, World, hidden_field, on_every_store};

use crate::{CODE_CHALLENGE, assert_photos_of};

/// What `photo-spa` asks for.
async fn ask_as_script(world: &World, browser: &Browser) -> Answer {
    let redirect_uri = format!("{}/spa", world.client);
    let parameters = [
        ("response_type", "code"),
        ("client_id", "photo-spa"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
        ("code_challenge", CODE_CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    browser.authorize(&parameters).await
}

/// Signs in and approves for `print-photo`.
async fn use_print_photo(world: &World, browser: &Browser) -> Answer {
    let redirect_uri = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
    ];
    let landing = browser.journey(&parameters, &["photo.read"]).await;
    world.exchange(&landing.code()).await
}

async fn log_out(browser: &Browser) -> Answer {
    let page = browser.get("/logout").await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    browser.post("/logout", &[("_csrf", csrf.as_str())]).await
}

#[track_caller]
fn assert_sign_in_page_next(answer: &Answer) {
    assert_eq!(answer.status, 302);
    assert!(
        answer
            .header("location")
            .starts_with("/login?authorization=")
    );
}

on_every_store! {
    /// One sign-in serves every client: the second is asked for approval at once.
    async fn one_sign_in_serves_a_second_client(world) {
        let browser = world.browser();
        use_print_photo(&world, &browser).await;
        let page = ask_as_script(&world, &browser).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("id=\"confirmationForm\"") && page.text.contains("photo-spa"));
        assert_sign_in_page_next(&ask_as_script(&world, &world.browser()).await);
    }

    /// Signing out ends the session in this browser; tokens that clients hold stay good.
    async fn signing_out_ends_the_session_and_no_token(world) {
        let browser = world.browser();
        let token = use_print_photo(&world, &browser).await.access_token();
        let answer = log_out(&browser).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text.contains("You are signed out"));
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        assert_sign_in_page_next(&ask_as_script(&world, &browser).await);
        assert!(browser.get("/").await.text.contains("You are not signed in."));
        assert_photos_of("xiaoming", &world.call("/photos", &token).await);
    }

    /// The session is gone at the server too, not only its cookie in the browser.
    async fn a_kept_cookie_is_worth_nothing_after_signing_out(world) {
        let browser = world.browser();
        let page = browser.get("/login").await;
        let answer = browser.submit_sign_in(&page, "xiaoming", "photos4me").await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let thief = world.browser();
        let home = thief.get_with("/", "Cookie", &cookie).await;
        assert!(home.text.contains("You are signed in as"));
        log_out(&browser).await;
        let home = thief.get_with("/", "Cookie", &cookie).await;
        assert!(home.text.contains("You are not signed in."));
    }

    /// A sign-in lasts eight hours.
    async fn a_sign_in_does_not_last_for_ever(world) {
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        world.clock.advance_secs(28_799);
        assert_eq!(ask_as_script(&world, &browser).await.status, 200);
        world.clock.advance_secs(1);
        assert_sign_in_page_next(&ask_as_script(&world, &browser).await);
    }

    /// A wrong password and an unknown name get the same page, with the form to try again.
    async fn a_wrong_password_and_an_unknown_name_get_the_same_page(world) {
        let mut notices = Vec::new();
        for (name, password) in [("xiaoming", "wrong"), ("nobody", "photos4me")] {
            let browser = world.browser();
            let page = browser.follow(&ask_as_script(&world, &browser).await).await;
            let again = browser.submit_sign_in(&page, name, password).await;
            assert_eq!(again.status, 401);
            assert!(!again.text.contains(password));
            let (_, rest) = again.text.split_once("id=\"notice\"").unwrap();
            notices.push(rest.split_once("</p>").unwrap().0.to_owned());
            let next = browser.submit_sign_in(&again, "xiaoming", "photos4me").await;
            assert!(next.header("location").starts_with("/oauth/confirm_access?authorization="));
        }
        assert_eq!(notices[0], notices[1]);
    }

    /// Signing in where nothing waits leads home.
    async fn a_sign_in_without_a_request_leads_home(world) {
        let browser = world.browser();
        let page = browser.get("/login").await;
        let answer = browser.submit_sign_in(&page, "lihua", "photos4me").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        let home = browser.follow(&answer).await;
        assert!(home.text.contains("You are signed in as") && home.text.contains("lihua"));
    }

    /// A sign-in that a request waited for leads on to that request, and to no address of the query.
    async fn a_sign_in_leads_to_the_request_that_waits(world) {
        let browser = world.browser();
        let answer = ask_as_script(&world, &browser).await;
        let page = browser.follow(&answer).await;
        assert!(page.text.contains("Print Photo in your browser"));
        let page = browser.sign_in_after(&answer, "lihua", "photos4me").await;
        assert!(page.text.contains("id=\"confirmationForm\"") && page.text.contains("lihua"));
    }
}

/// The pages speak the reader's language; which store is used cannot matter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_speak_the_language_of_the_reader() {
    let world = World::builder(e2e::Store::Memory).start().await;
    let browser = world.browser();
    for (accepted, tag, sign_in, home) in [
        (
            "zh-CN,zh;q=0.9,en;q=0.8",
            "zh-CN",
            "登录",
            "您的数据，由您做主",
        ),
        ("ru-RU,ru;q=0.9", "ru", "Вход", "ваше решение"),
        (
            "fr,ru;q=0.4,zh;q=0.6",
            "zh-CN",
            "登录",
            "您的数据，由您做主",
        ),
        ("en", "en", "Sign in", "Your data, your decision"),
        ("fr", "en", "Sign in", "Your data, your decision"),
    ] {
        for (path, words) in [("/login", sign_in), ("/", home)] {
            let page = browser.get_with(path, "Accept-Language", accepted).await;
            assert!(
                page.text.contains(&format!("<html lang=\"{tag}\">")),
                "{accepted} {path}"
            );
            assert!(page.text.contains(words), "{accepted} {path}");
            assert!(page.header("vary").contains("Accept-Language"));
        }
    }
}
