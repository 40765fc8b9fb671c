//! A token that is good now: kept, renewed, or obtained anew.

use std::sync::Arc;

use symbolon::secret::Secret;
use tracing::Instrument as _;

use crate::context::{TokenContext, Turn};
use crate::error::ClientError;
use crate::providers::{Obtained, ProviderChain};
use crate::registration::Registration;
use crate::tokens::Tokens;

/// Where a client's tokens come from and where they are kept.
#[derive(Clone, Debug)]
pub(crate) struct TokenSource {
    /// Who asks, and whom.
    pub(crate) registration: Registration,
    /// The ways to a first token.
    pub(crate) providers: ProviderChain,
    /// Where tokens are kept.
    pub(crate) context: Arc<dyn TokenContext>,
}

impl TokenSource {
    /// Tokens whose access token is good now.
    pub(crate) async fn usable_tokens(&self) -> Result<Tokens, ClientError> {
        let clock = self.registration.clock();
        let held = match self.context.load().await? {
            Some(tokens) if !tokens.needs_renewal(clock.now()) => return Ok(tokens),
            held => held,
        };
        let stale = held.as_ref().map(|tokens| tokens.access_token.clone());
        match (self.renew_after(stale).await, held) {
            // It was early anyway: the next call tries again.
            (Err(ClientError::Token(_)), Some(tokens)) if !tokens.is_expired(clock.now()) => {
                Ok(tokens)
            }
            (renewed, _) => renewed,
        }
    }

    /// Renews unless another call has done so since `stale` was the token.
    pub(crate) async fn renew_after(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
        let turn = self.context.renewal_lock().turn().await?;
        let this = self.clone();
        // In a task of its own: when the caller goes away (a browser that closes its connection),
        // a refresh token that was exchanged but not saved would end the authorization.
        let renewal = async move { this.renew_in_turn(turn, stale).await };
        let renewal = tokio::spawn(renewal.in_current_span());
        renewal.await.map_err(|_| ClientError::Stopped)?
    }

    async fn renew_in_turn(
        &self,
        turn: Turn,
        stale: Option<Secret>,
    ) -> Result<Tokens, ClientError> {
        let outcome = self.renewed(stale).await;
        turn.finish(match &outcome {
            Err(ClientError::Token(error)) => Some(Arc::clone(error)),
            _ => None,
        });
        outcome
    }

    async fn renewed(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
        let held = self.context.load().await?;
        if let Some(tokens) = held
            .as_ref()
            .filter(|tokens| Some(&tokens.access_token) != stale.as_ref())
            .filter(|tokens| !tokens.is_expired(self.registration.clock().now()))
        {
            return Ok(tokens.clone());
        }
        let tokens = match self.refreshed(held).await? {
            Some(tokens) => tokens,
            None => match self.providers.obtain(&self.registration).await? {
                Obtained::Tokens(tokens) => tokens,
                Obtained::AuthorizationRequired(required) => {
                    self.context.clear().await?;
                    return Err(ClientError::AuthorizationRequired(required));
                }
                Obtained::ImplicitAuthorizationRequired(required) => {
                    self.context.clear().await?;
                    return Err(ClientError::ImplicitAuthorizationRequired(required));
                }
                Obtained::Declined => return Err(ClientError::NoProvider),
            },
        };
        self.context.save(&tokens).await?;
        Ok(tokens)
    }

    /// Exchanges the refresh token of what is held (RFC 6749 §6). `None` when there is none, or when it is
    /// dead: the context is then empty and the way to a first token has to be taken again. A server that
    /// cannot be reached is an error, and the tokens stay.
    async fn refreshed(&self, held: Option<Tokens>) -> Result<Option<Tokens>, ClientError> {
        let Some(refresh_token) = held.and_then(|tokens| tokens.refresh_token) else {
            return Ok(None);
        };
        match self.registration.refresh(refresh_token).await {
            Ok(tokens) => Ok(Some(tokens)),
            Err(error) if error.is_invalid_grant() => {
                let client = self.registration.client_id();
                tracing::info!(event = "refresh_refused", client.id = %client);
                self.context.clear().await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}
