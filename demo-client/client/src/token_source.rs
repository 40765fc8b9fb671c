//! A token that is good now: kept, renewed, or obtained anew.

use std::sync::Arc;
use std::time::Duration;

use symbolon::secret::Secret;
use tracing::Instrument as _;

use crate::context::TokenContext;
use crate::error::ClientError;
use crate::pending::AuthorizationCodeGrant;
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
    /// Tokens whose access token is good now. One that is near its end is used while a task renews it.
    pub(crate) async fn usable_tokens(&self) -> Result<Tokens, ClientError> {
        let clock = self.registration.clock();
        match self.context.load().await? {
            Some(tokens) if !tokens.is_expired(clock) => {
                if tokens.needs_renewal(clock) {
                    self.renew_beside(&tokens);
                }
                Ok(tokens)
            }
            held => self.renew_after(held.map(|held| held.access_token)).await,
        }
    }

    /// Renews unless another call has done so since `stale` was the token, or a server that just failed is
    /// left in peace.
    pub(crate) async fn renew_after(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
        let now = self.registration.clock().elapsed();
        match self.context.renewal_lock().failure(now) {
            Some(failure) => Err(failure.into()),
            None => self.renew_now(stale).await,
        }
    }

    /// Renews unless another call has done so since `stale` was the token.
    pub(crate) async fn renew_now(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
        let turn = self.context.renewal_lock().turn().await?;
        let this = self.clone();
        // In a task of its own: when the caller goes away (a browser that closes its connection),
        // a refresh token that was exchanged but not saved would end the authorization.
        let renewal = async move {
            let outcome = this.renewed(stale).await;
            match &outcome {
                Err(ClientError::Token(failure)) => turn.fail(Arc::clone(failure), this.elapsed()),
                _ => turn.finish(),
            }
            outcome
        };
        let renewal = tokio::spawn(renewal.in_current_span());
        renewal.await.map_err(|_| ClientError::Stopped)?
    }

    /// Exchanges a code and keeps the tokens. In a task of its own, as a renewal is: a code is good once, so what a
    /// browser does not wait for must not be lost.
    pub(crate) async fn exchange(
        &self,
        grant: AuthorizationCodeGrant,
    ) -> Result<Tokens, ClientError> {
        let this = self.clone();
        let exchange = async move {
            let tokens = this.registration.exchange(grant).await?;
            let _turn = this.context.renewal_lock().turn().await.ok();
            this.context.save(&tokens).await?;
            Ok(tokens)
        };
        let exchange = tokio::spawn(exchange.in_current_span());
        exchange.await.map_err(|_| ClientError::Stopped)?
    }

    /// Renews `held`, which is still good, in a task of its own, unless one is at it.
    fn renew_beside(&self, held: &Tokens) {
        let Some(turn) = self.context.renewal_lock().free_turn(self.elapsed()) else {
            return;
        };
        let (this, held) = (self.clone(), held.clone());
        let renewal = async move {
            match this.renewed_early(&held).await {
                Ok(true) => turn.finish(),
                Ok(false) => {
                    let left = held.time_left(this.registration.clock());
                    turn.wait(this.elapsed() + left.unwrap_or_default());
                }
                Err(ClientError::Token(failure)) => {
                    tracing::debug!(event = "early_renewal_failed", error = %failure);
                    turn.fail(failure, this.elapsed());
                }
                Err(error) => {
                    tracing::debug!(event = "early_renewal_failed", %error);
                    turn.finish();
                }
            }
        };
        tokio::spawn(renewal.in_current_span());
    }

    fn elapsed(&self) -> Duration {
        self.registration.clock().elapsed()
    }

    /// Renews what is still good; false when only the owner can, who is not asked before the end.
    async fn renewed_early(&self, held: &Tokens) -> Result<bool, ClientError> {
        let Some(mut tokens) = self.context.load().await? else {
            return Ok(false);
        };
        if tokens.access_token != held.access_token {
            return Ok(true);
        }
        if let Some(refresh_token) = tokens.refresh_token.take() {
            match self.registration.refresh(refresh_token).await {
                Ok(renewed) => {
                    self.context.save(&renewed).await?;
                    return Ok(true);
                }
                Err(error) if error.is_invalid_grant() => {
                    self.log_refused();
                    self.context.save(&tokens).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        match self.providers.obtain(&self.registration).await? {
            Obtained::Tokens(obtained) => {
                self.context.save(&obtained).await?;
                Ok(true)
            }
            Obtained::AuthorizationRequired(_)
            | Obtained::ImplicitAuthorizationRequired(_)
            | Obtained::Declined => Ok(false),
        }
    }

    async fn renewed(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
        let held = self.context.load().await?;
        if let Some(tokens) = held
            .as_ref()
            .filter(|tokens| Some(&tokens.access_token) != stale.as_ref())
            .filter(|tokens| !tokens.is_expired(self.registration.clock()))
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
                self.log_refused();
                self.context.clear().await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn log_refused(&self) {
        let client = self.registration.client_id();
        tracing::info!(event = "refresh_refused", client.id = %client);
    }
}
