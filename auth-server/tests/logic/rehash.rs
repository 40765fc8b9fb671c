//! Weak hashes of the store's registrations are replaced when somebody shows what was hashed, and nothing else changes.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::client_authentication::{ClientPassword, PresentedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::random::SystemRandom;
use symbolon::secret::Secret;
use symbolon_auth_server::passwords::{PasswordHash, Rehash};
use symbolon_auth_server::records::{ClientRegistration, EmailAddress, OwnerRegistration};
use symbolon_auth_server::rehash::{ClientRehash, OwnerRehash, Rehashing};
use symbolon_auth_server::resource_owners::throttle::Caller;
use symbolon_auth_server::stores::{
    ClientList, ClientRegistrar, ClientStore, OwnerRegistrar, OwnerStore, StoreError,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::bench::{Bench, Plan};
use crate::rooms::{ADDRESS, Rooms};
use crate::samples::{
    BCRYPT, BCRYPT_SECRET, PASSWORD, SHOP, alice, confidential, owner, secret_of,
};

/// [`BCRYPT_SECRET`] in weak forms.
const WEAK: [&str; 3] = [
    "{noop}correct horse 电池",
    "{MD5}55d2fddf8ba5768bbc44b083846cf439",
    BCRYPT,
];

/// What was asked of a store, and how it ended.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Found(bool),
    Replaced(bool),
}

/// The bench's store, which tells what it is asked. In the moment after a registration was read it may be changed.
struct Told {
    clients: Arc<dyn ClientRegistrar>,
    owners: Arc<dyn OwnerRegistrar>,
    changed_meanwhile: Option<OwnerRegistration>,
    asked: UnboundedSender<Asked>,
}

#[async_trait]
impl OwnerStore for Told {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        let found = self.owners.find_owner(name).await?;
        if let Some(changed) = &self.changed_meanwhile {
            self.owners.store_owner(changed).await?;
        }
        self.asked.send(Asked::Found(found.is_some())).unwrap();
        Ok(found)
    }

    async fn list_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.owners.list_owners(after, limit).await
    }
}

#[async_trait]
impl OwnerRegistrar for Told {
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError> {
        self.owners.store_owner(owner).await
    }

    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        let replaced = self.owners.replace_owner(known, replacement).await?;
        self.asked.send(Asked::Replaced(replaced)).unwrap();
        Ok(replaced)
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        self.owners.remove_owner(name).await
    }

    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError> {
        self.owners.add_owner(owner).await
    }

    async fn list_owners_by_email(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        self.owners.list_owners_by_email(email, after, limit).await
    }

    async fn index_owners(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<String>, StoreError> {
        self.owners.index_owners(after, limit).await
    }
}

#[async_trait]
impl ClientStore for Told {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        let found = self.clients.find_client(id).await?;
        self.asked.send(Asked::Found(found.is_some())).unwrap();
        Ok(found)
    }

    async fn list_clients(
        &self,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.clients.list_clients(after, limit).await
    }
}

#[async_trait]
impl ClientRegistrar for Told {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        self.clients.store_client(client).await
    }

    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        let replaced = self.clients.replace_client(known, replacement).await?;
        self.asked.send(Asked::Replaced(replaced)).unwrap();
        Ok(replaced)
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        self.clients.remove_client(id).await
    }

    async fn list_clients_in(
        &self,
        list: &ClientList,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        self.clients.list_clients_in(list, after, limit).await
    }
}

/// A bench without accounts and clients in its settings, and rooms that hash anew.
struct World {
    bench: Bench,
    rooms: Rooms,
    asked: UnboundedReceiver<Asked>,
}

