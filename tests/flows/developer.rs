//! The pages where owners register applications.

use e2e::{Answer, Browser, World, WorldBuilder, hidden_field, on_every_store};

use crate::{CODE_CHALLENGE, CODE_VERIFIER, assert_photos_of};

const CALLBACK: &str = "http://localhost:9002/callback";

pub(crate) fn portal(world: WorldBuilder) -> WorldBuilder {
    let section = "AUTH_SERVER__REGISTRATION__";
    [
        ("PORTAL", "true"),
        ("APPROVAL_REQUIRED", "false"),
        ("SECRET_OVERLAP_SECS", "3600"),
        ("MOST_PER_OWNER", "3"),
        ("PER_ADDRESS_PER_MINUTE", "1000"),
        ("SCOPE", "photo.read, profile"),
        (
            "GRANT_TYPES",
            "authorization_code, refresh_token, client_credentials",
        ),
    ]
    .into_iter()
    .fold(world, |world, (name, value)| {
        world.set(&format!("{section}{name}"), value)
    })
}

pub(crate) async fn signed_in(world: &World, name: &str, password: &str) -> Browser {
    let browser = world.browser();
    browser.sign_in(name, password).await;
    browser
}

/// The text of the element with this id, which has to be there.
pub(crate) fn element(page: &Answer, id: &str) -> String {
    let found = page.text.split_once(&format!("id=\"{id}\">"));
    assert!(found.is_some(), "no {id}: {}", page.text);
    let text = found.unwrap().1.split("</code>").next().unwrap();
    text.replace("<bdi>", "").replace("</bdi>", "")
}

/// A form of the page at `address`, with what somebody types.
async fn submit(browser: &Browser, address: &str, to: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get(address).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let once = hidden_field(&page.text, "once");
    let mut form = vec![("_csrf", csrf.as_str())];
    form.extend(once.as_deref().map(|once| ("once", once)));
    form.extend_from_slice(typed);
    browser.post(to, &form).await
}

const CALENDAR: [(&str, &str); 7] = [
    ("client_name", "Calendar"),
    ("client_uri", "https://calendar.example/"),
    (
        "redirect_uris",
        "https://calendar.example/callback\r\nhttp://localhost:9002/callback\r\n",
    ),
    ("client_type", "confidential"),
    ("grant.authorization_code", "true"),
    ("grant.refresh_token", "true"),
    ("scope.photo.read", "true"),
];

pub(crate) async fn register(browser: &Browser) -> Answer {
    submit(browser, "/developer/new", "/developer/new", &CALENDAR).await
}

pub(crate) fn page_of(id: &str) -> String {
    format!("/developer/application?client_id={id}")
}

