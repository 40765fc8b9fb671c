//! The pages of an account in the hands of others: forms of strangers, names of sessions that are not theirs.

use e2e::{Browser, World, hidden_field, on_every_store};

const APPLICATIONS: &str = "/account/applications";
const SESSIONS: &str = "/account/sessions";

async fn signed_in(world: &World, name: &str) -> Browser {
    let browser = world.browser();
    browser.sign_in(name, "photos4me").await;
    browser
}

async fn csrf_of(browser: &Browser) -> String {
    let page = browser.get(SESSIONS).await;
    hidden_field(&page.text, "_csrf").expect("the page holds a form")
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

on_every_store! {
    /// RFC 9700 §4.7: a form that is not of this very session ends nothing, whosever it is.
    async fn a_forged_form_ends_no_access_and_no_session(world) {
        let tokens = world.exchange(&world.code().await).await;
        let (victim, attacker) = (signed_in(&world, "xiaoming").await, signed_in(&world, "lihua").await);
        let elsewhere = signed_in(&world, "xiaoming").await;
        let page = victim.get(SESSIONS).await;
        let session = hidden_field(&page.text, "session").unwrap();
        let forged = [
            String::new(),
            "forged".to_owned(),
            csrf_of(&attacker).await,
            csrf_of(&elsewhere).await,
        ];
        for csrf in &forged {
            let csrf = ("_csrf", csrf.as_str());
            for (page, named) in [
                (APPLICATIONS, ("client_id", "print-photo")),
                (SESSIONS, ("session", session.as_str())),
                (SESSIONS, ("everywhere", "true")),
                ("/account/password", ("new_password", "a word of the attacker")),
            ] {
                let answer = victim.post(page, &[csrf, named]).await;
                assert_eq!((answer.status, answer.header("location")), (303, page));
                assert_eq!(answer.header("set-cookie"), "");
            }
        }
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 200);
        assert!(is_signed_in(&victim).await);
        assert!(is_signed_in(&elsewhere).await);
    }

    /// What names a session on a page opens nothing, and ends nothing of somebody else.
    async fn the_name_of_a_session_is_worth_nothing_to_others(world) {
        let (victim, elsewhere) = (signed_in(&world, "xiaoming").await, signed_in(&world, "xiaoming").await);
        let page = victim.get(SESSIONS).await;
        let session = hidden_field(&page.text, "session").unwrap();
        let attacker = signed_in(&world, "lihua").await;
        let csrf = csrf_of(&attacker).await;
        let form = [("_csrf", csrf.as_str()), ("session", session.as_str())];
        assert_eq!(attacker.post(SESSIONS, &form).await.header("location"), SESSIONS);
        assert!(is_signed_in(&elsewhere).await);
        let cookie = format!("auth_server_session={session}");
        let stranger = world.browser().get_with("/account", "cookie", &cookie).await;
        assert_eq!(stranger.header("location"), "/login?next=account");
    }
}
