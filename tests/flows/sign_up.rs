//! Who has no account makes one: an address, a link, a name and a password.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, link, on_every_store};
use symbolon::secret::Secret;
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};

use crate::journal::{detail, known_of};

const PASSWORD: &str = "correct horse battery";
const SIGN_UP: &str = "/login/sign-up";
const FINISH: &str = "/login/sign-up/finish";

async fn with_owner(world: &World, name: &str, email: Option<&str>) {
    let owner = OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new("{noop}photos4me"),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: false,
        invited: false,
        password_mark: None,
        email: email.and_then(EmailAddress::parse),
    };
    let owners = &world.server.password_changes.owners;
    owners.store_owner(&owner).await.unwrap();
}

/// Says on the page of this browser where mails are read.
async fn ask(browser: &Browser, page: &Answer, email: &str) -> Answer {
    let field = |name| hidden_field(&page.text, name).unwrap_or_default();
    let (csrf, authorization) = (field("_csrf"), field("authorization"));
    let client_id = field("client_id");
    let form = [
        ("_csrf", csrf.as_str()),
        ("authorization", authorization.as_str()),
        ("client_id", client_id.as_str()),
        ("email", email),
    ];
    browser.post(SIGN_UP, &form).await
}

/// The same from a browser that has not been here.
async fn ask_anew(world: &World, email: &str) -> Answer {
    let browser = world.browser();
    let page = browser.get(SIGN_UP).await;
    ask(&browser, &page, email).await
}

async fn link_of(world: &World, mails: usize) -> String {
    world.mails(mails).await.pop().unwrap().link()
}

/// Sends the form of a page that a link leads to.
async fn choose(browser: &Browser, page: &Answer, name: &str, passwords: [&str; 2]) -> Answer {
    let field = |name| hidden_field(&page.text, name).unwrap_or_default();
    let (link, authorization) = (field("link"), field("authorization"));
    let form = [
        ("link", link.as_str()),
        ("authorization", authorization.as_str()),
        ("username", name),
        ("new_password", passwords[0]),
        ("repeated_password", passwords[1]),
    ];
    browser.post(FINISH, &form).await
}

fn assert_over(page: &Answer) {
    assert_eq!(page.status, 400, "{}", page.text);
    assert!(page.text.contains("id=\"over\""), "{}", page.text);
    assert!(hidden_field(&page.text, "link").is_none(), "{}", page.text);
}

