//! Browser sessions: begun, found, renewed by a sign-in, ended.

use symbolon::clock::Clock as _;
use symbolon::secret::Secret;
use symbolon_auth_server::authorization::Step;
use symbolon_auth_server::records::{Device, SessionId};
use symbolon_auth_server::sessions::{BrowserSession, FormSession};
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
    let begun = rooms.sessions.begin().await.unwrap();
    assert_eq!(owner_of(&rooms, &begun).await, None);
    let same = found(&rooms, &begun.cookie).await.unwrap();
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
    let begun = rooms.sessions.begin().await.unwrap();
    assert_ne!(begun.cookie, chosen);
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
    let Step::SignIn(id, _) = step else {
        panic!("{step:?}");
    };
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let after = rooms.sessions.renew(before, &alice).await.unwrap();
    let pending = &rooms.authorization.pending;
    assert_eq!(pending.find(&old, &id).await.unwrap(), None);
    let waiting = pending.find(&after.id, &id).await.unwrap();
    assert_eq!(waiting.unwrap().request, asks(SHOP));
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
    assert!(matches!(step, Step::SignIn(..)), "{step:?}");
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
    let of_form = |cookies: &[&Secret], token: Option<String>| {
        let cookies = cookies.iter().map(|cookie| (*cookie).clone()).collect();
        let found = sessions.find_of_form(cookies, token);
        async { found.await.unwrap() }
    };
    let (one_cookie, another_cookie) = (one.cookie.clone(), another.cookie.clone());
    // Among several cookies the one of the form is found, wherever it stands.
    for cookies in [
        [&one_cookie, &another_cookie],
        [&another_cookie, &one_cookie],
    ] {
        let own = of_form(&cookies, Some(token.clone())).await;
        assert!(matches!(own, FormSession::Own(session) if session.id == one.id));
    }
    let foreign = of_form(&[&another_cookie], Some(token.clone())).await;
    assert!(matches!(foreign, FormSession::Other(session) if session.id == another.id));
    for forged in [None, Some(String::new()), Some("forged".to_owned())] {
        let other = of_form(&[&one_cookie], forged.clone()).await;
        assert!(matches!(other, FormSession::Other(_)));
        assert!(matches!(of_form(&[], forged).await, FormSession::Unknown));
    }
    // It is the same on every page, and another one after a sign-in.
    assert_eq!(sessions.csrf_token(&one), token);
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let renewed = sessions.renew(one, &alice).await.unwrap();
    let older = of_form(&[&renewed.cookie], Some(token.clone())).await;
    assert!(matches!(older, FormSession::Other(session) if session.id == renewed.id));
    let over = of_form(&[&one_cookie], Some(token)).await;
    assert!(matches!(over, FormSession::Over(cookie) if cookie == one_cookie));
}

#[tokio::test]
async fn of_several_cookies_the_one_in_whose_session_somebody_signed_in_counts() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let stale = Secret::new("set by another program");
    let anonymous = rooms.browser().await.cookie;
    let signed_in = rooms.browser_of("alice").await;
    let cookies = [stale.clone(), anonymous.clone(), signed_in.cookie.clone()];
    let found = rooms.sessions.find(cookies).await.unwrap().unwrap();
    assert_eq!(found.id, signed_in.id);
    let found = rooms.sessions.find([stale, anonymous.clone()]).await;
    assert_eq!(found.unwrap().unwrap().cookie, anonymous);
}

#[tokio::test]
async fn a_sign_in_that_is_repeated_leads_to_the_same_session_for_a_while() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let sessions = &rooms.sessions;
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let bob = rooms.owners.find("bob").await.unwrap().unwrap();
    let before = rooms.browser().await;
    let old = before.cookie.clone();
    let renewed = sessions.renew(before, &alice).await.unwrap();
    bench.advance_secs(59);
    let again = sessions.renew_again(&old, &alice).await.unwrap();
    assert_eq!(again.cookie, renewed.cookie);
    // Somebody else gets a session, and not hers.
    let other = sessions.renew_again(&old, &bob).await.unwrap();
    assert_ne!(other.id, renewed.id);
    assert_eq!(owner_of(&rooms, &other).await.as_deref(), Some("bob"));
    bench.advance_secs(1);
    let later = sessions.renew_again(&old, &alice).await.unwrap();
    assert_ne!(later.id, renewed.id);
    // What ended does not come back.
    let before = rooms.browser().await;
    let old = before.cookie.clone();
    let renewed = sessions.renew(before, &alice).await.unwrap();
    sessions.end(&renewed).await.unwrap();
    let again = sessions.renew_again(&old, &alice).await.unwrap();
    assert_ne!(again.id, renewed.id);
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
    assert!(is_down(sessions.begin().await.unwrap_err()));
    assert!(is_down(sessions.end(&session).await.unwrap_err()));
    let cookie = Some(session.cookie.clone());
    assert!(is_down(sessions.find(cookie).await.unwrap_err()));
    assert!(is_down(sessions.renew(session, &alice).await.unwrap_err()));
}

#[tokio::test]
async fn an_owner_knows_and_ends_the_sessions_of_the_account_and_no_others() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let [alice, bob] = ["alice", "bob"].map(|name| rooms.owners.find(name));
    let (alice, bob) = (alice.await.unwrap().unwrap(), bob.await.unwrap().unwrap());
    let device = Device {
        address: Some("192.0.2.1".to_owned()),
        user_agent: Some("a browser".to_owned()),
    };
    let before = rooms.browser().await;
    let in_browser = rooms.sessions.in_browser(device.clone());
    let one = in_browser.renew(before, &alice).await.unwrap();
    let two = rooms.browser_of("alice").await;
    let bobs = rooms.browser_of("bob").await;
    let known = rooms.sessions.list(&alice).await.unwrap();
    let mut ids: Vec<_> = known.iter().map(|known| known.id).collect();
    let mut expected = vec![one.id, two.id];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    let first = known.iter().find(|known| known.id == one.id).unwrap();
    assert_eq!(first.device, device);
    assert_eq!(first.seen_at, Some(bench.clock.now()));

    assert!(!rooms.sessions.end_of(&bob, &two.id).await.unwrap());
    assert_eq!(owner_of(&rooms, &two).await.as_deref(), Some("alice"));
    assert!(rooms.sessions.end_of(&alice, &two.id).await.unwrap());
    assert!(found(&rooms, &two.cookie).await.is_none());
    assert!(!rooms.sessions.end_of(&alice, &two.id).await.unwrap());
    rooms.sessions.end_all_of(&alice).await.unwrap();
    assert!(found(&rooms, &one.cookie).await.is_none());
    assert_eq!(owner_of(&rooms, &bobs).await.as_deref(), Some("bob"));
}

#[tokio::test]
async fn that_somebody_was_seen_is_written_now_and_then() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let alice = rooms.owners.find("alice").await.unwrap().unwrap();
    let session = rooms.browser_of("alice").await;
    let begun_at = bench.clock.now();
    let seen_at = async || rooms.sessions.list(&alice).await.unwrap()[0].seen_at;
    bench.clock.advance_secs(299);
    owner_of(&rooms, &session).await;
    assert_eq!(seen_at().await, Some(begun_at));
    bench.clock.advance_secs(1);
    owner_of(&rooms, &session).await;
    assert_eq!(seen_at().await, Some(begun_at.plus_secs(300)));
    // A session that has ended meanwhile stays ended.
    rooms.sessions.end(&session).await.unwrap();
    bench.clock.advance_secs(300);
    owner_of(&rooms, &session).await;
    assert!(found(&rooms, &session.cookie).await.is_none());
}
