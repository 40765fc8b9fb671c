//! The client: a [`reqwest::Client`] that brings its own token.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use reqwest::{IntoUrl, Request, RequestBuilder, Response, StatusCode};
use symbolon::bearer::BearerChallenge;
use symbolon::calls;
use symbolon::error::ErrorCode;
use symbolon::secret::Secret;
use tracing::Instrument as _;

use crate::context::{MemoryContext, TokenContext, Turn};
use crate::error::{ClientError, TokenError};
use crate::observer::{Exchange, Observer, mask, shown_url};
use crate::pending::{AuthorizationCodeGrant, PendingAuthorization};
use crate::providers::{self, Obtained, Provider, ProviderChain};
use crate::registration::Registration;
use crate::tokens::Tokens;

/// How long a resource server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may be silent; a long download that goes on is not cut off.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Obtains, keeps, renews and attaches tokens ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
///
/// Make one per user session, or one per service; a clone is the same client. Its calls may run at
/// the same time: one renewal serves all of them.
///
/// The token goes only to the address that is asked. When the answer is a redirect to another host
/// or port, `reqwest` follows it without the token; keep that in mind when passing a client of your own
/// with another redirect policy.
#[derive(Clone, Debug)]
pub struct OAuth2Client {
    registration: Registration,
    providers: ProviderChain,
    context: Arc<dyn TokenContext>,
    http: reqwest::Client,
}

impl OAuth2Client {
    /// A client that keeps its tokens in memory and gets the first one from `provider`.
    pub fn new(
        registration: Registration,
        provider: impl Provider + 'static,
    ) -> Result<Self, ClientError> {
        Self::with_providers(registration, ProviderChain::default().or(provider))
    }

