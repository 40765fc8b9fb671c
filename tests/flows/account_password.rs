//! An owner chooses another password: only with the old one, and only where the account is kept by this server.

use e2e::{Answer, Browser, World, hidden_field, on_every_store};
use symbolon::secret::Secret;
use symbolon_auth_server::records::OwnerRegistration;

const PASSWORD: &str = "/account/password";
const OLD: &str = "photos4me";
const NEW: &str = "correct horse battery";

/// An account of the store.
async fn with_wang(world: &World) {
    let owner = OwnerRegistration {
        name: "wang".to_owned(),
        password: Secret::new(format!("{{noop}}{OLD}")),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: false,
        password_mark: None,
        invited: false,
        email: None,
    };
    let owners = &world.server.password_changes.owners;
    owners.store_owner(&owner).await.unwrap();
}

async fn signed_in(world: &World, name: &str) -> Browser {
    let browser = world.browser();
    browser.sign_in(name, OLD).await;
    browser
}

async fn change(browser: &Browser, [current, new, repeated]: [&str; 3]) -> Answer {
    let page = browser.get(PASSWORD).await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap_or_default();
    let form = [
        ("_csrf", csrf.as_str()),
        ("username", "somebody else"),
        ("current_password", current),
        ("new_password", new),
        ("repeated_password", repeated),
    ];
    browser.post(PASSWORD, &form).await
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
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

on_every_store! {
    /// The old password, the sessions of other browsers and what was granted end with the change; this browser goes on.
    async fn a_new_password_is_the_only_one_from_then_on(world) {
        with_wang(&world).await;
        let (here, there) = (signed_in(&world, "wang").await, signed_in(&world, "wang").await);
        let before = token(&world, OLD).await.access_token();
        assert_eq!(world.call("/photos", &before).await.status, 200);

        let answer = change(&here, [OLD, NEW, NEW]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/account/password?changed=true"));
        let page = here.follow(&answer).await;
        assert!(page.text.contains("id=\"changed\""), "{} {}", page.status, page.text);
        assert!(!is_signed_in(&there).await);
        assert_eq!(world.call("/photos", &before).await.status, 401);
        token(&world, OLD).await.assert_error(400, "invalid_grant");
        let after = token(&world, NEW).await.access_token();
        assert_eq!(world.call("/photos", &after).await.status, 200);
        // Only this browser is left in the list.
        assert!(!here.get("/account/sessions").await.text.contains("name=\"session\""));
    }

    /// What will not do is said beside the field that it is about, and changes nothing.
    async fn what_will_not_do_is_said_beside_its_field(world) {
        with_wang(&world).await;
        let browser = signed_in(&world, "wang").await;
        for (sent, status, field) in [
            (["wrong", NEW, NEW], 401, "current_password"),
            (["", NEW, NEW], 401, "current_password"),
            ([OLD, "short", "short"], 400, "new_password"),
            ([OLD, "", ""], 400, "new_password"),
            ([OLD, "password123", "password123"], 400, "new_password"),
            ([OLD, OLD, OLD], 400, "new_password"),
            ([OLD, NEW, "correct horse"], 400, "repeated_password"),
        ] {
            let page = change(&browser, sent).await;
            assert_eq!(page.status, status, "{sent:?} {}", page.text);
            let fault = format!("id=\"{field}-fault\"");
            assert!(page.text.contains(&fault), "{sent:?} {}", page.text);
            assert_eq!(page.text.matches("class=\"fault\"").count(), 1, "{sent:?}");
            assert!(!page.text.contains(NEW), "no password is shown again");
        }
        assert!(is_signed_in(&browser).await);
        token(&world, OLD).await.access_token();
    }

    /// An account of the settings file has the password that the file says: the page says so, and a form changes nothing.
    async fn an_account_of_the_settings_is_changed_by_whoever_keeps_it(world) {
        let browser = signed_in(&world, "xiaoming").await;
        let page = browser.get(PASSWORD).await;
        assert!(page.text.contains("id=\"elsewhere\""), "{}", page.text);
        let sessions = browser.get("/account/sessions").await;
        let csrf = hidden_field(&sessions.text, "_csrf").unwrap();
        let form = [
            ("_csrf", csrf.as_str()),
            ("current_password", OLD),
            ("new_password", NEW),
            ("repeated_password", NEW),
        ];
        let answer = browser.post(PASSWORD, &form).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert!(answer.text.contains("id=\"elsewhere\""), "{}", answer.text);
        signed_in(&world, "xiaoming").await;
    }

    /// Whoever finds a browser signed in cannot try passwords there faster than on the sign-in page.
    async fn guesses_at_the_old_password_are_braked(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_AND_ADDRESS_PER_MINUTE" = "3",
    ) {
        with_wang(&world).await;
        let browser = signed_in(&world, "wang").await;
        for _ in 0..3 {
            assert_eq!(change(&browser, ["wrong", NEW, NEW]).await.status, 401);
        }
        let braked = change(&browser, [OLD, NEW, NEW]).await;
        assert_eq!(braked.status, 429, "{}", braked.text);
        assert!(braked.header("retry-after").parse::<u64>().unwrap() > 0);
        assert!(braked.text.contains("id=\"current_password-fault\""), "{}", braked.text);
    }
}
