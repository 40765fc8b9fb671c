//! Clients: rows of `oauth_client_details`.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::identifiers::ClientId;

use super::Import;
use crate::clients::registration::{ClientDefaults, register};
use crate::records::ClientRegistration;
use crate::stores::sql::{ReadRow, SqlClients};
use crate::stores::{ClientRegistrar, StoreError};

/// Clients from a table into the store.
pub struct ClientImport {
    /// Where they come from.
    pub from: SqlClients,
    /// Where they go to.
    pub into: Arc<dyn ClientRegistrar>,
    /// What the server would say about each.
    pub defaults: ClientDefaults,
}

#[async_trait]
impl Import for ClientImport {
    type Registration = ClientRegistration;

    fn what(&self) -> &'static str {
        "clients"
    }

    async fn rows_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ReadRow<Option<ClientRegistration>>>, StoreError> {
        let after = after.map(ClientId::new);
        let rows = self.from.rows_after(after.as_ref(), limit).await?;
        let rows = rows.into_iter().map(|row| ReadRow {
            name: row.name,
            read: row.read.map(Some),
            left_out: row.left_out,
        });
        Ok(rows.collect())
    }

    fn fault(&self, registration: &ClientRegistration) -> Option<String> {
        let refused = register(registration, &self.defaults).err()?;
        let faults = refused.faults.iter().map(ToString::to_string);
        Some(faults.collect::<Vec<_>>().join("; "))
    }

    async fn find(&self, name: &str) -> Result<Option<ClientRegistration>, StoreError> {
        self.into.find_client(&ClientId::new(name)).await
    }

    async fn keep(&self, registration: &ClientRegistration) -> Result<(), StoreError> {
        self.into.store_client(registration).await
    }
}
