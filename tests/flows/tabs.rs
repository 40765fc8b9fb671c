//! Requests that wait in one session, and forms that name one or none.

use e2e::{Answer, Browser, Landing, World, hidden_field, on_every_store};

/// What `print-photo` asks for, with this state.
async fn ask(world: &World, browser: &Browser, scope: &str, state: &str) -> Answer {
    let redirect_uri = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", scope),
        ("state", state),
    ];
    browser.authorize(&parameters).await
}

async fn signed_in(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("xiaoming", "photos4me").await;
    browser
}

/// What scripts that drive a Spring server post.
async fn decide_as_with_spring(browser: &Browser, page: &Answer, scope: &str) -> Answer {
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let scope = format!("scope.{scope}");
    let form = [
        ("user_oauth_approval", "true"),
        ("_csrf", csrf.as_str()),
        (scope.as_str(), "true"),
        ("authorize", "Authorize"),
    ];
    browser.post("/oauth/authorize", &form).await
}

on_every_store! {
    /// Two tabs do not disturb each other, whichever is decided first.
    async fn two_tabs_do_not_disturb_each_other(world) {
        let browser = signed_in(&world).await;
        let first = ask(&world, &browser, "photo.read", "first").await;
        let second = ask(&world, &browser, "profile", "second").await;
        let decided = [(&second, "profile", "second"), (&first, "photo.read", "first")];
        for (page, scope, state) in decided {
            let landing = Landing::of(&browser.decide(page, &[scope]).await);
            assert_eq!(landing.parameter("state").as_deref(), Some(state));
            assert_eq!(world.exchange(&landing.code()).await.text_of("scope"), scope);
        }
    }

    /// Two tabs that wait for the sign-in: one sign-in serves both.
    async fn two_tabs_wait_for_one_sign_in(world) {
        let browser = world.browser();
        let first = ask(&world, &browser, "photo.read", "first").await;
        let second = ask(&world, &browser, "profile", "second").await;
        let page = browser.sign_in_after(&second, "xiaoming", "photos4me").await;
        let landing = Landing::of(&browser.decide(&page, &["profile"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("second"));
        let waiting = first.header("location").replace("/login", "/oauth/confirm_access");
        let page = browser.get(&waiting).await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("first"));
    }

    /// A form that names no request means the only one that waits, as with Spring.
    async fn a_form_that_names_no_request_means_the_only_one(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read", "only").await;
        let landing = Landing::of(&decide_as_with_spring(&browser, &page, "photo.read").await);
        assert_eq!(landing.parameter("state").as_deref(), Some("only"));
        assert_eq!(world.exchange(&landing.code()).await.status, 200);
    }

    /// Of two that wait, none is guessed; both can still be decided.
    async fn a_form_that_names_no_request_decides_none_of_two(world) {
        let browser = signed_in(&world).await;
        let first = ask(&world, &browser, "photo.read", "first").await;
        ask(&world, &browser, "photo.read", "second").await;
        let answer = decide_as_with_spring(&browser, &first, "photo.read").await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains("Cannot approve uninitialized authorization request."));
        let landing = Landing::of(&browser.decide(&first, &["photo.read"]).await);
        assert_eq!(landing.parameter("state").as_deref(), Some("first"));
    }

    /// A request is decided once: the same form again gets a page, and no second code.
    async fn a_request_is_decided_once(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read", "s").await;
        Landing::of(&browser.decide(&page, &["photo.read"]).await).code();
        let answer = browser.decide(&page, &["photo.read"]).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
    }

    /// A request waits for half an hour.
    async fn a_request_does_not_wait_for_ever(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read", "s").await;
        let other = ask(&world, &browser, "profile", "s").await;
        world.clock.advance_secs(1799);
        Landing::of(&browser.decide(&page, &["photo.read"]).await).code();
        world.clock.advance_secs(1);
        assert_eq!(browser.decide(&other, &["profile"]).await.status, 400);
    }
}
