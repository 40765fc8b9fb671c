//! Guessing passwords, names and secrets.

use std::collections::BTreeMap;

use e2e::{Answer, Browser, Store, World, on_every_store};
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::passwords::{HashCount, hash_password};

async fn try_password(browser: &Browser, name: &str, password: &str) -> Answer {
    let page = browser.get("/login").await;
    browser.submit_sign_in(&page, name, password).await
}

fn assert_throttled(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.text);
    let wait = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    wait
}

async fn password_grant(world: &World, name: &str, password: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
    ];
    world.token("photo-desktop", &form).await
}

/// The status of a wrong guess that a proxy passes on.
async fn guess_through_proxy(world: &World, caller: &str) -> u16 {
    let form = [
        ("grant_type", "password"),
        ("username", "xiaoming"),
        ("password", "guess"),
    ];
    let request = world.http().post(format!("{}/oauth/token", world.auth));
    let request = request
        .form(&form)
        .basic_auth("photo-desktop", Some(e2e::secret_of("photo-desktop")))
        .header("X-Forwarded-For", caller);
    request.send().await.unwrap().status().as_u16()
}

on_every_store! {
    /// Guessing at one account from one address is slowed down, on the page and at the token endpoint
    /// together; the right password does not get through from there either, and other accounts are not touched.
    async fn guessing_at_one_account_is_throttled(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_AND_ADDRESS_PER_MINUTE" = "3",
    ) {
        let browser = world.browser();
        for _ in 0..2 {
            assert_eq!(try_password(&browser, "xiaoming", "guess").await.status, 401);
        }
        password_grant(&world, "xiaoming", "guess").await.assert_error(400, "invalid_grant");
        let wait = assert_throttled(&try_password(&browser, "xiaoming", "photos4me").await);
        assert_throttled(&password_grant(&world, "xiaoming", "photos4me").await);
        assert_throttled(&try_password(&world.browser(), "xiaoming", "photos4me").await);
        assert_eq!(try_password(&world.browser(), "lihua", "photos4me").await.status, 303);
        world.clock.advance_secs(wait);
        assert_eq!(try_password(&browser, "xiaoming", "photos4me").await.status, 303);
    }

    /// Guessing one password at many accounts is slowed down by address.
    async fn guessing_from_one_address_is_throttled(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE" = "3",
    ) {
        for name in ["a", "b", "c"] {
            assert_eq!(try_password(&world.browser(), name, "photos4me").await.status, 401);
        }
        let wait = assert_throttled(&try_password(&world.browser(), "xiaoming", "photos4me").await);
        world.clock.advance_secs(wait);
        assert_eq!(try_password(&world.browser(), "xiaoming", "photos4me").await.status, 303);
    }

    /// Behind a trusted proxy each caller is counted by itself.
    async fn behind_a_trusted_proxy_guessing_is_counted_by_caller(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE" = "1",
        "AUTH_SERVER__HTTP__TRUSTED_PROXIES" = "127.0.0.0/8, ::1",
    ) {
        for (caller, status) in [("192.0.2.1", 400), ("192.0.2.1", 429), ("192.0.2.2", 400)] {
            assert_eq!(guess_through_proxy(&world, caller).await, status, "{caller}");
        }
    }

    /// Strangers who guess at an account from everywhere make whoever is not known there wait, and lock nobody
    /// out.
    async fn strangers_lock_nobody_out(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_PER_MINUTE" = "5",
        "AUTH_SERVER__LOGIN__WAIT_BEYOND_MS" = "50",
        "AUTH_SERVER__HTTP__TRUSTED_PROXIES" = "127.0.0.0/8, ::1",
    ) {
        for number in 0..40 {
            let caller = format!("192.0.2.{number}");
            assert_eq!(guess_through_proxy(&world, &caller).await, 400, "{caller}");
        }
        let signed_in = try_password(&world.browser(), "xiaoming", "photos4me").await;
        assert_eq!(signed_in.status, 303);
    }

    /// Nobody at the same address can lock an owner out of a browser in which the owner signed in before.
    async fn a_browser_that_the_owner_used_before_is_not_locked_out(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE" = "3",
    ) {
        let own = world.browser();
        assert_eq!(try_password(&own, "xiaoming", "photos4me").await.status, 303);
        for name in ["a", "b", "c"] {
            assert_eq!(try_password(&world.browser(), name, "guess").await.status, 401);
        }
        assert_throttled(&try_password(&world.browser(), "xiaoming", "photos4me").await);
        assert_eq!(try_password(&own, "xiaoming", "photos4me").await.status, 303);
        // It vouches for nobody else.
        assert_throttled(&try_password(&own, "lihua", "photos4me").await);
    }

    /// Whoever has one IPv6 address has all of its /64.
    async fn guesses_from_one_ipv6_network_are_counted_together(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE" = "2",
        "AUTH_SERVER__HTTP__TRUSTED_PROXIES" = "127.0.0.0/8, ::1",
    ) {
        for (caller, status) in [
            ("2001:db8::1", 400),
            ("2001:db8::1:2:3:4", 400),
            ("2001:db8::5", 429),
            ("2001:db8:0:1::1", 400),
        ] {
            assert_eq!(guess_through_proxy(&world, caller).await, status, "{caller}");
        }
    }

    /// Guessing at the secrets of clients is braked by client and address, before anything is hashed, at every
    /// endpoint that asks for them; a client that knows its own goes on.
    async fn guessing_at_client_secrets_is_throttled(
        world,
        "AUTH_SERVER__CLIENT_AUTHENTICATION__ATTEMPTS_PER_CLIENT_AND_ADDRESS_PER_MINUTE" = "3",
    ) {
        let form = [("grant_type", "client_credentials")];
        let own = async || world.token("photo-backup", &form).await.status;
        assert_eq!(own().await, 200);
        let guess = async |path: &str| {
            let form = [
                form[0],
                ("client_id", "photo-backup"),
                ("client_secret", "guess"),
                ("token", "x"),
            ];
            world.post(path, &form).await
        };
        for path in ["/oauth/token", "/oauth/check_token", "/oauth/introspect"] {
            guess(path).await.assert_error(401, "invalid_client");
        }
        let hashes = world.server.passwords.hash_count();
        for path in ["/oauth/revoke", "/oauth/token"] {
            let throttled = guess(path).await;
            throttled.assert_error(429, "temporarily_unavailable");
            assert_eq!(assert_throttled(&throttled), 20);
        }
        assert_eq!(world.server.passwords.hash_count(), hashes);
        assert_eq!(own().await, 200);
        assert_eq!(world.token("photo-space", &form).await.status, 400);
        world.clock.advance_secs(20);
        guess("/oauth/token").await.assert_error(401, "invalid_client");
    }

    /// `X-Forwarded-For` of somebody who is no trusted proxy does not give a new start.
    async fn a_caller_cannot_guess_on_by_inventing_addresses(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ADDRESS_PER_MINUTE" = "1",
    ) {
        for (caller, status) in [("192.0.2.1", 400), ("192.0.2.2", 429)] {
            assert_eq!(guess_through_proxy(&world, caller).await, status, "{caller}");
        }
    }

    /// An unknown name is throttled like a known one: the brake tells nobody which names there are.
    async fn unknown_names_are_throttled_alike(
        world,
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_AND_ADDRESS_PER_MINUTE" = "2",
    ) {
        let mut seen = Vec::new();
        for name in ["xiaoming", "nobody00"] {
            let mut answers = Vec::new();
            for _ in 0..3 {
                answers.push(visible(&password_grant(&world, name, "guess").await, name));
            }
            seen.push(answers);
        }
        assert_eq!(seen[0], seen[1]);
    }
}

