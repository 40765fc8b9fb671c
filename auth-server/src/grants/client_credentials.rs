//! The client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)): the
//! client is its own resource owner, and gets no refresh token.

use symbolon::token::{ClientCredentialsRequest, GrantType};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{TokenError, requested_scope};
use crate::records::Grant;
use crate::server::Server;
use crate::tokens::issue::{IssuedTokens, WithRefreshToken, issue_first_tokens};

/// Issues the client's own token.
pub(super) async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    request: ClientCredentialsRequest,
) -> Result<IssuedTokens, TokenError> {
    let scope = requested_scope(client, request.scope.as_deref())?;
    let grant = Grant {
        grant_type: GrantType::ClientCredentials,
        client_id: client.id.clone(),
        owner: None,
        scope,
        authorities: client.authorities.clone(),
        audience: client.resource_ids.clone(),
    };
    Ok(issue_first_tokens(server, client, grant, WithRefreshToken::No).await?)
}
