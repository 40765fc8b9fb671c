//! Where the tokens of one user session, or of a service, are kept between calls.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use crate::endpoint_call::TokenError;
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

/// Makes one renewal serve all the calls that wait for it, in success and in failure.
#[derive(Clone, Debug, Default)]
pub struct RenewalLock(Arc<Renewals>);

#[derive(Debug, Default)]
struct Renewals {
    finished: AtomicU64,
    last_failure: Arc<tokio::sync::Mutex<Option<Arc<TokenError>>>>,
}

/// The right to renew. Whoever holds it is the only one.
#[derive(Debug)]
pub(crate) struct Turn {
    renewals: Arc<Renewals>,
    last_failure: OwnedMutexGuard<Option<Arc<TokenError>>>,
}

impl RenewalLock {
    /// Waits for the right to renew. When a renewal ended in failure meanwhile, its failure is the
    /// answer: else a hundred calls would wait in a row for a server that does not answer.
    pub(crate) async fn turn(&self) -> Result<Turn, Arc<TokenError>> {
        let before = self.0.finished.load(Ordering::SeqCst);
        let last_failure = Arc::clone(&self.0.last_failure).lock_owned().await;
        let meanwhile = self.0.finished.load(Ordering::SeqCst) != before;
        match last_failure.as_ref() {
            Some(failure) if meanwhile => Err(Arc::clone(failure)),
            _ => Ok(Turn {
                renewals: Arc::clone(&self.0),
                last_failure,
            }),
        }
    }
}

impl Turn {
    /// Lets the next one in, with the outcome for those who wait.
    pub(crate) fn finish(mut self, failure: Option<Arc<TokenError>>) {
        *self.last_failure = failure;
        self.renewals.finished.fetch_add(1, Ordering::SeqCst);
    }
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
