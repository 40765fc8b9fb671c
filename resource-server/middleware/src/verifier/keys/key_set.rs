//! The keys that the authorization server published at one moment.

use std::time::Duration;

use super::verification_key::VerificationKey;

/// The keys of one fetch.
#[derive(Default)]
pub(crate) struct KeySet {
    pub(crate) keys: Vec<VerificationKey>,
    /// Counts the times that the keys changed; 0 before the first fetch.
    pub(crate) generation: u64,
    /// On the stopwatch: whoever sets the hour makes keys neither older nor younger.
    pub(super) fetched_at: Option<Duration>,
}

impl KeySet {
    /// The same keys in the same order.
    pub(super) fn same_keys(&self, keys: &[VerificationKey]) -> bool {
        self.keys.len() == keys.len()
            && self
                .keys
                .iter()
                .zip(keys)
                .all(|(left, right)| left.same_as(right))
    }
}
