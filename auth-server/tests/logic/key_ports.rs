//! Ports for keys that do what a real store does only on a bad day.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use symbolon_auth_server::records::KeyRecord;
use symbolon_auth_server::stores::{Addition, KeyStore, StoreError};
use tokio::sync::Semaphore;

use crate::ports::unavailable;

/// Keys in a store that stops answering once a key was added.
pub(crate) struct DownAfterAddition {
    pub(crate) keys: Arc<dyn KeyStore>,
    is_down: AtomicBool,
}

impl DownAfterAddition {
    pub(crate) fn of(keys: &Arc<dyn KeyStore>) -> Arc<Self> {
        Arc::new(Self {
            keys: Arc::clone(keys),
            is_down: AtomicBool::new(false),
        })
    }
}

#[async_trait]
impl KeyStore for DownAfterAddition {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        if self.is_down.load(Ordering::SeqCst) {
            return unavailable();
        }
        self.keys.list_keys().await
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        let added = self.keys.add_key(key, seen).await;
        self.is_down.store(true, Ordering::SeqCst);
        added
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        self.keys.remove_key(key_id).await
    }
}

/// Keys in a store where another instance is always faster.
pub(crate) struct Contested(pub(crate) Arc<dyn KeyStore>);

#[async_trait]
impl KeyStore for Contested {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.0.list_keys().await
    }

    async fn add_key(&self, _: &KeyRecord, _: &[String]) -> Result<Addition, StoreError> {
        Ok(Addition::Raced)
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        self.0.remove_key(key_id).await
    }
}

/// Keys in a store of which an answer can be made to take its time.
pub(crate) struct LateOnce {
    store: Arc<dyn KeyStore>,
    /// Lets the answer go.
    pub(crate) arrival: Semaphore,
    is_next_late: AtomicBool,
}

impl LateOnce {
    pub(crate) fn new(store: Arc<dyn KeyStore>) -> Self {
        Self {
            store,
            arrival: Semaphore::new(0),
            is_next_late: AtomicBool::new(false),
        }
    }

    pub(crate) fn delay_the_next(&self) {
        self.is_next_late.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl KeyStore for LateOnce {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        let answer = self.store.list_keys().await;
        if self.is_next_late.swap(false, Ordering::SeqCst) {
            drop(self.arrival.acquire().await.unwrap());
        }
        answer
    }

    async fn add_key(&self, key: &KeyRecord, seen: &[String]) -> Result<Addition, StoreError> {
        self.store.add_key(key, seen).await
    }

    async fn remove_key(&self, key_id: &str) -> Result<(), StoreError> {
        self.store.remove_key(key_id).await
    }
}
