//! Passkeys: added behind the password, shown instead of it or of a code, renamed and removed.

use e2e::{Answer, Browser, Said, World, hidden_field, on_every_store, passkey_options};
use symbolon::clock::Clock as _;

const PAGE: &str = "/account/passkeys";
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

/// Sends a form of the page of the first passkey.
async fn change(browser: &Browser, change: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(PAGE).await;
    let (_, rest) = page.text.split_once("?passkey=").unwrap();
    let (id, _) = rest.split_once('"').unwrap();
    let page = browser.get(&format!("{PAGE}?passkey={id}")).await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let mut form = vec![
        ("_csrf", csrf.as_str()),
        ("change", change),
        ("passkey", id),
    ];
    form.extend_from_slice(fields);
    browser.post(PAGE, &form).await
}

on_every_store! {
    /// What waited for the sign-in goes on; no password is asked for, and no code where there is a second factor.
    async fn a_passkey_leads_on_to_what_was_asked_for(world) {
        let owner = signed_in(&world).await;
        let passkey = owner.add_passkey(&world.auth, PASSWORD).await;
        owner.enrol(PASSWORD, world.clock.now()).await;
        let browser = world.browser();
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", &world.callback()),
            ("scope", "photo.read"),
        ];
        let asked = browser.authorize(&parameters).await;
        let page = browser.get(asked.header("location")).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let answer = browser.show_passkey(&page, &shown).await;
        let location = answer.header("location");
        assert!(location.starts_with("/oauth/confirm_access?authorization="), "{}", answer.text);
        let approval = browser.follow(&answer).await;
        assert!(approval.text.contains("id=\"confirmationForm\""), "{}", approval.text);
        assert!(is_signed_in(&browser).await);
        assert!(!owner.get(PAGE).await.text.contains("not yet"), "it was used");
    }

    /// The password first: a form without it adds nothing, and asks no device.
    async fn a_passkey_is_added_behind_the_password(world) {
        let owner = signed_in(&world).await;
        let page = owner.get(PAGE).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(!page.text.contains("data-create"), "{}", page.text);
        let long = "x".repeat(65);
        for (name, password, status, field) in [
            ("Phone", "wrong", 401, "current_password"),
            ("", PASSWORD, 400, "passkey_name"),
            (&long, PASSWORD, 400, "passkey_name"),
        ] {
            let answer = owner.begin_passkey(name, password).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            assert!(answer.text.contains(&format!("id=\"{field}-fault\"")), "{}", answer.text);
            assert!(answer.text.contains(&format!("value=\"{name}\"")), "{}", answer.text);
            assert!(!answer.text.contains("data-create"), "{}", answer.text);
        }
        owner.add_passkey(&world.auth, PASSWORD).await;
        let page = owner.get(&format!("{PAGE}?added=true")).await;
        assert!(page.text.contains("id=\"done\"") && page.text.contains("Phone"), "{}", page.text);
        assert!(owner.get("/account").await.text.contains("one passkey"));
        // The next one is not to be on the same device.
        let options = passkey_options(&owner.begin_passkey("Key", PASSWORD).await);
        assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
        assert!(!options.to_string().contains(&format!("\"id\":\"{NAME}\"")), "{options}");
    }

    /// After the password, where there is a second factor; it is offered to whom it helps.
    async fn a_passkey_takes_the_place_of_a_code(world) {
        let owner = signed_in(&world).await;
        owner.enrol(PASSWORD, world.clock.now()).await;
        let browser = world.browser();
        let page = browser.show_password(NAME, PASSWORD).await;
        assert!(!page.text.contains("data-get"), "{}", page.text);
        let passkey = owner.add_passkey(&world.auth, PASSWORD).await;
        let page = browser.show_password(NAME, PASSWORD).await;
        let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let answer = browser.show_passkey(&page, &shown).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{}", answer.text);
        assert!(is_signed_in(&browser).await);
    }

    /// Passkeys alone ask nobody for more than the password.
    async fn the_password_stays_enough_beside_a_passkey(world) {
        signed_in(&world).await.add_passkey(&world.auth, PASSWORD).await;
        let other = signed_in(&world).await;
        assert!(is_signed_in(&other).await);
    }

    /// Renaming opens nothing; removing takes the password.
    async fn a_passkey_is_renamed_and_removed(world) {
        let owner = signed_in(&world).await;
        let passkey = owner.add_passkey(&world.auth, PASSWORD).await;
        let refused = change(&owner, "rename", &[("passkey_name", " ")]).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        let renamed = change(&owner, "rename", &[("passkey_name", "小明的<手机>")]).await;
        assert_eq!(renamed.header("location"), format!("{PAGE}?renamed=true"));
        let page = owner.get(PAGE).await;
        assert!(page.text.contains("小明的&#60;手机&#62;"), "{}", page.text);
        let refused = change(&owner, "remove", &[("current_password", "wrong")]).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        assert!(refused.text.contains("id=\"current_password-fault\""), "{}", refused.text);
        let removed = change(&owner, "remove", &[("current_password", PASSWORD)]).await;
        assert_eq!(removed.header("location"), format!("{PAGE}?removed=true"));
        let browser = world.browser();
        let page = browser.get("/login").await;
        let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let answer = browser.show_passkey(&page, &shown).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
        assert!(!is_signed_in(&browser).await);
    }
}
