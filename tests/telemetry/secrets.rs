//! Nothing that somebody could present is in what the services tell about themselves.

use std::collections::BTreeSet;

use e2e::{Answer, Services};

use crate::traces::traced;

/// What a body calls its secrets.
const SECRET_MEMBERS: [&str; 8] = [
    "access_token",
    "refresh_token",
    "token",
    "code",
    "code_verifier",
    "password",
    "client_secret",
    "csrf",
];

/// The secrets in a form or a JSON object.
fn secrets_of(body: &str) -> Vec<String> {
    let members: Vec<(String, String)> = match serde_json::from_str(body) {
        Ok(serde_json::Value::Object(members)) => members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect(),
        _ => url::form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
    };
    let secret = |(name, value): (String, String)| {
        (SECRET_MEMBERS.contains(&name.as_str()) && !value.is_empty()).then_some(value)
    };
    members.into_iter().filter_map(secret).collect()
}

/// Walks through every page of Print Photo; tells of the cookies and codes that the browser saw.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn walk(services: &Services) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let mut note = |answer: &Answer| {
        if let Some((_, value)) = answer.header("set-cookie").split_once('=') {
            let value = value.split(';').next().unwrap_or_default();
            secrets.extend((value.len() > 10).then(|| value.to_owned()));
        }
        if let Some((_, query)) = answer.header("location").split_once(['?', '#']) {
            secrets.extend(secrets_of(query));
        }
    };
    let print_photo = services.print_photo();
    let browser = &print_photo.browser;
    let asked = print_photo.press("/code", "/code", &[]).await;
    note(&asked);
    let login = browser.follow(&asked).await;
    note(&login);
    let page = browser.get(login.header("location")).await;
    for password in ["wrong-password", "photos4me"] {
        let signed_in = browser.submit_sign_in(&page, "xiaoming", password).await;
        note(&signed_in);
        if signed_in.status != 303 {
            continue;
        }
        let approval = browser.follow(&signed_in).await;
        let decided = browser.decide(&approval, &["photo.read", "profile"]).await;
        note(&decided);
        note(&browser.follow(&decided).await);
        // The code again, from another browser: it has been used, and that one did not ask.
        let other = services.print_photo().browser;
        note(&other.get(decided.header("location")).await);
    }
    for page in ["/photos", "/photos/1"] {
        assert_eq!(print_photo.open(page).await.status, 200);
    }
    print_photo.press("/photos", "/refresh", &[]).await;
    let fields = [("username", "lihua"), ("password", "photos4me")];
    print_photo.press("/password", "/password", &fields).await;
    let page = "/client-credentials";
    print_photo.press(page, page, &[]).await;
    print_photo.press("/", "/logout", &[]).await;
    secrets
}

/// Mistakes are where secrets slip out: each endpoint with each kind of wrong credential.
async fn mistakes(services: &Services, secrets: &BTreeSet<String>) {
    let browser = services.print_photo().browser;
    let auth = &services.auth.address;
    for secret in secrets {
        for path in ["token", "check_token", "introspect", "revoke", "authorize"] {
            let address = format!("{auth}/oauth/{path}");
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", secret),
                ("token", secret),
                ("client_id", "print-photo"),
                ("client_secret", secret),
            ];
            browser.post(&address, &form).await;
            let address = format!("{address}?token={secret}&code={secret}");
            browser.get(&address).await;
        }
        let api = format!("{}/photos?access_token={secret}", services.resource.address);
        browser.get(&api).await;
        let bearer = format!("Bearer {secret}");
        browser.get_with(&api, "authorization", &bearer).await;
        let callback = format!("{}/callback?code={secret}&state=x", services.client.address);
        browser.get(&callback).await;
    }
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    let needle = needle.as_bytes();
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// Spans, logs and metrics of a journey through all services, with every log on, hold none of the
/// secrets, codes and tokens that were sent, received or shown under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
async fn nothing_that_could_be_presented_is_in_spans_logs_and_metrics() {
    for format in ["opaque", "jwt"] {
        let environment = [
            ("AUTH_SERVER__TOKENS__FORMAT", format),
            ("AUTH_SERVER__LOG__FILTER", "trace"),
            ("RESOURCE_SERVER__LOG__FILTER", "trace"),
            ("DEMO_CLIENT__LOG__FILTER", "trace"),
        ];
        let (mut services, collector) = traced(&environment).await;
        let mut secrets = walk(&services).await;
        let heard = [services.to_auth.heard(), services.to_resource.heard()].concat();
        for (sent, answered) in &heard {
            secrets.extend(secrets_of(sent));
            secrets.extend(secrets_of(answered));
        }
        secrets.insert("wrong-password".to_owned());
        assert!(secrets.len() > 12, "{secrets:#?}");
        assert!(secrets.contains("photos4me"), "{secrets:#?}");
        mistakes(&services, &secrets).await;
        for client in [
            "print-photo",
            "photo-desktop",
            "photo-backup",
            "photo-space",
        ] {
            secrets.insert(e2e::secret_of(client));
        }

        let mut told = Vec::new();
        let http = reqwest::Client::builder().build().unwrap();
        for service in services.all() {
            let metrics = http.get(format!("{}/metrics", service.probes)).send();
            let metrics = metrics.await.unwrap().bytes().await.unwrap();
            assert!(contains(&metrics, "http_server_request_duration_seconds"));
            told.push((format!("metrics of {}", service.probes), metrics.to_vec()));
        }
        services.stop().await;
        for service in services.all() {
            told.push((
                format!("log of {}", service.probes),
                service.log().into_bytes(),
            ));
        }
        told.push(("spans".to_owned(), collector.bytes()));
        for (place, text) in &told {
            assert!(text.len() > 1000, "{place} holds next to nothing");
            for secret in &secrets {
                assert!(!contains(text, secret), "{place} holds {secret}");
            }
        }
    }
}
