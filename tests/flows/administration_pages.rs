//! The pages of administrators.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};
use symbolon::clock::Clock as _;
use symbolon::identifiers::ClientId;

use crate::administration_api::with_application;

const PAGES: [&str; 10] = [
    "/admin",
    "/admin/applications",
    "/admin/application?client_id=app-1",
    "/admin/accounts",
    "/admin/account?username=wang",
    "/admin/access?username=wang",
    "/admin/keys",
    "/admin/audit",
    "/admin/audit/export",
    "/admin/settings",
];

async fn signed_in(world: &World, name: &str, password: &str) -> Browser {
    let browser = world.browser();
    browser.sign_in(name, password).await;
    browser
}

async fn administrator(world: &World) -> Browser {
    signed_in(world, "admin", "admin4me").await
}

/// A form of the page at `address`.
async fn submit(browser: &Browser, address: &str, to: &str, said: &[(&str, &str)]) -> Answer {
    let page = browser.get(address).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let mut form = vec![("_csrf", csrf.as_str())];
    form.extend_from_slice(said);
    browser.post(to, &form).await
}

async fn act_on_application(browser: &Browser, id: &str, action: &str) -> Answer {
    let page = format!("/admin/application?client_id={id}");
    let seen = seen_of(browser, id).await;
    let said = [("client_id", id), ("action", action), ("seen", &seen)];
    let answer = submit(browser, &page, "/admin/application", &said).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    browser.follow(&answer).await
}

/// What a form on the page of an application says of what is shown there.
async fn seen_of(browser: &Browser, id: &str) -> String {
    let page = browser
        .get(&format!("/admin/application?client_id={id}"))
        .await;
    hidden_field(&page.text, "seen").unwrap_or_default()
}

async fn act_on_account(browser: &Browser, name: &str, action: &str) -> Answer {
    let page = format!("/admin/account?username={name}");
    let said = [("username", name), ("action", action)];
    submit(browser, &page, "/admin/account", &said).await
}

async fn add(browser: &Browser, name: &str, authorities: &str) -> Answer {
    let said = [("username", name), ("authorities", authorities)];
    submit(browser, "/admin/accounts", "/admin/accounts", &said).await
}

