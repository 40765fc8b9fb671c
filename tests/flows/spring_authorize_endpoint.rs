//! The authorization endpoint as a Spring server has it: scripts that sign in by HTTP Basic and approve with nothing but
//! the session's cookie, and how it says no.

use e2e::{Answer, Landing, World, on_every_store};
use reqwest::{Method, RequestBuilder};

use crate::Form;

const AUTHORIZE: &str = "/oauth/authorize";
const CALLBACK: &str = "https://shop.example/callback?key=value";
const OWNER: (&str, &str) = ("xiaoming", "photos4me");
const CODE: Form<'_> = &[
    ("response_type", "code"),
    ("client_id", "shop"),
    ("state", "a b&c"),
    ("scope", "photo.read profile"),
];

const CLIENTS: &str = r#"
    [[clients]]
    client_id = "shop"
    client_name = "Shop"
    client_secret = "{noop}shop-secret"
    grant_types = ["authorization_code", "implicit"]
    redirect_uris = ["https://shop.example/callback?key=value"]
    scope = ["photo.read", "profile"]

    [[clients]]
    client_id = "only-implicit"
    client_name = "Only implicit"
    client_secret = "{noop}secret"
    grant_types = ["implicit"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read"]
    auto_approve = ["photo.read"]

    [[clients]]
    client_id = "several"
    client_name = "Several"
    client_secret = "{noop}secret"
    grant_types = ["authorization_code"]
    redirect_uris = ["https://shop.example/one", "https://shop.example/two"]
    scope = ["photo.read"]

    [[clients]]
    client_id = "by-itself"
    client_name = "By itself"
    client_secret = "{noop}secret"
    grant_types = ["client_credentials"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read"]

    [[clients]]
    client_id = "no-grant"
    client_name = "No grant"
    client_secret = "{noop}secret"
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read"]
"#;

/// A script: it keeps no cookies by itself and follows nothing.
fn request(world: &World, method: &Method, parameters: Form<'_>) -> RequestBuilder {
    let http = world.http();
    let request = http.request(method.clone(), format!("{}{AUTHORIZE}", world.auth));
    if method == Method::GET {
        request.query(parameters)
    } else {
        request.form(parameters)
    }
}

fn by_basic(request: RequestBuilder, (name, password): (&str, &str)) -> RequestBuilder {
    request.basic_auth(name, Some(password))
}

async fn sent(request: RequestBuilder) -> Answer {
    Answer::read(request.send().await.unwrap()).await
}

async fn ask(world: &World, parameters: Form<'_>) -> Answer {
    sent(by_basic(request(world, &Method::GET, parameters), OWNER)).await
}

/// The cookie as scripts send it back: what stands before the first semicolon.
#[track_caller]
fn raw_cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    assert!(cookie.contains('='), "{}: {}", answer.status, answer.text);
    cookie.to_owned()
}

/// Says yes or no with the cookie and nothing else of the page.
async fn decide(world: &World, page: &Answer, form: Form<'_>) -> Answer {
    let request = by_basic(request(world, &Method::POST, form), OWNER);
    sent(request.header("cookie", raw_cookie(page))).await
}

/// What is said to a person, in the words of the page for developers.
fn local(answer: &Answer) -> (u16, String, String) {
    let value = |term: &str| {
        let (_, rest) = answer.text.split_once(term).unwrap_or_default();
        let (_, rest) = rest.split_once("<code").unwrap_or_default();
        let (value, _) = rest.split_once("</code>").unwrap_or_default();
        let (_, value) = value.split_once('>').unwrap_or_default();
        value.to_owned()
    };
    (answer.status, value("OAuth Error"), value("Details"))
}

#[track_caller]
fn assert_local(answer: &Answer, status: u16, error: &str, text: &str) {
    assert_eq!(
        local(answer),
        (status, error.to_owned(), text.to_owned()),
        "{}",
        answer.text
    );
    assert_eq!(answer.header("www-authenticate"), "");
}

#[track_caller]
fn assert_sent_on(answer: &Answer, location: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, location));
}

