//! An issuer with a path, behind a proxy that takes the path away and behind one that leaves it there.

use std::collections::{BTreeMap, BTreeSet};

use e2e::{Answer, Browser, Landing, PassesOn, PathProxy, Store, World, link};
use reqwest::header::HeaderName;
use serde_json::Value;
use symbolon::metadata::WELL_KNOWN_PATH;
use symbolon_auth_server::addresses::{Addresses, Endpoint};
use symbolon_client::AuthorizationServer;

mod walk;

use walk::Walk;

/// What old Spring servers are often below.
const PATH: &str = "/uaa";

/// A world behind each kind of proxy.
async fn behind_every_proxy() -> [(PathProxy, World); 2] {
    [
        behind(PATH, PassesOn::Below).await,
        behind(PATH, PassesOn::Whole).await,
    ]
}

async fn behind(path: &'static str, passes: PassesOn) -> (PathProxy, World) {
    let proxy = PathProxy::for_path(path, passes);
    let world = proxy.start(World::builder(Store::Memory)).await;
    (proxy, world)
}

/// What `print-photo` asks for.
fn authorization_request(world: &World, issuer: &str) -> String {
    let redirect_uri = world.callback();
    let asked = [
        ("response_type", "code"),
        ("client_id", "print-photo"),
        ("redirect_uri", &redirect_uri),
        ("scope", "photo.read"),
        ("state", "xyz"),
    ];
    let address = format!("{issuer}/oauth/authorize");
    url::Url::parse_with_params(&address, asked).unwrap().into()
}

const CREDENTIALS: [(&str, &str); 2] = [("username", "xiaoming"), ("password", "photos4me")];

/// Whoever follows links, forms and redirects, and nothing else, never leaves the issuer's path.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_form_and_redirect_stays_below_the_issuers_path() {
    for (proxy, world) in behind_every_proxy().await {
        let mut walk = Walk::to(&proxy.issuer()).await;
        walk.click("Sign in").await;
        walk.submit("loginForm", &CREDENTIALS).await;
        walk.assert_shows("You are signed in as");
        assert_eq!(walk.page.path(), "/uaa/");
        walk.click("Sign out").await;
        walk.click("Stay signed in").await;
        walk.click("For developers: server metadata").await;
        assert_eq!(walk.answer.text_of("issuer"), proxy.issuer());

        walk.open(&authorization_request(&world, &proxy.issuer()))
            .await;
        let another_account = link(&walk.answer.text, "another-account").unwrap();
        walk.open(&another_account).await;
        walk.submit("loginForm", &CREDENTIALS).await;
        let approved = [("scope.photo.read", "true")];
        walk.submit("confirmationForm", &approved).await;
        let landing = Landing::of(&walk.answer);
        assert_eq!(landing.parameter("iss"), Some(proxy.issuer()));
        assert_the_code_leads_to_photos(&proxy, &world, &landing.code()).await;

        walk.open(&format!("{}/", proxy.issuer())).await;
        walk.click("Sign out").await;
        walk.submit("logoutForm", &[]).await;
        walk.assert_shows("You are signed out");
        walk.click("Sign in again").await;
        walk.assert_shows("id=\"loginForm\"");
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}

async fn assert_the_code_leads_to_photos(proxy: &PathProxy, world: &World, code: &str) {
    let metadata = format!("{}{WELL_KNOWN_PATH}{PATH}", proxy.host);
    let metadata = Answer::read(world.http().get(metadata).send().await.unwrap()).await;
    let redirect_uri = world.callback();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &redirect_uri),
    ];
    let request = world.http().post(metadata.text_of("token_endpoint"));
    let request = request.basic_auth("print-photo", Some("print-photo-secret"));
    let token = Answer::read(request.form(&form).send().await.unwrap()).await;
    // The resource server asks below the issuer, too.
    let photos = world.call("/photos", &token.access_token()).await;
    crate::assert_photos_of("xiaoming", &photos);
}

/// Requests that waited for no sign-in, cancelled ones and wrong ones stay there as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_that_ends_early_stays_below_the_issuers_path() {
    for (proxy, world) in behind_every_proxy().await {
        let issuer = proxy.issuer();
        let asked = authorization_request(&world, &issuer);
        let mut walk = Walk::to(&asked).await;
        walk.submit("cancelForm", &[]).await;
        let landing = Landing::of(&walk.answer);
        assert_eq!(landing.parameter("error").as_deref(), Some("access_denied"));

        walk.open(&format!("{issuer}/oauth/authorize?client_id=nobody"))
            .await;
        assert_eq!(walk.answer.status, 400);
        walk.click("Go to the start page").await;
        walk.assert_shows("You are not signed in.");

        // Forms of sessions that nobody knows.
        for (page, form) in [("/login", &CREDENTIALS[..]), ("/logout", &[])] {
            let stranger = Browser::new(&issuer);
            let answer = stranger.post(&format!("{issuer}{page}"), form).await;
            assert_eq!(
                answer.header("location").split('?').next(),
                Some(&*format!("{PATH}{page}"))
            );
        }
        let (address, query) = asked.split_once('?').unwrap();
        let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let answer = world.http().post(address).form(&form).send().await.unwrap();
        let answer = Answer::read(answer).await;
        assert!(
            answer
                .header("location")
                .starts_with("/uaa/oauth/authorize?"),
            "{answer:?}"
        );
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}

