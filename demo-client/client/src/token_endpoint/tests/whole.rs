//! Exchanges as they were, for who teaches.

use super::*;
use crate::whole_exchange::{WholeExchange, WholeObserver};

#[derive(Debug, Default)]
struct WholeNotes(Mutex<Vec<WholeExchange>>);

impl Observer for WholeNotes {
    fn observe(&self, _: Exchange) {}

    fn whole(&self) -> Option<&dyn WholeObserver> {
        Some(self)
    }
}

impl WholeObserver for WholeNotes {
    fn observe_whole(&self, exchange: WholeExchange) {
        self.0.lock().unwrap().push(exchange);
    }
}

#[tokio::test]
async fn who_teaches_sees_exchanges_as_they_were_and_prints_no_secret() {
    let server = MockServer::start().await;
    let body = json!({ "access_token": "hush-access-token", "expires_in": 60 });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let notes = Arc::new(WholeNotes::default());
    let observer: Arc<dyn Observer> = notes.clone();
    let authentication = ClientAuthentication::Basic(Secret::new("hush-client-secret"));
    let registered = registration(&server, "c", authentication.clone());
    let registered = registered.with_observer(Arc::clone(&observer));
    let refreshed = registered.refresh(Secret::new("hush-refresh-token"));
    refreshed.await.unwrap();
    drop(server);
    let gone = AuthorizationServer::new("http://127.0.0.1:1/token".parse().unwrap());
    let gone = Registration::new(gone, "c", authentication).unwrap();
    let gone = gone.with_observer(observer);
    let refreshed = gone.refresh(Secret::new("hush-refresh-token")).await;
    refreshed.unwrap_err();
    let seen = notes.0.lock().unwrap();
    let request = &seen[0].request;
    let sent = request.body.as_ref().unwrap().expose();
    assert!(sent.contains("refresh_token=hush-refresh-token"), "{sent}");
    let mut headers = request.headers.iter();
    let basic = headers.find(|(name, _)| name == "authorization").unwrap();
    assert!(basic.1.expose().starts_with("Basic "));
    let response = seen[0].response.as_ref().unwrap();
    assert_eq!(response.status, 200);
    let received = response.body.as_ref().unwrap().expose();
    assert!(received.contains("hush-access-token"), "{received}");
    assert!(seen[1].response.is_none());
    let printed = format!("{seen:?}");
    assert!(
        !printed.contains("hush") && printed.contains("[redacted]"),
        "{printed}"
    );
}
