//! Ports for keys that do what a real store does only on a bad day.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use symbolon_auth_server::records::KeyRecord;
use symbolon_auth_server::stores::{Addition, KeyStore, StoreError};

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
