//! Who watches the questions about tokens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test may fail it"
)]

use std::sync::{Arc, Mutex};

use serde_json::json;
use symbolon::clock::{Clock, SettableClock, Timestamp};
use symbolon_resource_server::verifier::{
    AskedQuestion, QuestionObserver, RemoteVerifier, Timeouts, TokenVerifier as _, Transport,
};
use symbolon_resource_server::{Secret, Url};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn check_token(server: &str) -> RemoteVerifier {
    let url = Url::parse(&format!("{server}/oauth/check_token")).unwrap();
    let transport = Transport::new(Timeouts::default()).unwrap();
    let transport = transport.with_credentials("photo-space", "photo-space-secret");
    let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(Timestamp::from_secs(0)));
    RemoteVerifier::check_token(transport, url, clock).unwrap()
}

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

impl QuestionObserver for Notes {
    fn asked(&self, question: &AskedQuestion<'_>) {
        let mut notes = self.0.lock().unwrap();
        notes.push(format!("{question:?}"));
    }
}

#[actix_web::test]
async fn an_observer_is_told_of_each_question_and_sees_no_token_printed() {
    let answer = json!({"active": true, "client_id": "print-photo", "scope": ["photo.read"]});
    let answer = ResponseTemplate::new(200)
        .set_body_json(answer)
        .insert_header("X-Request-ID", "the-id-at-the-server");
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let notes = Arc::new(Notes::default());
    let verifier = check_token(&server.uri()).observed_by(notes.clone());
    verifier.verify(&Secret::new("hush-token")).await.unwrap();
    drop(server);
    let gone = check_token("http://127.0.0.1:1").observed_by(notes.clone());
    gone.verify(&Secret::new("hush-token")).await.unwrap_err();
    let notes = notes.0.lock().unwrap();
    assert!(notes[0].contains("the-id-at-the-server") && notes[0].contains("photo.read"));
    assert!(notes[1].contains("answer: None"), "{}", notes[1]);
    assert!(notes.iter().all(|note| !note.contains("hush")), "{notes:?}");
}
