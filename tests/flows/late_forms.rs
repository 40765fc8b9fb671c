//! Forms whose session is over, or that are older than a sign-in: nothing is done, and nothing that was typed is lost.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};

use crate::developer::{portal, signed_in};
use crate::forgotten_password::with_owner;
use crate::journal::{detail, known_of};

const DAY_SECS: u64 = 24 * 60 * 60;

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
const THEIRS: (&str, &str) = ("sec-fetch-site", "cross-site");

fn with_mails(world: WorldBuilder) -> WorldBuilder {
    portal(world).sending_mails()
}

/// A form: its page, where it goes, and what is typed into it.
type Typed = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The forms of signed-in pages in which something is typed, and once what must not be kept.
const FORMS: [Typed; 4] = [
    (
        "/developer/new",
        "/developer/new",
        &[
            ("client_name", "Typed & kept"),
            (
                "redirect_uris",
                "https://typed.example/a\r\nhttps://typed.example/b",
            ),
        ],
    ),
    (
        "/admin/accounts",
        "/admin/accounts",
        &[
            ("username", "typed-name"),
            ("authorities", "ROLE_TYPED"),
            ("invite", "true"),
        ],
    ),
    (
        "/admin/account?username=kept",
        "/admin/account",
        &[
            ("username", "kept"),
            ("action", "email"),
            ("email", "typed@example.org"),
        ],
    ),
    (
        "/account/email",
        "/account/email",
        &[
            ("email", "typed@example.org"),
            ("current_password", "a-password-that-was-typed"),
        ],
    ),
];

async fn administrator(world: &World) -> Browser {
    signed_in(world, "admin", "admin4me").await
}

/// Who types into it: a mailbox has who is kept in the store.
const fn name_of(path: &str) -> (&'static str, &'static str) {
    match path.as_bytes() {
        b"/account/email" => ("wang", "photos4me"),
        _ => ("admin", "admin4me"),
    }
}

/// An account that the store keeps.
async fn with_account(browser: &Browser, name: &str) {
    let page = browser.get("/admin/accounts").await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let form = [("_csrf", csrf.as_str()), ("username", name)];
    let told = browser.post("/admin/accounts", &form).await;
    assert_eq!(told.status, 200, "{}", told.text);
}

fn assert_holds(page: &Answer, typed: &[(&str, &str)], path: &str) {
    for (name, text) in typed {
        let is_secret = name.contains("password");
        for line in text.split("\r\n") {
            let line = line.replace('&', "&#38;");
            assert_eq!(
                page.text.contains(&line),
                !is_secret,
                "{path} {name}: {}",
                page.text
            );
        }
    }
    assert!(page.text.contains("id=\"late\""), "{path}: {}", page.text);
}

/// The fields that a page carries for whoever signs in before.
fn carried<'p>(page: &Answer, typed: &[(&'p str, &str)]) -> Vec<(&'p str, String)> {
    let text = |text: String| text.replace("&#38;", "&");
    let found = typed
        .iter()
        .filter_map(|(name, _)| Some((*name, text(hidden_field(&page.text, name)?))));
    found.collect()
}

