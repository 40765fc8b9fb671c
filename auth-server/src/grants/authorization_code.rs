//! The authorization code grant ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! [RFC 7636 §4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6)).

use std::sync::Arc;

use symbolon::pkce::{CodeChallenge, CodeVerifier};
use symbolon::secret::Secret;
use symbolon::token::AuthorizationCodeRequest;

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::records::{AuthorizationCode, CodeId, ShownWithCode};
use crate::stores::{AuthorizationCodeStore, GrantStore, Issuance, Redemption, or_if_damaged};
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};
use crate::tokens::parties::Parties;

/// Exchanges codes for tokens.
#[derive(Clone)]
pub struct AuthorizationCodeGrant {
    /// Where codes are kept.
    pub codes: Arc<dyn AuthorizationCodeStore>,
    /// Ends the grant of a code that is used twice.
    pub grants: Arc<dyn GrantStore>,
    /// Know whether the owner still stands behind the code.
    pub parties: Parties,
    /// Issues the tokens.
    pub issuer: TokenIssuer,
}

impl AuthorizationCodeGrant {
    /// Exchanges a code. It is used up by whoever shows what it is bound to: client, redirect URI and verifier. By
    /// anybody else it is neither used up nor, when it has been used, is what it gave ended, because to name a public
    /// client is no proof of anything, and codes are found in logs and histories.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        request: AuthorizationCodeRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let AuthorizationCodeRequest {
            code,
            redirect_uri,
            code_verifier,
        } = request;
        let shown = ShownWithCode {
            client_id: client.id.clone(),
            redirect_uri,
            code_challenge: code_verifier.as_ref().map(challenge_of).transpose()?,
        };
        let id = self.issuer.keys.current().handles.read(&code);
        let id: CodeId = id.ok_or(TokenError::UnknownCode)?;
        let code = self.redeem(&id, &shown).await?;
        self.check_owner(&code).await?;
        let with_refresh_token = WithRefreshToken::of(client);
        let mut tokens = self
            .issuer
            .mint(client, id.grant_id(), code.grant, with_refresh_token);
        self.issuer.enhance(client, &mut tokens).await?;
        let issued = self.issuer.issue_for_code(client, &tokens).await?;
        let issued = issued.ok_or(TokenError::GrantRevoked)?;
        self.tie(&id, &issued).await?;
        Ok(issued)
    }

    /// RFC 6749 §4.1.2: a second use of the code ends what was given for it, also where that was there already
    /// and hangs on another grant.
    async fn tie(&self, id: &CodeId, issued: &IssuedTokens) -> Result<(), TokenError> {
        let given = &issued.issued.grant_id;
        if *given == id.grant_id() {
            return Ok(());
        }
        match self.codes.note_reuse(id, given).await? {
            Issuance::Issued => Ok(()),
            Issuance::GrantRevoked => Err(TokenError::GrantRevoked),
        }
    }

    /// Whoever gave the code must still have the account: also the time between consent and exchange is one
    /// in which access may end.
    async fn check_owner(&self, code: &AuthorizationCode) -> Result<(), TokenError> {
        if let Some(name) = &code.grant.owner {
            let owner = self.parties.owner(name, &code.grant).await?;
            owner.ok_or(TokenError::OwnerGone)?;
        }
        Ok(())
    }

    async fn redeem(
        &self,
        id: &CodeId,
        shown: &ShownWithCode,
    ) -> Result<AuthorizationCode, TokenError> {
        let redeemed = self.codes.redeem_code(id, shown).await;
        match or_if_damaged(redeemed, || Redemption::Unknown)? {
            Redemption::Redeemed(code) => Ok(code),
            Redemption::Replayed { grant_id, reused } => {
                self.grants.revoke_grant(&grant_id).await?;
                if let Some(reused) = &reused {
                    self.grants.revoke_grant(reused).await?;
                }
                Err(TokenError::CodeReplayed {
                    grant_id: reused.unwrap_or(grant_id),
                })
            }
            Redemption::NotBoundTo(mismatch) => Err(mismatch.into()),
            Redemption::Unknown => Err(TokenError::UnknownCode),
        }
    }
}

/// RFC 7636 §4.1, §4.6. A verifier that could be nobody's is told as such, whatever the code is.
fn challenge_of(verifier: &Secret) -> Result<CodeChallenge, TokenError> {
    let verifier = CodeVerifier::parse(verifier.expose().to_owned());
    let verifier = verifier.map_err(|_| TokenError::VerifierMalformed)?;
    Ok(verifier.challenge())
}
