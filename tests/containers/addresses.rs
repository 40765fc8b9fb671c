//! The three services at the addresses that the compose file gives them.

use std::time::Duration;

use e2e::{Answer, secret_of};

pub(crate) const AUTH: &str = "http://localhost:9000";
pub(crate) const RESOURCE: &str = "http://localhost:9001";
pub(crate) const CLIENT: &str = "http://localhost:9002";

/// No answer may take longer, whatever is broken.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);

/// A program that calls the services. It follows no redirect, and stays in the session that it began: one that asks
/// for pages on and on without a cookie is taken for a flood (`login.begun_per_address_per_minute`).
pub(crate) fn http() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(LONGEST_ANSWER)
        .build();
    client.expect("an HTTP client")
}

/// Asks for a token as a program that acts for itself.
pub(crate) async fn client_credentials(http: &reqwest::Client) -> Answer {
    let request = http
        .post(format!("{AUTH}/oauth/token"))
        .basic_auth("photo-backup", Some(secret_of("photo-backup")))
        .form(&[("grant_type", "client_credentials")]);
    Answer::read(request.send().await.expect("the proxy answers")).await
}

/// Asks for a token with the name and password of a person.
pub(crate) async fn password_grant(http: &reqwest::Client) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", "xiaoming"),
        ("password", "photos4me"),
    ];
    let request = http
        .post(format!("{AUTH}/oauth/token"))
        .basic_auth("photo-desktop", Some(secret_of("photo-desktop")))
        .form(&form);
    Answer::read(request.send().await.expect("the proxy answers")).await
}

/// Calls the API of photos.
pub(crate) async fn photos(http: &reqwest::Client, token: &str) -> Answer {
    let request = http.get(format!("{RESOURCE}/photos")).bearer_auth(token);
    Answer::read(request.send().await.expect("the resource server answers")).await
}
