//! The resource owner password credentials grant
//! ([RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)): for clients of the same house.

use symbolon::token::{GrantType, PasswordRequest};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{TokenError, requested_scope, with_refresh_token};
use crate::records::Grant;
use crate::resource_owners::sign_in;
use crate::server::Server;
use crate::tokens::issue::{IssuedTokens, issue_first_tokens};

/// Issues the owner's tokens, after the same checks of name and password as on the sign-in page.
pub(super) async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    address: &str,
    request: PasswordRequest,
) -> Result<IssuedTokens, TokenError> {
    let PasswordRequest {
        username,
        password,
        scope,
    } = request;
    let scope = requested_scope(client, scope.as_deref())?;
    let owner = sign_in::authenticate(server, address, &username, &password).await?;
    let grant = Grant {
        grant_type: GrantType::Password,
        client_id: client.id.clone(),
        owner: Some(owner.name.clone()),
        scope,
        authorities: owner.authorities.clone(),
        audience: client.resource_ids.clone(),
    };
    Ok(issue_first_tokens(server, client, grant, with_refresh_token(client)).await?)
}
