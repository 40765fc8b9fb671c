//! The tables of a Spring server as a store: read by the adapter under test, written as a Spring server writes them.

use std::sync::Arc;

use async_trait::async_trait;
use registry_servers::{Bound, Database, DatabaseKind};
use serde_json::{Value, json};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use crate::records::{ClientRegistration, EmailAddress, OwnerRegistration};
use crate::stores::sql::{Source, SqlAddress, SqlClients, SqlDatabase, SqlOwners, SqlSettings};
use crate::stores::{
    ClientList, ClientRegistrar, ClientStore, OwnerRegistrar, OwnerStore, RegistryObserver,
    StoreError,
};

/// The tables of a Spring server, in a database that is there already.
pub(super) struct SpringTables {
    clients: SqlClients,
    owners: SqlOwners,
    database: Arc<Database>,
    kind: DatabaseKind,
}

struct Nobody;

impl RegistryObserver for Nobody {
    fn reachable(&self, _: bool) {}

    fn answered_from_memory(&self) {}
}

/// How the adapter reaches a database.
pub(super) fn settings(database: &Database) -> SqlSettings {
    let password = database.password().map(Secret::new);
    SqlSettings {
        address: SqlAddress::parse(&database.url(), password.as_ref()).unwrap(),
        authority: None,
        timeout_ms: 20_000,
        connections: 4,
        may_remove: false,
    }
}

impl SpringTables {
    pub(super) fn new(database: &Arc<Database>, kind: DatabaseKind) -> Self {
        let open = |holds| SqlDatabase::new(&settings(database), holds, Arc::new(Nobody));
        let table = |name| Source::table(name).unwrap();
        Self {
            clients: SqlClients::new(open("clients"), table("oauth_client_details")),
            owners: SqlOwners::new(open("owners"), table("users"), table("authorities")),
            database: Arc::clone(database),
            kind,
        }
    }

    /// A row, in the place of one of the same key.
    async fn put(&self, table: &str, columns: &[&str], values: &[Bound]) {
        let names = columns.join(", ");
        let places = vec!["?"; columns.len()].join(", ");
        let (key, others) = columns.split_first().unwrap();
        let changed = |new: &dyn Fn(&str) -> String| {
            let changed = others.iter().map(|name| format!("{name} = {}", new(name)));
            changed.collect::<Vec<_>>().join(", ")
        };
        let otherwise = match self.kind {
            DatabaseKind::Mariadb => {
                let changed = changed(&|name| format!("VALUES({name})"));
                format!("ON DUPLICATE KEY UPDATE {changed}")
            }
            DatabaseKind::Sqlite | DatabaseKind::Postgresql => {
                let changed = changed(&|name| format!("excluded.{name}"));
                format!("ON CONFLICT ({key}) DO UPDATE SET {changed}")
            }
        };
        let statement = format!("INSERT INTO {table} ({names}) VALUES ({places}) {otherwise}");
        self.database.change(&statement, values).await;
    }

    async fn delete(&self, table: &str, key: &str, value: &str) -> bool {
        let statement = format!("DELETE FROM {table} WHERE {key} = ?");
        self.database.change(&statement, &[text(value)]).await > 0
    }
}

fn text(text: impl Into<String>) -> Bound {
    Bound::Text(Some(text.into()))
}

fn list<'a>(entries: impl IntoIterator<Item = &'a str>) -> Bound {
    let entries: Vec<&str> = entries.into_iter().collect();
    text(entries.join(","))
}

fn secs(secs: Option<u64>) -> Bound {
    Bound::Number(secs.map(|secs| i64::try_from(secs).unwrap()))
}

/// What no column says.
fn additional_information(client: &ClientRegistration) -> Bound {
    const IN_COLUMNS: [&str; 9] = [
        "client_id",
        "client_secret",
        "redirect_uris",
        "scope",
        "auto_approve",
        "resource_ids",
        "authorities",
        "access_token_ttl_secs",
        "refresh_token_ttl_secs",
    ];
    let Value::Object(mut said) = serde_json::to_value(client).unwrap() else {
        panic!("a registration is an object")
    };
    said.retain(|name, _| !IN_COLUMNS.contains(&name.as_str()));
    if !client.grant_types.is_empty() {
        said.remove("grant_types");
    }
    text(json!({"team": "photos", "symbolon": said}).to_string())
}

