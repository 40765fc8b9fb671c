//! The token endpoint's answers, good and bad, and what is sent to it.

use serde_json::json;
use std::sync::{Arc, Mutex};
use symbolon::calls::LONGEST_ANSWER_BYTES;
use symbolon::client_authentication::{ClientAuthentication, EncodedCredentials};
use symbolon::clock::{SettableClock, Timestamp};
use symbolon::token::{ClientCredentialsRequest, GrantType, PasswordRequest};
use url::Url;
use wiremock::matchers::{body_string, header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::authorization_server::AuthorizationServer;
use crate::observer::{Exchange, Observer};

mod whole;

fn registration(
    server: &MockServer,
    id: &str,
    authentication: ClientAuthentication,
) -> Registration {
    let endpoint = Url::parse(&format!("{}/token", server.uri())).unwrap();
    let clock = SettableClock::at(Timestamp::from_secs(0));
    Registration::new(AuthorizationServer::new(endpoint), id, authentication)
        .unwrap()
        .with_clock(Arc::new(clock))
}

async fn answered(answer: ResponseTemplate) -> Result<Tokens, TokenError> {
    let server = MockServer::start().await;
    Mock::given(path("/token"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let authentication = ClientAuthentication::Basic(Secret::new("hush-client-secret"));
    let registration = registration(&server, "c", authentication);
    registration
        .refresh(Secret::new("hush-refresh-token-of-some-length"))
        .await
}

fn client_credentials() -> TokenRequest {
    TokenRequest::ClientCredentials(ClientCredentialsRequest { scope: None })
}

fn a_token() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "access_token": "t" }))
}

