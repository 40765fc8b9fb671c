//! The implicit grant's answer. (That of the code grant is tested with the client.)

use symbolon::client_authentication::ClientAuthentication;
use symbolon::clock::{SettableClock, Timestamp};

use super::*;
use crate::authorization_server::AuthorizationServer;

fn clock() -> SettableClock {
    SettableClock::at(Timestamp::from_secs(1000))
}

fn started() -> (String, PendingImplicit) {
    let endpoint = Url::parse("https://as.example/token").unwrap();
    let server = AuthorizationServer {
        issuer: Some("https://as.example".to_owned()),
        ..AuthorizationServer::new(endpoint)
    };
    let registration = Registration::new(server, "photo-spa", ClientAuthentication::None).unwrap();
    let pending = PendingImplicit::new(&registration);
    (pending.state().expose().to_owned(), pending)
}

#[test]
fn a_token_in_the_fragment_is_taken() {
    let (state, pending) = started();
    let fragment = format!(
        "access_token=t&token_type=bearer&expires_in=60&scope=a%20b&refresh_token=no&state={state}"
    );
    let tokens = pending.complete(&fragment, &clock()).unwrap();
    assert_eq!(tokens.access_token, Secret::new("t"));
    assert_eq!(tokens.expires_at, Some(Timestamp::from_secs(1060)));
    assert_eq!(tokens.scope.unwrap().to_string(), "a b");
    // RFC 6749 §4.2.2: there is none in this grant.
    assert_eq!(tokens.refresh_token, None);
}

#[test]
fn a_token_that_another_page_planted_is_refused() {
    let (_, pending) = started();
    let fragment = "access_token=t&token_type=bearer&state=forged";
    let refused = pending.complete(fragment, &clock()).unwrap_err();
    assert_eq!(refused, CallbackError::ForeignState);
}

#[test]
fn a_token_of_another_issuer_is_refused() {
    let (state, pending) = started();
    let fragment = format!("access_token=t&token_type=bearer&state={state}&iss=https://x.example");
    let refused = pending.complete(&fragment, &clock()).unwrap_err();
    assert_eq!(refused, CallbackError::ForeignIssuer);
}

#[test]
fn a_fragment_without_a_bearer_token_is_refused() {
    for answer in [
        "access_token=t",
        "token_type=bearer",
        "access_token=t&token_type=mac",
    ] {
        let (state, pending) = started();
        let refused = pending.complete(&format!("{answer}&state={state}"), &clock());
        assert_eq!(refused.unwrap_err(), CallbackError::NoToken, "{answer}");
    }
}

#[test]
fn a_pending_request_prints_no_secret() {
    let (state, pending) = started();
    assert!(!format!("{pending:?}").contains(&state));
}
