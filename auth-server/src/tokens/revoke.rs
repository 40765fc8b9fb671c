//! A client gives a token back ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).

use shared::protocol::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::server::Server;
use crate::stores::StoreError;
use crate::tokens::check::{CheckError, check_access_token, check_refresh_token};

/// Why a token cannot be revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// It was issued to another client.
    #[error("the token was not issued to this client")]
    OtherClient,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Revokes a token of this client. A refresh token takes its whole grant with it; a token that is not
/// good is no error, for what the client wants is so already (RFC 7009 §2.2).
pub async fn revoke_token(
    server: &Server,
    client: &AuthenticatedClient,
    presented: &Secret,
) -> Result<(), RevokeError> {
    match check_access_token(server, presented).await {
        Ok((_, token)) if token.grant.client_id != client.id => {
            return Err(RevokeError::OtherClient);
        }
        Ok((id, token)) => {
            server.store.revoke_access_token(&id).await?;
            tracing::info!(event = "access_token_revoked", client.id = %token.grant.client_id, grant.id = %id.grant_id());
            return Ok(());
        }
        Err(CheckError::Store(error)) => return Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired) => {}
    }
    match check_refresh_token(server, presented).await {
        Ok((_, token)) if token.grant.client_id != client.id => Err(RevokeError::OtherClient),
        Ok((id, token)) => {
            server.store.revoke_grant(&id.grant_id()).await?;
            tracing::info!(event = "grant_revoked", client.id = %token.grant.client_id, grant.id = %id.grant_id());
            Ok(())
        }
        Err(CheckError::Store(error)) => Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired) => Ok(()),
    }
}