on_every_store! {
    /// Who says nothing is told how to sign in, before anything else is looked at.
    async fn an_owner_is_asked_for_by_basic(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        for form in [CODE, &[("client_id", "nobody")]] {
            let answer = sent(request(&world, &Method::GET, form)).await;
            assert_eq!(answer.status, 401);
            assert_eq!(answer.header("www-authenticate"), "Basic realm=\"oauth2/owner\"");
            assert_eq!(answer.header("set-cookie"), "");
        }
        for (name, password) in [("xiaoming", "wrong"), ("nobody", "photos4me")] {
            let answer = sent(by_basic(request(&world, &Method::GET, CODE), (name, password))).await;
            assert_eq!(answer.status, 401, "{name}");
            assert!(answer.text.contains("Bad credentials"), "{}", answer.text);
        }
        let malformed = request(&world, &Method::GET, CODE).header("authorization", "Basic %");
        assert_eq!(sent(malformed).await.status, 401);
    }

    /// The approval page is the answer, whatever is accepted, and the cookie is all that the approval needs.
    async fn a_script_approves_with_the_cookie_alone(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let asking = by_basic(request(&world, &Method::GET, CODE), OWNER);
        let page = sent(asking.header("accept", "application/json")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for literal in [
            "action=\"/oauth/authorize\"", "<input name=\"user_oauth_approval\"", "type=\"radio",
            "name=\"scope.photo.read\"",
        ] {
            assert!(page.text.contains(literal), "{literal}: {}", page.text);
        }
        let form = [("user_oauth_approval", "true"), ("scope.photo.read", "true"), ("scope.profile", "false")];
        let answer = decide(&world, &page, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let location = answer.header("location").to_owned();
        let landing = Landing::of(&answer);
        assert_eq!(location, format!("{CALLBACK}&code={}&state=a%20b%26c", landing.code()));
        let code = landing.code();
        let form = [("grant_type", "authorization_code"), ("code", &code)];
        let token = world.post_with(("shop", "shop-secret"), "/oauth/token", &form).await;
        assert_eq!(token.json["scope"], "photo.read", "{}", token.text);
    }

    /// Both are asked for anew with each request, and a denial goes back, in the fragment when a token was asked for.
    async fn a_script_denies(world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)) {
        let no = [("user_oauth_approval", "false")];
        let page = ask(&world, CODE).await;
        let denied = "error=access_denied&error_description=User%20denied%20access&state=a%20b%26c";
        assert_sent_on(&decide(&world, &page, &no).await, &format!("{CALLBACK}&{denied}"));
        let token = [("response_type", "token"), ("client_id", "shop"), ("state", "s")];
        let page = ask(&world, &token).await;
        let denied = "error=access_denied&error_description=User%20denied%20access&state=s";
        assert_sent_on(&decide(&world, &page, &no).await, &format!("{CALLBACK}#{denied}"));
    }

    /// A session has one request, as far as scripts know: the last.
    async fn an_approval_is_about_the_last_request(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let first = ask(&world, CODE).await;
        let cookie = raw_cookie(&first);
        for state in ["second", "third"] {
            let asked = [("response_type", "code"), ("client_id", "shop"), ("state", state)];
            let again = by_basic(request(&world, &Method::GET, &asked), OWNER).header("cookie", &cookie);
            assert_eq!(sent(again).await.status, 200);
        }
        let yes = [("user_oauth_approval", "true"), ("scope.profile", "true")];
        let answer = decide(&world, &first, &yes).await;
        assert_eq!(Landing::of(&answer).parameter("state").as_deref(), Some("third"));
    }

    /// Without a request, and without a session.
    async fn an_approval_of_nothing_is_refused(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let yes: Form<'_> = &[("user_oauth_approval", "true"), ("scope.profile", "true")];
        let answer = sent(by_basic(request(&world, &Method::POST, yes), OWNER)).await;
        assert_local(&answer, 400, "invalid_request", "Cannot approve uninitialized authorization request.");
        assert_eq!(sent(request(&world, &Method::POST, yes)).await.status, 401);
    }

    /// It is there for what the request leads to, and no longer than a request waits.
    async fn a_session_that_begins_by_basic_is_short(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let page = ask(&world, CODE).await;
        let by_cookie = || request(&world, &Method::GET, CODE).header("cookie", raw_cookie(&page));
        assert_eq!(sent(by_cookie()).await.status, 200);
        world.clock.advance_secs(1801);
        assert_eq!(sent(by_cookie()).await.status, 401);
    }

    /// A page of another site approves nothing, though the browser sends cookie and password along.
    async fn another_site_approves_nothing(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let yes: Form<'_> = &[("user_oauth_approval", "true"), ("scope.profile", "true")];
        let page = ask(&world, CODE).await;
        for (header, value) in [
            ("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let forged = by_basic(request(&world, &Method::POST, yes), OWNER).header(header, value);
            let answer = sent(forged.header("cookie", raw_cookie(&page))).await;
            assert_eq!(answer.status, 403, "{header}: {value}");
            let asked = by_basic(request(&world, &Method::POST, CODE), OWNER).header(header, value);
            let answer = sent(asked).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (401, ""), "{header}: {value}");
        }
        let own = by_basic(request(&world, &Method::POST, yes), OWNER).header("origin", &world.auth);
        let answer = sent(own.header("cookie", raw_cookie(&page))).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Whoever looks at a page in a browser signs in on one.
    async fn a_person_gets_the_sign_in_page(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let landing = world.browser().journey(CODE, &["profile"]).await;
        assert!(landing.parameter("code").is_some(), "{landing:?}");
        assert_eq!(landing.parameter("iss"), None);
    }

    /// Guesses by Basic count with those of the sign-in page.
    async fn guesses_by_basic_are_slowed(
        world,
        "AUTH_SERVER__PROFILE" = "spring",
        "AUTH_SERVER__LOGIN__ATTEMPTS_PER_ACCOUNT_AND_ADDRESS_PER_MINUTE" = "3";
        |world| world.with(CLIENTS)
    ) {
        let guess = || by_basic(request(&world, &Method::GET, CODE), ("xiaoming", "wrong"));
        for _ in 0..3 {
            assert_eq!(sent(guess()).await.status, 401);
        }
        let answer = sent(guess()).await;
        assert_eq!(answer.status, 429);
        assert!(!answer.header("retry-after").is_empty());
    }

    /// Without a profile nothing of it is on.
    async fn without_the_habits_a_script_is_sent_to_the_sign_in_page(world; |world| world.with(CLIENTS)) {
        let pkce = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
        let asked = [CODE, &pkce].concat();
        let answer = sent(by_basic(request(&world, &Method::GET, &asked), OWNER)).await;
        assert_eq!(answer.status, 302);
        assert!(answer.header("location").starts_with("/login?"), "{}", answer.header("location"));
    }

    /// Rows A, C, D, E, G and H: nothing can be sent anywhere.
    async fn what_leads_nowhere_is_refused_as_spring_does(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let mismatch = "Invalid redirect uri does not match one of the registered values.";
        let no_grant = "A redirect_uri can only be used by implicit or authorization_code grant types.";
        let unsupported = "Unsupported response types";
        let evil = ("redirect_uri", "https://evil.example/");
        for (asked, (status, error, text)) in [
            (vec![("response_type", "code")], (401, "invalid_client", "Bad client credentials")),
            (vec![("response_type", "x"), ("client_id", "nobody")], (401, "invalid_client", "Bad client credentials")),
            (vec![("response_type", "x"), ("client_id", "shop"), evil], (400, "unsupported_response_type", unsupported)),
            (vec![("response_type", "code"), ("client_id", "shop"), evil], (400, "invalid_grant", mismatch)),
            (vec![("response_type", "code"), ("client_id", "several")], (400, "invalid_grant", mismatch)),
            (vec![("response_type", "code"), ("client_id", "by-itself")], (400, "invalid_grant", no_grant)),
            (
                vec![("response_type", "code"), ("client_id", "no-grant")],
                (400, "invalid_grant", "A client must have at least one authorized grant type."),
            ),
        ] {
            assert_local(&ask(&world, &asked).await, status, error, text);
        }
    }

    /// Rows B, J and M: the client is told, in the fragment when it wants a token.
    async fn a_client_is_told_as_spring_does(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let unsupported = "error=unsupported_response_type&error_description=Unsupported%20response%20types&state=s";
        for response_type in [vec![], vec![("response_type", "id_token")]] {
            let asked = [&response_type[..], &[("client_id", "shop"), ("state", "s")]].concat();
            assert_sent_on(&ask(&world, &asked).await, &format!("{CALLBACK}&{unsupported}"));
        }
        let invalid = "error=invalid_scope&error_description=Invalid%20scope&state=s&scope=photo.read%20profile";
        for (response_type, mode) in [("code", '&'), ("token", '#'), ("code token", '#')] {
            let asked = [
                ("response_type", response_type), ("client_id", "shop"), ("state", "s"), ("scope", "nonsense"),
            ];
            assert_sent_on(&ask(&world, &asked).await, &format!("{CALLBACK}{mode}{invalid}"));
        }
        let several = [
            ("response_type", "token"), ("client_id", "several"), ("redirect_uri", "https://shop.example/two"),
        ];
        let told = "error=invalid_client&error_description=Unauthorized%20grant%20type";
        assert_sent_on(&ask(&world, &several).await, &format!("https://shop.example/two#{told}"));
    }

    /// A token at once, with its parameters where Spring writes them, and a code that nobody may redeem.
    async fn who_may_have_tokens_at_once_gets_them(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let asked = [("response_type", "token"), ("client_id", "only-implicit"), ("state", "s")];
        let answer = ask(&world, &asked).await;
        let landing = Landing::of(&answer);
        let names: Vec<&str> = landing.0.fragment().unwrap().split('&').map(|pair| pair.split('=').next().unwrap()).collect();
        assert_eq!(names, ["access_token", "token_type", "state", "expires_in", "scope"]);
        assert!(!raw_cookie(&answer).is_empty());
        let asked = [("response_type", "code"), ("client_id", "only-implicit")];
        let code = Landing::of(&ask(&world, &asked).await).code();
        let form = [("grant_type", "authorization_code"), ("code", &code)];
        let refused = world.post_with(("only-implicit", "secret"), "/oauth/token", &form).await;
        refused.assert_error(401, "invalid_client");
    }

    /// 302, as before Spring 2.3.7.
    async fn browsers_are_sent_on_with_the_status_that_is_said(
        world,
        "AUTH_SERVER__PROFILE" = "spring",
        "AUTH_SERVER__SPRING__REDIRECT_STATUS" = "found";
        |world| world.with(CLIENTS)
    ) {
        let page = ask(&world, CODE).await;
        let no = [("user_oauth_approval", "false")];
        assert_eq!(decide(&world, &page, &no).await.status, 302);
    }

    /// The query counts, before the form, and of repeated parameters the first.
    async fn authorization_requests_are_read_as_servlets_do(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let twice = [CODE, &[("state", "second"), ("client_id", "nobody")]].concat();
        assert_eq!(ask(&world, &twice).await.status, 200);
        let empty = [("response_type", "x"), ("client_id", "shop"), ("state", "")];
        assert!(ask(&world, &empty).await.header("location").ends_with("&state="));
        let query = format!("{}{AUTHORIZE}?client_id=shop&response_type=code", world.auth);
        let posted = by_basic(world.http().post(query), OWNER).form(&[("client_id", "nobody")]);
        assert_eq!(sent(posted).await.status, 200);
    }
}
