//! Browser sessions: begun, found, renewed by a sign-in, ended.

use symbolon::clock::Clock as _;
use symbolon::secret::Secret;
use symbolon_auth_server::authorization::Step;
use symbolon_auth_server::records::SessionId;
use symbolon_auth_server::sessions::BrowserSession;
use symbolon_auth_server::stores::{StoreError, Stores};

use crate::bench::Bench;
use crate::ports::down;
use crate::rooms::{Rooms, SIGNED_IN_SECS, WAIT_SECS};
use crate::samples::{SHOP, asks};

async fn found(rooms: &Rooms, cookie: &Secret) -> Option<BrowserSession> {
    let found = rooms.sessions.find(Some(cookie.clone())).await;
    found.unwrap()
}

async fn owner_of(rooms: &Rooms, session: &BrowserSession) -> Option<String> {
    let owner = rooms.sessions.owner(session).await.unwrap();
    owner.map(|owner| owner.name.clone())
}

#[tokio::test]
async fn a_session_is_begun_without_an_owner_and_found_by_its_cookie() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let begun = rooms.sessions.find_or_begin(None).await.unwrap();
    assert_eq!(owner_of(&rooms, &begun).await, None);
    let same = found(&rooms, &begun.cookie).await.unwrap();
    assert_eq!(same.id, begun.id);
    let cookie = Some(begun.cookie.clone());
    let same = rooms.sessions.find_or_begin(cookie).await.unwrap();
    assert_eq!(same.id, begun.id);
    assert_eq!(same.cookie, begun.cookie);
}

#[tokio::test]
async fn a_cookie_that_stands_for_nothing_begins_a_session_of_another_name() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let chosen = Secret::new("chosen by somebody else");
    assert!(rooms.sessions.find(None).await.unwrap().is_none());
    assert!(found(&rooms, &chosen).await.is_none());
    let begun = rooms.sessions.find_or_begin(Some(chosen.clone())).await;
    assert_ne!(begun.unwrap().cookie, chosen);
    assert!(found(&rooms, &chosen).await.is_none());
}

#[tokio::test]
async fn a_store_knows_nothing_that_could_be_presented() {
    let bench = Bench::new().await;
    let session = bench.rooms().browser().await;
    assert_eq!(session.id, SessionId::of_cookie(&session.cookie));
    let cookie = session.cookie.expose().as_bytes();
    assert_ne!(session.id.as_bytes().as_slice(), cookie);
}

#[tokio::test]
async fn a_sign_in_renews_the_session_and_its_old_cookie_is_worth_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let before = rooms.browser().await;
    let old = before.cookie.clone();
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let after = rooms.sessions.renew(before, &alice).await.unwrap();
    assert_ne!(after.cookie, old);
    assert!(found(&rooms, &old).await.is_none());
    let session = found(&rooms, &after.cookie).await.unwrap();
    assert_eq!(owner_of(&rooms, &session).await.as_deref(), Some("alice"));
    let stored = bench.stores.sessions.find_session(&after.id).await;
    let owner = stored.unwrap().unwrap().owner.unwrap();
    assert_eq!(owner.authenticated_at, bench.clock.now());
}

#[tokio::test]
async fn what_waits_goes_along_when_a_session_is_renewed() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let before = rooms.browser().await;
    let old = before.id;
    let step = rooms.start(&before, asks(SHOP)).await.unwrap();
    let Step::SignIn(id) = step else {
        panic!("{step:?}");
    };
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let after = rooms.sessions.renew(before, &alice).await.unwrap();
    let pending = &rooms.authorization.pending;
    assert_eq!(pending.find(&old, &id).await.unwrap(), None);
    let waiting = pending.find(&after.id, &id).await.unwrap();
    assert_eq!(waiting, Some(asks(SHOP)));
}

#[tokio::test]
async fn a_session_ends_with_what_waits_in_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    rooms.sessions.end(&session).await.unwrap();
    assert!(found(&rooms, &session.cookie).await.is_none());
    let pending = &rooms.authorization.pending;
    let waiting = pending.find(&session.id, &question.id).await;
    assert_eq!(waiting.unwrap(), None);
}

#[tokio::test]
async fn a_session_expires_and_sooner_when_nobody_has_signed_in() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let anonymous = rooms.browser().await;
    let signed_in = rooms.browser_of("alice").await;
    bench.advance_secs(WAIT_SECS - 1);
    assert!(found(&rooms, &anonymous.cookie).await.is_some());
    bench.advance_secs(1);
    assert!(found(&rooms, &anonymous.cookie).await.is_none());
    bench.advance_secs(SIGNED_IN_SECS - WAIT_SECS - 1);
    assert!(found(&rooms, &signed_in.cookie).await.is_some());
    bench.advance_secs(1);
    assert!(found(&rooms, &signed_in.cookie).await.is_none());
}

#[tokio::test]
async fn an_account_that_is_gone_is_not_signed_in_any_more() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser_of("alice").await;
    bench.configured_owners.replace(Vec::new());
    assert_eq!(owner_of(&rooms, &session).await, None);
    // A request then waits for a sign-in, and nothing is given in her name.
    let step = rooms.start(&session, asks(SHOP)).await.unwrap();
    assert!(matches!(step, Step::SignIn(_)), "{step:?}");
}

#[tokio::test]
async fn a_form_is_a_sessions_own_only_with_the_token_of_that_session() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let sessions = &rooms.sessions;
    let (one, another) = (rooms.browser().await, rooms.browser().await);
    let token = sessions.csrf_token(&one);
    assert!(!token.is_empty());
    assert_ne!(token, sessions.csrf_token(&another));
    assert!(sessions.is_own_form(&one, Some(token.clone())));
    assert!(!sessions.is_own_form(&another, Some(token.clone())));
    for forged in [None, Some(String::new()), Some("forged".to_owned())] {
        assert!(!sessions.is_own_form(&one, forged));
    }
    // It is the same on every page, and another one after a sign-in.
    assert_eq!(sessions.csrf_token(&one), token);
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let renewed = sessions.renew(one, &alice).await.unwrap();
    assert!(!sessions.is_own_form(&renewed, Some(token)));
}

#[tokio::test]
async fn a_store_that_fails_begins_renews_and_ends_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let session = rooms.browser().await;
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let rooms = bench.rooms_on(&Stores {
        sessions: down().sessions,
        ..bench.stores.clone()
    });
    let sessions = &rooms.sessions;
    let is_down = |error| matches!(error, StoreError::Unavailable(_));
    assert!(is_down(sessions.find_or_begin(None).await.unwrap_err()));
    assert!(is_down(sessions.end(&session).await.unwrap_err()));
    let cookie = Some(session.cookie.clone());
    assert!(is_down(sessions.find(cookie).await.unwrap_err()));
    assert!(is_down(sessions.renew(session, &alice).await.unwrap_err()));
}
