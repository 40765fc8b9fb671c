//! Why a store could not do what it was asked.

/// A store failed; what was asked may or may not have happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or did not answer in time. Trying again later may help.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// It answered with something that cannot be understood.
    #[error("the store holds a damaged record: {0}")]
    Damaged(String),
}