/// The password that a page tells.
fn told(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("id=\"password\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

async fn signs_in(world: &World, name: &str, password: &str) -> bool {
    let form = [
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
        ("scope", "photo.read"),
    ];
    world.token("photo-desktop", &form).await.status == 200
}

async fn is_active(world: &World, id: &str) -> bool {
    let found = world.server.clients.find(&ClientId::new(id)).await;
    found.unwrap().is_some()
}

on_every_store! {
    /// ADR 0021: a password that is made is told to whoever sends the form twice, also when both arrive at once, and it holds.
    async fn a_form_that_makes_a_password_tells_the_same_one_when_it_comes_twice(world) {
        let browser = administrator(&world).await;
        for (page, path, action) in [
            ("/admin/accounts", "/admin/accounts", ""),
            ("/admin/account?username=wang", "/admin/account", "password"),
        ] {
            let page = browser.get(page).await;
            // The form with a field that the others lack.
            let (_, of_form) = page.text.split_once("name=\"once\"").unwrap();
            let once = of_form.split('"').nth(1).unwrap();
            let csrf = hidden_field(&page.text, "_csrf").unwrap();
            let form = [("_csrf", csrf.as_str()), ("once", once), ("username", "wang"), ("action", action), ("authorities", "ROLE_USER")];
            let (one, other) = tokio::join!(browser.post(path, &form), browser.post(path, &form));
            let again = browser.post(path, &form).await;
            let password = told(&again);
            assert_eq!((told(&one), told(&other)), (password.clone(), password.clone()));
            assert!(signs_in(&world, "wang", &password).await);
        }
        // Another form of that page makes another one.
        let first = told(&act_on_account(&browser, "wang", "password").await);
        assert_ne!(first, told(&act_on_account(&browser, "wang", "password").await));
    }
}

on_every_store! {
    /// What is let in is what was looked at: who changes it meanwhile has it looked at again.
    async fn an_application_is_let_in_as_it_was_seen(world) {
        with_application(&world, "app-1", Some("xiaoming"), true).await;
        let browser = administrator(&world).await;
        let page = "/admin/application?client_id=app-1";
        let seen = seen_of(&browser, "app-1").await;
        let registrar = &world.server.registration.registrar;
        let known = registrar.find_client(&ClientId::new("app-1")).await.unwrap().unwrap();
        let mut other = known.clone();
        "Bank of Example".clone_into(&mut other.client_name);
        other.logo_uri = Some("https://evil.example/logo.png".to_owned());
        assert!(registrar.replace_client(&known, &other).await.unwrap());
        for seen in [seen.as_str(), "", "x"] {
            let said = [("client_id", "app-1"), ("action", "approve"), ("seen", seen)];
            let answer = submit(&browser, page, "/admin/application", &said).await;
            let shown = browser.follow(&answer).await;
            assert!(shown.text.contains("something else than what you looked at"), "{}", shown.text);
            assert!(shown.text.contains("Bank of Example") && shown.text.contains("https://evil.example/logo.png"));
            assert!(!is_active(&world, "app-1").await);
        }
        act_on_application(&browser, "app-1", "approve").await;
        assert!(is_active(&world, "app-1").await);
    }

    /// Whoever gets the name of an account that is gone gets nothing of what it registered.
    async fn what_a_removed_account_has_registered_is_nobodys(world; |world: WorldBuilder| world.set("AUTH_SERVER__REGISTRATION__PORTAL", "true")) {
        let browser = administrator(&world).await;
        add(&browser, "wang", "ROLE_USER").await;
        for number in 0..60 {
            with_application(&world, &format!("app-{number}"), Some("wang"), false).await;
        }
        act_on_account(&browser, "wang", "remove").await;
        let password = told(&add(&browser, "wang", "ROLE_USER").await);
        world.clock.advance_secs(1);
        let wang = signed_in(&world, "wang", &password).await;
        let list = wang.get("/developer").await;
        assert!(list.text.contains("no application yet"), "{}", list.text);
        let page = wang.get("/developer/application?client_id=app-1").await;
        assert_eq!(page.status, 303, "{}", page.text);
        assert!(is_active(&world, "app-1").await, "it goes on, and administrators look after it");
    }

    /// Those that wait stand first; one is let in, locked, let in again, and removed after a question.
    async fn an_administrator_looks_after_applications(world) {
        with_application(&world, "app-1", Some("lihua"), true).await;
        with_application(&world, "app-2", None, false).await;
        let browser = administrator(&world).await;
        let waiting = browser.get("/admin").await;
        assert!(waiting.text.contains("app-1") && !waiting.text.contains("app-2"), "{}", waiting.text);
        let all = browser.get("/admin/applications").await;
        assert!(all.text.contains("app-1") && all.text.contains("app-2"));
        assert!(!is_active(&world, "app-1").await);
        let page = act_on_application(&browser, "app-1", "approve").await;
        assert!(page.text.contains("id=\"notice\"") && page.text.contains("lihua"), "{}", page.text);
        assert!(is_active(&world, "app-1").await);
        act_on_application(&browser, "app-1", "suspend").await;
        assert!(!is_active(&world, "app-1").await);
        // What is so already is told.
        let page = act_on_application(&browser, "app-1", "suspend").await;
        assert!(page.text.contains("Nothing was changed"), "{}", page.text);
        act_on_application(&browser, "app-1", "resume").await;
        assert!(is_active(&world, "app-1").await);
        let list = act_on_application(&browser, "app-1", "remove").await;
        assert!(list.text.contains("Removed.") && !list.text.contains("app-1"), "{}", list.text);
        assert!(!is_active(&world, "app-1").await);
    }

    /// An account is added, its password is told once; it is locked, gets another password, and is removed.
    async fn an_administrator_looks_after_accounts(world) {
        let browser = administrator(&world).await;
        let page = add(&browser, "wang", "ROLE_USER\r\n ROLE_TESTER \r\n\r\n").await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.header("cache-control").contains("no-store"));
        let first = told(&page);
        assert!(signs_in(&world, "wang", &first).await);
        let page = browser.get("/admin/account?username=wang").await;
        assert!(page.text.contains("ROLE_TESTER") && !page.text.contains(&first), "{}", page.text);
        act_on_account(&browser, "wang", "lock").await;
        assert!(!signs_in(&world, "wang", &first).await);
        assert!(browser.get("/admin/accounts").await.text.contains("Locked"));
        act_on_account(&browser, "wang", "unlock").await;
        assert!(signs_in(&world, "wang", &first).await);
        let second = told(&act_on_account(&browser, "wang", "password").await);
        assert!(!signs_in(&world, "wang", &first).await);
        assert!(signs_in(&world, "wang", &second).await);
        let (owner, page) = (world.browser(), "/admin/account?username=wang");
        owner.sign_in("wang", &second).await;
        assert!(!browser.get(page).await.text.contains("secondFactorForm"));
        owner.enrol(&second, world.clock.now()).await;
        assert!(!signs_in(&world, "wang", &second).await);
        assert!(browser.get(page).await.text.contains("secondFactorForm"));
        act_on_account(&browser, "wang", "second-factor").await;
        assert!(signs_in(&world, "wang", &second).await);
        owner.sign_in("wang", &second).await;
        owner.add_passkey(&world.auth, &second).await;
        assert!(browser.get(page).await.text.contains("There is one passkey."));
        act_on_account(&browser, "wang", "second-factor").await;
        assert!(!browser.get(page).await.text.contains("secondFactorForm"));
        let list = act_on_account(&browser, "wang", "remove").await;
        let list = browser.follow(&list).await;
        assert!(list.text.contains("Removed.") && !list.text.contains("username=wang"), "{}", list.text);
        assert!(!signs_in(&world, "wang", &second).await);
    }

    /// Where an owner reads mails is said with a new account and later; what is no address changes nothing.
    async fn an_administrator_says_where_an_owner_reads_mails(world) {
        let browser = administrator(&world).await;
        let said = [("username", "wang"), ("authorities", "ROLE_USER"), ("email", "wang")];
        let refused = submit(&browser, "/admin/accounts", "/admin/accounts", &said).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains("id=\"email-fault\""), "{}", refused.text);
        assert!(refused.text.contains("value=\"wang\""), "nothing that was typed is lost");
        let said = [("username", "wang"), ("authorities", ""), ("email", "wang@example.org")];
        let added = submit(&browser, "/admin/accounts", "/admin/accounts", &said).await;
        assert_eq!(added.status, 200, "{}", added.text);
        let page = "/admin/account?username=wang";
        for (email, notice, kept) in [
            ("li@example", "no-email", "wang@example.org"),
            ("li@example.org", "done", "li@example.org"),
            ("", "done", ""),
        ] {
            let said = [("username", "wang"), ("action", "email"), ("email", email)];
            let answer = submit(&browser, page, "/admin/account", &said).await;
            assert_eq!(answer.header("location"), format!("{page}&notice={notice}"));
            let shown = browser.follow(&answer).await.text;
            let field = format!("name=\"email\" value=\"{kept}\"");
            assert!(shown.contains(&field), "{email}: {shown}");
        }
    }

    /// Where mails are sent, an account is added by an invitation: no page shows a password.
    async fn an_administrator_invites_somebody(world; WorldBuilder::sending_mails) {
        let browser = administrator(&world).await;
        let list = "/admin/accounts";
        let said = [("username", "wang"), ("authorities", ""), ("email", ""), ("invite", "true")];
        let refused = submit(&browser, list, list, &said).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains("id=\"email-fault\""), "{}", refused.text);
        let said = [("username", "wang"), ("authorities", ""), ("email", "wang@example.org"), ("invite", "true")];
        let added = submit(&browser, list, list, &said).await;
        let page = "/admin/account?username=wang";
        assert_eq!((added.status, added.header("location")), (303, format!("{page}&notice=invited").as_str()));
        let shown = browser.follow(&added).await.text;
        assert!(shown.contains("id=\"invited\"") && shown.contains("id=\"inviteForm\""), "{shown}");
        assert!(browser.get(list).await.text.contains("has not chosen a password yet"));
        let first = world.mails(1).await.pop().unwrap().link();
        world.clock.advance_secs(1);
        let again = act_on_account(&browser, "wang", "invite").await;
        assert_eq!(again.header("location"), format!("{page}&notice=invited"));
        let second = world.mails(2).await.pop().unwrap().link();
        let person = world.browser();
        assert_eq!(person.get(&first).await.status, 400);
        assert_eq!(person.get(&second).await.status, 200);
        // A password that an administrator makes is one that somebody knows.
        assert_eq!(act_on_account(&browser, "wang", "password").await.status, 200);
        assert_eq!(person.get(&second).await.status, 400);
        let again = act_on_account(&browser, "wang", "invite").await;
        assert_eq!(again.header("location"), format!("{page}&notice=not-invited"));
    }

    /// What is wrong with a new account stands beside its field, and nothing that was typed is lost.
    async fn what_is_wrong_with_an_account_is_said_beside_its_field(world) {
        let browser = administrator(&world).await;
        for (name, authorities, field, told) in [
            ("", "ROLE_X", "username-fault", "Something has to be written here"),
            ("lihua", "ROLE_X", "username-fault", "There is an account of that name"),
            ("wa\u{202e}ng", "ROLE_X", "username-fault", "U+202E"),
            ("wang", "ROLE_\u{7}", "authorities-fault", "One of these cannot be"),
        ] {
            let page = add(&browser, name, authorities).await;
            assert_eq!(page.status, 400, "{name}");
            let (_, fault) = page.text.split_once(&format!("id=\"{field}\">")).unwrap_or_default();
            let fault = fault.split("</ul>").next().unwrap();
            assert!(fault.contains(told), "{name}: {fault}");
            assert!(page.text.contains(&format!("value=\"{name}\"")), "{name}: {}", page.text);
            assert!(page.text.contains(&format!("{authorities}</textarea>")), "{name}");
        }
        assert!(!browser.get("/admin/accounts").await.text.contains("username=wang"));
    }

    /// For everybody else there is nothing: no page, no menu, and no form does anything.
    async fn for_everybody_else_there_is_nothing(world) {
        with_application(&world, "app-1", None, true).await;
        let (admin, other) = (administrator(&world).await, signed_in(&world, "xiaoming", "photos4me").await);
        assert!(admin.get("/account").await.text.contains("href=\"/admin\""));
        let own = other.get("/account").await;
        assert!(!own.text.contains("href=\"/admin\""));
        let csrf = hidden_field(&other.get("/account/password").await.text, "_csrf");
        let csrf = csrf.or(hidden_field(&other.get("/logout").await.text, "_csrf")).unwrap();
        for page in PAGES {
            assert_eq!(other.get(page).await.status, 404, "{page}");
            let stranger = world.browser().get(page).await;
            assert_eq!(stranger.status, 303, "{page}");
            assert!(stranger.header("location").contains("/login?next=administration"), "{page}");
        }
        for action in ["approve", "remove"] {
            let form = [("_csrf", csrf.as_str()), ("client_id", "app-1"), ("action", action)];
            assert_eq!(other.post("/admin/application", &form).await.status, 404);
        }
        let form = [("_csrf", csrf.as_str()), ("username", "wang"), ("authorities", "ROLE_ADMIN")];
        assert_eq!(other.post("/admin/accounts", &form).await.status, 404);
        let waiting = admin.get("/admin").await;
        assert!(waiting.text.contains("app-1"));
        assert!(!admin.get("/admin/accounts").await.text.contains("username=wang"));
    }

    /// A form of another session, or of none, does nothing.
    async fn a_form_of_somebody_else_does_nothing(world) {
        with_application(&world, "app-1", None, true).await;
        let (browser, other) = (administrator(&world).await, administrator(&world).await);
        let page = other.get("/admin/application?client_id=app-1").await;
        let others = hidden_field(&page.text, "_csrf").unwrap();
        for csrf in ["", "x", &others] {
            let form = [("_csrf", csrf), ("client_id", "app-1"), ("action", "approve")];
            let answer = browser.post("/admin/application", &form).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/admin/applications"));
            let form = [("_csrf", csrf), ("username", "wang")];
            let answer = browser.post("/admin/accounts", &form).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/admin"));
        }
        assert!(!is_active(&world, "app-1").await);
        assert!(!browser.get("/admin/accounts").await.text.contains("username=wang"));
    }

    /// Where they are switched off there are none, for an administrator neither.
    async fn where_they_are_off_there_is_nothing(world; |world: WorldBuilder| world
        .set("AUTH_SERVER__ADMINISTRATION__PAGES", "false")) {
        let browser = administrator(&world).await;
        for page in PAGES {
            assert_eq!(browser.get(page).await.status, 404, "{page}");
        }
        assert!(!browser.get("/account").await.text.contains("href=\"/admin\""));
    }
}
