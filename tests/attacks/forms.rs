//! Forms that were tampered with or forged (RFC 9700 §4.7, RFC 6749 §10.12).

use e2e::{Answer, Browser, Landing, World, hidden_field, on_every_store};
use serde_json::json;

use crate::journey::Request;

/// A browser that is signed in as `name`, and its approval page for `photo.read`.
async fn approval_page(world: &World, name: &str) -> (Browser, Answer) {
    let browser = world.browser();
    let request = Request::code(world).with("scope", "photo.read");
    let answer = browser.authorize(&request.pairs()).await;
    let page = browser.sign_in_after(&answer, name, "photos4me").await;
    assert_eq!(page.status, 200, "{}", page.text);
    (browser, page)
}

fn field(page: &Answer, name: &str) -> String {
    hidden_field(&page.text, name).unwrap_or_else(|| panic!("no {name} in {}", page.text))
}

/// Approves with this CSRF token (none at all when empty) and this request's id.
async fn approve(browser: &Browser, csrf: &str, authorization: &str) -> Answer {
    let mut form = vec![
        ("user_oauth_approval", "true"),
        ("scope.photo.read", "true"),
        ("authorization", authorization),
    ];
    if !csrf.is_empty() {
        form.push(("_csrf", csrf));
    }
    browser.post("/oauth/authorize", &form).await
}

fn assert_page_without_redirect(answer: &Answer, status: u16) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (status, ""),
        "{}",
        answer.text
    );
    assert!(answer.header("content-type").starts_with("text/html"));
}

async fn is_signed_in(browser: &Browser, name: &str) -> bool {
    browser.get("/").await.text.contains(name)
}

on_every_store! {
    /// What is decided on is what was kept; whatever else the form says changes nothing.
    async fn a_form_that_was_tampered_with_grants_what_was_asked_and_no_more(world) {
        let (browser, page) = approval_page(&world, "xiaoming").await;
        let (csrf, authorization) = (field(&page, "_csrf"), field(&page, "authorization"));
        let form = [
            ("user_oauth_approval", "true"),
            ("_csrf", csrf.as_str()),
            ("authorization", authorization.as_str()),
            ("scope.photo.read", "true"),
            ("scope.photo.write", "true"),
            ("scope.profile", "approve"),
            ("scope.admin", "true"),
            ("scope", "photo.read photo.write profile"),
            ("client_id", "photo-spa"),
            ("redirect_uri", "https://attacker.example/callback"),
            ("response_type", "token"),
            ("state", "attacker"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ];
        let landing = Landing::of(&browser.post("/oauth/authorize", &form).await);
        assert!(landing.0.as_str().starts_with(&format!("{}?code=", world.callback())), "{}", landing.0);
        assert_eq!(landing.parameter("state").as_deref(), Some("xyz"));
        let facts = world.check_token(&world.exchange(&landing.code()).await.access_token()).await;
        assert_eq!(facts.json["scope"], json!(["photo.read"]));
        assert_eq!(facts.json["client_id"], "print-photo");
    }

    /// The request that waits in one session cannot be decided in another, whoever signed in there.
    async fn the_request_of_another_session_cannot_be_approved(world) {
        let (victim, page) = approval_page(&world, "xiaoming").await;
        let authorization = field(&page, "authorization");
        for attacker in ["lihua", "xiaoming"] {
            let (browser, own) = approval_page(&world, attacker).await;
            let answer = approve(&browser, &field(&own, "_csrf"), &authorization).await;
            assert_page_without_redirect(&answer, 400);
        }
        let answer = approve(&victim, &field(&page, "_csrf"), &authorization).await;
        assert!(Landing::of(&answer).parameter("code").is_some());
    }

    /// An id that was made up opens nothing; one that was decided on gives no second code, and soon nothing at
    /// all.
    async fn a_made_up_or_used_request_cannot_be_approved(world) {
        let (browser, page) = approval_page(&world, "xiaoming").await;
        let (csrf, authorization) = (field(&page, "_csrf"), field(&page, "authorization"));
        for made_up in ["A".repeat(authorization.len()), "../../x".to_owned(), "%00".to_owned()] {
            assert_page_without_redirect(&approve(&browser, &csrf, &made_up).await, 400);
            let page = browser.get(&format!("/oauth/confirm_access?authorization={made_up}")).await;
            assert_page_without_redirect(&page, 400);
        }
        let first = approve(&browser, &csrf, &authorization).await;
        let again = approve(&browser, &csrf, &authorization).await;
        assert_eq!((first.status, first.header("location")), (303, again.header("location")));
        world.clock.advance_secs(30);
        assert_page_without_redirect(&approve(&browser, &csrf, &authorization).await, 400);
    }

    /// RFC 9700 §4.7: an approval without the CSRF token of its own session is refused, and the
    /// request still waits for its owner.
    async fn a_forged_approval_is_refused(world) {
        let (browser, page) = approval_page(&world, "xiaoming").await;
        let (_, foreign) = approval_page(&world, "lihua").await;
        let authorization = field(&page, "authorization");
        for csrf in ["", "x", &field(&foreign, "_csrf")] {
            assert_page_without_redirect(&approve(&browser, csrf, &authorization).await, 403);
        }
        let answer = approve(&browser, &field(&page, "_csrf"), &authorization).await;
        assert!(Landing::of(&answer).parameter("code").is_some());
    }

    /// Nobody who has not signed in approves.
    async fn an_approval_before_the_sign_in_is_refused(world) {
        let browser = world.browser();
        let answer = browser.authorize(&Request::code(&world).pairs()).await;
        let page = browser.get(answer.header("location")).await;
        let answer = approve(&browser, &field(&page, "_csrf"), &field(&page, "authorization")).await;
        assert_page_without_redirect(&answer, 400);
    }

    /// RFC 9700 §4.7: nobody is signed in by a form of another session (login CSRF).
    async fn a_forged_sign_in_is_refused(world) {
        let foreign = field(&world.browser().get("/login").await, "_csrf");
        let browser = world.browser();
        browser.get("/login").await;
        for csrf in ["", "x", foreign.as_str()] {
            let form = [("username", "xiaoming"), ("password", "photos4me"), ("_csrf", csrf)];
            let form = if csrf.is_empty() { &form[..2] } else { &form[..] };
            assert_page_without_redirect(&browser.post("/login", form).await, 403);
            assert!(!is_signed_in(&browser, "xiaoming").await);
        }
        // No session at all: on to a page to try again, and nobody is signed in.
        let stranger = world.browser();
        let form = [("username", "xiaoming"), ("password", "photos4me"), ("_csrf", foreign.as_str())];
        let answer = stranger.post("/login", &form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login?too_late=true"));
        assert_eq!(answer.header("set-cookie"), "");
        assert!(!is_signed_in(&stranger, "xiaoming").await);
    }

    /// RFC 9700 §4.7: a link or a form of another site signs nobody out.
    async fn a_forged_sign_out_is_refused(world) {
        let foreign = field(&world.browser().get("/login").await, "_csrf");
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let page = browser.get("/logout").await;
        for form in [vec![], vec![("_csrf", "x")], vec![("_csrf", foreign.as_str())]] {
            assert_page_without_redirect(&browser.post("/logout", &form).await, 403);
            assert!(is_signed_in(&browser, "xiaoming").await);
        }
        let csrf = field(&page, "_csrf");
        assert_eq!(browser.post("/logout", &[("_csrf", csrf.as_str())]).await.status, 200);
        assert!(!is_signed_in(&browser, "xiaoming").await);
    }
}
