//! Open redirects and what travels in them (RFC 9700 §4.1, §4.11).

use e2e::{Landing, hidden_field, limit_reached, on_every_store};

use crate::journey::Request;

/// Addresses that look like the registered one.
fn lookalikes(registered: &str) -> Vec<String> {
    let host = registered.trim_end_matches("/callback");
    vec![
        "https://attacker.example/callback".to_owned(),
        format!("{registered}/"),
        format!("{registered}?next=1"),
        format!("{registered}#fragment"),
        format!("{host}/../callback"),
        format!("{host}/callback/../steal"),
        format!("{host}/Callback"),
        format!("{host}@attacker.example/callback"),
        format!("{host}.attacker.example/callback"),
        registered.replace("http:", "https:"),
        registered.replace("http:", "HTTP:"),
        registered.replace("localhost", "127.0.0.1"),
        "javascript:alert(1)".to_owned(),
        "data:text/html,x".to_owned(),
        "//attacker.example/callback".to_owned(),
        format!(" {registered}"),
    ]
}

/// What an attacker adds to a registered address.
const ADDED_BY_AN_ATTACKER: [&[u8]; 16] = [
    b"?x=\r\na",
    b"?x=\r\nset-cookie:+evil=1\r\n\r\n<html>",
    b"?x=\n",
    b"?x=\0",
    b"?x=a b",
    b"?x=\x1b[31m",
    "?x=\u{fc}".as_bytes(),
    b"?x=\xfc",
    b"?code=EVIL&state=EVIL&iss=EVIL",
    b"?x=1&code=EVIL",
    b"?state=EVIL",
    b"?iss=EVIL",
    b"?error=access_denied",
    b"?%63ode=EVIL",
    b"?x=1;code=EVIL",
    b"?CODE=EVIL",
];

fn percent_encoded(bytes: &[u8]) -> String {
    url::form_urlencoded::byte_serialize(bytes).collect()
}

