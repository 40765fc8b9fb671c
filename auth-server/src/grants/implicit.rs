//! The implicit grant ([RFC 6749 §4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2)): the token goes to
//! the browser at once, and there is never a refresh token.

use crate::clients::client::Client;
use crate::records::Grant;
use crate::tokens::issue::{IssueError, IssuedTokens, TokenIssuer, WithRefreshToken};

/// Issues tokens that a redirect's fragment carries.
#[derive(Clone)]
pub struct ImplicitGrant {
    /// Issues the tokens.
    pub issuer: TokenIssuer,
}

impl ImplicitGrant {
    /// Issues the token of a grant that its owner approved.
    pub async fn issue(&self, client: &Client, grant: Grant) -> Result<IssuedTokens, IssueError> {
        let without = WithRefreshToken::No;
        let mut issued = self.issuer.issue_first(client, grant, without).await?;
        // A token that is reused may have come with a refresh token by another grant; that stays away.
        issued.response.refresh_token = None;
        Ok(issued)
    }
}