/// What somebody can tell an answer by; the name that was typed and what is random are made equal.
fn visible(answer: &Answer, name: &str) -> (u16, BTreeMap<String, String>, String) {
    // Every request has its own.
    let own = ["date", "set-cookie", "x-request-id"];
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()));
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut text = answer.text.replace(name, "NAME");
    if let Some(csrf) = e2e::hidden_field(&answer.text, "_csrf") {
        text = text.replace(&csrf, "CSRF");
    }
    if answer.text.contains("data-get=") {
        let asked = e2e::passkey_options(answer);
        text = text.replace(asked["challenge"].as_str().unwrap(), "CHALLENGE");
    }
    (answer.status, headers.collect(), text)
}

fn slow_hash(password: &str) -> String {
    let hash = hash_password(&Secret::new(password), &SystemRandom).unwrap();
    hash.expose().to_owned()
}

/// A world with the owner `zhangsan` and the client `slow-client`, whose hashes are slow.
async fn slow_world(store: Store) -> World {
    let hash = slow_hash("not to be guessed");
    let toml = format!(
        "[[owners]]\nname = \"zhangsan\"\npassword = \"{hash}\"\n\
         [[clients]]\nclient_id = \"slow-client\"\nclient_name = \"Slow\"\nclient_secret = \"{hash}\"\n\
         grant_types = [\"client_credentials\"]\nscope = [\"photo.read\"]\n"
    );
    World::builder(store).with(&toml).start().await
}