on_every_store! {
    /// A redirect URI that is not registered gets a page, never a redirect, signed in or not.
    async fn a_redirect_uri_that_is_not_registered_gets_a_page(world) {
        let signed_in = world.browser();
        signed_in.sign_in("xiaoming", "photos4me").await;
        for address in lookalikes(&world.callback()) {
            let request = Request::code(&world).with("redirect_uri", &address);
            for browser in [&signed_in, &world.browser()] {
                let answer = browser.authorize(&request.pairs()).await;
                assert_eq!(answer.status, 400, "{address}");
                assert_eq!(answer.header("location"), "", "{address}");
                assert!(answer.header("content-type").starts_with("text/html"));
            }
        }
    }

    /// The redirect URI of another client is not this client's.
    async fn the_redirect_uri_of_another_client_gets_a_page(world) {
        let other = format!("{}/spa", world.client);
        let request = Request::code(&world).with("redirect_uri", &other);
        let answer = world.browser().authorize(&request.pairs()).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
    }

    /// An unknown client gets a page.
    async fn an_unknown_client_gets_a_page(world) {
        for request in [
            Request::code(&world).with("client_id", "nobody"),
            Request::code(&world).without("client_id"),
            Request::code(&world).with("client_id", "photo-desktop"),
        ] {
            let answer = world.browser().authorize(&request.pairs()).await;
            assert_eq!((answer.status, answer.header("location")), (400, ""));
        }
    }

    /// RFC 9700 §4.11.2: signing in leads to the saved request or home, whatever the address says.
    async fn signing_in_leads_nowhere_else(world) {
        let foreign = "https%3A%2F%2Fattacker.example%2F";
        for name in ["authorization", "redirect", "redirect_uri", "continue", "next", "url", "return_to"] {
            let browser = world.browser();
            let page = browser.get(&format!("/login?{name}={foreign}")).await;
            assert!(!page.text.contains("attacker.example"), "{}", page.text);
            let csrf = hidden_field(&page.text, "_csrf").unwrap();
            let form = [
                ("username", "xiaoming"),
                ("password", "photos4me"),
                ("_csrf", csrf.as_str()),
                (name, "https://attacker.example/"),
            ];
            let answer = browser.post("/login", &form).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/"), "{name}");
        }
    }

    /// The request of another session cannot be signed in to.
    async fn signing_in_does_not_take_over_the_request_of_another_session(world) {
        let answer = world.browser().authorize(&Request::code(&world).pairs()).await;
        let (_, foreign) = answer.header("location").split_once("authorization=").unwrap();
        let foreign = foreign.split('&').next().unwrap();
        let victim = world.browser();
        let page = victim.get(&format!("/login?authorization={foreign}")).await;
        assert_eq!(hidden_field(&page.text, "authorization"), None);
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [
            ("username", "xiaoming"),
            ("password", "photos4me"),
            ("_csrf", csrf.as_str()),
            ("authorization", foreign),
        ];
        let answer = victim.post("/login", &form).await;
        let next = format!("/oauth/confirm_access?authorization={foreign}");
        assert_eq!(answer.header("location"), next);
        let page = victim.follow(&answer).await;
        assert_eq!((page.status, page.header("location")), (400, ""));
    }

    /// Line breaks and the like in `state` come back as they went and split no header.
    async fn state_comes_back_unchanged_and_splits_no_header(world) {
        let long = "s".repeat(4_000);
        let states = ["a\r\nset-cookie: evil=1\r\n\r\n<html>", "a b&code=stolen#x", "\u{1f511}\"'<", &long];
        for state in states {
            let landing = Request::code(&world).with("state", state).approved(&world).await;
            assert_eq!(landing.parameter("state").as_deref(), Some(state));
            assert!(landing.code() != "stolen");
        }
        let browser = world.browser();
        let request = Request::code(&world).with("state", states[0]).with("scope", "nothing");
        let answer = browser.authorize(&request.pairs()).await;
        assert_eq!(Landing::of(&answer).parameter("state").as_deref(), Some(states[0]));
        assert_eq!(answer.header("set-cookie"), "");
    }

    /// What is too long to be kept goes back to the client at once, and a `state` that is too long stays here:
    /// proxies refuse answers with such headers.
    async fn a_request_that_is_too_long_goes_back_to_the_client_and_its_state_does_not(world) {
        let long_state = Request::code(&world).with("state", &"s".repeat(4097));
        // Each of these is three bytes on its way back.
        let escaped_state = Request::code(&world).with("state", &"%".repeat(1366));
        let blanks = format!("photo.read{}", " ".repeat(8192));
        let long_request = Request::code(&world).with("scope", &blanks);
        for (request, setting, state) in [
            (long_state, "login.longest_state_bytes", None),
            (escaped_state, "login.longest_state_bytes", None),
            (long_request, "login.longest_request_bytes", Some("xyz")),
        ] {
            let before = limit_reached(&world.probes, setting).await;
            let browser = world.browser();
            for answer in [
                browser.authorize(&request.pairs()).await,
                browser.post("/oauth/authorize", &request.pairs()).await,
            ] {
                let landing = Landing::of(&answer);
                assert!(landing.0.as_str().starts_with(&world.callback()), "{}", landing.0);
                assert_eq!(landing.parameter("error").as_deref(), Some("invalid_request"));
                assert_eq!(landing.parameter("state").as_deref(), state);
                assert_eq!(answer.header("set-cookie"), "");
            }
            assert_eq!(limit_reached(&world.probes, setting).await, before + 2);
        }
        // It tells strangers nothing that leads elsewhere.
        let request = Request::code(&world).with("state", &"s".repeat(4097));
        let request = request.with("redirect_uri", "https://attacker.example/");
        let answer = world.browser().authorize(&request.pairs()).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
    }

    /// RFC 6749 §3.1: a repeated parameter goes back to the client, unless it leaves open where
    /// that is.
    async fn a_repeated_parameter_is_told_to_the_client(world) {
        let browser = world.browser();
        let query = Request::code(&world).query();
        for extra in ["scope=photo.write", "response_type=token", "code_challenge=a&code_challenge=b"] {
            let answer = browser.get(&format!("/oauth/authorize?{query}&{extra}")).await;
            let landing = Landing::of(&answer);
            assert!(landing.0.as_str().starts_with(&world.callback()), "{}", landing.0);
            assert_eq!(landing.parameter("error").as_deref(), Some("invalid_request"));
            assert_eq!(landing.parameter("state").as_deref(), Some("xyz"));
        }
        // What means nothing here may be repeated (RFC 8707 §2): the request goes on to the sign-in page.
        for extra in ["nonce=1&nonce=2", "resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example"] {
            let answer = browser.get(&format!("/oauth/authorize?{query}&{extra}")).await;
            assert!(answer.header("location").starts_with("/login"), "{extra}: {}", answer.header("location"));
        }
        // Which of two states is the client's own nobody knows.
        let answer = browser.get(&format!("/oauth/authorize?{query}&state=other")).await;
        let landing = Landing::of(&answer);
        assert_eq!(landing.parameter("error").as_deref(), Some("invalid_request"));
        assert_eq!(landing.parameter("state"), None);
        for extra in ["client_id=photo-spa", "redirect_uri=https%3A%2F%2Fattacker.example", "client_id=print-photo"] {
            let answer = browser.get(&format!("/oauth/authorize?{query}&{extra}")).await;
            assert_eq!((answer.status, answer.header("location")), (400, ""), "{extra}");
        }
    }

    /// Where Spring's matching lets a client add parameters: nothing that no header can carry, and none that the answer
    /// has, because a client that reads the first would read somebody else's.
    async fn what_is_added_to_a_redirect_uri_is_neither_the_answers_nor_beyond_an_address(
        world;
        |world| world.client("print-photo", "redirect_matching = \"spring\"")
    ) {
        let signed_in = world.browser();
        signed_in.sign_in("xiaoming", "photos4me").await;
        for added in ADDED_BY_AN_ATTACKER {
            let address = percent_encoded(&[world.callback().as_bytes(), added].concat());
            let query = Request::code(&world).without("redirect_uri").query();
            for browser in [&signed_in, &world.browser()] {
                let answer = browser.get(&format!("/oauth/authorize?{query}&redirect_uri={address}")).await;
                assert_eq!((answer.status, answer.header("location")), (400, ""), "{address}");
                assert!(answer.header("content-type").starts_with("text/html"), "{address}");
            }
        }
        let address = format!("{}?tenant=%C3%BC&page=1", world.callback());
        let landing = Request::code(&world).with("redirect_uri", &address).approved(&world).await;
        assert!(landing.0.as_str().starts_with(&format!("{address}&")), "{}", landing.0);
        for name in ["code", "state", "iss"] {
            assert_eq!(landing.0.query_pairs().filter(|(found, _)| found == name).count(), 1, "{name}");
        }
    }

    /// Whatever bytes a redirect URI has, it is answered with a page.
    async fn no_redirect_uri_is_the_servers_fault(world) {
        let query = Request::code(&world).without("redirect_uri").query();
        for bytes in ADDED_BY_AN_ATTACKER.into_iter().chain([&b""[..], b"\xff\xfe", b"http://[", b"//", b"http://\0/"]) {
            for address in [percent_encoded(bytes), percent_encoded(&[world.callback().as_bytes(), bytes].concat())] {
                let query = format!("{query}&redirect_uri={address}");
                let answer = world.get(&format!("/oauth/authorize?{query}")).await;
                let is_registered = bytes.is_empty();
                let location = answer.header("location");
                assert_eq!(answer.status, if is_registered { 302 } else { 400 }, "{address}: {location}");
                assert_eq!(location.is_empty(), !is_registered, "{address}: {location}");
            }
        }
    }
}
