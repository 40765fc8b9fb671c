//! Clickjacking and injected HTML: the headers of every page, and what pages make of foreign text.

use e2e::{Answer, Browser, PrintPhoto, Store, World, hidden_field, on_every_store};

use crate::journey::Request;

const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

/// Every page that the authorization server shows, with the answer's name for the failure's text.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn pages(world: &World, request: &Request) -> Vec<(&'static str, Answer)> {
    let (browser, signed_in) = (world.browser(), world.browser());
    signed_in.sign_in("xiaoming", "photos4me").await;
    let admin = world.browser();
    admin.sign_in("admin", "admin4me").await;
    let login = browser.authorize(&request.pairs()).await;
    let login = browser.get(login.header("location")).await;
    let evil_client = request.clone().with("client_id", EVIL);
    let evil_redirect = request.clone().with("redirect_uri", EVIL);
    let encoded: String = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    vec![
        ("home", browser.get("/").await),
        ("home, signed in", signed_in.get("/").await),
        (
            "wrong password",
            browser.submit_sign_in(&login, EVIL, EVIL).await,
        ),
        ("sign-in", login),
        ("approval", signed_in.authorize(&request.pairs()).await),
        (
            "unknown client",
            browser.authorize(&evil_client.pairs()).await,
        ),
        (
            "wrong redirect",
            browser.authorize(&evil_redirect.pairs()).await,
        ),
        ("account", signed_in.get("/account").await),
        ("applications", signed_in.get("/account/applications").await),
        ("password", signed_in.get("/account/password").await),
        (
            "second factor",
            signed_in.get("/account/second-factor").await,
        ),
        ("passkeys", signed_in.get("/account/passkeys").await),
        ("passkey", signed_in.begin_passkey(EVIL, "photos4me").await),
        ("sessions", signed_in.get("/account/sessions").await),
        ("developer", signed_in.get("/developer").await),
        ("application", application(&signed_in).await),
        ("wrong application", wrong_application(&signed_in).await),
        ("administration", admin.get("/admin").await),
        ("all applications", admin.get("/admin/applications").await),
        ("accounts", admin.get("/admin/accounts").await),
        (
            "access",
            admin
                .get(&format!("/admin/access?username={encoded}"))
                .await,
        ),
        ("keys", admin.get("/admin/keys").await),
        ("settings", admin.get("/admin/settings").await),
        ("sunset", admin.get("/admin/sunset").await),
        (
            "journal",
            admin
                .get(&format!(
                    "/admin/audit?client_id={encoded}&since={encoded}&event={encoded}"
                ))
                .await,
        ),
        (
            "another's administration",
            signed_in.get(&format!("/admin?after={encoded}")).await,
        ),
        ("sign-out", signed_in.get("/logout").await),
        ("signed out", browser.get("/logout").await),
        (
            "no request",
            signed_in
                .get(&format!("/oauth/confirm_access?authorization={encoded}"))
                .await,
        ),
        (
            "forged",
            browser
                .post("/oauth/authorize", &[("user_oauth_approval", EVIL)])
                .await,
        ),
        (
            "error",
            browser
                .get(&format!(
                    "/oauth/error?error={encoded}&error_description={encoded}"
                ))
                .await,
        ),
    ]
}

/// Sends the form of a new application.
async fn register(browser: &Browser, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get("/developer/new").await;
    let hidden = ["_csrf", "once"].map(|name| (name, hidden_field(&page.text, name).unwrap()));
    let mut form: Vec<_> = hidden
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    form.extend_from_slice(typed);
    browser.post("/developer/new", &form).await
}

/// The page of an application whose name is no name.
async fn application(browser: &Browser) -> Answer {
    let registered = register(
        browser,
        &[
            ("client_name", EVIL),
            ("redirect_uris", "https://evil.example/callback"),
            ("grant.authorization_code", "true"),
            ("scope.photo.read", "true"),
        ],
    )
    .await;
    assert_eq!(registered.status, 200, "{}", registered.text);
    let id = registered.text.split("app-").nth(1).unwrap();
    let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
    browser
        .get(&format!("/developer/application?client_id=app-{id}"))
        .await
}

/// The form again, with what was wrong.
async fn wrong_application(browser: &Browser) -> Answer {
    let texts = [
        "client_name",
        "client_uri",
        "redirect_uris",
        "logo_uri",
        "policy_uri",
        "tos_uri",
        "contacts",
    ];
    register(browser, &texts.map(|name| (name, EVIL))).await
}

/// Every page of the demo client, fed with the same text.
async fn client_pages(world: &World) -> Vec<(&'static str, Answer)> {
    let browser = world.browser();
    let encoded: String = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    let mut pages = Vec::new();
    for path in [
        "/",
        "/code",
        "/password",
        "/client-credentials",
        "/spa",
        "/stats",
        "/nowhere",
    ] {
        pages.push((path, browser.get(&format!("{}{path}", world.client)).await));
    }
    let callback = format!(
        "{}?error={encoded}&error_description={encoded}&state={encoded}",
        world.callback()
    );
    pages.push(("callback", browser.get(&callback).await));
    let second = callback.replace("/callback?", "/stats/callback?");
    pages.push(("second callback", browser.get(&second).await));
    // The page after it shows the steps, with what was in that address.
    pages.push((
        "steps",
        browser.get(&format!("{}/code", world.client)).await,
    ));
    pages.extend(pages_of_a_brought_application(world).await);
    pages
}

