//! The implicit grant ([RFC 6749 §4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2)): the token goes to
//! the browser at once, and there is never a refresh token.

use symbolon::token::GrantType;

use crate::clients::client::Client;
use crate::records::{AccessTokenId, Grant};
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

    /// The answer with a token that was issued before, if that is still good.
    pub async fn again(
        &self,
        client: &Client,
        id: &AccessTokenId,
    ) -> Result<Option<IssuedTokens>, IssueError> {
        let store = &self.issuer.access_tokens;
        let Some(mut token) = store.find_access_token(id).await? else {
            return Ok(None);
        };
        let grant_type = GrantType::Implicit;
        token.refresh_token_id = None;
        let issued = self.issuer.token_answer(client, grant_type, id, &token);
        Ok(Some(issued.await?))
    }
}
