//! What browsers send that no specification asks for, and what people do with pages: cookies of other programs,
//! buttons pressed twice, old tabs, pages of strangers.

use e2e::{Answer, Browser, Landing, World, link, on_every_store};
use reqwest::header::{COOKIE, HeaderValue};

/// The name of the session's cookie.
const OURS: &str = "auth_server_session";

/// What `print-photo` asks for.
async fn ask(world: &World, browser: &Browser, state: &str) -> Answer {
    let redirect_uri = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "photo.read"),
        ("state", state),
    ];
    browser.authorize(&parameters).await
}

/// The cookie that an answer sets, as the browser sends it back.
#[track_caller]
fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").split(';').next();
    let cookie = cookie.unwrap_or_default();
    assert!(cookie.starts_with(OURS), "{:?}", answer.headers);
    cookie.to_owned()
}

/// Sends a request with exactly these bytes as cookies.
async fn send(world: &World, path: &str, cookies: &[u8], form: Option<crate::Form<'_>>) -> Answer {
    let url = format!("{}{path}", world.auth);
    let request = match form {
        Some(form) => world.http().post(url).form(form),
        None => world.http().get(url),
    };
    let cookies = HeaderValue::from_bytes(cookies).unwrap();
    let answer = request.header(COOKIE, cookies).send().await.unwrap();
    Answer::read(answer).await
}

fn sign_in_form<'a>(csrf: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("username", "xiaoming"),
        ("password", password),
        ("_csrf", csrf),
    ]
}

fn csrf_of(page: &Answer) -> String {
    e2e::hidden_field(&page.text, "_csrf").unwrap()
}

#[track_caller]
fn assert_approval_page(page: &Answer, owner: &str) {
    let form = page.text.contains("id=\"confirmationForm\"");
    assert!(form, "{} {}", page.status, page.text);
    assert!(page.text.contains(owner), "{}", page.text);
}

/// Fails unless the person is told that the request has ended, by whose it was, with a link back.
#[track_caller]
fn assert_leads_back(world: &World, page: &Answer) {
    assert!(page.text.contains("Print Photo"), "{}", page.text);
    let back = link(&page.text, "back");
    assert_eq!(back, Some(format!("{}/", world.client)), "{}", page.text);
}

