//! Rules on registrations of clients and owners.

use std::collections::BTreeSet;

use symbolon::identifiers::ClientId;

use super::bench::{Bench, CROWD};
use super::samples::{client, owner};
use super::{hold_against_every_database, hold_against_every_store};
use crate::records::ClientRegistration;
use crate::stores::LONGEST_LIFE_SECS;

async fn a_registration_is_found_as_it_was_stored(bench: &Bench) {
    let (full, bare) = (client("full"), bare("bare"));
    for client in [&full, &bare] {
        bench.store().clients.store_client(client).await.unwrap();
        let found = bench.other().clients.find_client(&client.client_id).await;
        assert_eq!(found.unwrap().as_ref(), Some(client));
    }
    let owner = owner("xiaoming");
    bench.store().owners.store_owner(&owner).await.unwrap();
    let found = bench.other().owners.find_owner("xiaoming").await.unwrap();
    assert_eq!(found, Some(owner));
}

async fn what_was_never_stored_is_not_found(bench: &Bench) {
    let store = bench.store();
    let id = ClientId::new("nobody");
    assert_eq!(store.clients.find_client(&id).await.unwrap(), None);
    assert_eq!(store.clients.list_clients(None, 10).await.unwrap(), []);
    assert!(!store.clients.remove_client(&id).await.unwrap());
    assert_eq!(store.owners.find_owner("nobody").await.unwrap(), None);
    assert_eq!(store.owners.list_owners(None, 10).await.unwrap(), []);
    assert!(!store.owners.remove_owner("nobody").await.unwrap());
}

async fn a_later_registration_replaces_the_earlier_one(bench: &Bench) {
    let store = bench.store();
    let (mut changed, other) = (client("a"), client("b"));
    for client in [&changed, &other] {
        store.clients.store_client(client).await.unwrap();
    }
    changed.client_secret = None;
    changed.require_pkce = Some(true);
    store.clients.store_client(&changed).await.unwrap();
    let all = bench.other().clients.list_clients(None, 10).await.unwrap();
    assert_eq!(all, [changed, other]);

    let (mut changed, other) = (owner("a"), owner("b"));
    for owner in [&changed, &other] {
        store.owners.store_owner(owner).await.unwrap();
    }
    changed.authorities = vec!["ROLE_ADMIN".to_owned()];
    store.owners.store_owner(&changed).await.unwrap();
    let all = bench.other().owners.list_owners(None, 10).await.unwrap();
    assert_eq!(all, [changed, other]);
}

async fn a_removed_registration_is_gone(bench: &Bench) {
    let (store, other) = (bench.store(), bench.other());
    let (gone, kept) = (client("a"), client("b"));
    for client in [&gone, &kept] {
        store.clients.store_client(client).await.unwrap();
    }
    assert!(other.clients.remove_client(&gone.client_id).await.unwrap());
    let found = store.clients.find_client(&gone.client_id).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(store.clients.list_clients(None, 10).await.unwrap(), [kept]);
    assert!(!store.clients.remove_client(&gone.client_id).await.unwrap());

    for owner in [owner("a"), owner("b")] {
        store.owners.store_owner(&owner).await.unwrap();
    }
    assert!(other.owners.remove_owner("a").await.unwrap());
    assert_eq!(store.owners.find_owner("a").await.unwrap(), None);
    let all = store.owners.list_owners(None, 10).await.unwrap();
    assert_eq!(all, [owner("b")]);
    assert!(!store.owners.remove_owner("a").await.unwrap());
}

async fn a_registration_is_replaced_only_where_it_is_as_it_was_known(bench: &Bench) {
    let (store, other) = (bench.store(), bench.other());
    let (known, mut changed, mut new) = (client("a"), client("a"), client("a"));
    changed.client_name = "Changed".to_owned();
    new.client_name = "New".to_owned();
    assert!(!store.clients.replace_client(&known, &new).await.unwrap());
    assert_eq!(store.clients.list_clients(None, 10).await.unwrap(), []);
    store.clients.store_client(&known).await.unwrap();
    assert!(other.clients.replace_client(&known, &new).await.unwrap());
    assert!(
        !store
            .clients
            .replace_client(&known, &changed)
            .await
            .unwrap()
    );
    let all = store.clients.list_clients(None, 10).await.unwrap();
    assert_eq!(all, [new]);

    let (known, mut changed, mut new) = (owner("a"), owner("a"), owner("a"));
    changed.disabled = !known.disabled;
    new.authorities = vec!["ROLE_NEW".to_owned()];
    assert!(!store.owners.replace_owner(&known, &new).await.unwrap());
    assert_eq!(store.owners.list_owners(None, 10).await.unwrap(), []);
    store.owners.store_owner(&known).await.unwrap();
    assert!(other.owners.replace_owner(&known, &new).await.unwrap());
    assert!(!store.owners.replace_owner(&known, &changed).await.unwrap());
    assert_eq!(store.owners.list_owners(None, 10).await.unwrap(), [new]);
}