/// RFC 8414 §3.1: the document is where clients look for it, and what it names can be called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metadata_of_an_issuer_with_a_path_is_where_clients_look() {
    for (proxy, world) in behind_every_proxy().await {
        let issuer = proxy.issuer();
        for address in [
            format!("{}{WELL_KNOWN_PATH}{PATH}", proxy.host),
            format!("{issuer}{WELL_KNOWN_PATH}"),
            format!("{}{WELL_KNOWN_PATH}", world.auth),
        ] {
            let request = world
                .http()
                .get(&address)
                .header("origin", "https://x.example");
            let answer = Answer::read(request.send().await.unwrap()).await;
            assert_eq!(answer.text_of("issuer"), issuer, "{address}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let Value::Object(members) = answer.json else {
                panic!("{address}: no object");
            };
            let members = members
                .iter()
                .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
            for (name, endpoint) in members {
                let endpoint = endpoint.as_str().unwrap();
                assert!(endpoint.starts_with(&issuer), "{name}: {endpoint}");
                let status = world.http().get(endpoint).send().await.unwrap().status();
                assert!(
                    [200, 400, 405].contains(&status.as_u16()),
                    "{name}: {status}"
                );
            }
        }
        let found = AuthorizationServer::from_issuer(world.http(), &issuer)
            .await
            .unwrap();
        assert_eq!(
            found.token_endpoint.as_str(),
            format!("{issuer}/oauth/token")
        );
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}

/// A resource server that checks signatures itself finds the keys there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_found_below_the_issuers_path() {
    for passes in [PassesOn::Below, PassesOn::Whole] {
        let proxy = PathProxy::for_path(PATH, passes);
        let builder = World::builder(Store::Memory)
            .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
            .set("RESOURCE_SERVER__VERIFIER__METHOD", "jwks");
        let world = proxy.start(builder).await;
        let token = world.password_grant("photo.read").await.access_token();
        crate::assert_photos_of("xiaoming", &world.call("/photos", &token).await);
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}

fn all(at: &Addresses) -> [&Endpoint; 16] {
    [
        &at.home,
        &at.style,
        &at.icon,
        &at.login,
        &at.logout,
        &at.authorize,
        &at.confirm_access,
        &at.error,
        &at.token,
        &at.check_token,
        &at.check_access,
        &at.token_key,
        &at.jwks,
        &at.introspect,
        &at.revoke,
        &at.metadata,
    ]
}

/// Status and headers, but what differs from request to request; lists have no order.
async fn head(world: &World, method: &str, path: &str) -> BTreeMap<String, BTreeSet<String>> {
    let address = format!("{}{path}", world.auth);
    let request = world.http().request(method.parse().unwrap(), address);
    let request = request
        .header("origin", &world.client)
        .header("access-control-request-method", "POST");
    let answer = Answer::read(request.send().await.unwrap()).await;
    let words = |text: &str| text.split(", ").map(str::to_owned).collect();
    let differ = ["date", "x-request-id", "set-cookie", "content-length"];
    let headers = answer.headers.keys().map(HeaderName::as_str);
    let headers = headers.filter(|name| !differ.contains(name));
    let headers = headers.map(|name| (name.to_owned(), words(answer.header(name))));
    let status = ("status".to_owned(), words(&answer.status.to_string()));
    headers.chain([status]).collect()
}

/// Policies, methods, cross-origin calls, refusals, names in metrics: an endpoint is one, whatever the proxy does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_answers_the_same_at_all_of_its_paths() {
    let (_proxy, world) = behind(PATH, PassesOn::Whole).await;
    for endpoint in all(&world.server.addresses) {
        let (first, others) = endpoint.heard_at.split_first().unwrap();
        assert!(!others.is_empty(), "{}", endpoint.name);
        for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
            let expected = head(&world, method, first).await;
            assert!(!expected["status"].contains("404"), "{method} {first}");
            for path in others {
                assert_eq!(
                    head(&world, method, path).await,
                    expected,
                    "{method} {path}"
                );
            }
        }
    }
    let metrics = format!("{}/metrics", world.probes);
    let metrics = world
        .http()
        .get(metrics)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(metrics.contains("http_route=\"/oauth/token\""), "{metrics}");
    assert!(!metrics.contains(PATH), "{metrics}");
    for path in [
        "/uaa/nowhere",
        "/uaa/uaa/login",
        "/uaalogin",
        "/other/login",
    ] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }
}

/// Browsers keep one cookie of each name for a whole host, and know no ports.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_with_different_paths_on_one_host_keep_their_own_sessions() {
    let (first, _first_world) = behind("/a", PassesOn::Below).await;
    let (second, _second_world) = behind("/b", PassesOn::Whole).await;
    let mut walk = Walk::to(&format!("{}/login", first.issuer())).await;
    walk.submit("loginForm", &CREDENTIALS).await;
    walk.open(&format!("{}/login", second.issuer())).await;
    let lihua = [("username", "lihua"), ("password", "photos4me")];
    walk.submit("loginForm", &lihua).await;
    for (proxy, name) in [(&first, "xiaoming"), (&second, "lihua")] {
        walk.open(&proxy.issuer()).await;
        walk.assert_shows("You are signed in as");
        walk.assert_shows(name);
    }
}

/// RFC 6265bis §4.1.3.2: `__Host-` wants the path `/`, whatever the issuer's is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cookie_of_an_https_issuer_with_a_path_belongs_to_the_host() {
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__ISSUER", "https://auth.example/a/uaa")
        .start()
        .await;
    let answer = world.get("/a/uaa/login").await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-auth_server_session+a+uaa="),
        "{cookie}"
    );
    for attribute in ["; Path=/", "; Secure", "; HttpOnly"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(
        !cookie.contains("Path=/a") && !cookie.contains("Domain"),
        "{cookie}"
    );
}
