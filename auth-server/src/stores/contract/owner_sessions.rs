//! Rules on the sessions in which one owner has signed in: they are listed until they end.

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::new_session;
use crate::records::{AuthenticatedOwner, Device, Session, SessionId};

const OWNER: &str = "wang";

fn signed_in(bench: &Bench, name: &str) -> Session {
    Session {
        owner: Some(AuthenticatedOwner {
            name: name.to_owned(),
            authenticated_at: bench.now(),
            password_mark: None,
        }),
        device: Device {
            address: Some("192.0.2.1".to_owned()),
            user_agent: Some("a browser".to_owned()),
        },
        ..bench.samples.session()
    }
}

async fn begun(bench: &Bench, session: &Session) -> SessionId {
    let id = new_session();
    let stored = bench.store().sessions.store_session(&id, session).await;
    stored.unwrap();
    id
}

async fn listed(bench: &Bench, owner: &str) -> Vec<SessionId> {
    let found = bench.other().sessions.list_sessions(owner).await.unwrap();
    let mut ids: Vec<_> = found.into_iter().map(|(id, _)| id).collect();
    ids.sort();
    ids
}

fn sorted<const N: usize>(mut ids: [SessionId; N]) -> Vec<SessionId> {
    ids.sort();
    ids.into()
}

pub(super) async fn the_sessions_of_an_owner_are_listed_until_they_end(bench: &Bench) {
    let sessions = &bench.store().sessions;
    let session = signed_in(bench, OWNER);
    let (one, two) = (begun(bench, &session).await, begun(bench, &session).await);
    let others = begun(bench, &signed_in(bench, "wan")).await;
    begun(bench, &bench.samples.session()).await;
    assert_eq!(listed(bench, OWNER).await, sorted([one, two]));
    assert_eq!(listed(bench, "wan").await, [others]);
    assert_eq!(listed(bench, "").await, []);
    let found = bench.other().sessions.list_sessions(OWNER).await.unwrap();
    assert!(found.iter().all(|(_, found)| *found == session));

    let (anonymous, renewed) = (begun(bench, &bench.samples.session()).await, new_session());
    let renewal = sessions.renew_session(&anonymous, &renewed, &session);
    renewal.await.unwrap();
    assert_eq!(listed(bench, OWNER).await, sorted([one, two, renewed]));
    let again = new_session();
    let renewal = sessions.renew_session(&two, &again, &session);
    renewal.await.unwrap();
    sessions.delete_session(&one).await.unwrap();
    assert_eq!(listed(bench, OWNER).await, sorted([renewed, again]));
    sessions.end_sessions_of(OWNER).await.unwrap();
    assert_eq!(listed(bench, OWNER).await, []);
    assert_eq!(listed(bench, "wan").await, [others]);
}

async fn a_session_that_is_over_is_not_listed(bench: &Bench) {
    let session = signed_in(bench, OWNER);
    begun(bench, &session).await;
    let longer = Session {
        expires_at: session.expires_at.plus_secs(60),
        ..session.clone()
    };
    let longer = begun(bench, &longer).await;
    let secs = session.expires_at.as_secs() - bench.now().as_secs();
    bench.advance_secs(secs);
    assert_eq!(listed(bench, OWNER).await, [longer]);
    bench.advance_secs(60);
    assert_eq!(listed(bench, OWNER).await, []);
}

pub(super) async fn that_a_session_was_seen_is_kept_and_brings_none_back(bench: &Bench) {
    let sessions = &bench.store().sessions;
    let session = signed_in(bench, OWNER);
    let (id, ended) = (begun(bench, &session).await, begun(bench, &session).await);
    let seen = Session {
        seen_at: Some(bench.now().plus_secs(7)),
        ..session.clone()
    };
    sessions.note_session_seen(&id, &seen).await.unwrap();
    let found = bench.other().sessions.find_session(&id).await.unwrap();
    assert_eq!(found, Some(seen.clone()));
    sessions.delete_session(&ended).await.unwrap();
    sessions.note_session_seen(&ended, &seen).await.unwrap();
    assert_eq!(sessions.find_session(&ended).await.unwrap(), None);
    let nobodys = new_session();
    sessions.note_session_seen(&nobodys, &seen).await.unwrap();
    assert_eq!(sessions.find_session(&nobodys).await.unwrap(), None);
    // It lasts as long as before.
    let secs = session.expires_at.as_secs() - bench.now().as_secs();
    bench.advance_secs(secs);
    assert_eq!(sessions.find_session(&id).await.unwrap(), None);
}

hold_against_every_store!(
    the_sessions_of_an_owner_are_listed_until_they_end,
    a_session_that_is_over_is_not_listed,
    that_a_session_was_seen_is_kept_and_brings_none_back,
);