on_every_store! {
    /// What was typed comes back after the sign-in, on the page of its form, and passwords do not.
    async fn what_was_typed_into_a_form_whose_session_is_over_is_kept(world; with_mails) {
        with_account(&administrator(&world).await, "kept").await;
        with_owner(&world, "wang", None).await;
        for (page, path, typed) in FORMS {
            let (name, password) = name_of(path);
            let browser = signed_in(&world, name, password).await;
            let csrf = hidden_field(&browser.get(page).await.text, "_csrf").unwrap();
            world.clock.advance_secs(DAY_SECS);
            let mut form = vec![("_csrf", csrf.as_str())];
            form.extend_from_slice(typed);
            let late = browser.post(path, &form).await;
            assert_eq!(late.status, 403, "{path}: {}", late.text);
            assert_holds(&late, typed, path);
            browser.sign_in(name, password).await;
            let carried = carried(&late, typed);
            let carried: Vec<_> = carried.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let filled = browser.post_with(path, &carried, OURS).await;
            assert_eq!(filled.status, 403, "{path}: {}", filled.text);
            assert_holds(&filled, typed, path);
            let is_checked = filled.text.lines().any(|line| line.contains("name=\"invite\"") && line.contains(" checked"));
            assert_eq!(is_checked, typed.contains(&("invite", "true")), "{path}: {}", filled.text);
            let fresh = hidden_field(&filled.text, "_csrf").unwrap();
            assert_ne!(fresh, csrf);
            assert!(!world.server.administration.owners.list(None, 9).await.unwrap().items.iter()
                .any(|owner| owner.name == "typed-name" || owner.email.is_some()));
        }
    }

    /// After a sign-in in another tab the page is there at once.
    async fn a_form_that_is_older_than_the_sign_in_is_shown_once_more(world; with_mails) {
        let browser = administrator(&world).await;
        let csrf = hidden_field(&browser.get("/admin/accounts").await.text, "_csrf").unwrap();
        browser.sign_in("admin", "admin4me").await;
        let form = [("_csrf", csrf.as_str()), ("username", "typed-name"), ("authorities", "ROLE_TYPED")];
        let filled = browser.post_with("/admin/accounts", &form, OURS).await;
        assert_eq!(filled.status, 403);
        assert_holds(&filled, &form[1..], "/admin/accounts");
        let fresh = hidden_field(&filled.text, "_csrf").unwrap();
        let form = [("_csrf", fresh.as_str()), form[1], form[2]];
        let told = browser.post("/admin/accounts", &form).await;
        assert_eq!(told.status, 200, "{}", told.text);
    }

    /// Nobody puts words into a form of ours: what another site sends is not shown, signed in or not.
    async fn what_another_site_sends_is_never_filled_in(world; with_mails) {
        for browser in [administrator(&world).await, world.browser()] {
            for (_, path, typed) in FORMS {
                for csrf in [None, Some(("_csrf", "guessed"))] {
                    let form: Vec<_> = csrf.into_iter().chain(typed.iter().copied()).collect();
                    let answer = browser.post_with(path, &form, THEIRS).await;
                    assert_eq!((answer.status, answer.text.as_str()), (303, ""), "{path}");
                    let answer = browser.post(path, &form).await;
                    assert_eq!(answer.status, 303, "{path}");
                }
            }
        }
    }

    /// A link of somebody else cannot make a page say that something was done.
    async fn only_a_page_of_ours_leads_to_a_word_that_something_was_done(world; with_mails) {
        let browser = administrator(&world).await;
        for (address, word) in [
            ("/admin/accounts?notice=done", "class=\"notice done"),
            ("/developer?notice=removed", "class=\"notice done"),
            ("/account/password?changed=true", "id=\"changed\""),
            ("/account/sessions?ended=true", "class=\"notice done"),
            ("/account/second-factor?removed=true", "id=\"removed\""),
            ("/account/passkeys?removed=true", "class=\"notice done"),
        ] {
            for (site, is_said) in [("same-origin", true), ("cross-site", false), ("none", false)] {
                let page = browser.get_with(address, "sec-fetch-site", site).await;
                assert_eq!(page.status, 200);
                // Who is kept in the settings has no password to change here.
                if !page.text.contains("id=\"elsewhere\"") {
                    assert_eq!(page.text.contains(word), is_said, "{address} {site}: {}", page.text);
                }
            }
        }
    }

    /// A form that does nothing is explained, by its field and the rule, and what was typed stands nowhere.
    async fn a_form_that_comes_to_nothing_is_explained_without_what_was_typed(world; with_mails) {
        let browser = administrator(&world).await;
        with_account(&browser, "kept").await;
        let csrf = hidden_field(&browser.get("/admin/accounts").await.text, "_csrf").unwrap();
        let cases: [(Typed, &str); 7] = [
            (("name", "/developer/new", &[("client_name", "")]), "client_name: is empty"),
            (("uri", "/developer/new", &[("client_name", "a"), ("redirect_uris", "http://typed.example/")]), "redirect_uris: codes travel"),
            (("taken", "/admin/accounts", &[("username", "kept")]), "username: there is an account"),
            (("no-mail", "/admin/account", &[("username", "kept"), ("action", "email"), ("email", "typed")]), "email: it is no address"),
            (("not-mine", "/developer/application", &[("client_id", "typed")]), "client_id is of no application"),
            (("short", "/account/password", &[("current_password", "typed"), ("new_password", "typed"), ("repeated_password", "typed")]), "new_password is too short"),
            (("forged", "/admin/accounts", &[("_csrf", "typed")]), "_csrf is not of the session"),
        ];
        for ((id, path, typed), rule) in cases {
            let own = (id != "forged").then_some(("_csrf", csrf.as_str()));
            let form: Vec<_> = own.into_iter().chain(typed.iter().copied()).collect();
            browser.post_with(path, &form, ("x-request-id", id)).await;
            let found = known_of(&world, id, 1).await;
            assert_eq!((found.len(), found[0].event.as_str()), (1, "request_refused"), "{id}: {found:?}");
            assert_eq!((found[0].owner.as_str(), detail(&found[0], "path")), ("admin", path), "{id}");
            assert!(detail(&found[0], "reason").contains(rule), "{id}: {found:?}");
            assert!(!format!("{found:?}").contains("typed"), "{id}: {found:?}");
        }
    }

    /// Who is told that there is nothing, because they may not know, is told nothing else; the journal says why.
    async fn a_page_that_is_hidden_for_lack_of_authority_is_explained(world; with_mails) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let csrf = hidden_field(&browser.get("/developer/new").await.text, "_csrf").unwrap();
        let get = browser.get_with("/admin", "x-request-id", "hidden-page").await;
        let form = [("_csrf", csrf.as_str())];
        let post = browser.post_with("/admin/keys", &form, ("x-request-id", "hidden-form")).await;
        for (id, answer) in [("hidden-page", get), ("hidden-form", post)] {
            assert_eq!(answer.status, 404);
            assert!(answer.text.contains("there is nothing at this path"), "{}", answer.text);
            let found = known_of(&world, id, 1).await;
            assert_eq!((found[0].event.as_str(), found[0].owner.as_str()), ("request_refused", "xiaoming"));
            assert!(detail(&found[0], "reason").contains("authority"), "{found:?}");
        }
        // What is there for nobody is not worth a word.
        browser.get_with("/nowhere", "x-request-id", "nowhere").await;
        browser.get_with("/admin", "x-request-id", "after").await;
        known_of(&world, "after", 1).await;
        assert_eq!(world.server.journal.of_request("nowhere").await.unwrap(), []);
    }
}
