//! Where the tokens of one user session, or of a service, are kept between calls.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::renewal::RenewalLock;
use crate::tokens::Tokens;

/// The place where tokens are kept failed.
#[derive(Debug, thiserror::Error)]
#[error("the tokens cannot be read or written")]
pub struct ContextError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl ContextError {
    /// Wraps what the store says.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// The place of one set of tokens: a session of a user, or the whole service for client credentials.
///
/// An implementation over a database keeps one value per user; tokens open the user's data, so
/// encrypt them there.
#[async_trait]
pub trait TokenContext: Send + Sync + fmt::Debug {
    /// The tokens that are kept.
    async fn load(&self) -> Result<Option<Tokens>, ContextError>;

    /// Replaces the tokens. They are not used before this has succeeded: a rotated refresh token
    /// that got lost would end the authorization.
    async fn save(&self, tokens: &Tokens) -> Result<(), ContextError>;

    /// Forgets the tokens.
    async fn clear(&self) -> Result<(), ContextError>;

    /// The lock of this context. All contexts over the same tokens return the same lock.
    fn renewal_lock(&self) -> &RenewalLock;
}

/// Tokens in memory: gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryContext {
    tokens: Mutex<Option<Tokens>>,
    renewal_lock: RenewalLock,
}

impl MemoryContext {
    /// A context that holds `tokens` already.
    pub fn holding(tokens: Tokens) -> Self {
        Self {
            tokens: Mutex::new(Some(tokens)),
            renewal_lock: RenewalLock::default(),
        }
    }

    fn replace(&self, tokens: Option<Tokens>) {
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = tokens;
    }
}

#[async_trait]
impl TokenContext for MemoryContext {
    async fn load(&self) -> Result<Option<Tokens>, ContextError> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tokens.clone())
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), ContextError> {
        self.replace(Some(tokens.clone()));
        Ok(())
    }

    async fn clear(&self) -> Result<(), ContextError> {
        self.replace(None);
        Ok(())
    }

    fn renewal_lock(&self) -> &RenewalLock {
        &self.renewal_lock
    }
}