impl World {
    async fn new(plan: Plan, changed_meanwhile: Option<OwnerRegistration>) -> Self {
        let bench = Bench::planned(plan).await;
        let mut rooms = bench.rooms();
        let (asked, told) = unbounded_channel();
        let store = Arc::new(Told {
            clients: bench.stores.clients.clone(),
            owners: bench.stores.owners.clone(),
            changed_meanwhile,
            asked,
        });
        let hashing = Rehashing::new(bench.passwords.clone(), Arc::new(SystemRandom));
        let owners: Arc<dyn Rehash> = Arc::new(OwnerRehash {
            owners: store.clone(),
            hash_without_id: None,
            keys: bench.keys.clone(),
            hashing: hashing.clone(),
        });
        rooms.sign_in = rooms.sign_in.rehashing_by(Some(owners));
        rooms.authenticator.rehash = Some(Arc::new(ClientRehash {
            clients: store,
            hash_without_id: None,
            verified: rooms.authenticator.verified.clone(),
            hashing,
        }));
        Self {
            bench,
            rooms,
            asked: told,
        }
    }

    async fn of_the_store() -> Self {
        let plan = Plan {
            clients: Vec::new(),
            owners: Vec::new(),
            ..Plan::default()
        };
        Self::new(plan, None).await
    }

    async fn next_asked(&mut self) -> Asked {
        self.asked.recv().await.unwrap()
    }

    async fn sign_in(&self, password: &str) -> bool {
        let caller = Caller {
            address: ADDRESS,
            known_browser: None,
        };
        let password = Secret::new(password);
        let signed_in = self.rooms.sign_in.authenticate(&caller, "alice", &password);
        signed_in.await.is_ok()
    }

    async fn authenticate(&self, secret: &str) -> bool {
        let presented = PresentedCredentials::Form(ClientPassword {
            client_id: ClientId::new(SHOP),
            client_secret: Secret::new(secret),
        });
        let address = || ADDRESS.to_owned();
        let authenticated = self.rooms.authenticator.authenticate(address, &presented);
        authenticated.await.is_ok()
    }
}

fn is_argon2(hash: &str, password: &str) -> bool {
    let parsed: PasswordHash = hash.parse().unwrap();
    hash.starts_with("{argon2}$argon2id$") && parsed.matches(&Secret::new(password))
}

#[tokio::test]
async fn a_weak_hash_of_an_owner_is_replaced_at_the_sign_in() {
    for weak in WEAK {
        let mut world = World::of_the_store().await;
        let kept = owner("alice", weak);
        let owners = world.bench.stores.owners.clone();
        owners.store_owner(&kept).await.unwrap();
        assert!(!world.sign_in("wrong").await);
        assert!(world.sign_in(BCRYPT_SECRET).await);
        assert_eq!(world.next_asked().await, Asked::Found(true));
        assert_eq!(world.next_asked().await, Asked::Replaced(true));
        let now = owners.find_owner("alice").await.unwrap().unwrap();
        assert!(is_argon2(now.password.expose(), BCRYPT_SECRET), "{weak}");
        assert_eq!(now.authorities, kept.authorities);
        assert!(world.sign_in(BCRYPT_SECRET).await);
        assert!(!world.sign_in("wrong").await);
        let later = owners.find_owner("alice").await.unwrap().unwrap();
        assert_eq!(later, now);
    }
}

