//! The authorization code grant ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! [RFC 7636 §4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6)).

use std::sync::Arc;

use symbolon::pkce::CodeVerifier;
use symbolon::secret::Secret;
use symbolon::token::AuthorizationCodeRequest;

use crate::clients::authentication::AuthenticatedClient;
use crate::clients::client::Client;
use crate::grants::error::TokenError;
use crate::records::{AuthorizationCode, CodeId};
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
    /// Exchanges a code. Of another client it is left alone: to name a public client is no proof of anything, so
    /// whoever found the code could else use it up. Whatever else is wrong with the request, the code is used up:
    /// whoever presented it knows it, and a second try would be a guess. A verifier that could be nobody's is no
    /// guess: the code stays, for the client's second try in another form.
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
        let code_verifier = code_verifier.as_ref().map(read_verifier).transpose()?;
        let id = self.issuer.keys.current().handles.read(&code);
        let id: CodeId = id.ok_or(TokenError::UnknownCode)?;
        let code = self.redeem(&id, client).await?;
        check_redirect_uri(&code, redirect_uri.as_deref())?;
        check_verifier(&code, code_verifier)?;
        self.check_owner(&code).await?;
        let with_refresh_token = WithRefreshToken::of(client);
        let tokens = self
            .issuer
            .mint(client, id.grant_id(), code.grant, with_refresh_token);
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

    async fn redeem(&self, id: &CodeId, client: &Client) -> Result<AuthorizationCode, TokenError> {
        let redeemed = self.codes.redeem_code(id, &client.id).await;
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
            Redemption::OfOtherClient => Err(TokenError::CodeOfOtherClient),
            Redemption::Unknown => Err(TokenError::UnknownCode),
        }
    }
}

/// RFC 6749 §4.1.3: required if it was in the authorization request, and equal. One that is sent without
/// need must be equal too.
fn check_redirect_uri(code: &AuthorizationCode, sent: Option<&str>) -> Result<(), TokenError> {
    match sent {
        Some(sent) if sent == code.redirect_uri => Ok(()),
        None if !code.redirect_uri_was_sent => Ok(()),
        Some(_) | None => Err(TokenError::RedirectMismatch),
    }
}

/// RFC 7636 §4.1.
fn read_verifier(sent: &Secret) -> Result<CodeVerifier, TokenError> {
    let verifier = CodeVerifier::parse(sent.expose().to_owned());
    verifier.map_err(|_| TokenError::VerifierMalformed)
}

/// RFC 7636 §4.6, and RFC 9700 §4.8.2 against downgrade: a verifier without a challenge is refused too.
fn check_verifier(code: &AuthorizationCode, sent: Option<CodeVerifier>) -> Result<(), TokenError> {
    let kept = match (&code.code_challenge, sent) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if kept {
        Ok(())
    } else {
        Err(TokenError::PkceFailed)
    }
}
