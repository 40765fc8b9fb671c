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

/// `otherwise` in the place of an answer that a damaged record makes impossible. Where a record opens something, one
/// that cannot be read is as good as none: whoever it belonged to can begin anew, which a failure would forbid for as
/// long as the record is kept. The log tells it; keys and registrations are never taken for absent so.
pub fn or_if_damaged<T>(
    answer: Result<T, StoreError>,
    otherwise: impl FnOnce() -> T,
) -> Result<T, StoreError> {
    match answer {
        Err(StoreError::Damaged(error)) => {
            tracing::error!(event = "damaged_record", %error);
            Ok(otherwise())
        }
        Ok(_) | Err(StoreError::Unavailable(_)) => answer,
    }
}
