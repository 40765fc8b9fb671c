//! Sessions and their cookies.

use e2e::{Answer, World, hidden_field, limit_reached, on_every_store};

use crate::journey::Request;

const COOKIE: &str = "auth_server_session";

/// The session that an answer's cookie carries.
fn session_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    let value = cookie.strip_prefix(&format!("{COOKIE}="));
    let value = value.unwrap_or_else(|| panic!("no session in {cookie:?}"));
    value.split(';').next().unwrap().to_owned()
}

async fn get(world: &World, path: &str, session: &str) -> Answer {
    let request = world.http().get(format!("{}{path}", world.auth));
    let request = request.header("cookie", format!("{COOKIE}={session}"));
    Answer::read(request.send().await.unwrap()).await
}

/// The answer to an authorization request that comes from this address, through a proxy that is trusted.
async fn authorize_from(world: &World, caller: &str, session: &str) -> Answer {
    let query = Request::code(world).query();
    let request = world
        .http()
        .get(format!("{}/oauth/authorize?{query}", world.auth));
    let request = request.header("cookie", format!("{COOKIE}={session}"));
    let request = request.header("x-forwarded-for", caller);
    Answer::read(request.send().await.unwrap()).await
}

async fn sign_in(world: &World, session: &str, csrf: &str) -> Answer {
    sign_in_as(world, session, csrf, ("xiaoming", "photos4me")).await
}

async fn sign_in_as(
    world: &World,
    session: &str,
    csrf: &str,
    (username, password): (&str, &str),
) -> Answer {
    let form = [
        ("username", username),
        ("password", password),
        ("_csrf", csrf),
    ];
    let request = world
        .http()
        .post(format!("{}/login", world.auth))
        .form(&form);
    let request = request.header("cookie", format!("{COOKIE}={session}"));
    Answer::read(request.send().await.unwrap()).await
}

/// A session that is signed in.
async fn signed_in(world: &World) -> String {
    let page = get(world, "/login", "").await;
    let session = session_of(&page);
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    session_of(&sign_in(world, &session, &csrf).await)
}

async fn is_signed_in(world: &World, session: &str) -> bool {
    get(world, "/", session).await.text.contains("xiaoming")
}

