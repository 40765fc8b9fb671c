//! The client: a [`reqwest::Client`] that brings its own token.

use std::sync::Arc;

use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{IntoUrl, Request, RequestBuilder, Response, StatusCode};
use symbolon::bearer::BearerChallenge;
use symbolon::calls;
use symbolon::error::ErrorCode;
use symbolon::secret::Secret;

use crate::context::{MemoryContext, TokenContext};
use crate::endpoint_call::TokenError;
use crate::error::ClientError;
use crate::exchange_kind::ExchangeKind;
use crate::observer::{Exchange, Observer, mask, shown, shown_url};
use crate::pending::{AuthorizationCodeGrant, PendingAuthorization};
use crate::providers::{Provider, ProviderChain};
use crate::registration::Registration;
use crate::resource_refusal::{RefusalReading, ResourceRefusal};
use crate::sent_secrets::SentSecrets;
use crate::token_placement::TokenPlacement;
use crate::token_source::TokenSource;
use crate::tokens::Tokens;
use crate::whole_exchange::{WholeExchange, WholeRequest, WholeResponse};

/// Obtains, keeps, renews and attaches tokens ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
///
/// Make one per user session, or one per service, out of clones of one [`Registration`]; that costs
/// nothing. A clone of the client is the same client. Its calls may run at the same time: one renewal
/// serves all of them, and a token that is near its end is used while it is renewed. A server that gave
/// no token is asked again after a while, from a second to a minute, or when it said (`Retry-After`).
///
/// The token goes only to the address that is asked. When the answer is a redirect to another host
/// or port, `reqwest` follows it without the token; keep that in mind when passing a client of your own
/// with another redirect policy.
#[derive(Clone, Debug)]
pub struct OAuth2Client {
    source: TokenSource,
    http: reqwest::Client,
    placement: TokenPlacement,
    reading: RefusalReading,
    repeats: bool,
}

impl OAuth2Client {
    /// A client that keeps its tokens in memory and gets the first one from `provider`.
    pub fn new(registration: Registration, provider: impl Provider + 'static) -> Self {
        Self::with_providers(registration, ProviderChain::default().or(provider))
    }

    /// A client that asks several providers in turn. With an empty chain it can renew what its
    /// context holds, and nothing else.
    pub fn with_providers(registration: Registration, providers: ProviderChain) -> Self {
        Self {
            http: registration.resource_http().clone(),
            source: TokenSource {
                registration,
                providers,
                context: Arc::new(MemoryContext::default()),
            },
            placement: TokenPlacement::default(),
            reading: RefusalReading::default(),
            repeats: true,
        }
    }

    /// The same with its tokens kept in `context`.
    #[must_use]
    pub fn with_context(mut self, context: Arc<dyn TokenContext>) -> Self {
        self.source.context = context;
        self
    }

    /// The same, asking other providers. The context stays: a password can be used once and dropped.
    #[must_use]
    pub fn with_provider_chain(mut self, providers: ProviderChain) -> Self {
        self.source.providers = providers;
        self
    }

