//! Requests that wait in one session, and forms that name one or none.

use e2e::{Answer, Browser, Landing, World, hidden_field, link, on_every_store};

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
        // The other tab was at the sign-in page: its address leads on now.
        let page = browser.follow(&browser.follow(&first).await).await;
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

    /// A request is decided once: a button that is pressed twice leads to the same answer, with no second code.
    /// After a while there is a page instead, which leads back.
    async fn a_request_is_decided_once(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read", "s").await;
        let (first, second) = tokio::join!(
            browser.decide(&page, &["photo.read"]),
            browser.decide(&page, &["photo.read"]),
        );
        let third = browser.decide(&page, &["photo.read"]).await;
        let landing = Landing::of(&first);
        for again in [second, third] {
            assert_eq!((again.status, again.header("location")), (303, landing.0.as_str()));
        }
        assert_eq!(world.exchange(&landing.code()).await.status, 200);
        world.clock.advance_secs(30);
        let answer = browser.decide(&page, &["photo.read"]).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
        assert_eq!(link(&answer.text, "back"), Some(format!("{}/", world.client)));
    }

    /// The same for a button that denies.
    async fn a_denial_is_told_twice_to_who_says_it_twice(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read", "s").await;
        let first = Landing::of(&browser.say_no(&page).await);
        assert_eq!(first.parameter("error").as_deref(), Some("access_denied"));
        assert_eq!(Landing::of(&browser.say_no(&page).await).0, first.0);
    }

    /// An approval that is not asked about leads to the same answer, too, when its page is loaded twice.
    async fn an_answer_that_needs_no_question_is_the_same_twice(
        world;
        |world| world.client("print-photo", "auto_approve = [\"photo.read\"]")
    ) {
        let browser = world.browser();
        let page = browser.follow(&ask(&world, &browser, "photo.read", "s").await).await;
        let answer = browser.submit_sign_in(&page, "xiaoming", "photos4me").await;
        let (first, second) = tokio::join!(browser.follow(&answer), browser.follow(&answer));
        assert_eq!(Landing::of(&first).code(), Landing::of(&second).code());
    }

    /// A token of the implicit grant is the same, too.
    async fn a_token_is_given_once_to_who_asks_twice(world) {
        let browser = signed_in(&world).await;
        let redirect_uri = format!("{}/spa", world.client);
        let parameters = [
            ("response_type", "token"),
            ("client_id", "photo-spa"),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "photo.read"),
        ];
        let page = browser.authorize(&parameters).await;
        let first = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        let second = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        let token = first.parameter("access_token");
        assert!(token.is_some());
        assert_eq!(second.parameter("access_token"), token);
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
