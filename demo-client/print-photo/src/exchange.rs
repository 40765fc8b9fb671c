//! From a callback to access. What was asked for comes also when the browser has gone away, by a reload
//! or a lost connection: whoever comes again finds it, and what nobody comes for is given back.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use symbolon::secret::Secret;
use symbolon_client::{ClientError, Tokens};
use tokio::sync::watch;
use tracing::Instrument as _;

use super::access::{Access, give_back_all};

/// Access that nobody has got yet. It is given back when nobody can come for it any more.
#[derive(Debug)]
struct Unfetched(Mutex<Option<Access>>);

impl Unfetched {
    const fn new(access: Access) -> Self {
        Self(Mutex::new(Some(access)))
    }

    /// Gives it to somebody, once.
    fn take(&self) -> Option<Access> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Unfetched {
    fn drop(&mut self) {
        give_back_all(self.take().into_iter().collect());
    }
}

/// What a callback comes to.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) callback_query: Secret,
    /// Where it leads.
    pub(super) next: &'static str,
    unfetched: Option<Arc<Unfetched>>,
    outcome: watch::Receiver<Option<Result<(), Arc<ClientError>>>>,
}

impl Exchange {
    /// A callback that brought no code.
    pub(super) fn refused(callback_query: &str, error: ClientError) -> Self {
        let (_, outcome) = watch::channel(Some(Err(Arc::new(error))));
        Self {
            callback_query: Secret::new(callback_query),
            next: "/photos",
            unfetched: None,
            outcome,
        }
    }

    /// A code that is exchanged now, for this access.
    pub(super) fn begin(
        callback_query: &str,
        access: Access,
        exchange: impl Future<Output = Result<Tokens, ClientError>> + Send + 'static,
    ) -> Self {
        let unfetched = Arc::new(Unfetched::new(access));
        let (told, outcome) = watch::channel(None);
        // It ends before what it brings is given back.
        let kept = Arc::clone(&unfetched);
        let exchange = async move {
            let outcome = exchange.await.map(|_| ()).map_err(Arc::new);
            told.send_replace(Some(outcome));
            drop(kept);
        };
        tokio::spawn(exchange.in_current_span());
        Self {
            callback_query: Secret::new(callback_query),
            next: "/photos",
            unfetched: Some(unfetched),
            outcome,
        }
    }

    /// The same, leading elsewhere.
    pub(super) const fn leading_to(mut self, next: &'static str) -> Self {
        self.next = next;
        self
    }

    /// Waits until it has ended.
    pub(super) async fn outcome(&self) -> Result<(), Arc<ClientError>> {
        let mut outcome = self.outcome.clone();
        let ended = outcome.wait_for(Option::is_some).await;
        let ended = ended.ok().and_then(|ended| ended.clone());
        ended.unwrap_or_else(|| Err(Arc::new(ClientError::Stopped)))
    }

    /// The access that it gave, for whoever comes first.
    pub(super) fn take(&self) -> Option<Access> {
        self.unfetched
            .as_ref()
            .and_then(|unfetched| unfetched.take())
    }
}