    /// The same, with `observer` called after every exchange.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.source.registration = self.source.registration.with_observer(observer);
        self
    }

    /// The same with another HTTP client for the protected resources.
    #[must_use]
    pub fn with_http(mut self, http: reqwest::Client) -> Self {
        self.http = http;
        self
    }

    /// The same with its token at another place of a call than the header. With a
    /// [client of your own](Self::with_http) and a token in the query, let that one send no `Referer`.
    #[must_use]
    pub fn with_token_placement(mut self, placement: TokenPlacement) -> Self {
        self.placement = placement;
        self
    }

    /// The same with another reading of what a resource server means by its refusals.
    #[must_use]
    pub const fn with_refusal_reading(mut self, reading: RefusalReading) -> Self {
        self.reading = reading;
        self
    }

    /// The same, which repeats no call: an answer that refuses the token is the caller's, and the token is kept.
    #[must_use]
    pub const fn without_repeats(mut self) -> Self {
        self.repeats = false;
        self
    }

    /// The HTTP client without tokens: to build requests for [`OAuth2Client::send`].
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The client at its authorization server.
    pub const fn registration(&self) -> &Registration {
        &self.source.registration
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
    /// `error="invalid_token"`, or says the same otherwise where that is [read](Self::with_refusal_reading), the token is
    /// renewed and the request repeated, once; a second refusal is the caller's. A request whose body is a stream cannot be repeated: its 401 is returned, and
    /// the next call has a new token.
    pub async fn execute(&self, request: Request) -> Result<Response, ClientError> {
        calls::check_address(request.url(), self.registration().allows_plain_http())?;
        let spare = self.repeats.then(|| request.try_clone()).flatten();
        let origin = request.url().origin();
        let tokens = self.source.usable_tokens().await?;
        let response = self.attach_and_send(request, &tokens).await?;
        // A server that was reached by a redirect has not seen our token, so it cannot refuse it.
        let may_refuse = self.repeats && response.status().is_client_error();
        if !may_refuse || response.url().origin() != origin {
            return Ok(response);
        }
        let (response, refuses) = self.refuses_token(response).await?;
        if !refuses {
            return Ok(response);
        }
        tracing::debug!(event = "token_refused", client.id = %self.source.registration.client_id());
        let renewed = self.source.renew_after(Some(tokens.access_token)).await;
        match spare {
            Some(repeat) => self.attach_and_send(repeat, &renewed?).await,
            None => Ok(response),
        }
    }

    /// A token that is good now, for calls that are made with something else than `reqwest`.
    pub async fn access_token(&self) -> Result<Secret, ClientError> {
        let tokens = self.source.usable_tokens().await?;
        Ok(tokens.access_token)
    }

    /// What the context holds: whether there is a token, until when and what for.
    pub async fn tokens(&self) -> Result<Option<Tokens>, ClientError> {
        Ok(self.source.context.load().await?)
    }

    /// Renews the token now, whether it needs it or not, and however short ago a server failed.
    pub async fn renew(&self) -> Result<Tokens, ClientError> {
        let held = self.source.context.load().await?;
        self.source
            .renew_now(held.map(|tokens| tokens.access_token))
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

    /// Exchanges a code whose callback was checked and keeps the tokens, also when the caller goes away meanwhile.
    pub async fn accept(&self, grant: AuthorizationCodeGrant) -> Result<Tokens, ClientError> {
        self.source.exchange(grant).await
    }

    /// Forgets the tokens, and revokes them where the authorization server can (RFC 7009). The
    /// tokens are forgotten even when the server cannot be reached; the error then says so.
    pub async fn log_out(&self) -> Result<(), ClientError> {
        // A renewal in flight would save its tokens after we have cleared them.
        let turn = self.source.context.renewal_lock().turn().await.ok();
        let held = self.source.context.load().await?;
        self.source.context.clear().await?;
        drop(turn);
        if self
            .source
            .registration
            .authorization_server()
            .revocation_endpoint
            .is_none()
        {
            return Ok(());
        }
        if let Some(tokens) = held {
            // RFC 7009 §2.1: with the refresh token the server ends the access tokens as well,
            // where it can; so both are revoked, the longer-lived first.
            if let Some(refresh_token) = tokens.refresh_token {
                self.source.registration.revoke(refresh_token).await?;
            }
            self.source.registration.revoke(tokens.access_token).await?;
        }
        Ok(())
    }

    async fn attach_and_send(
        &self,
        mut request: Request,
        tokens: &Tokens,
    ) -> Result<Response, ClientError> {
        let token = &tokens.access_token;
        let shown_url = shown_url(request.url());
        self.placement
            .put(token, &mut request)
            .map_err(|error| ClientError::from(TokenError::from(error)))?;
        let mut exchange = Exchange {
            kind: ExchangeKind::Resource,
            method: request.method().to_string(),
            url: shown_url,
            sent: self.placement.shown(&mask(token.expose())),
            status: None,
            received: Vec::new(),
        };
        let mut outcome = self.execute_in_sight(request).await;
        if let Ok(response) = &mut outcome {
            exchange.status = Some(response.status().as_u16());
            exchange.received = shown_headers(response);
            if response.status().is_client_error() {
                // Old servers repeat the token where they refuse it.
                let sent = SentSecrets::of_call(token);
                for (_, value) in &mut exchange.received {
                    *value = sent.hidden_in(std::mem::take(value));
                }
                response.extensions_mut().insert(sent);
            }
        }
        self.source.registration.observer().observe(exchange);
        // The address may hold the token.
        Ok(outcome.map_err(reqwest::Error::without_url)?)
    }

    /// Sends a request, in sight of whoever wants to see it whole.
    async fn execute_in_sight(&self, request: Request) -> Result<Response, reqwest::Error> {
        let whole = self.registration().observer().whole();
        let seen = whole.map(|observer| (observer, WholeRequest::of(&request)));
        let outcome = calls::execute(&self.http, request).await;
        if let Some((observer, request)) = seen {
            let response = outcome.as_ref().ok().map(|response| {
                let status = response.status().as_u16();
                WholeResponse::new(status, response.headers(), None)
            });
            observer.observe_whole(WholeExchange {
                kind: ExchangeKind::Resource,
                request,
                response,
            });
        }
        outcome
    }

    /// The answer, and whether it says that the token is not good.
    async fn refuses_token(&self, response: Response) -> Result<(Response, bool), ClientError> {
        if self.reading == RefusalReading::Standard {
            let refuses = refuses_token(&response);
            return Ok((response, refuses));
        }
        let read = ResourceRefusal::read(response).await;
        let (response, refusal) = read.map_err(reqwest::Error::without_url)?;
        let refuses = refusal.is_some_and(|refusal| refusal.error.error == ErrorCode::InvalidToken);
        Ok((response, refuses))
    }
}

/// RFC 6750 §3.1: the token is expired, revoked, malformed or otherwise bad.
fn refuses_token(response: &Response) -> bool {
    response.status() == StatusCode::UNAUTHORIZED
        && response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .flat_map(|header| BearerChallenge::all_in(&String::from_utf8_lossy(header.as_bytes())))
            .any(|challenge| challenge.error == Some(ErrorCode::InvalidToken))
}

fn shown_headers(response: &Response) -> Vec<(String, String)> {
    ["Content-Type", "WWW-Authenticate"]
        .into_iter()
        .filter_map(|name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some((name.to_owned(), shown(name, value)))
        })
        .collect()
}

#[cfg(test)]
mod tests;