async fn of_many_who_replace_a_registration_one_does(bench: &Bench) {
    let known = client("a");
    bench.store().clients.store_client(&known).await.unwrap();
    let replaced = bench
        .crowd(|number, store| {
            let known = known.clone();
            async move {
                let mut new = known.clone();
                new.client_name = format!("New {number}");
                store.clients.replace_client(&known, &new).await.unwrap()
            }
        })
        .await;
    assert_eq!(replaced.iter().filter(|replaced| **replaced).count(), 1);
}

async fn registrations_are_listed_by_page(bench: &Bench) {
    let store = bench.store();
    // The order is that of bytes, neither of length nor of arrival.
    for name in ["b", "é", "aa", "B", "a", "ab", "{}"] {
        store.clients.store_client(&client(name)).await.unwrap();
        store.owners.store_owner(&owner(name)).await.unwrap();
    }
    let expected = ["B", "a", "aa", "ab", "b", "{}", "é"];
    for limit in 1..=8 {
        let (clients, owners) = (client_ids(bench, limit).await, owners(bench, limit).await);
        assert_eq!(clients, expected, "{limit} per page");
        assert_eq!(owners, expected, "{limit} per page");
    }
    assert_eq!(store.clients.list_clients(None, 0).await.unwrap(), []);
    // What a page goes on from need not be there.
    let after = ClientId::new("ac");
    let page = store.clients.list_clients(Some(&after), 1).await.unwrap();
    assert_eq!(page, [client("b")]);
    let page = store.owners.list_owners(Some("ac"), 1).await.unwrap();
    assert_eq!(page, [owner("b")]);
}

pub(super) async fn names_with_any_character_are_told_apart(bench: &Bench) {
    let store = bench.store();
    let names = [
        "",
        " ",
        "a",
        "a\0",
        "a b",
        "a:b",
        "{a}",
        "}",
        "(a",
        "[a",
        "-",
        "+",
        "\u{ffff}",
        "小明",
        "'--",
        "a\\",
        "\" OR 1=1",
    ];
    let names = names.into_iter().filter(|name| bench.keeps_name(name));
    let mut names: Vec<&str> = names.collect();
    for name in names.iter().copied() {
        store.clients.store_client(&client(name)).await.unwrap();
        store.owners.store_owner(&owner(name)).await.unwrap();
    }
    for name in names.iter().copied() {
        let found = store.clients.find_client(&ClientId::new(name)).await;
        assert_eq!(found.unwrap(), Some(client(name)));
        let found = store.owners.find_owner(name).await.unwrap();
        assert_eq!(found, Some(owner(name)));
    }
    names.sort_unstable();
    assert_eq!(client_ids(bench, 1).await, names);
    assert_eq!(owners(bench, 1).await, names);
}

async fn clients_and_owners_are_apart(bench: &Bench) {
    let store = bench.store();
    store.clients.store_client(&client("a")).await.unwrap();
    assert_eq!(store.owners.find_owner("a").await.unwrap(), None);
    assert_eq!(store.owners.list_owners(None, 10).await.unwrap(), []);
    store.owners.store_owner(&owner("a")).await.unwrap();
    assert!(store.owners.remove_owner("a").await.unwrap());
    let found = store
        .clients
        .find_client(&ClientId::new("a"))
        .await
        .unwrap();
    assert_eq!(found, Some(client("a")));
}

async fn a_registration_outlives_whatever_has_an_end(bench: &Bench) {
    let store = bench.store();
    store.clients.store_client(&client("a")).await.unwrap();
    store.owners.store_owner(&owner("a")).await.unwrap();
    bench.advance_secs(2 * LONGEST_LIFE_SECS);
    // A write, so that a sweeper has its chance to take too much.
    store.owners.store_owner(&owner("b")).await.unwrap();
    assert_eq!(client_ids(bench, 10).await, ["a"]);
    assert_eq!(owners(bench, 10).await, ["a", "b"]);
}

async fn of_many_who_store_one_registration_one_is_the_last(bench: &Bench) {
    bench
        .crowd(|number, store| async move {
            let mut client = client("a");
            client.client_name = number.to_string();
            store.clients.store_client(&client).await.unwrap();
        })
        .await;
    let all = bench
        .store()
        .clients
        .list_clients(None, CROWD)
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
    let found = bench.other().clients.find_client(&ClientId::new("a")).await;
    assert_eq!(found.unwrap().as_ref(), all.first());
}