#[async_trait]
impl ClientStore for SpringTables {
    async fn find_client(&self, id: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        self.clients.find_client(id).await
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
impl ClientRegistrar for SpringTables {
    async fn store_client(&self, client: &ClientRegistration) -> Result<(), StoreError> {
        let columns = [
            "client_id",
            "client_secret",
            "resource_ids",
            "scope",
            "authorized_grant_types",
            "web_server_redirect_uri",
            "authorities",
            "access_token_validity",
            "refresh_token_validity",
            "additional_information",
            "autoapprove",
        ];
        let texts = |texts: &[String]| list(texts.iter().map(String::as_str));
        let secret = client.client_secret.as_ref();
        let values = [
            text(client.client_id.as_str()),
            Bound::Text(secret.map(|secret| secret.expose().to_owned())),
            texts(&client.resource_ids),
            list(client.scope.names()),
            list(client.grant_types.iter().map(GrantType::as_str)),
            texts(&client.redirect_uris),
            texts(&client.authorities),
            secs(client.access_token_ttl_secs),
            secs(client.refresh_token_ttl_secs),
            additional_information(client),
            list(client.auto_approve.names()),
        ];
        self.put("oauth_client_details", &columns, &values).await;
        Ok(())
    }

    /// In two steps: nobody else writes these tables in a test.
    async fn replace_client(
        &self,
        known: &ClientRegistration,
        replacement: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        let is_there = self.find_client(&known.client_id).await?.as_ref() == Some(known);
        if is_there {
            self.store_client(replacement).await?;
        }
        Ok(is_there)
    }

    async fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let removed = self.delete("oauth_client_details", "client_id", id.as_str());
        Ok(removed.await)
    }

    /// Nobody registers clients there.
    async fn list_clients_in(
        &self,
        _: &ClientList,
        _: Option<&ClientId>,
        _: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl OwnerStore for SpringTables {
    async fn find_owner(&self, name: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        self.owners.find_owner(name).await
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
impl OwnerRegistrar for SpringTables {
    async fn store_owner(&self, owner: &OwnerRegistration) -> Result<(), StoreError> {
        let columns = ["username", "password", "enabled"];
        let values = [
            text(&owner.name),
            text(owner.password.expose()),
            Bound::Truth(!owner.disabled),
        ];
        self.put("users", &columns, &values).await;
        self.delete("authorities", "username", &owner.name).await;
        for authority in &owner.authorities {
            let values = [text(&owner.name), text(authority)];
            let insert = "INSERT INTO authorities (username, authority) VALUES (?, ?)";
            self.database.change(insert, &values).await;
        }
        Ok(())
    }

    /// In two steps: nobody else writes these tables in a test.
    async fn replace_owner(
        &self,
        known: &OwnerRegistration,
        replacement: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        let is_there = self.find_owner(&known.name).await?.as_ref() == Some(known);
        if is_there {
            self.store_owner(replacement).await?;
        }
        Ok(is_there)
    }

    async fn remove_owner(&self, name: &str) -> Result<bool, StoreError> {
        self.delete("authorities", "username", name).await;
        Ok(self.delete("users", "username", name).await)
    }

    async fn add_owner(&self, owner: &OwnerRegistration) -> Result<bool, StoreError> {
        let is_free = self.find_owner(&owner.name).await?.is_none();
        if is_free {
            self.store_owner(owner).await?;
        }
        Ok(is_free)
    }

    /// Tables of others have no addresses.
    async fn list_owners_by_email(
        &self,
        _: &EmailAddress,
        _: Option<&str>,
        _: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        Ok(Vec::new())
    }

    async fn index_owners(&self, _: Option<&str>, _: usize) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}