    /// A client that asks several providers in turn. With an empty chain it can renew what its
    /// context holds, and nothing else.
    pub fn with_providers(
        registration: Registration,
        providers: ProviderChain,
    ) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build()?;
        Ok(Self {
            registration,
            providers,
            context: Arc::new(MemoryContext::default()),
            http,
        })
    }

    /// The same with its tokens kept in `context`.
    #[must_use]
    pub fn with_context(mut self, context: Arc<dyn TokenContext>) -> Self {
        self.context = context;
        self
    }

    /// The same, asking other providers. The context stays: a password can be used once and dropped.
    #[must_use]
    pub fn with_provider_chain(mut self, providers: ProviderChain) -> Self {
        self.providers = providers;
        self
    }

    /// The same, telling `observer` about every exchange.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.registration = self.registration.with_observer(observer);
        self
    }

    /// The same with another HTTP client for the protected resources.
    #[must_use]
    pub fn with_http(mut self, http: reqwest::Client) -> Self {
        self.http = http;
        self
    }

    /// The HTTP client without tokens: to build requests for [`OAuth2Client::send`].
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The client at its authorization server.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }

    /// Gets a protected resource.
    pub async fn get(&self, url: impl IntoUrl) -> Result<Response, ClientError> {
        self.send(self.http.get(url)).await
    }

    /// Builds and executes a request.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        self.execute(request.build()?).await
    }

    /// Executes a request with a token. When the resource server answers 401 with
    /// `error="invalid_token"`, the token is renewed and the request repeated, once; a second 401 is
    /// the caller's. A request whose body is a stream cannot be repeated: its 401 is returned, and
    /// the next call has a new token.
    pub async fn execute(&self, request: Request) -> Result<Response, ClientError> {
        let spare = request.try_clone();
        let origin = request.url().origin();
        let tokens = self.usable_tokens().await?;
        let response = self.attach_and_send(request, &tokens).await?;
        // A server that was reached by a redirect has not seen our token, so it cannot refuse it.
        if !refuses_token(&response) || response.url().origin() != origin {
            return Ok(response);
        }
        tracing::debug!(event = "token_refused", client.id = %self.registration.client_id());
        let renewed = self.renew_after(Some(tokens.access_token)).await;
        match spare {
            Some(repeat) => self.attach_and_send(repeat, &renewed?).await,
            None => Ok(response),
        }
    }

    /// A token that is good now, for calls that are made with something else than `reqwest`.
    pub async fn access_token(&self) -> Result<Secret, ClientError> {
        let tokens = self.usable_tokens().await?;
        Ok(tokens.access_token)
    }

    /// What the context holds: whether there is a token, until when and what for.
    pub async fn tokens(&self) -> Result<Option<Tokens>, ClientError> {
        Ok(self.context.load().await?)
    }

    /// Renews the token now, whether it needs it or not.
    pub async fn renew(&self) -> Result<Tokens, ClientError> {
        let held = self.context.load().await?;
        self.renew_after(held.map(|tokens| tokens.access_token))
            .await
    }

    /// Takes the query of a callback, checks it against the request it answers, exchanges the code
    /// and keeps the tokens.
    pub async fn complete(
        &self,
        pending: PendingAuthorization,
        callback_query: &str,
    ) -> Result<Tokens, ClientError> {
        self.accept(pending.complete(callback_query)?).await
    }

    /// Exchanges a code whose callback was checked and keeps the tokens.
    pub async fn accept(&self, grant: AuthorizationCodeGrant) -> Result<Tokens, ClientError> {
        let tokens = self.registration.exchange(grant).await?;
        let _turn = self.context.renewal_lock().turn().await.ok();
        self.context.save(&tokens).await?;
        Ok(tokens)
    }

    /// Forgets the tokens, and tells the authorization server where it can be told (RFC 7009). The
    /// tokens are forgotten even when the server cannot be reached; the error then says so.
    pub async fn log_out(&self) -> Result<(), ClientError> {
        // A renewal in flight would save its tokens after we have cleared them.
        let turn = self.context.renewal_lock().turn().await.ok();
        let held = self.context.load().await?;
        self.context.clear().await?;
        drop(turn);
        if self
            .registration
            .authorization_server()
            .revocation_endpoint
            .is_none()
        {
            return Ok(());
        }
        if let Some(tokens) = held {
            // RFC 7009 §2.1: with the refresh token the server ends the access tokens as well,
            // where it can; so both are told, the longer-lived first.
            if let Some(refresh_token) = tokens.refresh_token {
                self.registration.revoke(refresh_token).await?;
            }
            self.registration.revoke(tokens.access_token).await?;
        }
        Ok(())
    }

    async fn usable_tokens(&self) -> Result<Tokens, ClientError> {
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

    async fn attach_and_send(
        &self,
        mut request: Request,
        tokens: &Tokens,
    ) -> Result<Response, ClientError> {
        let header = format!("Bearer {}", tokens.access_token.expose());
        // A token that no header can hold is none (RFC 6750 §2.1).
        let mut header = HeaderValue::from_str(&header)
            .map_err(|_| ClientError::from(TokenError::UnsupportedTokenType))?;
        header.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, header);
        let mut exchange = Exchange {
            method: request.method().to_string(),
            url: shown_url(request.url()),
            sent: vec![(
                AUTHORIZATION_NAME.to_owned(),
                format!("Bearer {}", mask(tokens.access_token.expose())),
            )],
            status: None,
            received: Vec::new(),
        };
        let outcome = calls::execute(&self.http, request).await;
        if let Ok(response) = &outcome {
            exchange.status = Some(response.status().as_u16());
            exchange.received = shown_headers(response);
        }
        self.registration.observer().observe(exchange);
        Ok(outcome?)
    }

    /// Renews unless another call has done so since `stale` was the token.
    async fn renew_after(&self, stale: Option<Secret>) -> Result<Tokens, ClientError> {
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
        let registration = &self.registration;
        let refreshed = providers::refresh(registration, &*self.context, held).await?;
        let tokens = match refreshed {
            Some(tokens) => tokens,
            None => match self.providers.obtain(registration).await? {
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
}

const AUTHORIZATION_NAME: &str = "Authorization";

/// RFC 6750 §3.1: the token is expired, revoked, malformed or otherwise bad.
fn refuses_token(response: &Response) -> bool {
    response.status() == StatusCode::UNAUTHORIZED
        && response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|header| BearerChallenge::parse(header.to_str().ok()?))
            .any(|challenge| challenge.error == Some(ErrorCode::InvalidToken))
}

fn shown_headers(response: &Response) -> Vec<(String, String)> {
    ["Content-Type", "WWW-Authenticate"]
        .into_iter()
        .filter_map(|name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests;
