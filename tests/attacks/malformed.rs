//! Requests that are wrong in form: an answer with a status of their own fault, and a body that says why.

use e2e::{Answer, RawAnswer, World, on_every_store, raw_request};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};

const FORM: &str = "application/x-www-form-urlencoded";

/// The endpoints that take a form; the first five answer machines, the others people. The last two are no pages themselves.
const POSTS: [&str; 29] = [
    "/oauth/token",
    "/oauth/check_token",
    "/oauth/check_access",
    "/oauth/introspect",
    "/oauth/revoke",
    "/oauth/authorize",
    "/login",
    "/logout",
    "/account/applications",
    "/account/sessions",
    "/account/password",
    "/account/second-factor",
    "/account/passkeys",
    "/login/code",
    "/login/passkey",
    "/login/forgotten",
    "/login/reset",
    "/login/sign-up",
    "/login/sign-up/finish",
    "/account/email",
    "/developer/new",
    "/developer/application",
    "/admin/application",
    "/admin/accounts",
    "/admin/account",
    "/admin/access",
    "/admin/keys",
    "/developer/application/secret",
    "/developer/application/removal",
];

fn is_for_machines(path: &str) -> bool {
    POSTS[..5].contains(&path)
}

async fn post(
    world: &World,
    path: &str,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> Answer {
    let request = world
        .http()
        .post(format!("{}{path}", world.auth))
        .body(body);
    let request = request.basic_auth("print-photo", Some("print-photo-secret"));
    let request = request.header(CONTENT_TYPE, content_type);
    Answer::read(request.send().await.expect("the server answers")).await
}

/// An error in the form of its endpoint: JSON with `error`, or a page.
fn assert_told(answer: &Answer, path: &str, statuses: &[u16]) {
    assert!(
        statuses.contains(&answer.status),
        "{path}: {} {}",
        answer.status,
        answer.text
    );
    let content_type = answer.header("content-type");
    if is_for_machines(path) {
        assert!(
            content_type.starts_with("application/json"),
            "{path}: {content_type}"
        );
        assert!(answer.json["error"].is_string(), "{path}: {}", answer.text);
        assert!(
            answer.json["error_description"].is_string(),
            "{path}: {}",
            answer.text
        );
    } else {
        assert!(
            content_type.starts_with("text/html"),
            "{path}: {content_type}"
        );
    }
    assert!(
        answer.header("cache-control").contains("no-store"),
        "{path}"
    );
}

/// Sends a request byte by byte as it stands, with `body`.
async fn raw(world: &World, start: &str, headers: &str, body: &[u8]) -> RawAnswer {
    let length = body.len();
    let head = format!(
        "{start} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    );
    raw_request(&world.auth, &[head.as_bytes(), body].concat()).await
}

on_every_store! {
    /// A form of 40 KB, and one of 1 MB, is too long, and the one who sent it is told.
    async fn a_form_that_is_too_long_is_refused(world) {
        for size in [40 * 1024, 1024 * 1024] {
            for path in POSTS {
                let body = format!("token={}", "x".repeat(size));
                assert_told(&post(&world, path, FORM, body).await, path, &[413]);
            }
        }
    }

    /// RFC 6749 appendix B: what is no form, is no UTF-8, or says something twice, is refused.
    async fn a_form_that_cannot_be_read_is_refused(world) {
        let bodies: [&[u8]; 8] = [
            b"token=%",
            b"token=%4",
            b"token=%zz",
            b"token=%ff%fe",
            b"token=\xff\xfe",
            b"token=%00",
            b"token=a&token=b",
            b"grant_type=password&grant_type=refresh_token",
        ];
        for path in POSTS {
            for body in bodies {
                assert_told(&post(&world, path, FORM, body.to_vec()).await, path, &[400]);
            }
        }
    }

    /// RFC 9112 §7.1: what should be a chunk and is none is malformed, not long.
    async fn a_body_of_malformed_chunks_is_refused(world) {
        for path in POSTS {
            for body in ["zz\r\n", "5\r\ntoken\r\nzz\r\n", "5\r\ntokenzz", "-1\r\n"] {
                let request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {FORM}\r\n\
                    transfer-encoding: chunked\r\n\r\n{body}");
                let answer = raw_request(&world.auth, request.as_bytes()).await;
                assert_eq!(answer.status, 400, "{path} {body:?}: {answer:?}");
            }
        }
    }

    /// A body of another type is refused, whatever it holds.
    async fn a_body_of_another_type_is_refused(world) {
        for path in POSTS {
            for content_type in ["application/json", "text/plain", "multipart/form-data; boundary=x", "nonsense"] {
                let answer = post(&world, path, content_type, "{\"token\":\"x\"}").await;
                assert_told(&answer, path, &[415]);
            }
        }
    }

    /// Nothing at all is a request without its parameters.
    async fn an_empty_body_is_refused(world) {
        // A form that says nothing is one that comes too late: its page is shown.
        let pages = &POSTS[6..];
        for path in POSTS.into_iter().filter(|path| !pages.contains(path)) {
            assert_told(&post(&world, path, FORM, "").await, path, &[400]);
            assert_told(&post(&world, path, FORM, "&&=&=x&").await, path, &[400]);
        }
    }

    /// RFC 6749 §2.3.1, §5.2: credentials that cannot be read get 401 and a challenge.
    async fn broken_credentials_are_refused(world) {
        let broken = [
            "Basic", "Basic ", "Basic !!!", "Basic cHJpbnQtcGhvdG8", "Basic /////w==",
            "Basic Og==", "Bearer abc", "Digest username=\"x\"", "basic  x", "\u{ff}",
        ];
        for path in &POSTS[..5] {
            for header in broken {
                let request = world.http().post(format!("{}{path}", world.auth)).form(&[("token", "x")]);
                let answer = Answer::read(request.header(AUTHORIZATION, header).send().await.unwrap()).await;
                answer.assert_error(401, "invalid_client");
                assert!(answer.header("www-authenticate").starts_with("Basic"), "{header}");
            }
        }
    }

    /// RFC 6749 §2.3: more than one way to authenticate is one too many.
    async fn two_ways_to_authenticate_are_refused(world) {
        let form = [("grant_type", "client_credentials"), ("client_id", "photo-backup"), ("client_secret", "photo-backup-secret")];
        world.token("photo-backup", &form).await.assert_error(400, "invalid_request");
        let basic = "authorization: Basic cGhvdG8tYmFja3VwOnBob3RvLWJhY2t1cC1zZWNyZXQ=\r\n";
        let headers = format!("{basic}{basic}content-type: {FORM}\r\n");
        let answer = raw(&world, "POST /oauth/token", &headers, b"grant_type=client_credentials").await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.body.contains("invalid_request"), "{answer:?}");
        let other = [("grant_type", "client_credentials"), ("client_id", "print-photo")];
        world.token("photo-backup", &other).await.assert_error(401, "invalid_client");
    }

    /// RFC 6749 §3.3: a scope holds no quotes, no control characters, nothing but ASCII.
    async fn a_malformed_scope_is_refused(world) {
        for scope in ["\"photo.read\"", "photo\\read", "photo.read\tprofile", "photo.read\nprofile", "\u{1}", "\u{7167}\u{7247}"] {
            let form = [("grant_type", "client_credentials"), ("scope", scope)];
            let answer = world.token("photo-backup", &form).await;
            answer.assert_error(400, "invalid_scope");
        }
    }

    /// A grant type that is none, or that is not for this endpoint.
    async fn an_unknown_grant_is_refused(world) {
        for grant_type in ["x", "AUTHORIZATION_CODE", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"] {
            let answer = world.token("print-photo", &[("grant_type", grant_type)]).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert!(answer.json["error"].is_string());
        }
        world.token("print-photo", &[]).await.assert_error(400, "invalid_request");
    }

    /// A query that cannot be read gets a page, and one that is too long an answer.
    async fn a_query_that_cannot_be_read_gets_a_page(world) {
        for query in ["client_id=%", "client_id=%ff", "client_id=%00", "client_id=a&client_id=b"] {
            let answer = world.browser().get(&format!("/oauth/authorize?{query}")).await;
            assert_told(&answer, "/oauth/authorize", &[400]);
        }
        let state = "x".repeat(40_000);
        let query = format!("response_type=code&client_id=print-photo&state={state}");
        let answer = world.browser().get(&format!("/oauth/authorize?{query}")).await;
        assert_told(&answer, "/oauth/authorize", &[413]);
        let long = format!("GET /oauth/authorize?state={}", "x".repeat(300_000));
        let answer = raw(&world, &long, "", b"").await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }

    /// Headers without end, and requests that are none, are answered and closed.
    async fn requests_that_are_none_are_refused(world) {
        let endless = format!("x-long: {}\r\n", "x".repeat(300_000));
        let answer = raw(&world, "GET /", &endless, b"").await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        let many = "x-many: x\r\n".repeat(500);
        assert!((400..500).contains(&raw(&world, "GET /", &many, b"").await.status));
        for start in ["GET / HTTP/9.9", "NONSENSE", "GET", "\u{1}\u{2}"] {
            let answer = raw_request(&world.auth, format!("{start}\r\n\r\n").as_bytes()).await;
            assert!((400..500).contains(&answer.status), "{start}: {answer:?}");
        }
        let two_lengths = "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\
            transfer-encoding: chunked\r\n\r\n0\r\n\r\n";
        let answer = raw_request(&world.auth, two_lengths.as_bytes()).await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert_eq!(world.browser().get("/").await.status, 200);
    }

    /// RFC 9110 §15.5.6: every endpoint answers a wrong method with 405 and the right ones.
    async fn a_wrong_method_is_told_the_right_ones(world) {
        let endpoints = [
            ("GET, HEAD, POST", &POSTS[5..27]),
            ("POST", &POSTS[..5]),
            ("POST", &POSTS[27..]),
            ("GET, HEAD", &[
                "/", "/oauth/confirm_access", "/oauth/token_key", "/oauth/error", "/oauth/jwks",
                "/.well-known/oauth-authorization-server", "/style.css", "/icon.svg", "/passkeys.js",
                "/account", "/developer",
            ]),
        ];
        for (allowed, paths) in endpoints {
            for path in paths {
                for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
                    if allowed.split(", ").any(|known| known == method) {
                        continue;
                    }
                    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
                    let request = world.http().request(method.clone(), format!("{}{path}", world.auth));
                    let answer = Answer::read(request.send().await.unwrap()).await;
                    assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{method} {path}");
                    assert!(answer.json["error"].is_string(), "{}", answer.text);
                }
            }
        }
        assert_eq!(world.browser().get("/oauth/nothing").await.status, 404);
    }

    /// RFC 9110 §9.3.2: HEAD is GET without the body, at every service and at its probes.
    async fn head_is_answered_as_get_is_without_the_body(world) {
        let auth = ["/", "/login", "/logout", "/oauth/error", "/oauth/jwks", "/oauth/token_key", "/style.css",
            "/.well-known/oauth-authorization-server", "/nothing"].map(|path| format!("{}{path}", world.auth));
        let others = [
            format!("{}/photos", world.resource),
            format!("{}/", world.client),
            format!("{}/assets/style.css", world.client),
        ];
        for url in auth.iter().chain(&others) {
            let get = world.http().get(url).send().await.unwrap();
            let head = world.http().head(url).send().await.unwrap();
            assert_eq!(head.status(), get.status(), "{url}");
            for header in ["content-type", "cache-control", "content-security-policy"] {
                assert_eq!(head.headers().get(header), get.headers().get(header), "{url} {header}");
            }
            assert!(!get.text().await.unwrap().is_empty(), "{url}");
            assert_eq!(head.text().await.unwrap(), "", "{url}");
        }
        let refused = world.http().head(format!("{}/oauth/token", world.auth)).send().await.unwrap();
        assert_eq!(refused.status(), 405);
    }

    /// The resource server answers what it cannot read in JSON, too.
    async fn the_resource_server_refuses_what_it_cannot_read(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        let url = format!("{}/photos", world.resource);
        for header in ["Bearer", "Bearer ", "Bearer a b", "Bearer \"x\"", "Basic eDp5", "Bearer \u{ff}"] {
            let answer = world.http().get(&url).header(AUTHORIZATION, header).send().await.unwrap();
            let answer = Answer::read(answer).await;
            assert!([400, 401].contains(&answer.status), "{header}: {}", answer.text);
            assert!(answer.json["error"].is_string(), "{header}: {}", answer.text);
        }
        let twice = world.http().get(&url).bearer_auth(&token).bearer_auth(&token);
        let answer = Answer::read(twice.send().await.unwrap()).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
}
