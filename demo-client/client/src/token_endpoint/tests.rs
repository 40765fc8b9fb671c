//! The token endpoint's answers, good and bad, and what is sent to it.

use serde_json::json;
use std::sync::{Arc, Mutex};
use symbolon::calls::LONGEST_ANSWER_BYTES;
use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::{SettableClock, Timestamp};
use symbolon::token::{ClientCredentialsRequest, GrantType, PasswordRequest};
use url::Url;
use wiremock::matchers::{body_string, header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::authorization_server::AuthorizationServer;
use crate::observer::{Exchange, Observer};

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
async fn an_odd_life_does_not_lose_the_token() {
    for (odd, expires_at) in [
        (json!(60.5), Some(60)),
        (json!("60"), Some(60)),
        (json!(-1), None),
        (json!("soon"), None),
        (json!(null), None),
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
    for (status, body) in [(500, "<html>"), (200, "{}"), (302, "")] {
        let answer = ResponseTemplate::new(status)
            .insert_header("Location", "/elsewhere")
            .set_body_raw(body, "text/html");
        match answered(answer).await {
            Err(TokenError::UnexpectedAnswer { status: told }) => assert_eq!(told, status),
            other => panic!("{other:?}"),
        }
    }
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
