//! Attacks by way of accounts that people make for themselves.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};
use symbolon::secret::Secret;
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};

const PASSWORD: &str = "correct horse battery";

async fn with_owner(world: &World, name: &str) {
    let owner = OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new("{noop}photos4me"),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: name == "locked",
        invited: false,
        password_mark: None,
        email: EmailAddress::parse(&format!("{name}@example.org")),
    };
    let owners = &world.server.password_changes.owners;
    owners.store_owner(&owner).await.unwrap();
}

async fn csrf(browser: &Browser, path: &str) -> String {
    hidden_field(&browser.get(path).await.text, "_csrf").unwrap()
}

async fn ask(browser: &Browser, email: &str) -> Answer {
    let csrf = csrf(browser, "/login/sign-up").await;
    let form = [("_csrf", csrf.as_str()), ("email", email)];
    browser.post("/login/sign-up", &form).await
}

async fn forget(browser: &Browser, name: &str) {
    let csrf = csrf(browser, "/login/forgotten").await;
    let form = [("_csrf", csrf.as_str()), ("username", name)];
    browser.post("/login/forgotten", &form).await;
}

/// The secret of the link of the last of so many mails.
async fn secret(world: &World, mails: usize) -> String {
    let link = world.mails(mails).await.pop().unwrap().link();
    link.split_once("link=").unwrap().1.to_owned()
}

async fn finish(browser: &Browser, link: &str, name: &str) -> Answer {
    let form = [
        ("link", link),
        ("username", name),
        ("new_password", PASSWORD),
        ("repeated_password", PASSWORD),
    ];
    browser.post("/login/sign-up/finish", &form).await
}

