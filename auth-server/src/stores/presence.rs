//! Whether somebody else's registry can be reached: left alone while it is away, and looked for until it is back.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::stores::RegistryObserver;

/// How often what is away is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Whether a registry can be reached.
pub(super) struct Presence {
    /// What it holds, for the log.
    holds: &'static str,
    is_away: AtomicBool,
    observer: Arc<dyn RegistryObserver>,
}

impl Presence {
    /// It can, as far as anybody knows.
    pub(super) fn new(holds: &'static str, observer: Arc<dyn RegistryObserver>) -> Arc<Self> {
        observer.reachable(true);
        Arc::new(Self {
            holds,
            is_away: AtomicBool::new(false),
            observer,
        })
    }

    pub(super) fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Relaxed)
    }

    pub(super) const fn holds(&self) -> &'static str {
        self.holds
    }

    /// From now on it is away, until `look` has found it again.
    pub(super) fn lost<F>(
        self: &Arc<Self>,
        why: &str,
        runtime: &Handle,
        look: impl Fn() -> F + Send + 'static,
    ) where
        F: Future<Output = bool> + Send + 'static,
    {
        if self.is_away.swap(true, Ordering::Relaxed) {
            return;
        }
        let holds = self.holds;
        tracing::error!(event = "registry_away", holds, error = %why);
        self.observer.reachable(false);
        runtime.spawn(look_for(Arc::downgrade(self), look));
    }
}

/// As long as anybody wants it.
async fn look_for<F>(presence: Weak<Presence>, look: impl Fn() -> F)
where
    F: Future<Output = bool>,
{
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if presence.strong_count() == 0 {
            return;
        }
        let is_back = look().await;
        let Some(presence) = presence.upgrade() else {
            return;
        };
        if is_back {
            presence.is_away.store(false, Ordering::Relaxed);
            presence.observer.reachable(true);
            tracing::info!(event = "registry_back", holds = presence.holds);
            return;
        }
    }
}
