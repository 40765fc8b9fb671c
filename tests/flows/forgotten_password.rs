//! Who has forgotten the password is sent a link, and chooses a new one with it.

use e2e::{Answer, Browser, Store, World, WorldBuilder, hidden_field, link, on_every_store};
use symbolon::clock::Clock as _;
use symbolon::secret::Secret;
use symbolon_auth_server::outbox::{MailWanted, ResetWanted};
use symbolon_auth_server::pages::{Language, ResetReason};
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};

const OLD: &str = "photos4me";
const NEW: &str = "correct horse battery";
const FORGOTTEN: &str = "/login/forgotten";
const RESET: &str = "/login/reset";

/// An account of the store.
pub(crate) async fn with_owner(world: &World, name: &str, email: Option<&str>) {
    let owner = OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new(format!("{{noop}}{OLD}")),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: name == "locked",
        password_mark: None,
        invited: false,
        email: email.and_then(EmailAddress::parse),
    };
    let owners = &world.server.password_changes.owners;
    owners.store_owner(&owner).await.unwrap();
}

async fn with_wang(world: &World) {
    with_owner(world, "wang", Some("wang@example.org")).await;
}

/// Says on the page of this browser whose password is forgotten.
async fn ask(browser: &Browser, page: &Answer, name: &str) -> Answer {
    let field = |name| hidden_field(&page.text, name).unwrap_or_default();
    let (csrf, authorization) = (field("_csrf"), field("authorization"));
    let client_id = field("client_id");
    let form = [
        ("_csrf", csrf.as_str()),
        ("authorization", authorization.as_str()),
        ("client_id", client_id.as_str()),
        ("username", name),
    ];
    browser.post(FORGOTTEN, &form).await
}

/// The same from a browser that has not been here.
async fn ask_anew(world: &World, name: &str) -> Answer {
    let browser = world.browser();
    let page = browser.get(FORGOTTEN).await;
    ask(&browser, &page, name).await
}

/// The link of the last of so many mails.
async fn link_of(world: &World, mails: usize) -> String {
    world.mails(mails).await.pop().unwrap().link()
}

/// Sends the form of a page that a link leads to.
async fn choose(browser: &Browser, page: &Answer, [new, repeated]: [&str; 2]) -> Answer {
    let field = |name| hidden_field(&page.text, name).unwrap_or_default();
    let (link, authorization) = (field("link"), field("authorization"));
    let form = [
        ("link", link.as_str()),
        ("authorization", authorization.as_str()),
        ("new_password", new),
        ("repeated_password", repeated),
    ];
    browser.post(RESET, &form).await
}

/// A token of wang's by the password.
async fn token(world: &World, password: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", "wang"),
        ("password", password),
        ("scope", "photo.read"),
    ];
    world.token("photo-desktop", &form).await
}

fn assert_over(page: &Answer) {
    assert_eq!(page.status, 400, "{}", page.text);
    assert!(page.text.contains("id=\"over\""), "{}", page.text);
    assert!(hidden_field(&page.text, "link").is_none(), "{}", page.text);
}