/// It is the same password: sessions and what was granted go on, until it is changed.
#[tokio::test]
async fn a_hash_that_is_replaced_ends_nothing_and_a_changed_password_does() {
    let plan = Plan {
        owners: Vec::new(),
        ..Plan::default()
    };
    let mut world = World::new(plan, None).await;
    world.rooms.authenticator.rehash = None;
    let owners = world.bench.stores.owners.clone();
    owners.store_owner(&alice()).await.unwrap();
    let token = world.rooms.tokens(SHOP).await.response.access_token;
    let session = world.rooms.browser_of("alice").await;
    assert!(world.sign_in(PASSWORD).await);
    assert_eq!(world.next_asked().await, Asked::Found(true));
    assert_eq!(world.next_asked().await, Asked::Replaced(true));
    let later = world.rooms.tokens(SHOP).await.response.access_token;
    for token in [&token, &later] {
        world.rooms.checker.access_token(token).await.unwrap();
    }
    let owner_of = world.rooms.sessions.owner(&session).await.unwrap();
    assert_eq!(owner_of.unwrap().name, "alice");

    let changed = owner("alice", BCRYPT);
    owners.store_owner(&changed).await.unwrap();
    for token in [&token, &later] {
        assert!(world.rooms.checker.access_token(token).await.is_err());
    }
    assert!(
        world
            .rooms
            .sessions
            .owner(&session)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_password_that_is_changed_meanwhile_stays_changed() {
    let changed = owner("alice", BCRYPT);
    let plan = Plan {
        owners: Vec::new(),
        ..Plan::default()
    };
    let mut world = World::new(plan, Some(changed.clone())).await;
    let owners = world.bench.stores.owners.clone();
    owners.store_owner(&alice()).await.unwrap();
    assert!(world.sign_in(PASSWORD).await);
    assert_eq!(world.next_asked().await, Asked::Found(true));
    assert_eq!(world.next_asked().await, Asked::Replaced(false));
    let now = owners.find_owner("alice").await.unwrap();
    assert_eq!(now, Some(changed));
}

/// Who is written into the settings, or read where others keep them, is in no store.
#[tokio::test]
async fn nothing_is_written_for_who_is_registered_elsewhere() {
    let mut world = World::new(Plan::default(), None).await;
    assert!(world.sign_in(PASSWORD).await);
    assert_eq!(world.next_asked().await, Asked::Found(false));
    let kept = world.bench.stores.owners.find_owner("alice").await;
    assert_eq!(kept.unwrap(), None);
    let secret = secret_of(SHOP);
    assert!(world.authenticate(secret.expose()).await);
    assert_eq!(world.next_asked().await, Asked::Found(false));
    let clients = &world.bench.stores.clients;
    assert_eq!(clients.list_clients(None, 10).await.unwrap(), []);
}

/// The store's registration of the same name is another one.
#[tokio::test]
async fn a_hash_that_was_not_verified_is_not_replaced() {
    let mut world = World::new(Plan::default(), None).await;
    let namesake = owner("alice", BCRYPT);
    let owners = world.bench.stores.owners.clone();
    owners.store_owner(&namesake).await.unwrap();
    assert!(world.sign_in(PASSWORD).await);
    assert_eq!(world.next_asked().await, Asked::Found(true));
    // All that was begun is over when the store is let go of.
    world.rooms.sign_in = world.rooms.sign_in.rehashing_by(None);
    world.rooms.authenticator.rehash = None;
    assert_eq!(world.asked.recv().await, None);
    assert_eq!(owners.find_owner("alice").await.unwrap(), Some(namesake));
}

/// A secret that was verified goes on to be known, and costs no hash again.
#[tokio::test]
async fn a_weak_hash_of_a_client_is_replaced_and_its_secret_stays_known() {
    for weak in WEAK {
        let mut world = World::of_the_store().await;
        let kept = ClientRegistration {
            client_secret: Some(Secret::new(weak)),
            ..confidential(SHOP)
        };
        let clients = world.bench.stores.clients.clone();
        clients.store_client(&kept).await.unwrap();
        world.rooms.clients.survey().await.unwrap();
        assert!(!world.authenticate("wrong").await);
        assert!(world.authenticate(BCRYPT_SECRET).await);
        assert_eq!(world.next_asked().await, Asked::Found(true));
        assert_eq!(world.next_asked().await, Asked::Replaced(true));
        let now = clients.find_client(&kept.client_id).await.unwrap().unwrap();
        let hash = now.client_secret.clone().unwrap();
        assert!(is_argon2(hash.expose(), BCRYPT_SECRET), "{weak}");
        let others = ClientRegistration {
            client_secret: kept.client_secret.clone(),
            ..now
        };
        assert_eq!(others, kept);
        let computed = world.bench.passwords.hash_count();
        assert!(world.authenticate(BCRYPT_SECRET).await);
        assert_eq!(world.bench.passwords.hash_count(), computed, "{weak}");
        assert!(!world.authenticate("wrong").await);
    }
}
