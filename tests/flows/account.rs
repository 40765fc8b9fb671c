//! What owners see of their account: applications that have access, which they take back, and sessions, which they end.

use e2e::{Answer, Browser, Landing, World, hidden_field, on_every_store};
use symbolon_auth_server::tokens::end::AccessOf;

const APPLICATIONS: &str = "/account/applications";
const SESSIONS: &str = "/account/sessions";

/// A browser in which `xiaoming` has signed in.
async fn signed_in(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("xiaoming", "photos4me").await;
    browser
}

/// Takes back what a client has, and follows to the page after it.
async fn take_back(browser: &Browser, client_id: &str) -> Answer {
    let page = browser.get(APPLICATIONS).await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let form = [("_csrf", csrf.as_str()), ("client_id", client_id)];
    let answer = browser.post(APPLICATIONS, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    browser.follow(&answer).await
}

/// What `print-photo` asks for.
fn asked_of(redirect_uri: &str) -> [(&'static str, &str); 4] {
    [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", redirect_uri),
        ("scope", "photo.read"),
    ]
}

async fn end(browser: &Browser, page: &Answer, named: (&str, &str)) -> Answer {
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    browser
        .post(SESSIONS, &[("_csrf", csrf.as_str()), named])
        .await
}

/// What names the sessions that can be ended on this page.
fn sessions_on(page: &Answer) -> Vec<String> {
    let fields = page.text.split("<input name=\"session\" value=\"").skip(1);
    fields
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

on_every_store! {
    /// The token fails from the moment on in which its owner takes back what was given, and so does the refresh token;
    /// the client has to ask again. Others keep what they have.
    async fn an_application_whose_access_was_taken_back_gets_401_at_once(world) {
        let browser = world.browser();
        let tokens = world.exchange(&world.code().await).await;
        let others = world.password_grant("photo.read").await;
        browser.sign_in("xiaoming", "photos4me").await;
        let page = browser.get(APPLICATIONS).await;
        for fact in ["Print Photo", "print-photo", "See your photos", "Access since", "Last got a token"] {
            assert!(page.text.contains(fact), "{fact}: {}", page.text);
        }
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 200);

        let page = take_back(&browser, "print-photo").await;
        assert!(page.text.contains("id=\"removed\""), "{}", page.text);
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 401);
        let renewed = world.refresh(&tokens.refresh_token()).await;
        assert_eq!(renewed.json["error"], "invalid_grant");
        assert_eq!(world.call("/photos", &others.access_token()).await.status, 200);
        assert_eq!(take_back(&browser, "nobody").await.status, 200);

        let asked = browser.authorize(&asked_of(&world.callback())).await;
        assert!(asked.text.contains("id=\"confirmationForm\""), "{}", asked.text);
    }

    /// What was allowed and has ended by itself, or by a replay, is shown as what it is: it would be given again without
    /// asking. Its owner takes that back, too.
    async fn what_would_be_given_again_without_asking_is_shown_and_taken_back(world) {
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let code = world.code().await;
        world.exchange(&code).await;
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        let page = browser.get(APPLICATIONS).await;
        for fact in ["Print Photo", "See your photos", "none at present", "Gets without asking"] {
            assert!(page.text.contains(fact), "{fact}: {}", page.text);
        }
        assert!(!page.text.contains("Access since"), "{}", page.text);
        let page = take_back(&browser, "print-photo").await;
        assert!(page.text.contains("id=\"removed\"") && page.text.contains("No application has access"), "{}", page.text);
        let asked = browser.authorize(&asked_of(&world.callback())).await;
        assert!(asked.text.contains("id=\"confirmationForm\""), "{}", asked.text);
    }

    /// Also of an application that has something: what it would get besides is said.
    async fn what_more_would_be_given_without_asking_is_shown(world) {
        let browser = world.browser();
        browser.sign_in("xiaoming", "photos4me").await;
        let callback = world.callback();
        let ask = async |scope: &str| {
            let mut asked = asked_of(&callback);
            asked[3] = ("scope", scope);
            let mut answer = browser.authorize(&asked).await;
            if answer.status == 200 {
                answer = browser.decide(&answer, &["photo.read", "photo.write"]).await;
            }
            world.exchange(&Landing::of(&answer).code()).await
        };
        let both = ask("photo.read photo.write").await;
        let page = browser.get(APPLICATIONS).await;
        assert!(!page.text.contains("Gets without asking"), "{}", page.text);
        world.post_as("print-photo", "/oauth/revoke", &[("token", &both.refresh_token())]).await;
        assert_eq!(ask("photo.read").await.json["scope"], "photo.read");
        let page = browser.get(APPLICATIONS).await;
        let (_, rest) = page.text.split_once("Gets without asking").unwrap();
        assert!(rest.contains("Add and delete photos"), "{rest}");
        assert!(page.text.contains("Access since"), "{}", page.text);
    }

    /// Whoever ends all that an owner gave ends what would be given without asking, too.
    async fn an_operator_who_ends_all_leaves_nothing_allowed(world) {
        let code = world.code().await;
        world.exchange(&code).await;
        world.exchange(&code).await.assert_error(400, "invalid_grant");
        let of = AccessOf::Owner { name: "xiaoming".to_owned(), client_id: None };
        assert_eq!(world.server.access.end_all(&of).await.unwrap(), []);
        // Sessions of the same second have ended, too.
        world.clock.advance_secs(1);
        let browser = signed_in(&world).await;
        let asked = browser.authorize(&asked_of(&world.callback())).await;
        assert!(asked.text.contains("id=\"confirmationForm\""), "{}", asked.text);
    }

    /// Nobody else's access is listed or ended.
    async fn an_owner_sees_and_ends_only_what_is_theirs(world) {
        let tokens = world.exchange(&world.code().await).await;
        let other = world.browser();
        other.sign_in("lihua", "photos4me").await;
        let page = other.get(APPLICATIONS).await;
        assert!(page.text.contains("No application has access"), "{}", page.text);
        let page = other.get(SESSIONS).await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [("_csrf", csrf.as_str()), ("client_id", "print-photo")];
        other.post(APPLICATIONS, &form).await;
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 200);
    }

    /// Sessions are listed with their browser and ended one by one; the one that is ended is signed out at once.
    async fn a_session_is_ended_from_another_browser(world) {
        let (here, there) = (signed_in(&world).await, signed_in(&world).await);
        let page = here.get(SESSIONS).await;
        assert!(page.text.contains("This browser"), "{}", page.text);
        assert!(page.text.contains("127.0.0.1"), "{}", page.text);
        let others = sessions_on(&page);
        assert_eq!(others.len(), 1, "{}", page.text);
        let answer = end(&here, &page, ("session", &others[0])).await;
        assert_eq!(answer.header("location"), "/account/sessions?ended=true");
        assert!(here.follow(&answer).await.text.contains("id=\"ended\""));
        assert!(is_signed_in(&here).await);
        assert!(!is_signed_in(&there).await);
        let again = end(&here, &page, ("session", &others[0])).await;
        assert_eq!(again.header("location"), "/account/sessions");
    }

    /// All sessions of an owner end, this one too, and nobody else's; applications keep what they have.
    async fn signing_out_everywhere_ends_every_session_and_no_token(world) {
        let tokens = world.exchange(&world.code().await).await;
        let (here, there) = (signed_in(&world).await, signed_in(&world).await);
        let other = world.browser();
        other.sign_in("lihua", "photos4me").await;
        let page = here.get(SESSIONS).await;
        let answer = end(&here, &page, ("everywhere", "true")).await;
        assert!(answer.text.contains("You are signed out"), "{}", answer.text);
        assert!(!is_signed_in(&here).await);
        assert!(!is_signed_in(&there).await);
        assert!(is_signed_in(&other).await);
        assert_eq!(world.call("/photos", &tokens.access_token()).await.status, 200);
    }

    /// When somebody was last seen is kept, within some minutes.
    async fn a_session_says_when_it_was_last_seen(world) {
        let (here, there) = (signed_in(&world).await, signed_in(&world).await);
        world.clock.advance_secs(3600);
        there.get("/account").await;
        world.clock.advance_secs(60);
        let page = here.get(SESSIONS).await;
        let seen: Vec<&str> = page.text.split("<dt>Last seen</dt><dd>").skip(1).collect();
        let seen: Vec<&str> = seen.iter().map(|rest| rest.split('<').next().unwrap()).collect();
        let since: Vec<&str> = page.text.split("<dt>Signed in</dt><dd>").skip(1).collect();
        let since = since[0].split('<').next().unwrap();
        assert_eq!(seen.len(), 2, "{}", page.text);
        assert!(seen.iter().all(|moment| *moment != since), "{seen:?} {since}");
    }

    /// Who is not signed in signs in first, and is then where they wanted to go, and nowhere else.
    async fn who_signs_in_for_a_page_of_the_account_is_there_afterwards(world) {
        let browser = world.browser();
        let asked = browser.get(SESSIONS).await;
        assert_eq!(asked.header("location"), "/login?next=sessions");
        let page = browser.follow(&asked).await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let sign_in = |next: &'static str| {
            let csrf = csrf.clone();
            let browser = browser.clone();
            async move {
                let form = [
                    ("_csrf", csrf.as_str()),
                    ("username", "xiaoming"),
                    ("password", "photos4me"),
                    ("next", next),
                ];
                browser.post("/login", &form).await
            }
        };
        assert_eq!(hidden_field(&page.text, "next").as_deref(), Some("sessions"));
        let answer = sign_in("sessions").await;
        assert_eq!(answer.header("location"), SESSIONS);
        assert_eq!(browser.follow(&answer).await.status, 200);
        for elsewhere in ["https://evil.example", "//evil.example", "/account", "SESSIONS", ""] {
            assert_eq!(sign_in(elsewhere).await.header("location"), "/", "{elsewhere}");
        }
        let known = browser.get("/login?next=applications").await;
        assert_eq!(known.header("location"), APPLICATIONS);
    }
}
