//! What the owner allows, denies and need not be asked about again.

use e2e::{Answer, Browser, Landing, Store, World, hidden_field, on_every_store};

const BOTH: [&str; 2] = ["photo.read", "profile"];

/// A client that keeps a secret, with a redirect URI that another application on a device can take.
fn native_client(id: &str, more: &str) -> String {
    format!(
        "[[clients]]\nclient_id = \"{id}\"\nclient_name = \"{id}\"\nclient_secret = \"{{noop}}s\"\nscope = [\"photo.read\"]\n\
         grant_types = [\"authorization_code\"]\nredirect_uris = [\"com.example.{id}:/cb\"]\n{more}\n"
    )
}

/// What `print-photo` asks for.
async fn ask(world: &World, browser: &Browser, scope: &str) -> Answer {
    let redirect_uri = world.callback();
    let parameters = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", scope),
        ("state", "s"),
    ];
    browser.authorize(&parameters).await
}

/// A browser in which `xiaoming` has signed in.
async fn signed_in(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("xiaoming", "photos4me").await;
    browser
}

/// The scope of the token that a landing's code gives.
async fn granted(world: &World, landing: &Landing) -> String {
    world.exchange(&landing.code()).await.text_of("scope")
}

/// Fails unless this is the approval page.
#[track_caller]
fn assert_asked(answer: &Answer) {
    assert_eq!(answer.status, 200, "{:?}", answer.headers);
    assert!(
        answer.text.contains("id=\"confirmationForm\""),
        "{}",
        answer.text
    );
}

