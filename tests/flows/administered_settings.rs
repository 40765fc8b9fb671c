//! The settings in force, for administrators and operators: the lax ones marked, secrets shown by nobody.

use e2e::{WorldBuilder, on_every_store, run_auth_server};

use crate::administration_api::{console, get, on};

const MARKER: &str = "the-marker-of-a-secret-0123456789";

fn with_secrets(world: WorldBuilder) -> WorldBuilder {
    on(world)
        .set(
            "AUTH_SERVER__REGISTRATION__INITIAL_ACCESS_TOKENS",
            &format!("{{noop}}{MARKER}"),
        )
        .set("AUTH_SERVER__TOKENS__ACCESS_TOKEN_TTL_SECS", "4321")
}

on_every_store! {
    /// Each has its value and its place, and what somebody may regret stands beside it, in the words of `check-config`.
    async fn the_settings_in_force_are_told_without_secrets(world; with_secrets) {
        let token = console(&world).await;
        let list = get(&world, &token, "/settings").await;
        assert_eq!(list.status, 200, "{}", list.text);
        let of = |name: &str| {
            let mut items = list.json["items"].as_array().unwrap().iter();
            items.find(|item| item["name"] == name).unwrap()
        };
        let life = of("tokens.access_token_ttl_secs");
        assert_eq!(life["value"], "4321");
        assert!(life["place"].as_str().unwrap().contains("AUTH_SERVER__TOKENS__ACCESS_TOKEN_TTL_SECS"));
        assert_eq!(of("journal.days")["place"], "defaults");
        assert_eq!(of("registration.initial_access_tokens")["value"], "[redacted]");
        let lax = of("clients")["warnings"].to_string();
        assert!(lax.contains("client `print-photo`: `require_pkce` is false"), "{lax}");

        let browser = world.browser();
        browser.sign_in("admin", "admin4me").await;
        let page = browser.get("/admin/settings").await;
        assert_eq!(page.status, 200, "{}", page.text);
        for told in ["<bdi>4321</bdi>", "client `print-photo`: `require_pkce` is false", "Lax", "[journal]"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        for output in [&list.text, &page.text] {
            // What clients and owners sign in with is none of it either.
            for secret in [MARKER, "photos4me", "console-secret"] {
                assert!(!output.contains(secret), "{secret}: {output}");
            }
        }
    }
}

/// The same by command, of settings that no server runs with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_in_force_are_printed_without_secrets() {
    let environment = [
        (
            "AUTH_SERVER__STORE__URL",
            "redis://user:the-marker-of-a-password@127.0.0.1:1",
        ),
        ("AUTH_SERVER__STORE__SEALING_SECRET", MARKER),
        ("AUTH_SERVER__PROFILE", "spring"),
    ];
    let printed = run_auth_server(&["settings"], &environment, "").await;
    let output = format!("{printed:?}");
    assert!(output.contains("store.sealing_secret = [redacted]  (environment variable AUTH_SERVER__STORE__SEALING_SECRET)"), "{output}");
    assert!(output.contains("journal.days = 30  (defaults)"), "{output}");
    assert!(
        output.contains("warning: `profile` is `spring`"),
        "{output}"
    );
    assert!(!output.contains("the-marker"), "{output}");
}
