//! Where a token is put in a call.

use super::*;
use crate::TokenPlacement;

async fn everything(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(path("/photos"))
        .respond_with(answer)
        .mount(server)
        .await;
}

async fn sent_with(placement: TokenPlacement) -> (String, Option<String>, Option<String>) {
    let server = MockServer::start().await;
    everything(&server, ResponseTemplate::new(200)).await;
    let client = client_holding(&server, tokens("a+b/c", 600)).with_token_placement(placement);
    let url = format!("{}?page=1", photos_url(&server));
    client.get(url).await.unwrap();
    let sent = requests_to(&server, "/photos").await;
    let header = |name: &str| {
        let value = sent[0].headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let query = sent[0].url.query().unwrap_or_default().to_owned();
    (query, header("authorization"), header("cache-control"))
}

/// Spring §10.6.
#[tokio::test]
async fn a_token_is_put_where_the_program_says() {
    let header = sent_with(TokenPlacement::default()).await;
    let bearer = Some("Bearer a+b/c".to_owned());
    assert_eq!(header, ("page=1".to_owned(), bearer, None));
    let query = sent_with(TokenPlacement::Query("access_token".to_owned())).await;
    let no_store = Some("no-store".to_owned());
    let encoded = "page=1&access_token=a%2Bb%2Fc".to_owned();
    assert_eq!(query, (encoded, None, no_store));
    let nowhere = sent_with(TokenPlacement::Nowhere).await;
    assert_eq!(nowhere, ("page=1".to_owned(), None, None));
}

/// A token in the query is in no error, with no watcher, and in no `Referer` where a redirect leads.
#[tokio::test]
async fn a_token_in_the_query_is_told_to_nobody_else() {
    let server = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    let leads_on = ResponseTemplate::new(302).insert_header("location", elsewhere.uri());
    everything(&server, leads_on).await;
    let in_query = || TokenPlacement::Query("t".to_owned());
    let client = client_holding(&server, tokens("sesame-sesame-sesame-sesame", 600));
    let client = client.with_token_placement(in_query());
    client.get(photos_url(&server)).await.unwrap();
    let received = elsewhere.received_requests().await.unwrap();
    assert_eq!(received.len(), 1);
    let seen = format!("{:?} {:?}", received[0].url, received[0].headers);
    assert!(!seen.contains("sesame"), "{seen}");
    let gone = client.get("http://127.0.0.1:1/photos").await.unwrap_err();
    let mut text = format!("{gone} {gone:?}");
    let mut source = std::error::Error::source(&gone);
    while let Some(cause) = source {
        text = format!("{text} {cause}");
        source = cause.source();
    }
    assert!(!text.contains("sesame"), "{text}");
}

/// The repeat has the new token and not both.
#[tokio::test]
async fn a_repeat_replaces_the_token_in_the_query() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(token_answer("second"));
    token_endpoint(&server, answer, 1).await;
    let refusal = r#"Bearer error="invalid_token""#;
    let refusal = ResponseTemplate::new(401).insert_header("WWW-Authenticate", refusal);
    everything(&server, refusal).await;
    let client = client_holding(&server, tokens("first", 600))
        .with_token_placement(TokenPlacement::Query("access_token".to_owned()));
    client.get(photos_url(&server)).await.unwrap();
    let sent = requests_to(&server, "/photos").await;
    let queries = sent.iter().map(|request| request.url.query().unwrap());
    let expected = ["access_token=first", "access_token=second"];
    assert_eq!(queries.collect::<Vec<_>>(), expected);
}
