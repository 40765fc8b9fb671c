//! Attacks by way of a forgotten password.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};
use symbolon::secret::Secret;
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};

const NEW: &str = "correct horse battery";

async fn with_owner(world: &World, name: &str) {
    let owner = OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new("{noop}photos4me"),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: false,
        password_mark: None,
        invited: false,
        email: EmailAddress::parse(&format!("{name}@example.org")),
    };
    let owners = &world.server.password_changes.owners;
    owners.store_owner(&owner).await.unwrap();
}

async fn form(browser: &Browser, name: &'static str) -> [(&'static str, String); 2] {
    let page = browser.get("/login/forgotten").await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    [("_csrf", csrf), ("username", name.to_owned())]
}

fn texts<'a>(form: &'a [(&'static str, String); 2]) -> [(&'static str, &'a str); 2] {
    [(form[0].0, &form[0].1), (form[1].0, &form[1].1)]
}

async fn choose(world: &World, link: &str) -> Answer {
    let form = [
        ("link", link),
        ("new_password", NEW),
        ("repeated_password", NEW),
    ];
    world.browser().post("/login/reset", &form).await
}

on_every_store! {
    /// Whatever a request says about where it came to, the link leads to the server.
    async fn no_header_leads_a_link_elsewhere(world; WorldBuilder::sending_mails) {
        with_owner(&world, "wang").await;
        let browser = world.browser();
        for (mails, header) in ["host", "x-forwarded-host", "forwarded"].into_iter().enumerate() {
            let value = if header == "forwarded" { "host=evil.example" } else { "evil.example" };
            let form = form(&browser, "wang").await;
            let sent = browser.post_with("/login/forgotten", &texts(&form), (header, value)).await;
            assert!(sent.text.contains("id=\"sent\""), "{header}: {}", sent.text);
            let mail = world.mails(mails + 1).await.pop().unwrap();
            assert!(mail.link().starts_with(&format!("{}/login/reset?", world.auth)), "{header}: {mail:?}");
            assert!(!mail.text.contains("evil"), "{header}: {mail:?}");
        }
    }

    /// A form of somebody else's page asks for nothing.
    async fn no_page_of_others_makes_a_browser_ask(world; WorldBuilder::sending_mails) {
        with_owner(&world, "wang").await;
        with_owner(&world, "li").await;
        let (victim, attacker) = (world.browser(), world.browser());
        victim.get("/login").await;
        let of_the_attacker = form(&attacker, "wang").await;
        for sent in [&texts(&of_the_attacker)[..], &[("username", "wang")]] {
            let answer = victim.post("/login/forgotten", sent).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/login/forgotten"));
        }
        let form = form(&victim, "li").await;
        victim.post("/login/forgotten", &texts(&form)).await;
        let mails = world.mails(1).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "li@example.org");
    }

    /// What is no secret of a link, or is one of something else, opens nothing.
    async fn what_is_guessed_is_no_link(world; WorldBuilder::sending_mails) {
        with_owner(&world, "wang").await;
        let browser = world.browser();
        let form = form(&browser, "wang").await;
        browser.post("/login/forgotten", &texts(&form)).await;
        let mail = world.mails(1).await.pop().unwrap();
        let link = mail.link();
        let (_, secret) = link.split_once("link=").unwrap();
        let flipped = if secret.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{flipped}", &secret[..63]);
        let token = world.password_grant("photo.read").await.access_token();
        for guess in ["", "x", &"A".repeat(64), &changed, &token, &secret[..63]] {
            let page = browser.get(&format!("/login/reset?link={guess}")).await;
            assert_eq!(page.status, 400, "{guess}: {}", page.text);
            let page = choose(&world, guess).await;
            assert_eq!(page.status, 400, "{guess}: {}", page.text);
        }
        // And the link is no token.
        assert_eq!(world.call("/photos", secret).await.status, 401);
        assert_eq!(choose(&world, secret).await.status, 303);
    }

    /// A link is for one account: there is no other that the form can name.
    async fn a_link_opens_no_other_account(world; WorldBuilder::sending_mails) {
        with_owner(&world, "wang").await;
        with_owner(&world, "li").await;
        let browser = world.browser();
        let asked = form(&browser, "wang").await;
        browser.post("/login/forgotten", &texts(&asked)).await;
        let link = world.mails(1).await[0].link();
        let (_, secret) = link.split_once("link=").unwrap();
        let sent = [
            ("link", secret),
            ("username", "li"),
            ("owner", "li"),
            ("new_password", NEW),
            ("repeated_password", NEW),
        ];
        assert_eq!(browser.post("/login/reset", &sent).await.status, 303);
        world.browser().sign_in("li", "photos4me").await;
        world.browser().sign_in("wang", NEW).await;
    }
}