on_every_store! {
    /// Nobody learns by asking which addresses have an account.
    async fn the_answer_is_the_same_whoever_is_asked_about(world; WorldBuilder::with_sign_up) {
        for name in ["wang", "locked"] {
            with_owner(&world, name).await;
        }
        let browser = world.browser();
        let csrf = csrf(&browser, "/login/sign-up").await;
        let mut answers = Vec::new();
        for email in ["wang@example.org", "locked@example.org", "WANG@EXAMPLE.ORG", "nobody@example.org"] {
            let form = [("_csrf", csrf.as_str()), ("email", email)];
            let answer = browser.post("/login/sign-up", &form).await;
            answers.push((answer.status, answer.text));
        }
        assert_eq!(answers[0].0, 200);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // Only the mailbox tells: wang has an account, and who is locked out gets nothing.
        let mails = world.mails(3).await;
        assert_eq!(mails.len(), 3, "{mails:?}");
        for mail in &mails {
            let is_new = mail.to == "nobody@example.org";
            assert_eq!(mail.link().contains("/login/sign-up/finish?"), is_new, "{mail:?}");
            assert_ne!(mail.to, "locked@example.org");
            // And what is sent goes where the account says, not to what was typed.
            assert!(is_new || mail.to == "wang@example.org", "{mail:?}");
        }
    }

    /// A link is for what it was sent for.
    async fn a_link_is_good_for_its_own_purpose_alone(world; WorldBuilder::with_sign_up) {
        with_owner(&world, "wang").await;
        let browser = world.browser();
        forget(&browser, "wang").await;
        let of_reset = secret(&world, 1).await;
        ask(&browser, "li@example.org").await;
        let of_sign_up = secret(&world, 2).await;
        let token = world.password_grant("photo.read").await.access_token();
        for link in [&of_reset, &token, "", "x", &"A".repeat(64)] {
            let page = browser.get(&format!("/login/sign-up/finish?link={link}")).await;
            assert_eq!(page.status, 400, "{link}: {}", page.text);
            assert_eq!(finish(&browser, link, "eve").await.status, 400, "{link}");
        }
        let page = browser.get(&format!("/login/reset?link={of_sign_up}")).await;
        assert_eq!(page.status, 400, "{}", page.text);
        let form = [("link", of_sign_up.as_str()), ("username", "wang"), ("new_password", PASSWORD), ("repeated_password", PASSWORD)];
        assert_eq!(browser.post("/login/reset", &form).await.status, 400);
        assert_eq!(world.call("/photos", &of_sign_up).await.status, 401);
        let owners = &world.server.password_changes.owners;
        assert!(owners.find_owner("eve").await.unwrap().is_none());
        // Neither was used up.
        assert_eq!(finish(&browser, &of_sign_up, "li").await.status, 303);
        let page = browser.get(&format!("/login/reset?link={of_reset}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
    }

    /// What a person may do, whose address it is and whether the account is locked, no form says.
    async fn nobody_chooses_what_they_may_do(world; WorldBuilder::with_sign_up) {
        let browser = world.browser();
        ask(&browser, "wang@example.org").await;
        let link = secret(&world, 1).await;
        let form = [
            ("link", link.as_str()),
            ("username", "wang"),
            ("email", "li@example.org"),
            ("authorities", "ROLE_ADMIN"),
            ("authority", "ROLE_ADMIN"),
            ("new_password", PASSWORD),
            ("repeated_password", PASSWORD),
        ];
        assert_eq!(browser.post("/login/sign-up/finish", &form).await.status, 303);
        let owners = &world.server.password_changes.owners;
        let made = owners.find_owner("wang").await.unwrap().unwrap();
        assert_eq!(made.authorities, ["ROLE_USER"]);
        assert_eq!(made.email, EmailAddress::parse("wang@example.org"));
    }

    /// Whatever a request says about where it came to, the link leads to the server.
    async fn no_header_leads_a_link_elsewhere(world; WorldBuilder::with_sign_up) {
        let browser = world.browser();
        for (mails, header) in ["host", "x-forwarded-host", "forwarded"].into_iter().enumerate() {
            let value = if header == "forwarded" { "host=evil.example" } else { "evil.example" };
            let csrf = csrf(&browser, "/login/sign-up").await;
            let form = [("_csrf", csrf.as_str()), ("email", "wang@example.org")];
            browser.post_with("/login/sign-up", &form, (header, value)).await;
            let mail = world.mails(mails + 1).await.pop().unwrap();
            assert!(mail.link().starts_with(&format!("{}/login/sign-up/finish?", world.auth)), "{header}: {mail:?}");
            assert!(!mail.text.contains("evil"), "{header}: {mail:?}");
        }
    }

    /// A form of somebody else's page asks for nothing.
    async fn no_page_of_others_makes_a_browser_ask(world; WorldBuilder::with_sign_up) {
        let (victim, attacker) = (world.browser(), world.browser());
        victim.get("/login").await;
        let of_the_attacker = csrf(&attacker, "/login/sign-up").await;
        for sent in [&[("_csrf", of_the_attacker.as_str()), ("email", "wang@example.org")][..], &[("email", "wang@example.org")]] {
            let answer = victim.post("/login/sign-up", sent).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/login/sign-up"));
        }
        ask(&victim, "li@example.org").await;
        let mails = world.mails(1).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "li@example.org");
    }

    /// Three mails an hour to an address, however its letters are written, and ten wishes a minute from one network.
    async fn nobody_is_flooded_with_mails(world; WorldBuilder::with_sign_up) {
        for email in ["wang@example.org", "Wang@example.org", "WANG@example.org", "wang@Example.org", "wang@example.org"] {
            assert_eq!(ask(&world.browser(), email).await.status, 200);
        }
        ask(&world.browser(), "last@example.org").await;
        assert_eq!(world.mails(4).await.len(), 4);
        for _ in 0..4 {
            assert_eq!(ask(&world.browser(), "nobody@example.org").await.status, 200);
        }
        let braked = ask(&world.browser(), "nobody@example.org").await;
        assert_eq!(braked.status, 429, "{}", braked.text);
        assert!(braked.header("retry-after").parse::<u64>().unwrap() > 0);
    }

    /// Who has a link learns by it of twenty names an hour which ones are taken, and of no more.
    async fn nobody_tries_names_for_ever(world; WorldBuilder::with_sign_up) {
        with_owner(&world, "wang").await;
        let browser = world.browser();
        ask(&browser, "eve@example.org").await;
        let link = secret(&world, 1).await;
        for one in 0..20 {
            let page = finish(&browser, &link, "wang").await;
            assert_eq!(page.status, 400, "{one}: {}", page.text);
        }
        let braked = finish(&browser, &link, "wang").await;
        assert_eq!(braked.status, 429, "{}", braked.text);
        assert!(braked.header("retry-after").parse::<u64>().unwrap() > 0);
        assert!(braked.text.contains("id=\"username-fault\""), "{}", braked.text);
        world.clock.advance_secs(3 * 60);
        assert_eq!(finish(&browser, &link, "eve").await.status, 303);
    }
}
