//! Where clients and accounts are found: first in the settings, then in the store.

use std::sync::Arc;

use symbolon::client_authentication::{ClientPassword, PresentedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::clients::registration::register;
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::resource_owners::registration::register as register_owner;
use symbolon_auth_server::stores::{StoreError, StoreObserver, Stores};

use crate::bench::{ACCESS_TOKEN_SECS, Bench, defaults};
use crate::ports::{Count, down};
use crate::rooms::ADDRESS;
use crate::samples::{BCRYPT, SCRIPT, SHOP, confidential, owner, scope, script, secret_of, shop};

fn named(name: &str, id: &str) -> ClientRegistration {
    ClientRegistration {
        client_name: name.to_owned(),
        ..confidential(id)
    }
}

async fn name_of(bench: &Bench, id: &str) -> Option<String> {
    let found = bench.rooms().clients.find(&ClientId::new(id)).await;
    found.unwrap().map(|client| client.name.clone())
}

#[tokio::test]
async fn a_client_of_the_store_is_found_and_believed() {
    let bench = Bench::new().await;
    assert_eq!(name_of(&bench, "stored").await, None);
    let stored = named("From the store", "stored");
    bench.stores.clients.store_client(&stored).await.unwrap();
    let name = name_of(&bench, "stored").await;
    assert_eq!(name.as_deref(), Some("From the store"));
    // What it leaves open is as for all others.
    let client = bench.rooms().client("stored").await;
    assert_eq!(client.access_token_ttl_secs, Some(ACCESS_TOKEN_SECS));
    let removed = bench.stores.clients.remove_client(&stored.client_id);
    assert!(removed.await.unwrap());
    assert_eq!(name_of(&bench, "stored").await, None);
}

#[tokio::test]
async fn a_client_of_the_settings_comes_before_one_of_the_store_and_costs_no_read() {
    let bench = Bench::of([named("From the settings", SHOP)]).await;
    let stored = named("From the store", SHOP);
    bench.stores.clients.store_client(&stored).await.unwrap();
    let count = Arc::new(Count::default());
    let observer: Arc<dyn StoreObserver> = count.clone();
    let rooms = bench.rooms_on(&bench.stores.clone().observed(&observer));
    let found = rooms.clients.find(&ClientId::new(SHOP)).await.unwrap();
    assert_eq!(found.unwrap().name, "From the settings");
    assert_eq!(count.so_far(), 0);
    rooms.clients.find(&ClientId::new("nobody")).await.unwrap();
    assert_eq!(count.so_far(), 1);
}

#[tokio::test]
async fn replaced_clients_are_there_at_once_and_the_others_gone() {
    let bench = Bench::of([named("One", "one"), named("Two", "two")]).await;
    let rooms = bench.rooms();
    bench.configure([named("Another two", "two"), named("Three", "three")]);
    let name = async |id| {
        let found = rooms.clients.find(&ClientId::new(id)).await.unwrap();
        found.map(|client| client.name.clone())
    };
    assert_eq!(name("one").await, None);
    assert_eq!(name("two").await.as_deref(), Some("Another two"));
    assert_eq!(name("three").await.as_deref(), Some("Three"));
    assert_eq!(bench.configured_clients.list().len(), 2);
}

#[tokio::test]
async fn a_registration_of_the_store_that_breaks_the_rules_is_damaged() {
    let bench = Bench::new().await;
    let broken = ClientRegistration {
        access_token_ttl_secs: Some(0),
        ..confidential("broken")
    };
    bench.stores.clients.store_client(&broken).await.unwrap();
    let rooms = bench.rooms();
    let error = rooms.clients.find(&broken.client_id).await.unwrap_err();
    let StoreError::Damaged(text) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("`access_token_ttl_secs` is 0"), "{text}");
    // The others are surveyed all the same.
    rooms.clients.survey().await.unwrap();
    assert!(rooms.clients.facts().scopes.contains("read"));
}

