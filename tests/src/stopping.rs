//! Ending a world, or a part of it, under way.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::{Store, World};

impl World {
    /// Ends the authorization server; the other two services run on.
    pub async fn stop_authorization_server(&self) {
        for handle in self.handles.iter().take(2) {
            handle.stop(false).await;
        }
    }

    /// Ends everything and waits until the store is closed, so that another world can open it.
    pub async fn stop(self) {
        let store = Arc::downgrade(&self.server.store_health);
        let file = match &self.store {
            Store::File(path) => Some(path.clone()),
            Store::Memory | Store::Redis(_) | Store::SharedRedis(_) => None,
        };
        for handle in &self.handles {
            handle.stop(true).await;
        }
        drop(self);
        for _ in 0..1000 {
            if store.strong_count() == 0 && file.as_deref().is_none_or(is_free) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("somebody still holds the store of a world that was stopped");
    }
}

/// True when nobody has this file open for writing: an embedded store locks it.
fn is_free(file: &Path) -> bool {
    File::open(file).is_ok_and(|file| file.try_lock().is_ok())
}
