//! A way to the photos, and how it is given back.

use std::sync::Arc;

use symbolon_client::{GrantType, OAuth2Client, Observer};
use tokio::runtime::Handle;
use tracing::Instrument as _;

/// A way to the photos: a client with tokens.
#[derive(Clone, Debug)]
pub(super) struct Access {
    /// The grant that the tokens came by.
    pub(super) grant_type: GrantType,
    /// The client.
    pub(super) client: OAuth2Client,
    /// Counts its exchanges.
    pub(super) counts: Arc<dyn Observer>,
}

impl Access {
    /// Whether an owner gave it; the service's own token is not this visitor's to give back.
    pub(super) const fn is_of_an_owner(&self) -> bool {
        match self.grant_type {
            GrantType::AuthorizationCode
            | GrantType::Implicit
            | GrantType::Password
            | GrantType::RefreshToken => true,
            GrantType::ClientCredentials | GrantType::Extension(_) => false,
        }
    }

    /// Gives the tokens back that nobody will use any more.
    async fn give_back(self) {
        let client = self.client.with_observer(self.counts);
        if let Err(error) = client.log_out().await {
            tracing::warn!(event = "tokens_not_revoked", %error);
        }
    }
}

/// Gives back, beside the requests and one after the other, what owners gave.
pub(super) fn give_back_all(mut accesses: Vec<Access>) {
    accesses.retain(Access::is_of_an_owner);
    // Without a runtime the program has ended.
    if accesses.is_empty() || Handle::try_current().is_err() {
        return;
    }
    let giving_back = async move {
        for access in accesses {
            access.give_back().await;
        }
    };
    tokio::spawn(giving_back.in_current_span());
}