#[tokio::test]
async fn a_store_that_fails_says_so() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        clients: down().clients,
        owners: down().owners,
        ..bench.stores.clone()
    });
    let found = rooms.clients.find(&ClientId::new("perhaps")).await;
    assert!(matches!(found, Err(StoreError::Unavailable(_))));
    let surveyed = rooms.clients.survey().await;
    assert!(matches!(surveyed, Err(StoreError::Unavailable(_))));
    let found = rooms.owners.find("perhaps").await;
    assert!(matches!(found, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_survey_tells_what_all_clients_need_together() {
    let bench = Bench::of([script()]).await;
    let rooms = bench.rooms();
    assert!(rooms.clients.facts().scopes.is_empty());
    let stored = ClientRegistration {
        client_secret: Some(Secret::new(BCRYPT)),
        grant_types: vec![GrantType::ClientCredentials],
        redirect_uris: vec!["https://elsewhere.example/".to_owned()],
        scope: scope("print"),
        access_token_ttl_secs: Some(7 * ACCESS_TOKEN_SECS),
        ..confidential("stored")
    };
    bench.stores.clients.store_client(&stored).await.unwrap();
    rooms.clients.survey().await.unwrap();
    let facts = rooms.clients.facts();
    // Where scripts are that may call: not where confidential clients are.
    let origins: Vec<&str> = facts.script_origins.iter().map(String::as_str).collect();
    assert_eq!(origins, ["https://shop.example"]);
    let grant_types = [
        GrantType::AuthorizationCode,
        GrantType::ClientCredentials,
        GrantType::RefreshToken,
    ];
    assert_eq!(facts.grant_types, grant_types.into());
    let scopes = ["delete", "print", "read", "write"].map(str::to_owned);
    assert_eq!(facts.scopes, scopes.into());
    let longest = facts.longest_token_life_secs;
    assert_eq!(longest, 7 * ACCESS_TOKEN_SECS);
}

#[tokio::test]
async fn a_survey_reads_more_clients_than_one_page() {
    let bench = Bench::of([]).await;
    for number in 0..501 {
        let client = ClientRegistration {
            scope: scope(&format!("scope-{number}")),
            grant_types: vec![GrantType::ClientCredentials],
            ..confidential(&format!("client-{number:03}"))
        };
        bench.stores.clients.store_client(&client).await.unwrap();
    }
    let rooms = bench.rooms();
    rooms.clients.survey().await.unwrap();
    assert_eq!(rooms.clients.facts().scopes.len(), 501);
}

#[tokio::test]
async fn the_same_clients_are_read_through_another_connection() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    rooms.clients.survey().await.unwrap();
    let elsewhere = rooms.clients.with_others([]);
    // The settings and the facts are shared.
    assert_eq!(elsewhere.facts().scopes, rooms.clients.facts().scopes);
    bench.configure([shop()]);
    let script = ClientId::new(SCRIPT);
    assert!(elsewhere.find(&script).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_of_the_store_is_found_and_one_of_the_settings_comes_before_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let stored = owner("carol", "{noop}carols");
    bench.stores.owners.store_owner(&stored).await.unwrap();
    let found = rooms.owners.find("carol").await.unwrap();
    assert_eq!(found.unwrap().name, "carol");
    let mut double = owner("alice", "{noop}another");
    double.authorities = vec!["ROLE_OF_THE_STORE".to_owned()];
    bench.stores.owners.store_owner(&double).await.unwrap();
    let found = rooms.owners.find("alice").await.unwrap().unwrap();
    assert_eq!(found.authorities, ["ROLE_USER"]);
    let found = rooms.owners.find_at_equal_cost("alice").await.unwrap();
    assert_eq!(found.unwrap().authorities, ["ROLE_USER"]);
    let replaced = register_owner(&owner("dora", "{noop}doras"), None).unwrap();
    bench.configured_owners.replace(vec![replaced]);
    assert!(rooms.owners.find("dora").await.unwrap().is_some());
    let found = rooms.owners.find("alice").await.unwrap().unwrap();
    assert_eq!(found.authorities, ["ROLE_OF_THE_STORE"]);
}

#[tokio::test]
async fn an_account_of_the_store_that_breaks_the_rules_is_damaged() {
    let bench = Bench::new().await;
    let broken = owner("eve", "no hash");
    bench.stores.owners.store_owner(&broken).await.unwrap();
    let error = bench.rooms().owners.find("eve").await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
}

#[tokio::test]
async fn a_secret_that_is_changed_in_the_settings_counts_at_once() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    rooms.client(SHOP).await;
    let mut changed = register(&shop(), &defaults()).unwrap();
    changed.secret = Some("{noop}changed".parse().unwrap());
    bench.configured_clients.replace(vec![changed]);
    let presented = PresentedCredentials::Form(ClientPassword {
        client_id: ClientId::new(SHOP),
        client_secret: secret_of(SHOP),
    });
    assert!(
        rooms
            .authenticator
            .authenticate(|| ADDRESS.to_owned(), &presented)
            .await
            .is_err()
    );
}
