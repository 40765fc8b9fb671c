//! What a resource server means by its refusals, in the reading of Spring's clients.

use super::*;
use crate::{ErrorResponse, RefusalReading, ResourceRefusal};

const JSON: &str = "application/json;charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded";

/// Answers that say `invalid_token`: status, challenge, media type and body.
const INVALID: [(u16, &str, &str, &str); 5] = [
    (401, r#"Bearer error="invalid_token""#, "", ""),
    (401, r#"OAuth2 error="invalid_token""#, "", ""),
    (
        400,
        "",
        JSON,
        r#"{"error":"invalid_token","error_description":"Access token expired"}"#,
    ),
    (
        403,
        "",
        "application/problem+json",
        r#"{"error":"invalid_token"}"#,
    ),
    (
        401,
        "Basic",
        FORM,
        "error=invalid_token&error_description=gone",
    ),
];

/// Answers that say something else, or say it where it does not count.
const OTHERS: [(u16, &str, &str, &str); 6] = [
    (403, "", JSON, r#"{"error":"access_denied"}"#),
    (
        403,
        r#"Bearer error="insufficient_scope", scope="x""#,
        "",
        "",
    ),
    (500, "", JSON, r#"{"error":"invalid_token"}"#),
    (404, "", JSON, r#"{"error":"Not Found"}"#),
    (401, "", "text/html", r#"{"error":"invalid_token"}"#),
    // What the body says comes before the challenge.
    (
        401,
        r#"Bearer error="invalid_token""#,
        JSON,
        r#"{"error":"unauthorized"}"#,
    ),
];

fn template((status, challenge, media_type, body): (u16, &str, &str, &str)) -> ResponseTemplate {
    let answer = ResponseTemplate::new(status);
    let answer = if challenge.is_empty() {
        answer
    } else {
        answer.insert_header("WWW-Authenticate", challenge)
    };
    if media_type.is_empty() {
        answer
    } else {
        answer.set_body_raw(body, media_type)
    }
}

/// How often a token is asked for, and what the caller gets in the end.
async fn calls(row: (u16, &str, &str, &str), reading: RefusalReading) -> (usize, u16, String) {
    let server = MockServer::start().await;
    let fresh = ResponseTemplate::new(200).set_body_json(token_answer("fresh"));
    Mock::given(path("/oauth/token"))
        .respond_with(fresh)
        .mount(&server)
        .await;
    Mock::given(path("/photos"))
        .respond_with(template(row))
        .mount(&server)
        .await;
    let client = client_holding(&server, tokens("stale", 600)).with_refusal_reading(reading);
    let answer = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(answer.url().path(), "/photos");
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (
        requests_to(&server, "/oauth/token").await.len(),
        status,
        text,
    )
}

/// Spring §10.5 and §10.7: one new token, one repeat, and the answer is as it was sent.
#[tokio::test]
async fn an_invalid_token_is_found_wherever_an_old_server_says_it() {
    for row in INVALID {
        let (renewals, status, text) = calls(row, RefusalReading::Spring).await;
        assert_eq!(
            (renewals, status, text.as_str()),
            (1, row.0, row.3),
            "{row:?}"
        );
    }
    for row in OTHERS {
        let (renewals, status, text) = calls(row, RefusalReading::Spring).await;
        assert_eq!(
            (renewals, status, text.as_str()),
            (0, row.0, row.3),
            "{row:?}"
        );
    }
}

#[tokio::test]
async fn by_default_only_a_bearer_challenge_counts() {
    for (row, expected) in INVALID.into_iter().zip([1, 0, 0, 0, 0]) {
        let (renewals, ..) = calls(row, RefusalReading::Standard).await;
        assert_eq!(renewals, expected, "{row:?}");
    }
}

/// Spring §10.5, `retryBadAccessTokens`.
#[tokio::test]
async fn a_client_that_repeats_nothing_leaves_a_refusal_to_its_caller() {
    let server = MockServer::start().await;
    photos(&server, "another").await;
    let client = client_holding(&server, tokens("stale", 600)).without_repeats();
    let answer = client.get(photos_url(&server)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(requests_to(&server, "/photos").await.len(), 1);
    let held = client.tokens().await.unwrap().unwrap();
    assert_eq!(held.access_token, Secret::new("stale"));
}

async fn told(row: (u16, &str, &str, &str)) -> Result<(u16, String), ResourceRefusal> {
    let server = MockServer::start().await;
    Mock::given(path("/photos"))
        .respond_with(template(row))
        .mount(&server)
        .await;
    let answer = client_holding(&server, tokens("sesame+open", 600))
        .get(photos_url(&server))
        .await;
    match ResourceRefusal::tell(answer.unwrap()).await.unwrap() {
        Ok(answer) => Ok((answer.status().as_u16(), answer.text().await.unwrap())),
        Err(refusal) => Err(refusal),
    }
}

/// Spring §10.7: the code from the body, else from the challenge; a scope is kept; the code stands for a description.
#[tokio::test]
async fn the_errors_of_resource_servers_are_told_by_their_codes() {
    for (row, expected) in [
        (OTHERS[0], "the resource server refused: access_denied"),
        (OTHERS[1], "the resource server refused: insufficient_scope"),
        (
            INVALID[2],
            "the resource server refused: invalid_token: Access token expired",
        ),
        (
            INVALID[4],
            "the resource server refused: invalid_token: gone",
        ),
    ] {
        let refusal = told((403, row.1, row.2, row.3)).await.unwrap_err();
        assert_eq!(refusal.to_string(), expected);
        assert_eq!(refusal.status, StatusCode::FORBIDDEN);
    }
    let refusal = told(OTHERS[1]).await.unwrap_err();
    assert_eq!(refusal.error.scope.as_deref(), Some("x"));
}

/// Releases of Spring before 2.5.2 repeat the token.
#[tokio::test]
async fn a_refusal_that_repeats_the_token_is_told_without_it() {
    let text = "Invalid access token: sesame+open sesame%2Bopen";
    let body = format!(r#"{{"error":"invalid_token","error_description":"{text}"}}"#);
    let challenge = format!(r#"Bearer error="invalid_token", error_description="{text}""#);
    for row in [
        (403, "", JSON, body.as_str()),
        (403, challenge.as_str(), "", ""),
    ] {
        let refusal = told(row).await.unwrap_err();
        let expected = "invalid_token: Invalid access token: [redacted] [redacted]";
        assert_eq!(refusal.error.to_string(), expected);
    }
}

#[tokio::test]
async fn what_is_no_refusal_comes_back_as_it_was() {
    for row in [OTHERS[2], OTHERS[3], OTHERS[4], (200, "", JSON, "{}")] {
        assert_eq!(told(row).await, Ok((row.0, row.3.to_owned())), "{row:?}");
    }
    // No error is that long: it is passed on to the last character, and not looked at.
    let long = format!(
        r#"{{"error":"invalid_token","x":"{}"}}"#,
        "x".repeat(400_000)
    );
    let (status, text) = told((400, "", JSON, &long)).await.unwrap();
    assert_eq!((status, text), (400, long));
}

#[test]
fn a_refusal_is_an_error_that_prints_no_control_characters() {
    let said = json!({"error": "access_denied", "error_description": "no\n\u{1b}[2J"});
    let error: ErrorResponse = serde_json::from_value(said).unwrap();
    let refusal = ResourceRefusal {
        status: StatusCode::FORBIDDEN,
        error,
    };
    assert!(!refusal.to_string().chars().any(char::is_control));
}
