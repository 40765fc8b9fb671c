//! What whoever embeds the server says of tokens besides what the protocol says.

use async_trait::async_trait;

use crate::clients::client::Client;
use crate::records::{AdditionalInformation, Grant};
use crate::stores::StoreError;

/// Says something of an access token before it is issued: at the first one of a grant, and again at each refresh. What it says
/// is kept with the token. It is a member of the answer that carries the token, a claim of a JWT, and a member of what
/// `check_token` and introspection answer.
#[async_trait]
pub trait TokenEnhancer: Send + Sync {
    /// What is said of a token that a client gets for this grant. An error, or what takes longer than ten seconds, ends
    /// the request as a store does that is away: no token is issued.
    async fn enhance(
        &self,
        client: &Client,
        grant: &Grant,
    ) -> Result<AdditionalInformation, StoreError>;
}
