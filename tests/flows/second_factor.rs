//! A second factor: set up, asked for at each sign-in, and switched off again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::{Answer, Browser, World, hidden_field, on_every_store, recovery_codes};
use symbolon::clock::Clock as _;

const PAGE: &str = "/account/second-factor";
const NAME: &str = "xiaoming";
const PASSWORD: &str = "photos4me";

async fn signed_in(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in(NAME, PASSWORD).await;
    browser
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

/// Sends one of the forms of the page of a second factor that is on.
async fn change(browser: &Browser, [change, field, password]: [&str; 3]) -> Answer {
    let page = browser.get(PAGE).await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let form = [
        ("_csrf", csrf.as_str()),
        ("change", change),
        (field, password),
    ];
    browser.post(PAGE, &form).await
}

fn by_password(scope: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "password"),
        ("username", NAME),
        ("password", PASSWORD),
        ("scope", scope),
    ]
}

on_every_store! {
    /// The request that waits and the client are named all along; between password and code nobody is signed in.
    async fn after_the_password_a_code_leads_on_to_what_was_asked_for(world) {
        let enrolled = signed_in(&world).await.enrol(PASSWORD, world.clock.now()).await;
        world.clock.advance_secs(30);
        let browser = world.browser();
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", &world.callback()),
            ("scope", "photo.read"),
        ];
        let asked = browser.authorize(&parameters).await;
        let page = browser.get(asked.header("location")).await;
        let answer = browser.submit_sign_in(&page, NAME, PASSWORD).await;
        let location = answer.header("location").to_owned();
        assert!(location.starts_with("/login/code?authorization="), "{location}");
        assert!(location.contains("client_id=print-photo"), "{location}");
        let page = browser.follow(&answer).await;
        assert!(page.text.contains("id=\"codeForm\""), "{}", page.text);
        assert_eq!(browser.get("/account").await.header("location"), "/login?next=account");
        let again = browser.authorize(&parameters).await;
        assert!(again.header("location").starts_with("/login?"), "{}", again.header("location"));

        let answer = browser.submit_code(&page, &enrolled.app.code(world.clock.now())).await;
        let location = answer.header("location");
        assert!(location.starts_with("/oauth/confirm_access?authorization="), "{location}");
        let approval = browser.follow(&answer).await;
        assert!(approval.text.contains("id=\"confirmationForm\""), "{}", approval.text);
        assert!(is_signed_in(&browser).await);
    }

    /// Setting one up takes a code of the app and the password; what was begun with the password alone ends.
    async fn a_second_factor_is_on_after_a_code_and_the_password(world) {
        let (here, there) = (signed_in(&world).await, signed_in(&world).await);
        let page = here.get(PAGE).await;
        let app = e2e::Authenticator::of_page(&page.text);
        let code = app.code(world.clock.now());
        for (code, password, status, field) in [
            ("000000x", PASSWORD, 400, "code"),
            ("", PASSWORD, 400, "code"),
            (code.as_str(), "wrong", 401, "current_password"),
        ] {
            let answer = here.send_enrolment(&page, code, password).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            assert!(answer.text.contains(&format!("id=\"{field}-fault\"")), "{}", answer.text);
            let key = |text: &str| hidden_field(text, "setup");
            assert_eq!(key(&answer.text), key(&page.text), "the app has this key");
        }
        assert!(is_signed_in(&there).await);
        let answer = here.send_enrolment(&page, &code, PASSWORD).await;
        let codes = recovery_codes(&answer.text);
        assert_eq!(codes.len(), 10, "{}", answer.text);
        assert!(is_signed_in(&here).await);
        assert!(!is_signed_in(&there).await);
        // Sent once more it shows nothing.
        let again = here.send_enrolment(&page, &code, PASSWORD).await;
        assert_eq!((again.status, again.header("location")), (303, PAGE));
        let page = here.get(PAGE).await;
        assert!(page.text.contains("id=\"on\"") && page.text.contains("id=\"left\">10"), "{}", page.text);
        assert!(codes.iter().all(|code| !page.text.contains(code)), "shown once");
    }

    /// Without the app a recovery code is good in its place, once, however it is typed; new ones replace all that are left.
    async fn a_recovery_code_is_good_once(world) {
        let owner = signed_in(&world).await;
        let enrolled = owner.enrol(PASSWORD, world.clock.now()).await;
        let (first, second) = (&enrolled.recovery_codes[0], &enrolled.recovery_codes[1]);
        let typed = first.to_lowercase().replace('-', " ");
        let browser = world.browser();
        let answer = browser.sign_in_with_code([NAME, PASSWORD, &typed]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        assert!(browser.get(PAGE).await.text.contains("id=\"left\">9"));
        let again = world.browser().sign_in_with_code([NAME, PASSWORD, first]).await;
        assert_eq!(again.status, 401, "{}", again.text);
        world.clock.advance_secs(60);

        let refused = change(&owner, ["codes", "password_for_codes", "wrong"]).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        assert!(refused.text.contains("id=\"password_for_codes-fault\""), "{}", refused.text);
        let renewed = change(&owner, ["codes", "password_for_codes", PASSWORD]).await;
        let renewed = recovery_codes(&renewed.text);
        assert_eq!(renewed.len(), 10);
        let old = world.browser().sign_in_with_code([NAME, PASSWORD, second]).await;
        assert_eq!(old.status, 401, "{}", old.text);
        world.clock.advance_secs(60);
        let new = world.browser().sign_in_with_code([NAME, PASSWORD, &renewed[9]]).await;
        assert_eq!(new.status, 303, "{}", new.text);
    }

    /// What will not do is said beside the field; whoever takes too long begins at the password.
    async fn a_wrong_code_is_told_and_a_late_one_leads_back(world) {
        let enrolled = signed_in(&world).await.enrol(PASSWORD, world.clock.now()).await;
        world.clock.advance_secs(30);
        let browser = world.browser();
        let page = browser.show_password(NAME, PASSWORD).await;
        let wrong = browser.submit_code(&page, "000000x").await;
        assert_eq!(wrong.status, 401, "{}", wrong.text);
        assert!(wrong.text.contains("id=\"code-fault\""), "{}", wrong.text);
        assert!(!is_signed_in(&browser).await);
        world.clock.advance_secs(301);
        let late = browser.submit_code(&wrong, &enrolled.app.code(world.clock.now())).await;
        assert_eq!((late.status, late.header("location")), (303, "/login?too_late=true"));
        assert_eq!(browser.get("/login/code").await.header("location"), "/login?too_late=true");
        assert!(!is_signed_in(&browser).await);
        let answer = browser.sign_in_with_code([NAME, PASSWORD, &enrolled.app.code(world.clock.now())]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(is_signed_in(&browser).await);
    }

    /// Switched off with the password, the password is enough again.
    async fn switched_off_it_is_not_asked_for(world) {
        let owner = signed_in(&world).await;
        owner.enrol(PASSWORD, world.clock.now()).await;
        let refused = change(&owner, ["remove", "password_for_removal", "wrong"]).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        world.browser().show_password(NAME, PASSWORD).await;
        let removed = change(&owner, ["remove", "password_for_removal", PASSWORD]).await;
        assert_eq!((removed.status, removed.header("location")), (303, "/account/second-factor?removed=true"));
        assert!(owner.follow(&removed).await.text.contains("id=\"removed\""));
        assert!(is_signed_in(&signed_in(&world).await).await);
    }

    /// A password grant and HTTP Basic show no code: they say no as they do to a wrong password.
    async fn where_no_code_can_be_shown_the_owner_is_refused(
        world,
        "AUTH_SERVER__SPRING__BASIC_SIGN_IN" = "true",
    ) {
        world.token("photo-desktop", &by_password("photo.read")).await.access_token();
        signed_in(&world).await.enrol(PASSWORD, world.clock.now()).await;
        let refused = world.token("photo-desktop", &by_password("photo.read")).await;
        refused.assert_error(400, "invalid_grant");
        assert_eq!(refused.json["error_description"], "Bad credentials");
        let basic = |password: &str| format!("Basic {}", STANDARD.encode(format!("{NAME}:{password}")));
        let address = format!(
            "/oauth/authorize?response_type=code&client_id=print-photo&redirect_uri={}",
            world.callback()
        );
        let ask = async |password: &str| {
            let request = world.http().get(format!("{}{address}", world.auth));
            let request = request.header("authorization", basic(password));
            Answer::read(request.send().await.unwrap()).await
        };
        let (right, wrong) = (ask(PASSWORD).await, ask("wrong").await);
        for answer in [&right, &wrong] {
            assert_eq!(answer.status, 401, "{}", answer.text);
            assert!(answer.text.contains("Bad credentials"), "{}", answer.text);
        }
        assert_eq!(right.header("set-cookie"), "");
    }
}