on_every_store! {
    /// From the sign-in page to a mail, from its link to an account, and with that to the sign-in page.
    async fn who_has_no_account_makes_one(world; WorldBuilder::with_sign_up) {
        let browser = world.browser();
        let sign_in = browser.get("/login").await;
        let page = browser.get(&link(&sign_in.text, "sign-up").unwrap()).await;
        let sent = ask(&browser, &page, "Wang@example.org").await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        assert!(sent.text.contains("id=\"sent\""), "{}", sent.text);
        let mail = world.mails(1).await.pop().unwrap();
        assert_eq!(mail.to, "Wang@example.org");
        assert!(mail.link().starts_with(&format!("{}{FINISH}?link=", world.auth)), "{mail:?}");
        // In another browser than the one that asked; and looking at it changes nothing.
        let browser = world.browser();
        browser.get(&mail.link()).await;
        let form = browser.get(&mail.link()).await;
        assert_eq!(form.status, 200, "{}", form.text);
        assert_eq!(form.header("referrer-policy"), "no-referrer");
        assert!(form.text.contains("Wang@example.org"), "{}", form.text);
        let done = choose(&browser, &form, "wang", [PASSWORD, PASSWORD]).await;
        assert_eq!((done.status, done.header("location")), (303, "/login?new_account=true"));
        let sign_in = browser.follow(&done).await;
        assert!(sign_in.text.contains("role=\"status\""), "{}", sign_in.text);
        assert_eq!(browser.submit_sign_in(&sign_in, "wang", PASSWORD).await.status, 303);
        let made = world.server.password_changes.owners.find_owner("wang").await.unwrap().unwrap();
        assert_eq!(made.authorities, ["ROLE_USER"]);
        assert_eq!(made.email, EmailAddress::parse("Wang@example.org"));
        assert!(!made.disabled);
        // The link was good once.
        assert_over(&browser.get(&mail.link()).await);
        assert_over(&choose(&browser, &form, "wang2", [PASSWORD, PASSWORD]).await);
    }

    /// Two tabs, or eight, make one account.
    async fn one_link_makes_one_account(world; WorldBuilder::with_sign_up) {
        ask_anew(&world, "wang@example.org").await;
        let link = link_of(&world, 1).await;
        let browsers: Vec<Browser> = (0..8).map(|_| world.browser()).collect();
        let form = browsers[0].get(&link).await;
        let names: Vec<String> = (0..8).map(|one| format!("wang-{one}")).collect();
        let sent = browsers.iter().zip(&names).map(|(browser, name)| choose(browser, &form, name, [PASSWORD, PASSWORD]));
        let answers = futures_util::future::join_all(sent).await;
        let won = answers.iter().filter(|answer| answer.status == 303).count();
        assert_eq!(won, 1, "{answers:?}");
        let there = world.server.password_changes.owners.list_owners(None, 10).await.unwrap();
        assert_eq!(there.len(), 1, "{there:?}");
        // Another link of that address makes no second one.
        ask_anew(&world, "wang@example.org").await;
        let mail = world.mails(2).await.pop().unwrap();
        assert!(mail.link().contains("/login/reset?"), "{mail:?}");
        assert!(mail.text.contains(&there[0].name), "{mail:?}");
    }

    /// Whoever asks later is told which rule it was, and nothing that was typed.
    async fn a_refused_sign_up_is_explained(world; WorldBuilder::with_sign_up) {
        ask_anew(&world, "wang@example.org").await;
        let link = link_of(&world, 1).await;
        let browser = world.browser();
        let secret = hidden_field(&browser.get(&link).await.text, "link").unwrap();
        let csrf = hidden_field(&browser.get(SIGN_UP).await.text, "_csrf").unwrap();
        let passwords = [("new_password", PASSWORD), ("repeated_password", PASSWORD)];
        let chosen = |link, name| [&[("link", link), ("username", name)], passwords.as_slice()].concat();
        for (id, path, form, rule) in [
            ("no-mail", SIGN_UP, vec![("_csrf", csrf.as_str()), ("email", "typed")], "email: it is no address"),
            ("dead", FINISH, chosen("typed", "wang"), "link was used, is over"),
            ("taken", FINISH, chosen(&secret, "xiaoming"), "username: there is an account"),
            ("odd", FINISH, chosen(&secret, "typed name"), "username: nobody can choose"),
        ] {
            let answer = browser.post_with(path, &form, ("x-request-id", id)).await;
            assert_eq!(answer.status, 400, "{id}: {}", answer.text);
            let found = known_of(&world, id, 1).await;
            assert_eq!((found.len(), found[0].event.as_str()), (1, "request_refused"), "{id}: {found:?}");
            assert!(detail(&found[0], "reason").starts_with(rule), "{id}: {found:?}");
            assert!(!format!("{found:?}").contains("typed"), "{id}: {found:?}");
        }
    }

    /// Whoever has asked twice has two links, and one account.
    async fn an_address_that_has_an_account_by_now_gets_no_second_one(world; WorldBuilder::with_sign_up) {
        ask_anew(&world, "wang@example.org").await;
        let first = link_of(&world, 1).await;
        world.clock.advance_secs(1);
        ask_anew(&world, "WANG@example.org").await;
        let second = link_of(&world, 2).await;
        let browser = world.browser();
        let (one, other) = (browser.get(&first).await, browser.get(&second).await);
        assert_eq!(choose(&browser, &one, "wang", [PASSWORD, PASSWORD]).await.status, 303);
        let known = choose(&browser, &other, "wang2", [PASSWORD, PASSWORD]).await;
        assert_eq!(known.status, 400, "{}", known.text);
        assert!(known.text.contains("id=\"known\""), "{}", known.text);
        let owners = &world.server.password_changes.owners;
        assert!(owners.find_owner("wang2").await.unwrap().is_none());
    }

    /// What will not do is said beside its field, the name stays typed, and the link stays good.
    async fn what_will_not_do_uses_no_link_up(world; WorldBuilder::with_sign_up) {
        with_owner(&world, "li", None).await;
        ask_anew(&world, "wang@example.org").await;
        let browser = world.browser();
        let form = browser.get(&link_of(&world, 1).await).await;
        for (name, passwords, fields) in [
            ("", [PASSWORD, PASSWORD], vec!["username"]),
            ("li", [PASSWORD, PASSWORD], vec!["username"]),
            // An account of the settings file.
            ("xiaoming", [PASSWORD, PASSWORD], vec!["username"]),
            ("li@example.org", [PASSWORD, PASSWORD], vec!["username"]),
            ("wa\u{200b}ng", ["short", "short"], vec!["username", "new_password"]),
            ("wang", [PASSWORD, "another"], vec!["repeated_password"]),
            ("correct horse battery", [PASSWORD, PASSWORD], vec!["new_password"]),
        ] {
            let page = choose(&browser, &form, name, passwords).await;
            assert_eq!(page.status, 400, "{name}: {}", page.text);
            for field in fields {
                assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{name}: {}", page.text);
            }
            assert!(page.text.contains(&format!("value=\"{name}\"")), "{name}: {}", page.text);
            assert!(name == PASSWORD || !page.text.contains(PASSWORD), "no password is shown again");
        }
        // The address that was shown to be theirs is a name that they may have.
        assert_eq!(choose(&browser, &form, "wang@example.org", [PASSWORD, PASSWORD]).await.status, 303);
        world.browser().sign_in("wang@example.org", PASSWORD).await;
    }

    /// Half an hour, and no longer.
    async fn a_link_ends(world; WorldBuilder::with_sign_up) {
        ask_anew(&world, "wang@example.org").await;
        let link = link_of(&world, 1).await;
        let browser = world.browser();
        world.clock.advance_secs(1799);
        let form = browser.get(&link).await;
        assert_eq!(form.status, 200, "{}", form.text);
        world.clock.advance_secs(1);
        assert_over(&browser.get(&link).await);
        assert_over(&choose(&browser, &form, "wang", [PASSWORD, PASSWORD]).await);
    }

    /// A request that waits for a sign-in waits for that, too: in the browser in which it began.
    async fn a_request_goes_on_with_a_new_account(world; WorldBuilder::with_sign_up) {
        let browser = world.browser();
        let callback = world.callback();
        let answer = browser.authorize(&[
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", callback.as_str()),
            ("scope", "photo.read"),
            ("state", "xyz"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ]).await;
        let sign_in = browser.follow(&answer).await;
        let page = browser.get(&link(&sign_in.text, "sign-up").unwrap()).await;
        let sent = ask(&browser, &page, "wang@example.org").await;
        assert!(sent.text.contains("client_id=print-photo"), "the way back: {}", sent.text);
        let form = browser.get(&link_of(&world, 1).await).await;
        let done = choose(&browser, &form, "wang", [PASSWORD, PASSWORD]).await;
        let sign_in = browser.follow(&done).await;
        assert!(sign_in.text.contains("Print Photo"), "{}", sign_in.text);
        let signed_in = browser.submit_sign_in(&sign_in, "wang", PASSWORD).await;
        let approval = browser.follow(&signed_in).await;
        assert!(hidden_field(&approval.text, "client_id").is_some(), "{}", approval.text);
    }

    /// What is no address is said beside the field: that tells nothing of accounts.
    async fn what_is_no_address_is_typed_again(world; WorldBuilder::with_sign_up) {
        for typed in ["", "wang", "wang@example.org, li@example.org", "王@example.org"] {
            let page = ask_anew(&world, typed).await;
            assert_eq!(page.status, 400, "{}", page.text);
            assert!(page.text.contains("id=\"email-fault\""), "{}", page.text);
            assert!(page.text.contains(&format!("value=\"{typed}\"")), "{}", page.text);
        }
    }

    /// Where people make no accounts for themselves no page says that they do.
    async fn without_the_setting_nobody_makes_an_account(world; WorldBuilder::sending_mails) {
        let browser = world.browser();
        assert!(link(&browser.get("/login").await.text, "sign-up").is_none());
        for path in [SIGN_UP, FINISH] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
            assert_eq!(browser.post(path, &[("email", "wang@example.org")]).await.status, 404, "{path}");
        }
    }
}
