//! What a resource server may say beside `invalid_token`.

use super::*;

#[tokio::test]
async fn every_challenge_is_read() {
    for refusals in [
        &[r#"Basic realm="x", Bearer error="invalid_token""#][..],
        &["Negotiate, NTLM, Bearer error=\"invalid_token\""],
        &[
            "Basic realm=\"x\"",
            "bearer realm=\"y\", error=invalid_token",
        ],
        &["Bearer realm=\"caf\u{e9}\", error=\"invalid_token\""],
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_json(token_answer("new"));
        token_endpoint(&server, answer, 1).await;
        let mut refusal = ResponseTemplate::new(401);
        for value in refusals {
            refusal = refusal.append_header("WWW-Authenticate", *value);
        }
        Mock::given(path("/photos"))
            .and(header("authorization", "Bearer new"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&server)
            .await;
        Mock::given(path("/photos"))
            .respond_with(refusal)
            .mount(&server)
            .await;
        let client = client_holding(&server, tokens("revoked", 3600));
        let response = client.get(photos_url(&server)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{refusals:?}");
    }
}