fn hashes_since(world: &World, before: HashCount) -> (u64, u64) {
    let after = world.server.passwords.hash_count();
    (after.slow - before.slow, after.fast - before.fast)
}

/// Answer and cost of an unknown name are those of a wrong password: status, headers, body, hashes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_name_cannot_be_told_from_a_wrong_password() {
    for store in Store::of_every_kind().await {
        let world = slow_world(store).await;
        let mut seen = Vec::new();
        // From now on the client's own secret is known.
        password_grant(&world, "nobody", "wrong").await;
        for name in ["zhangsan", "nobody00"] {
            let before = world.server.passwords.hash_count();
            let page = try_password(&world.browser(), name, "wrong").await;
            let page_cost = hashes_since(&world, before);
            let answer = password_grant(&world, name, "wrong").await;
            let cost = hashes_since(&world, before);
            assert_eq!((page.status, answer.status), (401, 400));
            seen.push((
                visible(&page, name),
                page_cost,
                visible(&answer, name),
                cost,
            ));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].1.0, 1, "a slow hash was computed");
    }
}

async fn wrong_secret(world: &World, client_id: &str) -> Answer {
    let request = world.http().post(format!("{}/oauth/token", world.auth));
    let request = request
        .form(&[("grant_type", "client_credentials")])
        .basic_auth(client_id, Some("wrong"));
    Answer::read(request.send().await.unwrap()).await
}

/// Answer and cost of an unknown client are those of a wrong secret of some client, by header and by form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_client_cannot_be_told_from_a_wrong_secret() {
    for store in Store::of_every_kind().await {
        let world = slow_world(store).await;
        let mut seen = Vec::new();
        for name in ["slow-client", "photo-backup", "no-client-00"] {
            let before = world.server.passwords.hash_count();
            let form = [("grant_type", "client_credentials")];
            let by_header = wrong_secret(&world, name).await;
            let with_secret = [form[0], ("client_id", name), ("client_secret", "wrong")];
            let by_form = world.post("/oauth/token", &with_secret).await;
            let cost = hashes_since(&world, before);
            let named = world
                .post("/oauth/token", &[form[0], ("client_id", name)])
                .await;
            for answer in [&by_header, &by_form, &named] {
                answer.assert_error(401, "invalid_client");
                assert!(answer.header("www-authenticate").starts_with("Basic"));
            }
            let answers = [by_header, by_form, named].map(|answer| visible(&answer, name));
            seen.push((answers, cost));
        }
        let [slow, fast, unknown] = seen.try_into().unwrap();
        assert_eq!((slow.1, fast.1), ((2, 0), (0, 2)));
        assert!([slow.1, fast.1].contains(&unknown.1), "{:?}", unknown.1);
        assert_eq!(slow.0, unknown.0);
        assert_eq!(fast.0, unknown.0);
    }
}
