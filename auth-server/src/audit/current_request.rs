//! In which request something happens: known wherever work on it goes on, so whoever records needs not be told.

use std::cell::Cell;
use std::future::Future;

tokio::task_local! {
    static CURRENT: CurrentRequest;
}

/// The request that is answered.
struct CurrentRequest {
    id: String,
    /// Whether an event has told that it was refused.
    is_refusal_told: Cell<bool>,
}

/// Does the work on a request of this id; `after` is called in it with what came of it.
pub async fn in_request<T>(id: String, work: impl Future<Output = T>, after: impl FnOnce(&T)) -> T {
    let current = CurrentRequest {
        id,
        is_refusal_told: Cell::new(false),
    };
    let work = async move {
        let outcome = work.await;
        after(&outcome);
        outcome
    };
    CURRENT.scope(current, work).await
}

/// The id of the request that this is called in; empty where there is none.
pub fn current_request_id() -> String {
    CURRENT
        .try_with(|current| current.id.clone())
        .unwrap_or_default()
}

/// Whether an event has told already that the request that this is called in was refused.
pub fn is_refusal_told() -> bool {
    CURRENT
        .try_with(|current| current.is_refusal_told.get())
        .unwrap_or_default()
}

/// Notes that one has.
pub(super) fn note_refusal_told() {
    // Outside of a request nobody asks.
    let _ = CURRENT.try_with(|current| current.is_refusal_told.set(true));
}
