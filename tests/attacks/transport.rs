//! What a server on https tells browsers, and one on http does not (RFC 6797, RFC 6265).

use e2e::{Answer, Store, World, hidden_field};

/// What an answer sets.
fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| cookie.to_str().unwrap().to_owned())
        .collect()
}

/// Answers of every sort: pages, redirects, documents, refusals, what is not there, and all that set or remove a cookie.
async fn answers(world: &World) -> Vec<Answer> {
    let page = world.get("/login").await;
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let signed_in = post(world, "/login", &page, &SIGN_IN, &csrf).await;
    let out = get(world, "/logout", &signed_in).await;
    let csrf = hidden_field(&out.text, "_csrf").unwrap();
    let signed_out = post(world, "/logout", &signed_in, &[], &csrf).await;
    let mut answers = vec![page, signed_in, out, signed_out];
    for path in [
        "/",
        "/style.css",
        "/nowhere",
        "/oauth/authorize",
        "/oauth/authorize?client_id=print-photo&response_type=code",
        "/oauth/token",
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
    ] {
        answers.push(world.get(path).await);
    }
    answers.push(world.post("/oauth/token", &[]).await);
    let form = [("grant_type", "client_credentials")];
    answers.push(world.token("photo-backup", &form).await);
    answers
}

const SIGN_IN: [(&str, &str); 2] = [("username", "xiaoming"), ("password", "photos4me")];

/// With the cookies that an answer has set. A browser without TLS would keep them to itself.
async fn get(world: &World, path: &str, after: &Answer) -> Answer {
    let request = world.http().get(format!("{}{path}", world.auth));
    send(request, after).await
}

async fn post(
    world: &World,
    path: &str,
    after: &Answer,
    fields: &[(&str, &str)],
    csrf: &str,
) -> Answer {
    let mut form = fields.to_vec();
    form.push(("_csrf", csrf));
    let request = world.http().post(format!("{}{path}", world.auth));
    send(request.form(&form), after).await
}

async fn send(request: reqwest::RequestBuilder, after: &Answer) -> Answer {
    let pairs = cookies(after);
    let pairs = pairs.iter().filter_map(|cookie| cookie.split(';').next());
    let request = request.header("cookie", pairs.collect::<Vec<_>>().join("; "));
    Answer::read(request.send().await.unwrap()).await
}

async fn world_of(issuer: &str) -> World {
    let world = World::builder(Store::Memory).set("AUTH_SERVER__ISSUER", issuer);
    world.start().await
}

/// The scheme is read as every reader of addresses does (RFC 3986 §3.1), not as it is spelled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_an_https_server_keeps_browsers_on_https() {
    for issuer in [
        "https://auth.example",
        "HTTPS://auth.example",
        "hTTps://Auth.example:8443",
    ] {
        let world = world_of(issuer).await;
        let mut seen = Vec::new();
        for answer in answers(&world).await {
            let told = answer.header("strict-transport-security");
            assert_eq!(told, "max-age=31536000", "{issuer}: {answer:?}");
            seen.extend(cookies(&answer));
        }
        for cookie in &seen {
            for attribute in ["Secure", "HttpOnly", "Path=/"] {
                assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
            }
            assert!(cookie.contains("; SameSite=") && !cookie.contains("; Domain"));
        }
        // The session before the sign-in and after it, the browser that is known then, and the removal.
        assert!(seen.len() >= 4, "{seen:?}");
    }
}

/// RFC 6797 §7.2: nothing of https is said over http, also where capital letters spell it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_of_an_http_server_speaks_of_https() {
    for issuer in ["http://localhost:9000", "HTTP://localhost:9000"] {
        let world = world_of(issuer).await;
        for answer in answers(&world).await {
            assert_eq!(answer.header("strict-transport-security"), "", "{answer:?}");
            let mut set = cookies(&answer).into_iter();
            assert!(
                set.all(|cookie| !cookie.contains("Secure") && !cookie.starts_with("__Host-")),
                "{answer:?}"
            );
        }
    }
}
