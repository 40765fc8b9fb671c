//! The two parties of a grant: a token is good only as long as its client and its owner are there and neither
//! is locked. The settings' own are found in memory; one that is kept in the store costs a read.

use std::sync::Arc;

use crate::clients::client::Client;
use crate::clients::registry::Clients;
use crate::keys::KeyRing;
use crate::records::Grant;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::stores::StoreError;

/// Knows who may act, and for whom.
#[derive(Clone)]
pub struct Parties {
    /// The clients.
    pub clients: Clients,
    /// The accounts.
    pub owners: Owners,
    /// Tell which password an account has.
    pub keys: Arc<KeyRing>,
    /// Whether what an owner granted ends when the password is changed.
    pub end_with_password: bool,
}

impl Parties {
    /// Whether both parties of a grant are still there.
    pub async fn stand(&self, grant: &Grant) -> Result<bool, StoreError> {
        Ok(self.standing_client(grant).await?.is_some())
    }

    /// The client of a grant, when both parties are still there.
    pub async fn standing_client(&self, grant: &Grant) -> Result<Option<Arc<Client>>, StoreError> {
        let Some(client) = self.clients.find(&grant.client_id).await? else {
            return Ok(None);
        };
        if let Some(name) = &grant.owner
            && self.owner(name, grant).await?.is_none()
        {
            return Ok(None);
        }
        Ok(Some(client))
    }

    /// The account of a grant's owner as it is now: `None` when it is gone or locked, or has got another
    /// password where that ends what was granted.
    pub async fn owner(
        &self,
        name: &str,
        grant: &Grant,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let ring = self.keys.current();
        let suits = |owner: &ResourceOwner| {
            let marked = grant.password_mark.as_ref();
            let unchanged = || marked == owner.mark(|hash| ring.password_mark(hash)).as_ref();
            !self.end_with_password || marked.is_none() || unchanged()
        };
        self.owners.find_suiting(name, suits).await
    }
}