/// Fails unless the client is told no, in the request's own terms.
#[track_caller]
fn assert_denied(world: &World, answer: &Answer) {
    let landing = Landing::of(answer);
    assert!(landing.0.as_str().starts_with(&world.callback()));
    let expected = [
        ("error", "access_denied"),
        ("error_description", "User denied access"),
        ("state", "s"),
        ("iss", world.auth.as_str()),
    ];
    for (name, value) in expected {
        assert_eq!(landing.parameter(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(landing.parameter("code"), None);
}

on_every_store! {
    /// The page says who asks and for what, a choice for each scope, and where the browser goes next.
    async fn the_approval_page_says_who_asks_for_what(world) {
        let page = ask(&world, &signed_in(&world).await, "photo.read profile").await;
        assert_asked(&page);
        let host = world.client.trim_start_matches("http://");
        for part in [
            "Print Photo", "print-photo", "xiaoming", "See your photos", "Know your name", host,
            "name=\"scope.photo.read\"", "name=\"scope.profile\"", "id=\"denialForm\"",
        ] {
            assert!(page.text.contains(part), "{part}");
        }
        assert!(!page.text.contains("scope.photo.write"));
        assert!(page.header("content-type").starts_with("text/html"));
    }

    /// The owner allows a part, and the token stands for that part.
    async fn a_partial_approval_narrows_the_scope(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read photo.write profile").await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        assert_eq!(granted(&world, &landing).await, "photo.read");
    }

    /// What the form says beyond the request counts for nothing.
    async fn a_form_cannot_approve_more_than_was_asked(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read").await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read", "photo.write"]).await);
        assert_eq!(granted(&world, &landing).await, "photo.read");
    }

    /// RFC 6749 §4.1.2.1: the denial button.
    async fn a_denial_is_told_to_the_client(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let authorization = hidden_field(&page.text, "authorization").unwrap();
        let form = [
            ("user_oauth_approval", "false"),
            ("scope.photo.read", "true"),
            ("_csrf", csrf.as_str()),
            ("authorization", authorization.as_str()),
        ];
        let answer = browser.post("/oauth/authorize", &form).await;
        assert_eq!(answer.status, 303);
        assert_denied(&world, &answer);
        assert_asked(&ask(&world, &browser, "photo.read").await);
    }

    /// Approving nothing is a denial.
    async fn approving_nothing_is_a_denial(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read profile").await;
        assert_denied(&world, &browser.decide(&page, &[]).await);
    }

    /// Who is not signed in can say no on the sign-in page.
    async fn cancelling_on_the_sign_in_page_is_a_denial(world) {
        let browser = world.browser();
        let answer = ask(&world, &browser, "photo.read").await;
        let page = browser.follow(&answer).await;
        assert!(page.text.contains("id=\"cancelForm\""));
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let authorization = hidden_field(&page.text, "authorization").unwrap();
        let mut form = vec![
            ("user_oauth_approval", "true"),
            ("scope.photo.read", "true"),
            ("_csrf", csrf.as_str()),
            ("authorization", authorization.as_str()),
        ];
        // Yes needs an owner.
        assert_eq!(browser.post("/oauth/authorize", &form).await.status, 400);
        form[0].1 = "false";
        assert_denied(&world, &browser.post("/oauth/authorize", &form).await);
    }

    /// A decision is remembered, for this client and these scopes.
    async fn a_remembered_approval_asks_nothing(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read profile").await;
        browser.decide(&page, &BOTH).await;
        for (scope, granted_scope) in [("photo.read profile", "photo.read profile"), ("profile", "profile")] {
            let answer = ask(&world, &browser, scope).await;
            assert_eq!(answer.status, 302, "{scope}");
            assert_eq!(granted(&world, &Landing::of(&answer)).await, granted_scope);
        }
        assert_asked(&ask(&world, &browser, "photo.read photo.write").await);
    }

    /// Approvals belong to an owner: another person is asked.
    async fn an_approval_is_not_another_owners(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read").await;
        browser.decide(&page, &["photo.read"]).await;
        let other = world.browser();
        other.sign_in("lihua", "photos4me").await;
        assert_asked(&ask(&world, &other, "photo.read").await);
    }

    /// A remembered approval expires, after 30 days.
    async fn a_remembered_approval_expires(world, "AUTH_SERVER__LOGIN__TTL_SECS" = "31536000") {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read").await;
        browser.decide(&page, &["photo.read"]).await;
        world.clock.advance_secs(30 * 86_400 - 1);
        assert_eq!(ask(&world, &browser, "photo.read").await.status, 302);
        world.clock.advance_secs(1);
        assert_asked(&ask(&world, &browser, "photo.read").await);
    }

    /// With `approvals.ttl_secs` 0 owners are asked every time.
    async fn owners_can_be_asked_every_time(world, "AUTH_SERVER__APPROVALS__TTL_SECS" = "0") {
        let browser = signed_in(&world).await;
        for _ in 0..2 {
            let page = ask(&world, &browser, "photo.read").await;
            assert_asked(&page);
            let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
            assert_eq!(granted(&world, &landing).await, "photo.read");
        }
    }

    /// A denied scope is asked about again, and comes as it was decided the last time.
    async fn a_denied_scope_is_asked_about_again(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read profile").await;
        browser.decide(&page, &["photo.read"]).await;
        assert_eq!(ask(&world, &browser, "photo.read").await.status, 302);
        let page = ask(&world, &browser, "photo.read profile").await;
        assert_asked(&page);
        let checked = |scope: &str, value: &str| {
            page.text.contains(&format!("name=\"scope.{scope}\" value=\"{value}\" checked"))
        };
        assert!(checked("photo.read", "true") && checked("profile", "false"));
        let landing = Landing::of(&browser.decide(&page, &BOTH).await);
        assert_eq!(granted(&world, &landing).await, "photo.read profile");
    }

    /// RFC 6749 §10.2, RFC 8252 §8.6: in whose name anybody can ask, for that client owners are asked again.
    async fn owners_are_asked_again_for_whom_others_could_pass(
        world;
        |world| world.with(&native_client("native", "")).with(&native_client("trusted", "remember_approvals = true"))
    ) {
        let browser = signed_in(&world).await;
        let spa = format!("{}/spa", world.client);
        for (client_id, redirect_uri, is_asked_again) in [
            ("photo-spa", spa.as_str(), true),
            ("native", "com.example.native:/cb", true),
            ("trusted", "com.example.trusted:/cb", false),
        ] {
            let parameters = [
                ("response_type", "code"),
                ("client_id", client_id),
                ("redirect_uri", redirect_uri),
                ("scope", "photo.read"),
                ("code_challenge", crate::CODE_CHALLENGE),
                ("code_challenge_method", "S256"),
            ];
            let page = browser.authorize(&parameters).await;
            assert_asked(&page);
            Landing::of(&browser.decide(&page, &["photo.read"]).await).code();
            let again = browser.authorize(&parameters).await;
            assert_eq!(again.status == 200, is_asked_again, "{client_id}");
            if is_asked_again {
                // It comes as it was decided the last time.
                assert!(again.text.contains("name=\"scope.photo.read\" value=\"true\" checked"));
            }
        }
    }

    /// "Don't allow" ends at once what hangs on the approval, and nothing else.
    async fn an_approval_that_is_withdrawn_ends_what_hangs_on_it(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read profile").await;
        let landing = Landing::of(&browser.decide(&page, &BOTH).await);
        let tokens = world.exchange(&landing.code()).await;
        let unused = Landing::of(&ask(&world, &browser, "photo.read").await).code();
        let narrow = Landing::of(&ask(&world, &browser, "profile").await).code();
        let narrow = world.exchange(&narrow).await.access_token();
        let by_password = world.password_grant("photo.read").await.access_token();
        let other = world.browser();
        other.sign_in("lihua", "photos4me").await;
        let page = ask(&world, &other, "photo.read").await;
        let landing = Landing::of(&other.decide(&page, &["photo.read"]).await);
        let of_other = world.exchange(&landing.code()).await.access_token();

        // All is asked anew, because there is something new.
        let page = ask(&world, &browser, "photo.read photo.write profile").await;
        Landing::of(&browser.decide(&page, &["profile"]).await).code();
        let ended = world.check_token(&tokens.access_token()).await;
        ended.assert_error(400, "invalid_token");
        world.refresh(&tokens.refresh_token()).await.assert_error(400, "invalid_grant");
        world.exchange(&unused).await.assert_error(400, "invalid_grant");
        for kept in [&narrow, &by_password, &of_other] {
            assert_eq!(world.check_token(kept).await.status, 200);
        }
        // To nothing at all.
        let page = ask(&world, &browser, "photo.read profile").await;
        assert_denied(&world, &browser.decide(&page, &[]).await);
        world.check_token(&narrow).await.assert_error(400, "invalid_token");
        for kept in [&by_password, &of_other] {
            assert_eq!(world.check_token(kept).await.status, 200);
        }
    }

    /// Denying one request withdraws nothing: that is a no to this request.
    async fn a_denial_of_a_request_ends_nothing(world) {
        let browser = signed_in(&world).await;
        let page = ask(&world, &browser, "photo.read").await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read"]).await);
        let token = world.exchange(&landing.code()).await.access_token();
        let page = ask(&world, &browser, "photo.read photo.write").await;
        assert_denied(&world, &browser.say_no(&page).await);
        assert_eq!(world.check_token(&token).await.status, 200);
    }

    /// Scopes that are approved automatically are not asked about.
    async fn automatic_scopes_are_not_asked_about(
        world;
        |world| world.client("print-photo", "auto_approve = [\"photo.read\", \"profile\"]")
    ) {
        let browser = signed_in(&world).await;
        let answer = ask(&world, &browser, "photo.read profile").await;
        assert_eq!(answer.status, 302);
        assert_eq!(granted(&world, &Landing::of(&answer)).await, "photo.read profile");
        let page = ask(&world, &browser, "photo.read photo.write").await;
        assert_asked(&page);
        assert!(!page.text.contains("scope.photo.read"));
        let landing = Landing::of(&browser.decide(&page, &["photo.write"]).await);
        assert_eq!(granted(&world, &landing).await, "photo.read photo.write");
    }
}

/// What a client says of itself is shown, its picture from the one origin that the page's policy then names; what is no
/// address of the web is not shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_approval_page_shows_what_a_client_says_of_itself() {
    let about = "client_uri = \"https://photos.example/about\"\nlogo_uri = \"https://cdn.example/logo.png\"\n\
                 policy_uri = \"https://photos.example/privacy\"";
    let world = World::builder(Store::Memory)
        .client("print-photo", about)
        .start()
        .await;
    let page = ask(&world, &signed_in(&world).await, "photo.read").await;
    assert_asked(&page);
    for fact in [
        "src=\"https://cdn.example/logo.png\"",
        "href=\"https://photos.example/about\"",
        "href=\"https://photos.example/privacy\"",
    ] {
        assert!(page.text.contains(fact), "{fact}: {}", page.text);
    }
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' https://cdn.example;"),
        "{policy}"
    );

    let plain = World::builder(Store::Memory).start().await;
    let page = ask(&plain, &signed_in(&plain).await, "photo.read").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("img-src 'self';"), "{policy}");
}
