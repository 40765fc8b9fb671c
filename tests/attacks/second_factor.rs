//! Whoever has stolen a password, and nothing else of an owner with a second factor.

use e2e::{Browser, World, hidden_field, on_every_store};
use symbolon::clock::Clock as _;

const PAGE: &str = "/account/second-factor";
const NAME: &str = "xiaoming";
const PASSWORD: &str = "photos4me";

async fn enrolled(world: &World) -> e2e::Enrolled {
    let owner = world.browser();
    owner.sign_in(NAME, PASSWORD).await;
    let enrolled = owner.enrol(PASSWORD, world.clock.now()).await;
    world.clock.advance_secs(30);
    enrolled
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

on_every_store! {
    /// RFC 6238 §5.2: whoever has looked over a shoulder comes too late, also with the code before.
    async fn a_code_is_good_once(world) {
        let enrolled = enrolled(&world).await;
        let before = enrolled.app.code(world.clock.now());
        world.clock.advance_secs(30);
        let code = enrolled.app.code(world.clock.now());
        let owner = world.browser();
        owner.sign_in_with_code([NAME, PASSWORD, &code]).await;
        assert!(is_signed_in(&owner).await);
        for code in [&code, &before] {
            let attacker = world.browser();
            let answer = attacker.sign_in_with_code([NAME, PASSWORD, code]).await;
            assert_eq!(answer.status, 401, "{}", answer.text);
            assert!(!is_signed_in(&attacker).await);
            world.clock.advance_secs(10);
        }
    }

    /// Of many who send one code at the same moment one is signed in.
    async fn of_many_with_the_same_code_one_wins(world) {
        let code = enrolled(&world).await.app.code(world.clock.now());
        let mut pages = Vec::new();
        for _ in 0..4 {
            let browser = world.browser();
            let page = browser.show_password(NAME, PASSWORD).await;
            pages.push((browser, page));
        }
        let sent = pages.iter().map(|(browser, page)| browser.submit_code(page, &code));
        let answers = futures_util::future::join_all(sent).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        let mut signed_in = 0;
        for (browser, _) in &pages {
            signed_in += usize::from(is_signed_in(browser).await);
        }
        assert_eq!(signed_in, 1);
    }

    /// A million codes are not tried: each wrong one costs more time, from wherever, also for the right one.
    async fn codes_cannot_be_guessed(world) {
        let app = enrolled(&world).await.app;
        let mut waited = 0;
        for _ in 0..12 {
            let browser = world.browser();
            let page = browser.show_password(NAME, PASSWORD).await;
            let guess = browser.submit_code(&page, "000000x").await;
            assert_eq!(guess.status, 401, "{}", guess.text);
            let right = browser.submit_code(&page, &app.code(world.clock.now())).await;
            assert_eq!(right.status, 429, "{}", right.text);
            assert!(right.text.contains("id=\"code-fault\""), "{}", right.text);
            let wait: u64 = right.header("retry-after").parse().unwrap();
            world.clock.advance_secs(wait);
            waited += wait;
        }
        assert!(waited > 30 * 60, "{waited}");
        let owner = world.browser();
        owner.sign_in_with_code([NAME, PASSWORD, &app.code(world.clock.now())]).await;
        assert!(is_signed_in(&owner).await);
    }

    /// Who does not know the password cannot use up the attempts of its owner.
    async fn strangers_cannot_lock_the_owner_out(world) {
        let app = enrolled(&world).await.app;
        let stranger = world.browser();
        let page = stranger.get("/login").await;
        for _ in 0..20 {
            let answer = stranger.submit_code(&page, "000000").await;
            assert_eq!((answer.status, answer.header("location")), (303, "/login?too_late=true"));
        }
        let owner = world.browser();
        owner.sign_in_with_code([NAME, PASSWORD, &app.code(world.clock.now())]).await;
        assert!(is_signed_in(&owner).await);
    }

    /// A form of another session changes nothing, and signs nobody in: neither the victim nor who sent it.
    async fn a_forged_form_is_not_looked_at(world) {
        let app = enrolled(&world).await.app;
        let (victim, attacker) = (world.browser(), world.browser());
        let page = victim.show_password(NAME, PASSWORD).await;
        let own = attacker.show_password(NAME, PASSWORD).await;
        let foreign = hidden_field(&own.text, "_csrf").unwrap();
        let code = app.code(world.clock.now());
        for csrf in ["", "forged", &foreign] {
            let form = [("_csrf", csrf), ("code", code.as_str())];
            let answer = victim.post("/login/code", &form).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/login?too_late=true"));
        }
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [("_csrf", csrf.as_str()), ("code", code.as_str())];
        let answer = attacker.post("/login/code", &form).await;
        assert_eq!(answer.header("location"), "/login?too_late=true");
        assert!(!is_signed_in(&attacker).await);
        let signed_in = victim.submit_code(&page, &code).await;
        assert_eq!(signed_in.header("location"), "/", "the code was not used up");

        for csrf in ["", "forged", &foreign] {
            for change in ["remove", "codes", "enrol"] {
                let form = [
                    ("_csrf", csrf),
                    ("change", change),
                    ("password_for_removal", PASSWORD),
                    ("password_for_codes", PASSWORD),
                ];
                let answer = victim.post(PAGE, &form).await;
                assert_eq!((answer.status, answer.header("location")), (303, PAGE));
            }
        }
        assert!(victim.get(PAGE).await.text.contains("id=\"left\">10"));
        // A half sign-in has no account to change.
        let answer = attacker.post(PAGE, &[("_csrf", foreign.as_str()), ("change", "remove")]).await;
        assert_eq!(answer.header("location"), PAGE);
    }

    /// Session fixation: each step has a cookie of its own, and the one before is worth nothing.
    async fn each_step_has_another_session(world) {
        let app = enrolled(&world).await.app;
        let browser = world.browser();
        let login = browser.get("/login").await;
        let half = browser.submit_sign_in(&login, NAME, PASSWORD).await;
        let page = browser.follow(&half).await;
        let whole = browser.submit_code(&page, &app.code(world.clock.now())).await;
        let cookie = |answer: &e2e::Answer| {
            let cookie = answer.header("set-cookie").split(';').next().unwrap();
            assert!(cookie.starts_with("auth_server_session="), "{cookie}");
            cookie.to_owned()
        };
        let cookies = [cookie(&login), cookie(&half), cookie(&whole)];
        assert!(cookies[0] != cookies[1] && cookies[1] != cookies[2]);
        let mut statuses = Vec::new();
        for cookie in &cookies {
            let stranger = world.browser().get_with("/account", "cookie", cookie).await;
            statuses.push(stranger.status);
            let stranger = world.browser().get_with("/login/code", "cookie", cookie).await;
            assert_eq!(stranger.status, 303, "nothing waits for a code any more");
        }
        assert_eq!(statuses, [303, 303, 200]);
    }
}
