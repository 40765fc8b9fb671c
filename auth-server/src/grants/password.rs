//! The resource owner password credentials grant
//! ([RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)): for clients of the same house.

use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{TokenError, with_refresh_token};
use crate::records::Grant;
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::sign_in;
use crate::server::Server;
use crate::tokens::issue::{IssuedTokens, issue_first_tokens};

/// Checks the owner's name and password, with the same brakes as the sign-in page.
pub(super) async fn authenticate<'a>(
    server: &'a Server,
    address: &str,
    username: &str,
    password: &Secret,
) -> Result<&'a ResourceOwner, TokenError> {
    Ok(sign_in::authenticate(server, address, username, password).await?)
}

/// Issues the owner's tokens.
pub(super) async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    owner: &ResourceOwner,
    scope: Scope,
) -> Result<IssuedTokens, TokenError> {
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