/// An application that is called so, refused for its scope and then taken.
async fn pages_of_a_brought_application(world: &World) -> Vec<(&'static str, Answer)> {
    let print_photo = PrintPhoto {
        address: world.client.clone(),
        browser: world.browser(),
    };
    let at = "/own-client";
    let of_scope = |scope| {
        [
            ("client_id", EVIL),
            ("client_secret", EVIL),
            ("scope", scope),
        ]
    };
    let refused = print_photo.press(at, at, &of_scope(EVIL)).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let taken = print_photo.press(at, at, &of_scope("photo.read")).await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    vec![
        ("refused application", refused),
        ("application", print_photo.open("/code").await),
        (
            "attacks of the application",
            print_photo.open("/attacks").await,
        ),
    ]
}

fn assert_cannot_be_framed_or_scripted(name: &str, page: &Answer) {
    let policy = page.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(directive), "{name}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{name}: {policy}");
    assert_eq!(page.header("x-frame-options"), "DENY", "{name}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
    assert!(
        page.header("content-type")
            .starts_with("text/html; charset=utf-8"),
        "{name}"
    );
    assert!(page.header("cache-control").contains("no-store"), "{name}");
}

fn assert_holds_no_markup(name: &str, page: &Answer) {
    for markup in ["<script>alert", "<img src=x", "\"'>"] {
        assert!(!page.text.contains(markup), "{name}: {}", page.text);
    }
}

on_every_store! {
    /// RFC 9700 §4.16: no page of either server can be framed, and none runs a script that was put in.
    async fn no_page_can_be_framed(world) {
        for (name, page) in pages(&world, &Request::code(&world)).await {
            assert_cannot_be_framed_or_scripted(name, &page);
            assert!(page.header("content-security-policy").contains("style-src 'self'"), "{name}");
            // The one that asks for passkeys, where it is allowed, and nowhere else.
            let script = "<script src=\"/passkeys.js\" defer></script>";
            let policy = page.header("content-security-policy");
            let asks = policy.contains("script-src 'self';");
            assert_eq!(page.text.contains(script), asks, "{name}");
            assert_eq!(policy.contains("script-src"), asks, "{name}: {policy}");
            assert!(!page.text.replace(script, "").contains("<script"), "{name}");
        }
        for (name, page) in client_pages(&world).await {
            assert_cannot_be_framed_or_scripted(name, &page);
        }
    }

    /// RFC 9700 §4.2.4: no address with a code in it is told to other sites.
    async fn no_page_tells_its_address(world) {
        for (name, page) in pages(&world, &Request::code(&world)).await {
            assert_eq!(page.header("referrer-policy"), "no-referrer", "{name}");
        }
        for (name, page) in client_pages(&world).await {
            assert_eq!(page.header("referrer-policy"), "no-referrer", "{name}");
        }
    }

    /// A form stays here, by the page's policy too, unless its answer leads to a client: which ways a client
    /// sends its browsers on, nobody here knows.
    async fn a_form_stays_here_unless_it_leads_to_a_client(world) {
        let leading = ["sign-in", "wrong password", "approval"];
        for (name, page) in pages(&world, &Request::code(&world)).await {
            let stays = page.header("content-security-policy").contains("form-action 'self';");
            assert_eq!(stays, !leading.contains(&name), "{name}");
        }
        for (name, page) in client_pages(&world).await {
            assert!(page.header("content-security-policy").contains("form-action 'self'"), "{name}");
        }
    }

    /// The machines' answers are neither guessed to be pages nor framed.
    async fn the_answers_for_machines_are_no_pages(world) {
        let browser: Browser = world.browser();
        let mut answers = vec![world.post("/oauth/token", &[]).await];
        for path in ["/oauth/jwks", "/oauth/token_key", "/.well-known/oauth-authorization-server", "/nowhere"] {
            answers.push(browser.get(path).await);
        }
        for answer in answers {
            assert!(answer.header("content-type").starts_with("application/json"));
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        }
    }
}

/// Names of clients and of scopes, what a person typed and what an address holds are text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_text_is_shown_as_text() {
    let name = format!("client_name = '''{EVIL}'''");
    let world = World::builder(Store::Memory)
        .replace("client_name = \"Print Photo\"", &name)
        .replace(
            "description = \"See your photos\"",
            &format!("description = '''{EVIL}'''"),
        )
        .start()
        .await;
    for (name, page) in pages(&world, &Request::code(&world)).await {
        assert_holds_no_markup(name, &page);
    }
    for (name, page) in client_pages(&world).await {
        assert_holds_no_markup(name, &page);
    }
}