/// Through the browser to a token, as this application.
pub(crate) async fn token(world: &World, id: &str, secret: &str) -> Answer {
    let parameters = [
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", CALLBACK),
        ("scope", "photo.read"),
        ("code_challenge", CODE_CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = world
        .browser()
        .journey(&parameters, &["photo.read"])
        .await
        .code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", CODE_VERIFIER),
    ];
    world.post_with((id, secret), "/oauth/token", &form).await
}

on_every_store! {
    /// Row E8: a developer registers an application, and it is good up to the photos.
    async fn a_developer_registers_an_application(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        assert!(browser.get("/developer").await.text.contains("no application yet"));
        let told = register(&browser).await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert!(told.header("cache-control").contains("no-store"));
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let answer = token(&world, &id, &secret).await;
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
        // The secret is told once.
        for page in ["/developer", &page_of(&id)] {
            let page = browser.get(page).await;
            assert!(page.text.contains(&id) && !page.text.contains(&secret));
        }
    }

    /// ADR 0021: a form that comes twice registers one application, and tells its secret once.
    async fn a_form_that_comes_twice_registers_one_application(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let page = browser.get("/developer/new").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let once = hidden_field(&page.text, "once").unwrap();
        let mut form = vec![("_csrf", csrf.as_str()), ("once", once.as_str())];
        form.extend(CALENDAR);
        let first = browser.post("/developer/new", &form).await;
        let id = element(&first, "client-id");
        let again = browser.post("/developer/new", &form).await;
        assert_eq!(again.status, 303);
        let shown = browser.get(again.header("location")).await;
        assert!(shown.text.contains("sent before"), "{}", shown.text);
        assert_eq!(element(&shown, "client-id"), id);
        assert_eq!(browser.get("/developer").await.text.matches("app-").count(), 2, "a name and an address");
    }

    /// And a form for another secret makes one, which it tells as often as it comes.
    async fn a_form_that_comes_twice_makes_one_secret(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let id = element(&register(&browser).await, "client-id");
        let page = browser.get(&page_of(&id)).await;
        let (csrf, once) = (hidden_field(&page.text, "_csrf").unwrap(), hidden_field(&page.text, "once").unwrap());
        let form = [("_csrf", csrf.as_str()), ("once", once.as_str()), ("client_id", id.as_str())];
        let to = "/developer/application/secret";
        let (one, other) = tokio::join!(browser.post(to, &form), browser.post(to, &form));
        let secret = element(&browser.post(to, &form).await, "client-secret");
        assert_eq!((element(&one, "client-secret"), element(&other, "client-secret")), (secret.clone(), secret.clone()));
        assert_eq!(token(&world, &id, &secret).await.status, 200);
    }

    /// Everything that is wrong is said beside its field, and nothing that was typed is lost.
    async fn what_is_wrong_is_said_beside_its_field(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let typed = [
            ("client_name", "Cal\u{202e}endar"),
            ("client_uri", "calendar.example"),
            ("redirect_uris", "http://calendar.example/cb\r\nhttps://a.example/#x\r\njavascript:alert(1)"),
            ("client_type", "public"),
            ("grant.client_credentials", "true"),
            ("contacts", "dev@calendar.example"),
        ];
        let page = submit(&browser, "/developer/new", "/developer/new", &typed).await;
        assert_eq!(page.status, 400);
        for said in ["U+202E", "not encrypted", "has a fragment", "no place that", "https address", "needs a secret", "Choose at least one"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        for (_, typed) in &typed[1..2] {
            assert!(page.text.contains(&format!("value=\"{typed}\"")), "{typed}: {}", page.text);
        }
        for kept in ["dev@calendar.example", "http://calendar.example/cb\nhttps://a.example/#x\njavascript:alert(1)"] {
            assert!(page.text.contains(kept), "{kept}: {}", page.text);
        }
        assert!(page.text.contains("aria-invalid=\"true\""));
        assert!(browser.get("/developer").await.text.contains("no application yet"));
    }

    /// A new secret is good at once, the old one for as long as the settings say.
    async fn a_secret_is_replaced_with_an_overlap(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, old) = (element(&told, "client-id"), element(&told, "client-secret"));
        let told = submit(&browser, &page_of(&id), "/developer/application/secret", &[("client_id", &id)]).await;
        let new = element(&told, "client-secret");
        assert_ne!(new, old);
        for secret in [&old, &new] {
            token(&world, &id, secret).await.access_token();
        }
        assert!(browser.get(&page_of(&id)).await.text.contains("still good"));
        world.clock.advance_secs(3600);
        token(&world, &id, &old).await.assert_error(401, "invalid_client");
        token(&world, &id, &new).await.access_token();
    }

    /// What is changed counts at once; what is removed is good for nothing.
    async fn an_application_is_changed_and_removed(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let answer = token(&world, &id, &secret).await;
        let mut changed = CALENDAR.to_vec();
        changed[0].1 = "Calendar <b>2</b>";
        changed.push(("client_id", &id));
        let saved = submit(&browser, &page_of(&id), "/developer/application", &changed).await;
        assert_eq!(saved.status, 303);
        let page = browser.get(saved.header("location")).await;
        assert!(page.text.contains("changes are saved") && page.text.contains("Calendar &#60;b&#62;2"), "{}", page.text);
        let removed = submit(&browser, &page_of(&id), "/developer/application/removal", &[("client_id", &id)]).await;
        assert_eq!(removed.status, 303);
        assert!(browser.get(removed.header("location")).await.text.contains("is removed"));
        world.call("/photos", &answer.access_token()).await.assert_error(401, "invalid_token");
    }

    /// Somebody else's application is as good as none, and one of the settings too.
    async fn nobody_touches_somebody_elses_application(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let other = signed_in(&world, "lihua", "photos4me").await;
        assert!(!other.get("/developer").await.text.contains(&id));
        for id in [id.as_str(), "print-photo", "nobody", ""] {
            let page = other.get(&page_of(id)).await;
            assert_eq!((page.status, page.header("location")), (303, "/developer"));
            let mut form = CALENDAR.to_vec();
            form.push(("client_id", id));
            for address in ["/developer/application", "/developer/application/secret", "/developer/application/removal"] {
                let answer = submit(&other, "/developer/new", address, &form).await;
                assert_eq!((answer.status, answer.header("location")), (303, "/developer"), "{address}");
            }
        }
        token(&world, &id, &secret).await.access_token();
    }

    /// A form of another session, or of none, does nothing.
    async fn a_form_of_another_session_does_nothing(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let id = element(&told, "client-id");
        let other = signed_in(&world, "lihua", "photos4me").await;
        let foreign = hidden_field(&other.get("/developer/new").await.text, "_csrf").unwrap();
        let mut form = CALENDAR.to_vec();
        form.push(("client_id", &id));
        for address in ["/developer/new", "/developer/application", "/developer/application/secret", "/developer/application/removal"] {
            for token in [Some(foreign.as_str()), Some("garbage"), None] {
                let mut form = form.clone();
                form.extend(token.map(|token| ("_csrf", token)));
                let answer = browser.post(address, &form).await;
                assert_eq!((answer.status, answer.header("location")), (303, "/developer"), "{address} {token:?}");
            }
            let stranger = world.browser().post(address, &form).await;
            assert_eq!((stranger.status, stranger.header("location")), (303, "/developer"), "{address}");
        }
        assert_eq!(browser.get("/developer").await.text.matches("app-").count(), 2);
    }

    /// So many applications of one owner.
    async fn an_owner_has_so_many_applications(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        for _ in 0..3 {
            assert_eq!(register(&browser).await.status, 200);
        }
        let answer = register(&browser).await;
        assert_eq!(answer.status, 303);
        assert!(browser.get(answer.header("location")).await.text.contains("as many applications"));
    }

    /// Where it is switched off there is nothing; and nobody is let in who is not signed in.
    async fn where_it_is_off_there_is_nothing(world, "AUTH_SERVER__REGISTRATION__PORTAL" = "false") {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        for page in ["/developer", "/developer/new", "/developer/application?client_id=print-photo"] {
            assert_eq!(browser.get(page).await.status, 404, "{page}");
        }
        assert!(!browser.get("/account").await.text.contains("/developer"));
    }

    /// Who is not signed in signs in first.
    async fn who_is_not_signed_in_signs_in_first(world; portal) {
        for page in ["/developer", "/developer/new", "/developer/application?client_id=print-photo"] {
            let answer = world.browser().get(page).await;
            assert_eq!(answer.status, 303, "{page}");
            assert_eq!(answer.header("location"), "/login?next=developer", "{page}");
        }
    }
}
