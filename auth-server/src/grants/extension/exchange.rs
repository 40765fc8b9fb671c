//! From an extension grant's decision to tokens.

use std::fmt::Display;
use std::time::Duration;

use symbolon::token::{ExtensionRequest as SentRequest, GrantType, TokenRequestError};

use crate::clients::authentication::AuthenticatedClient;
use crate::grants::error::TokenError;
use crate::grants::extension::{ExtensionGrants, ExtensionRequest, Granted, NotGranted};
use crate::grants::scope::{ScopeError, requested_scope};
use crate::records::Grant;
use crate::tokens::issue::{IssuedTokens, TokenIssuer, WithRefreshToken};
use crate::tokens::parties::Parties;

/// What takes longer is not waited for: a connection is held for it.
const LONGEST_DECISION: Duration = Duration::from_secs(10);

/// Issues what extension grants give.
#[derive(Clone)]
pub struct ExtensionGrantExchange {
    /// The grants that were added.
    pub grants: ExtensionGrants,
    /// Know the owners.
    pub parties: Parties,
    /// Issues the tokens.
    pub issuer: TokenIssuer,
}

impl ExtensionGrantExchange {
    /// Issues the tokens that a grant gives to a client which calls from `address`.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        address: &str,
        sent: &SentRequest,
    ) -> Result<IssuedTokens, TokenError> {
        let scope = requested_scope(client, sent.scope.as_deref())?;
        let request = ExtensionRequest {
            client,
            scope: &scope,
            parameters: &sent.parameters,
            address,
        };
        let granted = self.decided(sent, &request).await?;
        let with_refresh_token = if granted.refresh_token {
            WithRefreshToken::of(client)
        } else {
            WithRefreshToken::No
        };
        let grant = self.grant(sent, &request, granted).await?;
        let issued = self.issuer.issue_first(client, grant, with_refresh_token);
        Ok(issued.await?)
    }

    async fn decided(
        &self,
        sent: &SentRequest,
        request: &ExtensionRequest<'_>,
    ) -> Result<Granted, TokenError> {
        let grant = self.grants.find(&sent.grant_type);
        let grant = grant.ok_or(TokenRequestError::UnsupportedGrantType)?;
        let decided = tokio::time::timeout(LONGEST_DECISION, grant.decide(request)).await;
        decided
            .map_err(|error| unavailable(&error))?
            .map_err(|error| match error {
                NotGranted::Refused(refusal) => TokenError::Extension(refusal),
                NotGranted::Unavailable(error) => unavailable(&error),
            })
    }

    async fn grant(
        &self,
        sent: &SentRequest,
        request: &ExtensionRequest<'_>,
        granted: Granted,
    ) -> Result<Grant, TokenError> {
        let client = request.client;
        let scope = granted.scope.as_ref();
        let scope = scope.map_or_else(|| request.scope.clone(), |less| less.narrow(request.scope));
        if scope.is_empty() {
            return Err(ScopeError::Empty.into());
        }
        let owner = match &granted.owner {
            Some(name) => {
                let owner = self.parties.owners.find(name).await?;
                Some(owner.ok_or(TokenError::OwnerGone)?)
            }
            None => None,
        };
        let authorities = owner.as_ref().map(|owner| &owner.authorities);
        let authorities = authorities.unwrap_or(&client.authorities);
        let password_mark = owner.as_ref();
        Ok(Grant {
            grant_type: GrantType::Extension(sent.grant_type),
            client_id: client.id.clone(),
            scope,
            authorities: authorities.clone(),
            audience: client.resource_ids.clone(),
            password_mark: password_mark.and_then(|owner| self.issuer.password_mark(owner)),
            given_at: Some(self.issuer.clock.now()),
            owner: owner.map(|owner| owner.name.clone()),
        })
    }
}

fn unavailable(reason: &dyn Display) -> TokenError {
    let reason = reason.to_string();
    TokenError::ExtensionUnavailable { reason }
}
