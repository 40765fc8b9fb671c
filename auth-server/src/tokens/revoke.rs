//! A client gives a token back ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).

use symbolon::secret::Secret;

use crate::audit::{AuditEvent, Ended};
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
    address: &str,
    presented: &Secret,
) -> Result<(), RevokeError> {
    let refused = |grant_id| {
        server.audit.record(&AuditEvent::RevocationRefused {
            client: &client.id,
            grant_id,
            address,
        });
        Err(RevokeError::OtherClient)
    };
    match check_access_token(server, presented).await {
        Ok((id, token)) if token.grant.client_id != client.id => return refused(id.grant_id()),
        Ok((id, token)) => {
            server.store.revoke_access_token(&id).await?;
            server.audit.record(&AuditEvent::AccessTokenRevoked(Ended {
                client: &client.id,
                owner: token.grant.owner.as_deref(),
                grant_id: id.grant_id(),
                address,
            }));
            return Ok(());
        }
        Err(CheckError::Store(error)) => return Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed) => {}
    }
    match check_refresh_token(server, presented).await {
        Ok((id, token)) if token.grant.client_id != client.id => refused(id.grant_id()),
        Ok((id, token)) => {
            server.store.revoke_grant(&id.grant_id()).await?;
            server.audit.record(&AuditEvent::GrantRevoked(Ended {
                client: &client.id,
                owner: token.grant.owner.as_deref(),
                grant_id: id.grant_id(),
                address,
            }));
            Ok(())
        }
        Err(CheckError::Store(error)) => Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed) => Ok(()),
    }
}
