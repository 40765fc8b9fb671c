//! Keeps a connection open while nobody uses it: a Redis that was restarted, or a peer on the way that forgets what is
//! idle, costs no request.

use std::sync::Arc;
use std::time::Duration;

use redis::{PushInfo, PushKind};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::connection::Connection;

/// How long until it is tried again.
const RETRY: Duration = Duration::from_millis(250);
/// How often a connection is looked at that nobody closed: what forgets idle connections gives them minutes.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Watches until it is dropped.
pub(super) struct Watch(JoinHandle<()>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Watch {
    /// Watches a connection that tells `pushes` when it is closed. It belongs to the runtime that this is called on.
    pub(super) fn over(connection: &Arc<Connection>, pushes: UnboundedReceiver<PushInfo>) -> Self {
        Self(tokio::spawn(watch(Arc::clone(connection), pushes)))
    }
}

async fn watch(connection: Arc<Connection>, mut pushes: UnboundedReceiver<PushInfo>) {
    loop {
        while connection.query::<()>(&redis::cmd("PING")).await.is_err() {
            tokio::time::sleep(RETRY).await;
        }
        // Closed, or long enough: both is a reason to ask.
        drop(tokio::time::timeout(LOOK_EVERY, until_closed(&mut pushes)).await);
    }
}

async fn until_closed(pushes: &mut UnboundedReceiver<PushInfo>) {
    while let Some(push) = pushes.recv().await {
        if push.kind == PushKind::Disconnection {
            return;
        }
    }
    // Nobody is left who could tell.
    std::future::pending::<()>().await;
}
