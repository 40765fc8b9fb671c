//! A grant: the client says for whom it acts.

use async_trait::async_trait;
use symbolon::error::ErrorCode;
use symbolon_auth_server::grants::extension::{
    ExtensionGrant, ExtensionRequest, GrantRefusal, Granted, NotGranted,
};

/// Gives access to what the owner has whom the parameter `username` names, or `guest`. It believes its clients, so only
/// those of the same house should be registered for it.
pub(crate) struct CustomGrant;

#[async_trait]
impl ExtensionGrant for CustomGrant {
    fn grant_type(&self) -> &'static str {
        "custom"
    }

    async fn decide(&self, request: &ExtensionRequest<'_>) -> Result<Granted, NotGranted> {
        if request.client.is_public() {
            let text = "a client that proves nothing is not believed";
            return Err(GrantRefusal::new(ErrorCode::UnauthorizedClient, text).into());
        }
        let name = request.parameter("username").unwrap_or("guest");
        Ok(Granted::by_owner(name))
    }
}