#[tokio::test]
async fn id_and_secret_are_form_encoded_in_basic_and_left_alone_for_spring() {
    let basic = |secret| ClientAuthentication::Basic(Secret::new(secret));
    let raw = |secret| ClientAuthentication::RawBasic(Secret::new(secret));
    for (authentication, expected) in [
        // base64("a%3Ab+c:p%25%26%C3%BC%2B")
        (basic("p%&ü+"), "Basic YSUzQWIrYzpwJTI1JTI2JUMzJUJDJTJC"),
        // base64("a:b c:p%&ü+")
        (raw("p%&ü+"), "Basic YTpiIGM6cCUmw7wr"),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/token"))
            .and(header("authorization", expected))
            .and(body_string("grant_type=client_credentials"))
            .respond_with(a_token())
            .expect(1)
            .mount(&server)
            .await;
        let registration = registration(&server, "a:b c", authentication);
        registration
            .request_tokens(&client_credentials())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_form_client_sends_no_header_and_a_public_one_no_secret() {
    let form = ClientAuthentication::Form(Secret::new("s&1"));
    for (authentication, body) in [
        (
            form,
            "grant_type=client_credentials&client_id=c&client_secret=s%261",
        ),
        (
            ClientAuthentication::None,
            "grant_type=client_credentials&client_id=c",
        ),
        // Spring's scheme `none`.
        (
            ClientAuthentication::Unsaid,
            "grant_type=client_credentials",
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/token"))
            .and(body_string(body))
            .respond_with(a_token())
            .expect(1)
            .mount(&server)
            .await;
        let registration = registration(&server, "c", authentication);
        registration
            .request_tokens(&client_credentials())
            .await
            .unwrap();
        let sent = server.received_requests().await.unwrap();
        assert!(
            sent.iter()
                .all(|request| !request.headers.contains_key("authorization"))
        );
    }
}

#[tokio::test]
async fn answers_of_old_servers_are_understood() {
    let spring = json!({ "access_token": "t", "token_type": "bearer", "expires_in": "60", "scope": ["a", "b"] });
    let tokens = answered(ResponseTemplate::new(200).set_body_json(spring)).await;
    let tokens = tokens.unwrap();
    assert_eq!(tokens.expires_at, Some(Timestamp::from_secs(60)));
    assert_eq!(tokens.scope.unwrap().to_string(), "a b");
    let form = ResponseTemplate::new(200).set_body_raw(
        "access_token=t&token_type=bearer&expires_in=60",
        "text/plain",
    );
    let tokens = answered(form).await.unwrap();
    assert_eq!(tokens.expires_at, Some(Timestamp::from_secs(60)));
}

#[tokio::test]
async fn json_is_asked_for_before_a_form() {
    let server = MockServer::start().await;
    Mock::given(path("/token"))
        .respond_with(a_token())
        .mount(&server)
        .await;
    let registration = registration(&server, "c", ClientAuthentication::None);
    let answer = registration.request_tokens(&client_credentials()).await;
    assert!(answer.is_ok());
    let sent = server.received_requests().await.unwrap();
    let expected = "application/json, application/x-www-form-urlencoded;q=0.5";
    assert_eq!(sent[0].headers["accept"], expected);
}

#[tokio::test]
async fn a_redirect_mismatch_is_told_from_other_bad_grants() {
    for (description, mismatch) in [
        ("Redirect URI mismatch.", true),
        ("Invalid authorization code", false),
    ] {
        let body = json!({ "error": "invalid_grant", "error_description": description });
        let error = answered(ResponseTemplate::new(400).set_body_json(body)).await;
        let error = error.unwrap_err();
        assert!(error.is_invalid_grant());
        assert_eq!(error.is_redirect_mismatch(), mismatch, "{error}");
    }
}

#[tokio::test]
async fn an_odd_life_does_not_lose_the_token() {
    for (odd, expires_at) in [
        (json!(60.5), Some(60)),
        (json!("60"), Some(60)),
        (json!(-1), None),
        (json!("soon"), None),
        (json!(null), None),
        (json!({ "secs": 60 }), None),
    ] {
        let body = json!({ "access_token": "t", "expires_in": odd });
        let tokens = answered(ResponseTemplate::new(200).set_body_json(body)).await;
        let expected = expires_at.map(Timestamp::from_secs);
        assert_eq!(tokens.unwrap().expires_at, expected, "{odd}");
    }
}

#[tokio::test]
async fn no_secret_is_in_an_error_even_when_the_server_repeats_it() {
    let description = "Invalid refresh token: hush-refresh-token-of-some-length";
    let body = json!({ "error": "invalid_grant", "error_description": description });
    let error = answered(ResponseTemplate::new(400).set_body_json(body)).await;
    let error = error.unwrap_err();
    assert!(error.is_invalid_grant());
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains("hush"), "{text}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_oauth_answer_is_told_by_its_status() {
    for (status, body) in [
        (500, "<html>"),
        (200, "{}"),
        (302, ""),
        (200, r#"{"access_token":""}"#),
    ] {
        let answer = ResponseTemplate::new(status)
            .insert_header("Location", "/elsewhere")
            .set_body_raw(body, "text/html");
        match answered(answer).await {
            Err(TokenError::UnexpectedAnswer { status: told, .. }) => assert_eq!(told, status),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_is_not_lost_because_of_what_stands_beside_it() {
    for (member, odd) in [
        ("scope", json!("photo.read ")),
        ("scope", json!("a  b")),
        ("scope", json!(["a b"])),
        ("scope", json!([null])),
        ("token_type", json!(null)),
        ("expires_in", json!({})),
    ] {
        let mut body = json!({ "access_token": "t", "refresh_token": "rotated" });
        body[member] = odd.clone();
        let tokens = answered(ResponseTemplate::new(200).set_body_json(body)).await;
        let rotated = tokens.unwrap().refresh_token;
        assert_eq!(rotated, Some(Secret::new("rotated")), "{member}: {odd}");
    }
}

#[tokio::test]
async fn an_empty_refresh_token_replaces_no_good_one() {
    for empty in [json!(""), json!(null), json!(7), json!([])] {
        let body = json!({ "access_token": "t", "refresh_token": empty });
        let tokens = answered(ResponseTemplate::new(200).set_body_json(body)).await;
        let kept = tokens.unwrap().refresh_token;
        let expected = Secret::new("hush-refresh-token-of-some-length");
        assert_eq!(kept, Some(expected), "{empty}");
    }
}

#[tokio::test]
async fn the_media_type_and_a_byte_order_mark_do_not_matter() {
    let form = "access_token=t&refresh_token=r&expires_in=60&scope=%zz";
    for (body, media_type) in [
        (form, "Application/X-WWW-Form-URLencoded; charset=utf-8"),
        (form, "TEXT/plain"),
        (
            "\u{feff}{\"access_token\":\"t\",\"expires_in\":60}",
            "text/html",
        ),
    ] {
        let answer = ResponseTemplate::new(200).set_body_raw(body, media_type);
        let tokens = answered(answer).await.unwrap();
        assert_eq!(
            tokens.expires_at,
            Some(Timestamp::from_secs(60)),
            "{media_type}"
        );
    }
}

#[tokio::test]
async fn an_error_decides_whatever_stands_beside_it_and_whatever_the_status_is() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant","scope":["a"]}"#.as_bytes()),
        (
            400,
            br#"{"error":"invalid_grant","error_description":{"a":1},"error_uri":7}"#,
        ),
        (
            400,
            b"{\"error\":\"invalid_grant\",\"error_description\":\"caf\xe9\"}",
        ),
        (200, br#"{"error":"invalid_grant","access_token":null}"#),
        (400, b"\xef\xbb\xbf{\"error\":\"invalid_grant\"}"),
    ] {
        let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
        let error = answered(answer).await.unwrap_err();
        assert!(error.is_invalid_grant(), "{error:?}");
    }
}

/// The value of the header by which this client proves who it is, and what is secret in it.
fn header_of(registration: &Registration) -> (String, String) {
    let credentials = registration
        .authentication()
        .encode(registration.client_id());
    let EncodedCredentials::Header(header) = credentials else {
        panic!("no header");
    };
    let (_, encoded) = header.expose().split_once(' ').unwrap();
    (header.expose().to_owned(), encoded.to_owned())
}

#[tokio::test]
async fn a_secret_that_the_server_repeats_in_any_form_is_not_told() {
    let secret = "hush \"cl\u{ef}ent\"+secret";
    let form = "hush+%22cl%C3%AFent%22%2Bsecret";
    let server = MockServer::start().await;
    let basic = ClientAuthentication::Basic(Secret::new(secret));
    let notes = Arc::new(Notes::default());
    let observer: Arc<dyn Observer> = notes.clone();
    let registration = registration(&server, "c", basic).with_observer(observer);
    let (header, in_header) = header_of(&registration);
    let body = json!({
        "error": format!("odd {secret}"),
        "error_description": format!("{secret} {form} {header} hush-refresh-token"),
        "error_uri": format!("https://x/?{form}"),
        "scope": [secret],
    });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(400).set_body_json(body))
        .mount(&server)
        .await;
    let refreshed = registration.refresh(Secret::new("hush-refresh-token"));
    let error = refreshed.await.unwrap_err();
    let seen = format!("{:?}", notes.0.lock().unwrap());
    for text in [format!("{error}"), format!("{error:?}"), seen] {
        assert!(text.contains("[redacted]"), "{text}");
        for secret in ["cl\u{ef}ent", "cl?ent", "22cl", "refresh-token", &in_header] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

#[tokio::test]
async fn what_the_server_says_forges_no_line_of_a_log() {
    let odd = "no\n2026-01-01T00:00:00Z ERROR forged \u{1b}[2J\u{7}";
    let body = json!({ "error": odd, "error_description": odd });
    let error = answered(ResponseTemplate::new(400).set_body_json(body)).await;
    let text = error.unwrap_err().to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    let body = json!({ "error": "x", "error_description": "d".repeat(60_000) });
    let error = answered(ResponseTemplate::new(400).set_body_json(body)).await;
    assert!(error.unwrap_err().to_string().len() < 600);
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let answer = ResponseTemplate::new(200).set_body_bytes(vec![b' '; LONGEST_ANSWER_BYTES + 1]);
    assert!(matches!(
        answered(answer).await,
        Err(TokenError::AnswerTooLong)
    ));
}

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Exchange>>);

impl Observer for Notes {
    fn observe(&self, exchange: Exchange) {
        self.0.lock().unwrap().push(exchange);
    }
}

#[tokio::test]
async fn an_observer_sees_every_step_and_no_secret() {
    let server = MockServer::start().await;
    let body = json!({ "access_token": "hush-hush-hush-hush-hush-hush", "expires_in": 60 });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let notes = Arc::new(Notes::default());
    let observer: Arc<dyn Observer> = notes.clone();
    let authentication = ClientAuthentication::Form(Secret::new("hush-client-secret"));
    let registration = registration(&server, "c", authentication).with_observer(observer);
    let request = TokenRequest::Password(PasswordRequest {
        username: "xiaoming".to_owned(),
        password: Secret::new("hush-password-of-the-owner"),
        scope: None,
    });
    registration.request_tokens(&request).await.unwrap();
    let seen = notes.0.lock().unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].status, Some(200));
    assert_eq!(
        seen[0].kind,
        ExchangeKind::TokenRequest(GrantType::Password)
    );
    let text = format!("{seen:?}");
    assert!(
        text.contains("xiaoming") && text.contains("\"…h-hush\""),
        "{text}"
    );
    assert!(
        !text.contains("hush-hush") && !text.contains("hush-client") && !text.contains("hush-p "),
        "{text}"
    );
}