async fn many_who_register_at_once_are_all_there(bench: &Bench) {
    bench
        .crowd(|number, store| async move {
            let name = number.to_string();
            store.clients.store_client(&client(&name)).await.unwrap();
            store.owners.store_owner(&owner(&name)).await.unwrap();
        })
        .await;
    let expected: BTreeSet<String> = (0..CROWD).map(|number| number.to_string()).collect();
    let expected: Vec<String> = expected.into_iter().collect();
    assert_eq!(client_ids(bench, 7).await, expected);
    assert_eq!(owners(bench, 7).await, expected);
}

pub(super) async fn of_many_who_remove_a_registration_one_does(bench: &Bench) {
    bench
        .store()
        .clients
        .store_client(&client("a"))
        .await
        .unwrap();
    bench.store().owners.store_owner(&owner("a")).await.unwrap();
    let removed = bench
        .crowd(|_, store| async move {
            let client = store
                .clients
                .remove_client(&ClientId::new("a"))
                .await
                .unwrap();
            let owner = store.owners.remove_owner("a").await.unwrap();
            (client, owner)
        })
        .await;
    assert_eq!(removed.iter().filter(|(client, _)| *client).count(), 1);
    assert_eq!(removed.iter().filter(|(_, owner)| *owner).count(), 1);
}

async fn pages_stay_whole_while_registrations_come_and_go(bench: &Bench) {
    let kept: Vec<String> = (0..40).map(|number| format!("kept {number:02}")).collect();
    for id in &kept {
        bench.store().clients.store_client(&bare(id)).await.unwrap();
    }
    let seen = bench
        .crowd(|number, store| async move {
            let passing = bare(&format!("kept {number:02} passing"));
            let mut seen = Vec::new();
            for _ in 0..5 {
                store.clients.store_client(&passing).await.unwrap();
                let page = store.clients.list_clients(None, 20).await.unwrap();
                seen.push(page.len());
                let there = store.clients.remove_client(&passing.client_id).await;
                assert!(there.unwrap());
            }
            seen
        })
        .await;
    assert!(
        seen.iter().flatten().all(|length| *length == 20),
        "{seen:?}"
    );
    assert_eq!(client_ids(bench, 3).await, kept);
}

/// A registration that says as little as it can.
fn bare(id: &str) -> ClientRegistration {
    ClientRegistration::new(ClientId::new(id), "A")
}

/// All clients, so many per page.
async fn client_ids(bench: &Bench, limit: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    loop {
        let after = ids.last().map(ClientId::new);
        let page = bench.store().clients.list_clients(after.as_ref(), limit);
        let page = page.await.unwrap();
        let is_last = page.len() < limit;
        ids.extend(page.iter().map(|client| client.client_id.to_string()));
        if is_last {
            return ids;
        }
    }
}

/// All owners, so many per page.
async fn owners(bench: &Bench, limit: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let after = names.last().map(String::as_str);
        let page = bench.store().owners.list_owners(after, limit);
        let page = page.await.unwrap();
        let is_last = page.len() < limit;
        names.extend(page.into_iter().map(|owner| owner.name));
        if is_last {
            return names;
        }
    }
}

hold_against_every_store!(
    a_registration_is_found_as_it_was_stored,
    what_was_never_stored_is_not_found,
    a_later_registration_replaces_the_earlier_one,
    a_removed_registration_is_gone,
    registrations_are_listed_by_page,
    names_with_any_character_are_told_apart,
    clients_and_owners_are_apart,
    a_registration_outlives_whatever_has_an_end,
    of_many_who_store_one_registration_one_is_the_last,
    many_who_register_at_once_are_all_there,
    of_many_who_remove_a_registration_one_does,
    a_registration_is_replaced_only_where_it_is_as_it_was_known,
    of_many_who_replace_a_registration_one_does,
    pages_stay_whole_while_registrations_come_and_go,
);

hold_against_every_database!(
    a_registration_is_found_as_it_was_stored,
    what_was_never_stored_is_not_found,
    a_later_registration_replaces_the_earlier_one,
    a_removed_registration_is_gone,
    registrations_are_listed_by_page,
    names_with_any_character_are_told_apart,
    clients_and_owners_are_apart,
    a_registration_outlives_whatever_has_an_end,
    of_many_who_store_one_registration_one_is_the_last,
    many_who_register_at_once_are_all_there,
    of_many_who_remove_a_registration_one_does,
    pages_stay_whole_while_registrations_come_and_go,
);
