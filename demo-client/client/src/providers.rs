//! Where tokens come from: one provider per grant, and a chain of them.

mod authorization_code;
mod client_credentials;
mod implicit;
mod password;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use symbolon::token::GrantType;
use url::Url;

pub use authorization_code::AuthorizationCodeProvider;
pub use client_credentials::ClientCredentialsProvider;
pub use implicit::ImplicitProvider;
pub use password::PasswordProvider;

use crate::endpoint_call::TokenError;
use crate::pending::{PendingAuthorization, PendingImplicit};
use crate::registration::Registration;
use crate::tokens::Tokens;

/// A way to a first token.
#[async_trait]
pub trait Provider: Send + Sync + fmt::Debug {
    /// The grant it uses.
    fn grant_type(&self) -> GrantType;

    /// Gets tokens, or says what has to happen first.
    async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError>;
}

/// What a provider has to offer.
#[derive(Debug)]
pub enum Obtained {
    /// Tokens.
    Tokens(Tokens),
    /// The browser has to be sent away, and comes back with a code.
    AuthorizationRequired(Box<AuthorizationRequired>),
    /// The browser has to be sent away, and comes back with a token for the page.
    ImplicitAuthorizationRequired(Box<ImplicitAuthorizationRequired>),
    /// Nothing at present: the next provider is asked.
    Declined,
}

/// Where to send the browser, and what has to be kept until it comes back.
#[derive(Debug)]
pub struct AuthorizationRequired {
    /// The authorization request.
    pub url: Url,
    /// Its other half: belongs into the same browser's session.
    pub pending: PendingAuthorization,
}

/// [`AuthorizationRequired`] of the implicit grant.
#[derive(Debug)]
pub struct ImplicitAuthorizationRequired {
    /// The authorization request.
    pub url: Url,
    /// Its other half: stays in the page.
    pub pending: PendingImplicit,
}

/// Providers in the order in which they are asked: the first that has something to offer is taken.
#[derive(Clone, Debug, Default)]
pub struct ProviderChain(Vec<Arc<dyn Provider>>);

impl ProviderChain {
    /// The same with one more at the end.
    #[must_use]
    pub fn or(mut self, provider: impl Provider + 'static) -> Self {
        self.0.push(Arc::new(provider));
        self
    }

    pub(crate) async fn obtain(&self, registration: &Registration) -> Result<Obtained, TokenError> {
        for provider in &self.0 {
            let offer = provider.obtain(registration).await?;
            if !matches!(offer, Obtained::Declined) {
                return Ok(offer);
            }
        }
        Ok(Obtained::Declined)
    }
}
