//! The implicit grant ([RFC 6749 §4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2)): the token goes to
//! the browser at once, and there is never a refresh token.

use crate::clients::client::Client;
use crate::records::Grant;
use crate::server::Server;
use crate::tokens::issue::{IssueError, IssuedTokens, WithRefreshToken, issue_first_tokens};

/// Issues the token that the redirect's fragment will carry.
pub async fn issue(
    server: &Server,
    client: &Client,
    grant: Grant,
) -> Result<IssuedTokens, IssueError> {
    let mut issued = issue_first_tokens(server, client, grant, WithRefreshToken::No).await?;
    // A token that is reused may have come with a refresh token by another grant; that stays away.
    issued.response.refresh_token = None;
    Ok(issued)
}