on_every_store! {
    /// Session fixation: whoever planted the cookie that somebody signs in with knows nothing afterwards.
    async fn the_cookie_before_the_sign_in_is_worthless_after_it(world) {
        let page = get(&world, "/login", "").await;
        let planted = session_of(&page);
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let answer = sign_in(&world, &planted, &csrf).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let renewed = session_of(&answer);
        assert_ne!(planted, renewed);
        assert!(is_signed_in(&world, &renewed).await);
        assert!(!is_signed_in(&world, &planted).await);
        // Whoever knows it and its forms gets nowhere without a password, and nowhere near hers with one.
        for (name, password) in [("xiaoming", "wrong"), ("lihua", "photos4me")] {
            let answer = sign_in_as(&world, &planted, &csrf, (name, password)).await;
            assert_eq!(answer.status, 303, "{}", answer.text);
            assert!(!answer.header("set-cookie").contains(&renewed));
            assert!(!is_signed_in(&world, &planted).await);
        }
        assert!(is_signed_in(&world, &renewed).await);
    }

    /// Session fixation: a session has a name that this server chose.
    async fn a_cookie_that_an_attacker_chose_is_not_taken_over(world) {
        let chosen = "A".repeat(43);
        let page = get(&world, "/login", &chosen).await;
        let session = session_of(&page);
        assert_ne!(session, chosen);
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let answer = sign_in(&world, &chosen, &csrf).await;
        assert_eq!((answer.header("location"), answer.header("set-cookie")), ("/login?too_late=true", ""));
        assert!(!is_signed_in(&world, &chosen).await);
    }

    /// After the sign-out the old cookie is worthless, not only gone from the browser.
    async fn the_cookie_after_the_sign_out_is_worthless(world) {
        let session = signed_in(&world).await;
        let csrf = hidden_field(&get(&world, "/logout", &session).await.text, "_csrf").unwrap();
        let request = world.http().post(format!("{}/logout", world.auth)).form(&[("_csrf", csrf)]);
        let answer = request.header("cookie", format!("{COOKIE}={session}")).send().await.unwrap();
        let answer = Answer::read(answer).await;
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "{:?}", answer.headers);
        assert!(!is_signed_in(&world, &session).await);
    }

    /// A sign-in lasts as long as the settings say.
    async fn a_session_ends(world, "AUTH_SERVER__LOGIN__TTL_SECS" = "600") {
        let session = signed_in(&world).await;
        world.clock.advance_secs(599);
        assert!(is_signed_in(&world, &session).await);
        world.clock.advance_secs(1);
        assert!(!is_signed_in(&world, &session).await);
    }

    /// One address begins so many sessions and authorization requests a minute, with or without a cookie. Nobody
    /// elsewhere notices, nor does who is signed in, and who is held back learns how long and where to go.
    async fn one_address_begins_so_many_sessions_and_requests_a_minute(
        world,
        "AUTH_SERVER__LOGIN__BEGUN_PER_ADDRESS_PER_MINUTE" = "4",
        "AUTH_SERVER__HTTP__TRUSTED_PROXIES" = "127.0.0.1",
    ) {
        let owners = signed_in(&world).await;
        let flooder = "203.0.113.9";
        let session = session_of(&authorize_from(&world, flooder, "").await);
        for _ in 0..3 {
            assert_eq!(authorize_from(&world, flooder, &session).await.status, 302);
        }
        for cookie in ["", &session] {
            let answer = authorize_from(&world, flooder, cookie).await;
            assert_eq!((answer.status, answer.header("retry-after")), (429, "15"));
            assert_eq!((answer.header("location"), answer.header("set-cookie")), ("", ""));
            assert!(answer.text.contains(&format!("href=\"{}", world.client)), "{}", answer.text);
        }
        assert_eq!(limit_reached(&world.probes, "login.begun_per_address_per_minute").await, 2);
        // Whoever is signed in is counted by name.
        for _ in 0..4 {
            assert_eq!(authorize_from(&world, flooder, &owners).await.status, 200);
        }
        assert_eq!(authorize_from(&world, "192.0.2.1", &owners).await.status, 429);
        assert_eq!(authorize_from(&world, "192.0.2.1", "").await.status, 302);
        world.clock.advance_secs(15);
        assert_eq!(authorize_from(&world, flooder, "").await.status, 302);
        assert_eq!(authorize_from(&world, flooder, "").await.status, 429);
    }

    /// A stranger's page of many images, each of them our sign-in page, begins nothing and takes nothing of what the
    /// people behind its reader's address may begin.
    async fn the_images_of_a_strangers_page_begin_no_sessions(
        world,
        "AUTH_SERVER__LOGIN__BEGUN_PER_ADDRESS_PER_MINUTE" = "4"
    ) {
        for _ in 0..10 {
            let request = Request::code(&world);
            let images = [
                world.http().get(format!("{}/login", world.auth)),
                world.http().get(format!("{}/oauth/authorize", world.auth)).query(&request.pairs()),
            ];
            for image in images {
                let image = image.header("Sec-Fetch-Mode", "no-cors").header("Sec-Fetch-Dest", "image");
                let answer = Answer::read(image.send().await.unwrap()).await;
                assert_eq!((answer.status, answer.header("set-cookie")), (403, ""));
            }
        }
        let person = world.http().get(format!("{}/login", world.auth));
        let person = person.header("Sec-Fetch-Mode", "navigate").header("Sec-Fetch-Dest", "document");
        let answer = Answer::read(person.send().await.unwrap()).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.header("set-cookie").is_empty());
    }

    /// Cookies are for this server's pages only, and no script reads them.
    async fn cookies_are_kept_from_scripts_and_other_sites(world) {
        let before = get(&world, "/login", "").await;
        let csrf = hidden_field(&before.text, "_csrf").unwrap();
        let after = sign_in(&world, &session_of(&before), &csrf).await;
        for answer in [before, after] {
            let cookie = answer.header("set-cookie");
            for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            for attribute in ["Domain", "Secure"] {
                assert!(!cookie.contains(attribute), "{cookie}");
            }
            assert!(session_of(&answer).len() >= 43);
        }
    }

    /// On https cookies do not travel without it, and browsers are told to stay there.
    async fn cookies_of_an_https_server_are_secure(world, "AUTH_SERVER__ISSUER" = "https://auth.example") {
        let page = get(&world, "/login", "").await;
        let cookie = page.header("set-cookie");
        assert!(cookie.contains("; Secure"), "{cookie}");
        // RFC 6265bis §4.1.3.2: nobody else on the domain can set it.
        assert!(cookie.starts_with("__Host-") && cookie.split("; ").any(|part| part == "Path=/"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(page.header("strict-transport-security").contains("max-age="));
    }
}
