//! An administrator invites somebody, who chooses the first password of an account.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};
use serde_json::{Value, json};

use crate::administration_api::{console, get, on, post};

const NEW: &str = "correct horse battery";
const RESET: &str = "/login/reset";

fn sending(world: WorldBuilder) -> WorldBuilder {
    on(world).sending_mails()
}

fn wang() -> Value {
    json!({"name": "wang", "authorities": ["ROLE_USER"], "email": "wang@example.org", "invite": true})
}

/// The link of the last of so many mails.
async fn link_of(world: &World, mails: usize) -> String {
    world.mails(mails).await.pop().unwrap().link()
}

async fn choose(browser: &Browser, page: &Answer) -> Answer {
    let link = hidden_field(&page.text, "link").unwrap_or_default();
    let form = [
        ("link", link.as_str()),
        ("new_password", NEW),
        ("repeated_password", NEW),
    ];
    browser.post(RESET, &form).await
}

fn assert_over(page: &Answer) {
    assert_eq!(page.status, 400, "{}", page.text);
    assert!(page.text.contains("id=\"over\""), "{}", page.text);
}

async fn forget(world: &World, name: &str) {
    let browser = world.browser();
    let page = browser.get("/login/forgotten").await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let form = [("_csrf", csrf.as_str()), ("username", name)];
    assert_eq!(browser.post("/login/forgotten", &form).await.status, 200);
}

on_every_store! {
    /// Nobody is told a password: the person chooses it with the link, and signs in.
    async fn whoever_is_invited_chooses_the_first_password(world; sending) {
        let token = console(&world).await;
        let added = post(&world, &token, "/owners", &wang()).await;
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!(added.json["invited"], true, "{}", added.text);
        assert!(added.json["password"].is_null(), "{}", added.text);
        let mail = world.mails(1).await.pop().unwrap();
        assert_eq!(mail.to, "wang@example.org");
        assert!(mail.headers.contains("Subject: Symbolon: you are invited"), "{mail:?}");
        assert!(mail.text.contains("wang") && mail.text.contains("7 days"), "{mail:?}");

        let browser = world.browser();
        let form = browser.get(&mail.link()).await;
        assert_eq!(form.status, 200, "{}", form.text);
        assert!(form.text.contains("id=\"invitation\""), "{}", form.text);
        assert!(form.text.contains("wang"), "{}", form.text);
        let done = choose(&browser, &form).await;
        assert_eq!((done.status, done.header("location")), (303, "/login?new_password=true"));
        let sign_in = browser.follow(&done).await;
        assert_eq!(browser.submit_sign_in(&sign_in, "wang", NEW).await.status, 303);
        assert_eq!(browser.get("/account").await.status, 200);
        let now = get(&world, &token, "/owners/wang").await;
        assert!(now.json["invited"].is_null(), "{}", now.text);
        assert_over(&browser.get(&mail.link()).await);
        // And there is nobody to invite any more.
        let again = post(&world, &token, "/owners/wang/invitation", &Value::Null).await;
        again.assert_error(409, "conflict");
    }

    /// Another one voids the one before, and so does whatever takes the account or the mailbox away.
    async fn an_invitation_is_good_until_another_is_sent_or_the_account_is_another(world; sending) {
        let token = console(&world).await;
        post(&world, &token, "/owners", &wang()).await;
        let first = link_of(&world, 1).await;
        let browser = world.browser();
        assert_eq!(browser.get(&first).await.status, 200);
        world.clock.advance_secs(1);
        let again = post(&world, &token, "/owners/wang/invitation", &Value::Null).await;
        assert_eq!((again.status, &again.json["invited"]), (200, &json!(true)), "{}", again.text);
        let second = link_of(&world, 2).await;
        assert_over(&browser.get(&first).await);
        let form = browser.get(&second).await;
        assert_eq!(form.status, 200, "{}", form.text);
        post(&world, &token, "/owners/wang/lock", &Value::Null).await;
        assert_over(&choose(&browser, &form).await);
        post(&world, &token, "/owners/wang/unlock", &Value::Null).await;
        world.clock.advance_secs(7 * 24 * 60 * 60 - 1);
        assert_eq!(browser.get(&second).await.status, 200);
        world.clock.advance_secs(1);
        assert_over(&choose(&browser, &form).await);
    }

    /// Whoever never had a password is invited once more, and the administrator's invitation stays good.
    async fn whoever_was_invited_and_says_that_the_password_is_forgotten_is_invited_again(world; sending) {
        let token = console(&world).await;
        post(&world, &token, "/owners", &wang()).await;
        let first = link_of(&world, 1).await;
        world.clock.advance_secs(1);
        forget(&world, "wang").await;
        let mail = world.mails(2).await.pop().unwrap();
        assert!(mail.headers.contains("you are invited"), "{mail:?}");
        assert!(mail.text.contains("30 minutes"), "{mail:?}");
        let browser = world.browser();
        assert_eq!(browser.get(&first).await.status, 200);
        let form = browser.get(&mail.link()).await;
        assert_eq!(choose(&browser, &form).await.status, 303);
        assert_over(&browser.get(&first).await);
    }

    /// Without an address, or with a password, nobody is invited, and nothing is added.
    async fn an_invitation_needs_an_address_and_no_password(world; sending) {
        let token = console(&world).await;
        let nowhere = json!({"name": "wang", "invite": true});
        post(&world, &token, "/owners", &nowhere).await.assert_error(409, "conflict");
        let both = json!({"name": "wang", "email": "wang@example.org", "invite": true, "password": NEW});
        post(&world, &token, "/owners", &both).await.assert_error(400, "invalid_request");
        get(&world, &token, "/owners/wang").await.assert_error(404, "not_found");
    }

    /// Where no mails are sent nobody is invited.
    async fn without_mails_nobody_is_invited(world; on) {
        let token = console(&world).await;
        post(&world, &token, "/owners", &wang()).await.assert_error(409, "conflict");
        get(&world, &token, "/owners/wang").await.assert_error(404, "not_found");
    }
}
