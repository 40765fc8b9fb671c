//! Rules on finding owners by where they read mails.

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::owner;
use crate::records::{EmailAddress, OwnerRegistration};

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn reading_at(name: &str, address: &str) -> OwnerRegistration {
    OwnerRegistration {
        email: Some(email(address)),
        ..owner(name)
    }
}

/// All that are found at an address, so many per page.
async fn names(bench: &Bench, address: &str, limit: usize) -> Vec<String> {
    let (mut names, email): (Vec<String>, _) = (Vec::new(), email(address));
    loop {
        let (owners, after) = (&bench.other().owners, names.last().map(String::as_str));
        let page = owners.list_owners_by_email(&email, after, limit);
        let page = page.await.unwrap();
        let is_last = page.len() < limit;
        names.extend(page.into_iter().map(|owner| owner.name));
        if is_last {
            return names;
        }
    }
}

async fn owners_are_found_by_where_they_read_mails_however_it_is_written(bench: &Bench) {
    let owners = &bench.store().owners;
    for (name, address) in [
        ("b", "wang@example.org"),
        ("a/b", "Wang@Example.org"),
        ("\u{e9} {}", "wang@example.org"),
        ("a", "wang@example.organ"),
        ("c", "wan@example.org"),
        ("d", "wang/b@example.org"),
    ] {
        owners
            .store_owner(&reading_at(name, address))
            .await
            .unwrap();
    }
    owners
        .store_owner(&owner("wang@example.org"))
        .await
        .unwrap();
    for limit in 1..=4 {
        for address in ["wang@example.org", "WANG@EXAMPLE.ORG"] {
            let found = names(bench, address, limit).await;
            assert_eq!(found, ["a/b", "b", "\u{e9} {}"], "{address}, {limit}");
        }
        assert_eq!(names(bench, "wang/b@example.org", limit).await, ["d"]);
        assert!(names(bench, "li@example.org", limit).await.is_empty());
    }
    let louder = email("WAN@example.org");
    let found = owners.list_owners_by_email(&louder, None, 1).await.unwrap();
    assert_eq!(found, [reading_at("c", "wan@example.org")]);
}

pub(super) async fn an_owner_is_found_where_the_registration_says_now(bench: &Bench) {
    let owners = &bench.store().owners;
    let (first, moved) = (
        reading_at("a", "a@example.org"),
        reading_at("a", "b@example.org"),
    );
    assert!(owners.add_owner(&first).await.unwrap());
    assert_eq!(names(bench, "a@example.org", 2).await, ["a"]);
    // Whoever has the name stays, with what was said first.
    assert!(!owners.add_owner(&moved).await.unwrap());
    assert_eq!(owners.find_owner("a").await.unwrap(), Some(first.clone()));
    assert!(names(bench, "b@example.org", 2).await.is_empty());
    assert!(owners.replace_owner(&first, &moved).await.unwrap());
    assert!(!owners.replace_owner(&first, &first).await.unwrap());
    assert!(names(bench, "a@example.org", 2).await.is_empty());
    assert_eq!(names(bench, "b@example.org", 2).await, ["a"]);
    // In other letters it is the same place.
    let louder = reading_at("a", "B@example.org");
    assert!(owners.replace_owner(&moved, &louder).await.unwrap());
    assert_eq!(names(bench, "b@example.org", 2).await, ["a"]);
    owners.store_owner(&owner("a")).await.unwrap();
    assert!(names(bench, "b@example.org", 2).await.is_empty());
    owners.store_owner(&first).await.unwrap();
    assert_eq!(names(bench, "a@example.org", 2).await, ["a"]);
    assert!(bench.other().owners.remove_owner("a").await.unwrap());
    assert!(names(bench, "a@example.org", 2).await.is_empty());
    owners.store_owner(&owner("a")).await.unwrap();
    assert!(names(bench, "a@example.org", 2).await.is_empty());
    assert!(owners.remove_owner("a").await.unwrap());
}

pub(super) async fn of_many_who_take_a_name_one_gets_it(bench: &Bench) {
    let added = bench
        .crowd(|number, store| async move {
            let owner = reading_at("a", &format!("{number}@example.org"));
            store.owners.add_owner(&owner).await.unwrap()
        })
        .await;
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
    for (number, added) in added.into_iter().enumerate() {
        let found = names(bench, &format!("{number}@example.org"), 2).await;
        assert_eq!(found.len(), usize::from(added), "{number}");
    }
    assert_eq!(
        bench
            .store()
            .owners
            .list_owners(None, 9)
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn what_a_server_before_the_index_has_written_is_found_once_it_was_gone_through(
    bench: &Bench,
) {
    let owners = &bench.store().owners;
    let addresses = ["a@example.org", "b@example.org"];
    for number in 0..20 {
        let owner = reading_at(&format!("{number:02}"), addresses[number % 2]);
        owners.store_owner(&owner).await.unwrap();
        owners.store_owner(&owner_without(number)).await.unwrap();
    }
    let expected = names(bench, "a@example.org", 50).await;
    assert_eq!(expected.len(), 10);
    bench.forget_addresses().await;
    assert!(names(bench, "a@example.org", 50).await.is_empty());
    for limit in [3, 40, 41] {
        let (mut after, mut parts) = (None, 0);
        loop {
            after = owners.index_owners(after.as_deref(), limit).await.unwrap();
            parts += 1;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(parts, 40 / limit + 1, "{limit}");
        assert_eq!(names(bench, "a@example.org", 50).await, expected);
        assert_eq!(names(bench, "b@example.org", 50).await.len(), 10);
    }
}

fn owner_without(number: usize) -> OwnerRegistration {
    owner(&format!("{number:02} without"))
}

async fn many_who_come_at_once_are_all_found(bench: &Bench) {
    bench
        .crowd(|number, store| async move {
            let owner = reading_at(&format!("{number:02}"), "a@example.org");
            store.owners.store_owner(&owner).await.unwrap();
        })
        .await;
    let expected: Vec<String> = (0..CROWD).map(|number| format!("{number:02}")).collect();
    assert_eq!(names(bench, "a@example.org", 7).await, expected);
}

async fn what_is_damaged_is_not_found_and_hides_nobody(bench: &Bench) {
    let owners = &bench.store().owners;
    owners
        .store_owner(&reading_at("a", "a@example.org"))
        .await
        .unwrap();
    bench.damage_everything().await;
    owners
        .store_owner(&reading_at("b", "a@example.org"))
        .await
        .unwrap();
    assert_eq!(names(bench, "a@example.org", 1).await, ["b"]);
    assert_eq!(owners.index_owners(None, 10).await.unwrap(), None);
    // It can be written anew and removed.
    owners
        .store_owner(&reading_at("a", "b@example.org"))
        .await
        .unwrap();
    assert_eq!(names(bench, "a@example.org", 1).await, ["b"]);
    assert_eq!(names(bench, "b@example.org", 1).await, ["a"]);
}

hold_against_every_store!(
    owners_are_found_by_where_they_read_mails_however_it_is_written,
    an_owner_is_found_where_the_registration_says_now,
    of_many_who_take_a_name_one_gets_it,
    what_a_server_before_the_index_has_written_is_found_once_it_was_gone_through,
    many_who_come_at_once_are_all_found,
    what_is_damaged_is_not_found_and_hides_nobody,
);
