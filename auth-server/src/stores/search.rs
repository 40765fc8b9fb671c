//! Searches for what has no index: all records of a kind, a part at a time.

/// Where a search goes on. Only the store that gave it can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPlace(pub(super) Vec<u8>);