on_every_store! {
    /// Cookies are read as bytes, pair by pair, and every one of our name is tried: whatever another program on
    /// the host or on a parent domain has set, who signed in is signed in.
    async fn cookies_of_other_programs_do_not_hide_ours(world) {
        let page = send(&world, "/login", b"", None).await;
        let before = cookie_of(&page);
        let stale = format!("{OURS}={}", "s".repeat(43));
        // A sign-in succeeds beside a stale cookie of our name.
        let cookies = format!("{stale}; {before}");
        let csrf = csrf_of(&page);
        let form = sign_in_form(&csrf, "photos4me");
        let answer = send(&world, "/login", cookies.as_bytes(), Some(&form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let ours = cookie_of(&answer);
        for cookies in [
            [b"x=caf\xe9; ".as_slice(), ours.as_bytes()].concat(),
            [ours.as_bytes(), b";\xff\xfe=\"a;b\xe9"].concat(),
            [stale.as_bytes(), b"; ", ours.as_bytes()].concat(),
            [format!("{OURS}=old; {OURS}=; {OURS};").as_bytes(), ours.as_bytes()].concat(),
            [b"=;;=x; a b=c ;\t".as_slice(), ours.as_bytes(), b" ; theme={\"a\":1}"].concat(),
        ] {
            let home = send(&world, "/", &cookies, None).await;
            assert!(home.text.contains("xiaoming"), "{:?}", String::from_utf8_lossy(&cookies));
        }
    }

    /// The sign-in form posted twice leads twice to the same place and session, whichever answer the browser
    /// hears of; a wrong password takes nothing from it.
    async fn a_sign_in_form_that_is_sent_twice_leads_to_one_session(world) {
        let page = send(&world, "/login", b"", None).await;
        let (before, csrf) = (cookie_of(&page), csrf_of(&page));
        let form = sign_in_form(&csrf, "photos4me");
        let (first, second) = tokio::join!(
            send(&world, "/login", before.as_bytes(), Some(&form)),
            send(&world, "/login", before.as_bytes(), Some(&form)),
        );
        let third = send(&world, "/login", before.as_bytes(), Some(&form)).await;
        let session = cookie_of(&first);
        for again in [&second, &third] {
            assert_eq!((again.status, again.header("location")), (303, "/"), "{}", again.text);
            assert_eq!(cookie_of(again), session);
        }
        let wrong = sign_in_form(&csrf, "wrong");
        let answer = send(&world, "/login", before.as_bytes(), Some(&wrong)).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (303, ""));
        let home = send(&world, "/", session.as_bytes(), None).await;
        assert!(home.text.contains("xiaoming"));
    }

    /// The session of a form that is unknown: what cookie the browser has by now is not touched, and the next
    /// page finds out.
    async fn a_form_of_an_unknown_session_overwrites_no_cookie(world) {
        let stale = format!("{OURS}={}", "s".repeat(43));
        let form = sign_in_form("unknown", "photos4me");
        for cookies in ["", stale.as_str()] {
            for path in ["/login", "/logout", "/oauth/authorize"] {
                let decision = [("user_oauth_approval", "true"), ("_csrf", "unknown")];
                let form: crate::Form<'_> = if path == "/oauth/authorize" { &decision } else { &form };
                let answer = send(&world, path, cookies.as_bytes(), Some(form)).await;
                assert_eq!(answer.header("set-cookie"), "", "{path}");
            }
        }
    }

    /// Two tabs at the sign-in page: after one has signed in, the form of the other goes on to its own request,
    /// and so does its address.
    async fn the_sign_in_form_of_another_tab_goes_on_to_its_request(world) {
        let browser = world.browser();
        let (first, second) = (ask(&world, &browser, "first").await, ask(&world, &browser, "second").await);
        let (first_page, second_page) = (browser.follow(&first).await, browser.follow(&second).await);
        let answer = browser.submit_sign_in(&first_page, "xiaoming", "photos4me").await;
        assert_approval_page(&browser.follow(&answer).await, "xiaoming");
        // Whatever is typed there, nobody is signed in by a form that is older than the sign-in.
        let answer = browser.submit_sign_in(&second_page, "lihua", "photos4me").await;
        assert_eq!((answer.status, answer.header("set-cookie")), (303, ""));
        let page = browser.follow(&answer).await;
        assert_approval_page(&page, "xiaoming");
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("second"));
        let again = browser.follow(&first).await;
        assert_eq!(again.status, 302);
        assert_eq!(Landing::of(&browser.follow(&again).await).parameter("state").as_deref(), Some("first"));
    }

    /// Cancel in the other tab: nothing is decided by a form that is older than the sign-in, but it is asked.
    async fn cancelling_in_another_tab_asks_again(world) {
        let browser = world.browser();
        let (first, second) = (ask(&world, &browser, "first").await, ask(&world, &browser, "second").await);
        let (first_page, second_page) = (browser.follow(&first).await, browser.follow(&second).await);
        browser.submit_sign_in(&first_page, "xiaoming", "photos4me").await;
        let page = browser.say_no(&second_page).await;
        assert_eq!((page.status, page.header("location")), (403, ""));
        assert_approval_page(&page, "xiaoming");
        let landing = Landing::of(&browser.say_no(&page).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("second"));
        assert_eq!(landing.parameter("error").as_deref(), Some("access_denied"));
    }

    /// A sign-out page that is older than the session asks again.
    async fn an_old_sign_out_page_asks_again(world) {
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let old = csrf_of(&browser.get("/logout").await);
        browser.sign_in("lihua", "photos4me").await;
        let page = browser.post("/logout", &[("_csrf", old.as_str())]).await;
        assert_eq!(page.status, 403);
        assert!(page.text.contains("lihua"), "{}", page.text);
        let csrf = csrf_of(&page);
        for _ in 0..2 {
            let answer = browser.post("/logout", &[("_csrf", csrf.as_str())]).await;
            let page = if answer.status == 303 { browser.follow(&answer).await } else { answer };
            assert!(page.text.contains("You are signed out"), "{}", page.text);
        }
    }

    /// "Use another account" keeps the request: who signs in then is asked by the same client.
    async fn another_account_comes_back_to_the_same_approval(world) {
        let browser = world.browser();
        let asked = ask(&world, &browser, "s").await;
        let page = browser.sign_in_after(&asked, "xiaoming", "photos4me").await;
        assert_approval_page(&page, "xiaoming");
        let sign_in = browser.get(&link(&page.text, "another-account").unwrap()).await;
        assert_eq!(sign_in.status, 200);
        assert!(sign_in.text.contains("Sign in to continue to") && sign_in.text.contains("Print Photo"));
        // Who thinks better of it is still signed in.
        assert_approval_page(&browser.follow(&browser.follow(&asked).await).await, "xiaoming");
        let answer = browser.submit_sign_in(&sign_in, "lihua", "photos4me").await;
        let page = browser.follow(&answer).await;
        assert_approval_page(&page, "lihua");
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("s"));
        let token = world.exchange(&landing.code()).await.access_token();
        assert_eq!(world.check_token(&token).await.json["user_name"], "lihua");
    }

    /// A sign-in page that is older than its request: who signs in learns what happened and finds back.
    async fn a_sign_in_after_its_request_has_ended_says_so_and_leads_back(world) {
        let (one, other) = (world.browser(), world.browser());
        let (asked, asked_too) = (ask(&world, &one, "s").await, ask(&world, &other, "s").await);
        let (page, other_page) = (one.follow(&asked).await, other.follow(&asked_too).await);
        world.clock.advance_secs(1_800);
        // The form is good for a sign-in, but not for what it was asked for.
        let answer = one.submit_sign_in(&page, "xiaoming", "photos4me").await;
        let ended = one.follow(&answer).await;
        assert_eq!(ended.status, 400);
        assert!(ended.text.contains("has expired"), "{}", ended.text);
        assert_leads_back(&world, &ended);
        assert!(one.get("/").await.text.contains("xiaoming"));
        // The address of the page says so by itself, and so does a form that is older than its session.
        let again = other.follow(&asked_too).await;
        let refused = other.submit_sign_in(&other_page, "xiaoming", "photos4me").await;
        for (page, status) in [(again, 200), (refused, 403)] {
            assert_eq!(page.status, status);
            assert!(page.text.contains("has ended"), "{}", page.text);
            assert_leads_back(&world, &page);
        }
    }

    /// The same where the session goes on and only the request has ended.
    async fn a_decision_after_its_request_has_ended_leads_back(world) {
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let page = ask(&world, &browser, "s").await;
        let sign_in = browser.get(&link(&page.text, "another-account").unwrap()).await;
        world.clock.advance_secs(1_800);
        for answer in [
            browser.decide(&page, &["photo.read"]).await,
            browser.say_no(&page).await,
            browser.follow(&browser.submit_sign_in(&sign_in, "lihua", "photos4me").await).await,
            browser.decide(&page, &["photo.read"]).await,
        ] {
            assert!((400..=403).contains(&answer.status), "{}", answer.status);
            assert_leads_back(&world, &answer);
        }
    }

    /// A client may send its request as a form. Browsers keep our cookie back then; they are sent round once, and
    /// who is signed in stays so.
    async fn a_request_that_comes_as_a_form_finds_who_is_signed_in(world) {
        let redirect_uri = world.callback();
        let form = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "photo.read"),
            ("state", "a b&c"),
        ];
        let answer = send(&world, "/oauth/authorize", b"", Some(&form)).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (303, ""));
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let page = browser.follow(&answer).await;
        assert_approval_page(&page, "xiaoming");
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("a b&c"));
    }

    /// People come first on an error page, in their language; the developer finds what to look for in the log.
    async fn an_error_page_speaks_to_people_first(world) {
        let browser = world.browser();
        let path = "/oauth/authorize?response_type=code&client_id=print-photo&redirect_uri=https%3A%2F%2Fx.example";
        for (language, heading) in [("zh", "无法完成您的请求"), ("ru", "Не удалось выполнить запрос")] {
            let page = browser.get_with(path, "Accept-Language", language).await;
            assert_eq!(page.status, 400);
            let title = page.text.split_once("<h1>").unwrap().1;
            assert!(title.starts_with(heading), "{title}");
            assert_leads_back(&world, &page);
            let (people, developers) = page.text.split_once("OAuth Error").unwrap();
            assert!(!people.contains("invalid_request") && developers.contains("invalid_request"));
            let request_id = page.header("x-request-id");
            assert!(!request_id.is_empty() && developers.contains(request_id));
            assert!(developers.contains("print-photo") && developers.contains(" GMT"), "{developers}");
        }
    }
}
