//! Rules on the lists that clients are in: those of a developer, and those that wait for an administrator.

use symbolon::identifiers::ClientId;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::registered_by;
use crate::records::ClientRegistration;
use crate::stores::ClientList;

fn mine(id: &str, owner: &str) -> ClientRegistration {
    ClientRegistration {
        registered: Some(registered_by(owner)),
        ..ClientRegistration::new(ClientId::new(id), "A")
    }
}

fn awaiting(id: &str, owner: &str) -> ClientRegistration {
    ClientRegistration {
        awaits_approval: true,
        ..mine(id, owner)
    }
}

/// All clients of a list, so many per page.
async fn ids(bench: &Bench, list: &ClientList, limit: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    loop {
        let after = ids.last().map(ClientId::new);
        let clients = &bench.other().clients;
        let page = clients.list_clients_in(list, after.as_ref(), limit).await;
        let page = page.unwrap();
        let is_last = page.len() < limit;
        ids.extend(page.iter().map(|client| client.client_id.to_string()));
        if is_last {
            return ids;
        }
    }
}

fn of(owner: &str) -> ClientList {
    ClientList::RegisteredBy(owner.to_owned())
}

pub(super) async fn clients_are_listed_by_who_registered_them(bench: &Bench) {
    let clients = &bench.store().clients;
    for (id, owner) in [
        ("b", "小明"),
        ("a/b", "小明"),
        ("é", "小明"),
        ("", "小明"),
        ("c", "小明 2"),
        ("d", ""),
        ("e", "a/b"),
    ] {
        clients.store_client(&mine(id, owner)).await.unwrap();
    }
    let nobodys = ClientRegistration::new(ClientId::new("f"), "A");
    clients.store_client(&nobodys).await.unwrap();
    for limit in 1..=5 {
        assert_eq!(ids(bench, &of("小明"), limit).await, ["", "a/b", "b", "é"]);
        assert_eq!(ids(bench, &of("小明 2"), limit).await, ["c"]);
        assert_eq!(ids(bench, &of(""), limit).await, ["d"]);
        assert_eq!(ids(bench, &of("a/b"), limit).await, ["e"]);
        assert!(ids(bench, &of("nobody"), limit).await.is_empty());
        assert!(
            ids(bench, &ClientList::AwaitingApproval, limit)
                .await
                .is_empty()
        );
    }
}

pub(super) async fn a_client_is_in_the_lists_that_its_registration_says_now(bench: &Bench) {
    let clients = &bench.store().clients;
    let waits = &ClientList::AwaitingApproval;
    let (first, approved) = (awaiting("a", "xiaoming"), mine("a", "xiaoming"));
    clients.store_client(&first).await.unwrap();
    clients
        .store_client(&awaiting("b", "xiaohong"))
        .await
        .unwrap();
    assert_eq!(ids(bench, waits, 1).await, ["a", "b"]);
    assert!(clients.replace_client(&first, &approved).await.unwrap());
    assert!(!clients.replace_client(&first, &first).await.unwrap());
    assert_eq!(ids(bench, waits, 1).await, ["b"]);
    assert_eq!(ids(bench, &of("xiaoming"), 1).await, ["a"]);
    // Stored anew, for somebody else.
    clients
        .store_client(&awaiting("a", "xiaohong"))
        .await
        .unwrap();
    assert!(ids(bench, &of("xiaoming"), 1).await.is_empty());
    assert_eq!(ids(bench, &of("xiaohong"), 1).await, ["a", "b"]);
    assert_eq!(ids(bench, waits, 10).await, ["a", "b"]);
    assert!(clients.remove_client(&ClientId::new("a")).await.unwrap());
    assert_eq!(ids(bench, &of("xiaohong"), 1).await, ["b"]);
    assert_eq!(ids(bench, waits, 10).await, ["b"]);
    // What is registered again under that name begins anew.
    let nobodys = ClientRegistration::new(ClientId::new("a"), "A");
    clients.store_client(&nobodys).await.unwrap();
    assert_eq!(ids(bench, waits, 10).await, ["b"]);
    for id in ["a", "b"] {
        assert!(clients.remove_client(&ClientId::new(id)).await.unwrap());
    }
    assert!(ids(bench, waits, 10).await.is_empty());
}

async fn many_who_register_at_once_are_all_in_the_list(bench: &Bench) {
    bench
        .crowd(|number, store| async move {
            let client = awaiting(&format!("{number:02}"), "xiaoming");
            store.clients.store_client(&client).await.unwrap();
        })
        .await;
    let expected: Vec<String> = (0..super::bench::CROWD)
        .map(|number| format!("{number:02}"))
        .collect();
    assert_eq!(ids(bench, &of("xiaoming"), 7).await, expected);
    assert_eq!(
        ids(bench, &ClientList::AwaitingApproval, 100).await,
        expected
    );
}

hold_against_every_store!(
    clients_are_listed_by_who_registered_them,
    a_client_is_in_the_lists_that_its_registration_says_now,
    many_who_register_at_once_are_all_in_the_list,
);
