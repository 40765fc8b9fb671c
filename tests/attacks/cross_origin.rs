//! Which scripts may call what (RFC 9700 §2.6).

use actix_web::http::Method;
use e2e::{Answer, World, on_every_store};

/// What is for registered clients: method and path.
const ENDPOINTS: [(&str, &str); 6] = [
    ("POST", "/oauth/token"),
    ("POST", "/oauth/check_token"),
    ("POST", "/oauth/check_access"),
    ("POST", "/oauth/introspect"),
    ("POST", "/oauth/revoke"),
    ("GET", "/oauth/token_key"),
];

/// What is published.
const PUBLISHED: [&str; 2] = ["/oauth/jwks", "/.well-known/oauth-authorization-server"];

const PAGES: [&str; 42] = [
    "/",
    "/account",
    "/account/applications",
    "/account/email",
    "/account/passkeys",
    "/account/password",
    "/account/second-factor",
    "/account/sessions",
    "/admin",
    "/admin/applications",
    "/admin/application",
    "/admin/accounts",
    "/admin/account",
    "/admin/access",
    "/admin/keys",
    "/admin/audit",
    "/admin/audit/export",
    "/admin/settings",
    "/admin/api/v1/grants",
    "/admin/api/v1/keys",
    "/admin/api/v1/audit",
    "/admin/api/v1/settings",
    "/admin/sunset",
    "/admin/api/v1/habits",
    "/admin/api/v1/owners",
    "/admin/api/v1/applications",
    "/developer",
    "/developer/application",
    "/developer/application/removal",
    "/developer/application/secret",
    "/developer/new",
    "/login",
    "/login/code",
    "/login/forgotten",
    "/login/passkey",
    "/login/reset",
    "/login/sign-up",
    "/login/sign-up/finish",
    "/logout",
    "/oauth/authorize",
    "/oauth/confirm_access",
    "/passkeys.js",
];

async fn call(world: &World, method: &str, url: &str, origin: &str) -> Answer {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = world.http().request(method, url).header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "authorization");
    Answer::read(request.send().await.unwrap()).await
}

fn assert_not_allowed(answer: &Answer, what: &str) {
    for header in [
        "access-control-allow-origin",
        "access-control-allow-credentials",
    ] {
        assert_eq!(answer.header(header), "", "{what}: {header}");
    }
}

on_every_store! {
    /// The script of a registered client may call, and never with cookies.
    async fn the_script_of_a_client_may_call_without_cookies(world) {
        for (method, path) in ENDPOINTS {
            for method in [method, "OPTIONS"] {
                let url = format!("{}{path}", world.auth);
                let answer = call(&world, method, &url, &world.client).await;
                let allowed = answer.header("access-control-allow-origin");
                assert_eq!(allowed, world.client, "{method} {path}: {}", answer.text);
                assert_eq!(answer.header("access-control-allow-credentials"), "");
                assert!(answer.header("vary").to_ascii_lowercase().contains("origin"), "{path}");
            }
        }
    }

    /// What is published is for every script: it can be had without a browser, too.
    async fn every_script_may_read_what_is_published(world) {
        for origin in ["https://anybody.example", "null", &world.client] {
            for path in PUBLISHED {
                for method in ["GET", "HEAD", "OPTIONS"] {
                    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
                    let request = world.http().request(method.clone(), format!("{}{path}", world.auth));
                    let request = request.header("origin", origin).header("access-control-request-method", "GET");
                    let answer = Answer::read(request.send().await.unwrap()).await;
                    let allowed = answer.header("access-control-allow-origin");
                    assert_eq!((answer.status, allowed), (200, "*"), "{method} {path}");
                    assert_eq!(answer.header("access-control-allow-credentials"), "");
                }
            }
        }
    }

    /// A script that may call may send the headers of tracing and of libraries with its call.
    async fn the_script_of_a_client_may_send_the_headers_it_has(world) {
        let asked = "authorization,content-type,traceparent,tracestate,x-requested-with";
        let endpoints = ENDPOINTS.iter().map(|(method, path)| (*method, format!("{}{path}", world.auth)));
        let photos = [("GET", format!("{}/photos", world.resource))];
        let published = PUBLISHED.iter().map(|path| ("GET", format!("{}{path}", world.auth)));
        for (method, url) in endpoints.chain(photos).chain(published) {
            let request = world.http().request(reqwest::Method::OPTIONS, &url);
            let request = request
                .header("origin", &world.client)
                .header("access-control-request-method", method)
                .header("access-control-request-headers", asked);
            let answer = Answer::read(request.send().await.unwrap()).await;
            let allowed = answer.header("access-control-allow-headers").to_ascii_lowercase();
            assert_eq!(answer.status, 200, "{url}: {}", answer.text);
            for header in asked.split(',') {
                assert!(allowed.split(',').any(|allowed| allowed.trim() == header), "{url}: {allowed}");
            }
        }
    }

    /// No other script may, whatever its origin looks like.
    async fn no_other_script_may_call(world) {
        let lookalikes = [
            "https://attacker.example".to_owned(),
            "null".to_owned(),
            format!("{}.attacker.example", world.client),
            world.client.replace("http:", "https:"),
            "http://localhost".to_owned(),
            "*".to_owned(),
        ];
        for origin in &lookalikes {
            for (method, path) in ENDPOINTS {
                for method in [method, "OPTIONS"] {
                    let url = format!("{}{path}", world.auth);
                    let answer = call(&world, method, &url, origin).await;
                    assert_not_allowed(&answer, &format!("{origin} {method} {path}"));
                }
            }
            for method in ["GET", "OPTIONS"] {
                let answer = call(&world, method, &format!("{}/photos", world.resource), origin).await;
                assert_not_allowed(&answer, origin);
            }
        }
    }

    /// RFC 9700 §2.6: the authorization endpoint answers no script at all, nor does any page.
    async fn no_page_may_be_called_by_a_script(world) {
        for path in PAGES {
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                let url = format!("{}{path}", world.auth);
                let answer = call(&world, method.as_str(), &url, &world.client).await;
                assert_not_allowed(&answer, &format!("{method} {path}"));
            }
        }
    }

    /// The resource server answers the script, also when it says no, and never with cookies.
    async fn the_resource_server_answers_the_script(world) {
        let url = format!("{}/photos", world.resource);
        for method in ["GET", "OPTIONS"] {
            let answer = call(&world, method, &url, &world.client).await;
            assert_eq!(answer.header("access-control-allow-origin"), world.client, "{method}");
            assert_eq!(answer.header("access-control-allow-credentials"), "");
        }
    }
}
