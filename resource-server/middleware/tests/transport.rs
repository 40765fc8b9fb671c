//! Which addresses are called, and by which client.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use support::world::transport;
use support::{as_clock, clock};
use symbolon_resource_server::reqwest::header::{HeaderMap, HeaderName};
use symbolon_resource_server::verifier::{
    KeySource, RemoteVerifier, Timeouts, TokenVerifier, Transport, TransportError,
    VerificationError,
};
use symbolon_resource_server::{Secret, Url, reqwest};
use wiremock::matchers::header;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[actix_web::test]
async fn nothing_is_sent_in_the_clear_to_another_machine() {
    for address in [
        "http://id.example",
        "http://10.0.0.1:9000",
        "ftp://id.example",
    ] {
        let url = Url::parse(address).unwrap();
        let clock = || as_clock(&clock());
        let refused = [
            RemoteVerifier::check_token(transport(), url.clone(), clock()).err(),
            RemoteVerifier::introspection(transport(), url.clone(), clock()).err(),
            KeySource::token_key(transport(), url.clone()).err(),
            KeySource::jwks(transport(), url.clone()).err(),
            KeySource::issuer(transport(), address).err(),
        ];
        for error in refused {
            assert!(
                matches!(error, Some(TransportError::Address(_))),
                "{address}"
            );
        }
        let allowed = transport().allow_plain_http(true);
        let allowed = RemoteVerifier::check_token(allowed, url, clock());
        assert_eq!(allowed.is_ok(), address.starts_with("http:"), "{address}");
    }
}

#[actix_web::test]
async fn a_client_of_ones_own_is_used_and_follows_no_redirect() {
    let server = MockServer::start().await;
    let elsewhere = format!("{}/elsewhere", server.uri());
    Mock::given(header("x-house", "ours"))
        .respond_with(ResponseTemplate::new(307).insert_header("location", elsewhere))
        .expect(1)
        .mount(&server)
        .await;
    let headers =
        HeaderMap::from_iter([(HeaderName::from_static("x-house"), "ours".parse().unwrap())]);
    let builder = reqwest::Client::builder().default_headers(headers);
    let transport = Transport::with_client(builder, Timeouts::default()).unwrap();
    let url = Url::parse(&server.uri()).unwrap();
    let verifier = RemoteVerifier::check_token(transport, url, as_clock(&clock())).unwrap();
    let outcome = verifier.verify(&Secret::new("t")).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}
