//! Ending a world, or a part of it, under way.

use std::sync::Arc;
use std::time::Duration;

use crate::World;

impl World {
    /// Ends the authorization server; the other two services run on.
    pub async fn stop_authorization_server(&self) {
        for handle in self.handles.iter().take(2) {
            handle.stop(false).await;
        }
    }

    /// Ends everything and waits until the store is closed, so that another world can open it.
    pub async fn stop(self) {
        let store = Arc::downgrade(&self.server.store);
        for handle in &self.handles {
            handle.stop(true).await;
        }
        drop(self);
        for _ in 0..1000 {
            if store.strong_count() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("somebody still holds the store of a world that was stopped");
    }
}