on_every_store! {
    /// From the sign-in page to a mail, from its link to a new password, and with that to the sign-in page. What the old one
    /// had opened ends.
    async fn who_has_forgotten_the_password_chooses_a_new_one(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        let elsewhere = world.browser();
        elsewhere.sign_in("wang", OLD).await;
        let before = token(&world, OLD).await.access_token();

        let browser = world.browser();
        let sign_in = browser.get("/login").await;
        let page = browser.get(&link(&sign_in.text, "forgotten").unwrap()).await;
        let sent = ask(&browser, &page, "wang").await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        assert!(sent.text.contains("id=\"sent\""), "{}", sent.text);
        let mail = world.mails(1).await.pop().unwrap();
        assert_eq!(mail.to, "wang@example.org");
        assert!(mail.headers.contains("Subject: Symbolon: choose a new password"), "{mail:?}");
        assert!(mail.headers.contains("<no-reply@symbolon.example>"), "{mail:?}");
        assert!(mail.link().starts_with(&format!("{}{RESET}?link=", world.auth)), "{mail:?}");
        assert!(elsewhere.get("/account").await.status == 200, "nothing has changed yet");

        // In another browser than the one that asked.
        let browser = world.browser();
        let form = browser.get(&mail.link()).await;
        assert_eq!(form.status, 200, "{}", form.text);
        assert_eq!(form.header("referrer-policy"), "no-referrer");
        let done = choose(&browser, &form, [NEW, NEW]).await;
        assert_eq!((done.status, done.header("location")), (303, "/login?new_password=true"));
        let sign_in = browser.follow(&done).await;
        assert!(sign_in.text.contains("role=\"status\""), "{}", sign_in.text);
        assert_eq!(browser.submit_sign_in(&sign_in, "wang", OLD).await.status, 401);
        assert_eq!(browser.submit_sign_in(&sign_in, "wang", NEW).await.status, 303);
        assert_ne!(elsewhere.get("/account").await.status, 200);
        assert_eq!(world.call("/photos", &before).await.status, 401);
        // The link was good once.
        assert_over(&browser.get(&mail.link()).await);
        assert_over(&choose(&browser, &form, [OLD, OLD]).await);
        token(&world, NEW).await.access_token();
    }

    /// Nobody learns by asking whether there is an account, or whether it has an address.
    async fn the_answer_is_the_same_whoever_is_asked_about(world; WorldBuilder::sending_mails) {
        with_owner(&world, "silent", None).await;
        with_owner(&world, "locked", Some("locked@example.org")).await;
        with_wang(&world).await;
        let browser = world.browser();
        let page = browser.get(FORGOTTEN).await;
        let mut answers = Vec::new();
        let long = "x".repeat(300);
        // xiaoming is an account of the settings file.
        let nobodys = "nobody@example.org";
        for name in ["nobody", "", &long, nobodys, "locked@example.org", "silent", "locked", "xiaoming", "wang"] {
            let answer = ask(&browser, &page, name).await;
            answers.push((answer.status, answer.text));
        }
        assert_eq!(answers[0].0, 200);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // They are worked off one after the other, and wang was the last.
        let mails = world.mails(1).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].to, "wang@example.org");
    }

    /// Who has forgotten the name, too, says where mails are read. All accounts of that address are in one mail, each with a link
    /// of its own, and a name that looks like an address is a name first.
    async fn an_account_is_found_by_its_address(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        with_owner(&world, "li", Some("li@example.org")).await;
        with_owner(&world, "Li", Some("li@example.org")).await;
        with_owner(&world, "locked", Some("li@example.org")).await;
        with_owner(&world, "li@example.org", Some("elsewhere@example.org")).await;
        with_owner(&world, "loud", Some("LI@example.org")).await;
        ask_anew(&world, " WANG@example.ORG ").await;
        let mail = world.mails(1).await.pop().unwrap();
        assert_eq!(mail.to, "wang@example.org", "where the account says, not what was typed");
        assert!(mail.text.contains("wang"), "{mail:?}");
        let browser = world.browser();
        let form = browser.get(&mail.link()).await;
        assert_eq!(choose(&browser, &form, [NEW, NEW]).await.status, 303);
        token(&world, NEW).await.access_token();

        ask_anew(&world, "li@example.org").await;
        let mut mails = world.mails(4).await;
        assert_eq!(mails.len(), 4);
        mails.remove(0);
        let find = |to: &str| mails.iter().find(|mail| mail.to == to).unwrap();
        assert!(find("elsewhere@example.org").text.contains("li@example.org"), "{mails:?}");
        // In letters of another size it may be another's mailbox: that gets what is its own.
        assert!(find("LI@example.org").text.contains("loud"), "{mails:?}");
        let both = find("li@example.org");
        let links: Vec<&str> = both.text.lines().filter(|line| line.starts_with("http")).collect();
        assert_eq!(links.len(), 2, "{both:?}");
        for (link, name) in links.into_iter().zip(["Li", "li"]) {
            let form = browser.get(link).await;
            assert_eq!(hidden_field(&form.text, "username").as_deref(), Some(name));
            assert_eq!(choose(&browser, &form, [NEW, NEW]).await.status, 303);
            world.browser().sign_in(name, NEW).await;
        }
        assert!(!both.text.contains("locked"), "{both:?}");
    }

    /// The brake is that of the account, by whatever it is found; and one mail is about eight accounts at most.
    async fn an_address_asks_no_oftener_than_a_name(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        with_owner(&world, "last", Some("last@example.org")).await;
        for typed in ["wang", "wang@example.org", "wang", "Wang@example.org", "wang"] {
            ask_anew(&world, typed).await;
        }
        ask_anew(&world, "last").await;
        assert_eq!(world.mails(4).await.len(), 4);
        world.clock.advance_secs(60);
        for one in 0..10 {
            with_owner(&world, &format!("many {one}"), Some("many@example.org")).await;
        }
        ask_anew(&world, "many@example.org").await;
        let mails = world.mails(5).await;
        let many = mails.iter().find(|mail| mail.to == "many@example.org").unwrap();
        let links = many.text.lines().filter(|line| line.starts_with("http"));
        assert_eq!(links.count(), 8, "{many:?}");
    }

    /// Half an hour, and no longer.
    async fn a_link_ends(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        ask_anew(&world, "wang").await;
        let link = link_of(&world, 1).await;
        let browser = world.browser();
        world.clock.advance_secs(1799);
        let form = browser.get(&link).await;
        assert_eq!(form.status, 200, "{}", form.text);
        world.clock.advance_secs(1);
        assert_over(&browser.get(&link).await);
        assert_over(&choose(&browser, &form, [NEW, NEW]).await);
        token(&world, OLD).await.access_token();
    }

    /// A link is for the password that the account had: every other way to a new one voids it, another link too.
    async fn a_link_is_over_when_the_password_is_another(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        ask_anew(&world, "wang").await;
        let first = link_of(&world, 1).await;
        world.clock.advance_secs(1);
        ask_anew(&world, "wang").await;
        let second = link_of(&world, 2).await;
        assert_ne!(first, second);
        let browser = world.browser();
        let form = browser.get(&second).await;
        assert_eq!(choose(&browser, &form, [NEW, NEW]).await.status, 303);
        assert_over(&browser.get(&first).await);
        world.server.password_changes.owners.remove_owner("wang").await.unwrap();
        with_wang(&world).await;
        // The same name and the same password, but the links have been used.
        assert_over(&browser.get(&second).await);
    }

    /// Whoever takes a lost mailbox away from an account takes the links in it away, too.
    async fn a_link_is_over_when_the_address_is_another(world; WorldBuilder::sending_mails) {
        for (mails, address) in [(1, Some("wang@elsewhere.example")), (2, None)] {
            with_wang(&world).await;
            ask_anew(&world, "wang").await;
            let link = link_of(&world, mails).await;
            let browser = world.browser();
            let page = browser.get(&link).await;
            assert_eq!(page.status, 200, "{}", page.text);
            with_owner(&world, "wang", address).await;
            assert_over(&choose(&browser, &page, [NEW, NEW]).await);
            assert_over(&browser.get(&link).await);
            token(&world, OLD).await.access_token();
        }
    }

    /// Of many who send the form of one link exactly one chooses the password.
    async fn a_link_is_good_once(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        ask_anew(&world, "wang").await;
        let link = link_of(&world, 1).await;
        let browsers: Vec<Browser> = (0..8).map(|_| world.browser()).collect();
        let form = browsers[0].get(&link).await;
        let passwords: Vec<String> = (0..8).map(|one| format!("{NEW} {one}")).collect();
        let sent = browsers.iter().zip(&passwords).map(|(browser, new)| choose(browser, &form, [new, new]));
        let answers = futures_util::future::join_all(sent).await;
        let won: Vec<usize> = (0..8).filter(|one| answers[*one].status == 303).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        token(&world, &passwords[won[0]]).await.access_token();
        for over in answers.iter().filter(|answer| answer.status != 303) {
            assert_over(over);
        }
    }

    /// What will not do is said beside its field, and the link stays good.
    async fn what_will_not_do_uses_no_link_up(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        ask_anew(&world, "wang").await;
        let browser = world.browser();
        let form = browser.get(&link_of(&world, 1).await).await;
        for (sent, field) in [
            (["short", "short"], "new_password"),
            (["", ""], "new_password"),
            (["password123", "password123"], "new_password"),
            ([NEW, "correct horse"], "repeated_password"),
            // As on the page where the password is changed.
            ([OLD, OLD], "new_password"),
        ] {
            let page = choose(&browser, &form, sent).await;
            assert_eq!(page.status, 400, "{sent:?} {}", page.text);
            assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{sent:?} {}", page.text);
            assert!(!page.text.contains(NEW), "no password is shown again");
        }
        assert_eq!(choose(&browser, &form, [NEW, NEW]).await.status, 303);
    }

    /// A request that waits for a sign-in waits for that, too: in the browser in which it began.
    async fn a_request_goes_on_after_a_new_password(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
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
        let page = browser.get(&link(&sign_in.text, "forgotten").unwrap()).await;
        let sent = ask(&browser, &page, "wang").await;
        assert!(sent.text.contains("client_id=print-photo"), "the way back: {}", sent.text);
        let link = link_of(&world, 1).await;
        assert!(!link.contains("print-photo"), "{link}");
        let form = browser.get(&link).await;
        let done = choose(&browser, &form, [NEW, NEW]).await;
        let sign_in = browser.follow(&done).await;
        assert!(sign_in.text.contains("Print Photo"), "{}", sign_in.text);
        let signed_in = browser.submit_sign_in(&sign_in, "wang", NEW).await;
        let approval = browser.follow(&signed_in).await;
        assert!(hidden_field(&approval.text, "client_id").is_some(), "{}", approval.text);
    }

    /// A mailbox alone is not an account: what is asked for besides the password is asked for still.
    async fn the_second_factor_is_asked_for_after_a_new_password(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        let browser = world.browser();
        browser.sign_in("wang", OLD).await;
        browser.enrol(OLD, world.clock.now()).await;
        ask_anew(&world, "wang").await;
        let browser = world.browser();
        let form = browser.get(&link_of(&world, 1).await).await;
        let done = choose(&browser, &form, [NEW, NEW]).await;
        let sign_in = browser.follow(&done).await;
        let shown = browser.submit_sign_in(&sign_in, "wang", NEW).await;
        assert!(shown.header("location").starts_with("/login/code"), "{shown:?}");
        assert_ne!(browser.get("/account").await.status, 200);
    }

    /// Three mails an hour, whoever asks from wherever; and who asks ten times a minute waits.
    async fn nobody_is_flooded_with_mails(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        with_owner(&world, "li", Some("li@example.org")).await;
        for _ in 0..5 {
            assert_eq!(ask_anew(&world, "wang").await.status, 200);
        }
        assert_eq!(ask_anew(&world, "li").await.status, 200);
        let to = |mails: &[e2e::SentMail]| mails.iter().filter(|mail| mail.to == "wang@example.org").count();
        assert_eq!(to(&world.mails(4).await), 3);
        for _ in 0..4 {
            assert_eq!(ask_anew(&world, "nobody").await.status, 200);
        }
        let braked = ask_anew(&world, "nobody").await;
        assert_eq!(braked.status, 429, "{}", braked.text);
        assert!(braked.header("retry-after").parse::<u64>().unwrap() > 0);
        world.clock.advance_secs(20 * 60);
        ask_anew(&world, "wang").await;
        ask_anew(&world, "wang").await;
        ask_anew(&world, "li").await;
        assert_eq!(to(&world.mails(6).await), 4);
    }

    /// What waits when a server is stopped is sent before it ends.
    async fn no_mail_that_waits_is_lost_when_a_server_is_stopped(world; WorldBuilder::sending_mails) {
        let links = world.server.account_links.as_ref().unwrap();
        for one in 0..12 {
            let owner = format!("wang-{one}");
            with_owner(&world, &owner, Some("wang@example.org")).await;
            let wanted = MailWanted::PasswordReset(ResetWanted {
                reason: ResetReason::Forgotten,
                owner,
                language: Language::English,
                query: String::new(),
                address: String::new(),
            });
            links.outbox.put(wanted).unwrap();
        }
        assert_eq!(world.mails_after_the_end().await.len(), 12);
    }

    /// The mail is in the language in which the person asked.
    async fn the_mail_speaks_the_language_of_who_asks(world; WorldBuilder::sending_mails) {
        with_wang(&world).await;
        let browser = world.browser();
        browser.get(&format!("{FORGOTTEN}?page_language=ru")).await;
        let page = browser.get(FORGOTTEN).await;
        assert!(page.text.contains("Забыли пароль"), "{}", page.text);
        ask(&browser, &page, "wang").await;
        let mail = world.mails(1).await.pop().unwrap();
        assert!(mail.text.contains("Новый пароль можно выбрать здесь:"), "{mail:?}");
        assert_eq!(browser.get(&mail.link()).await.status, 200);
    }

    /// An owner says where mails are read, with the password; nobody who finds a browser signed in does.
    async fn an_owner_changes_the_address_with_the_password(world; WorldBuilder::sending_mails) {
        with_owner(&world, "wang", None).await;
        let browser = world.browser();
        browser.sign_in("wang", OLD).await;
        let save = async |email: &str, password: &str| {
            let page = browser.get("/account/email").await;
            let csrf = hidden_field(&page.text, "_csrf").unwrap();
            let form = [("_csrf", csrf.as_str()), ("email", email), ("current_password", password)];
            browser.post("/account/email", &form).await
        };
        let wrong = save("wang@example.org", "wrong").await;
        assert_eq!(wrong.status, 401, "{}", wrong.text);
        assert!(wrong.text.contains("id=\"current_password-fault\""), "{}", wrong.text);
        let none = save("wang@example.org, li@example.org", OLD).await;
        assert_eq!(none.status, 400, "{}", none.text);
        assert!(none.text.contains("id=\"email-fault\""), "{}", none.text);
        assert!(none.text.contains("li@example.org"), "what was typed is there still");
        let saved = save("wang@example.org", OLD).await;
        assert_eq!(saved.header("location"), "/account/email?changed=true");
        let page = browser.follow(&saved).await;
        assert!(page.text.contains("value=\"wang@example.org\""), "{}", page.text);
        ask_anew(&world, "wang").await;
        assert_eq!(world.mails(1).await[0].to, "wang@example.org");
        assert_eq!(save("", OLD).await.status, 303);
        assert!(browser.get("/account/email").await.text.contains("id=\"none\""));

        let of_the_settings = world.browser();
        of_the_settings.sign_in("xiaoming", OLD).await;
        let page = of_the_settings.get("/account/email").await;
        assert!(page.text.contains("id=\"elsewhere\""), "{}", page.text);
    }

    /// Where no mails are sent no page says that some are.
    async fn without_mails_there_is_nothing_to_ask_for(world) {
        let browser = world.browser();
        assert!(link(&browser.get("/login").await.text, "forgotten").is_none());
        for path in [FORGOTTEN, RESET, "/account/email"] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
        browser.sign_in("xiaoming", OLD).await;
        assert!(!browser.get("/account").await.text.contains("/account/email"));
    }
}

/// Links lead where the settings say that the server is, below its path.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_has_the_path_of_the_issuer() {
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__ISSUER", "https://auth.example/uaa")
        .sending_mails()
        .start()
        .await;
    with_wang(&world).await;
    let page = world.get(FORGOTTEN).await;
    let cookie = page
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let form = [("_csrf", csrf.as_str()), ("username", "wang")];
    let request = world.http().post(format!("{}{FORGOTTEN}", world.auth));
    let request = request.form(&form).header("cookie", cookie);
    let sent = Answer::read(request.send().await.unwrap()).await;
    assert!(sent.text.contains("id=\"sent\""), "{}", sent.text);
    let link = world.mails(1).await[0].link();
    let start = "https://auth.example/uaa/login/reset?link=";
    assert!(link.starts_with(start), "{link}");
}
