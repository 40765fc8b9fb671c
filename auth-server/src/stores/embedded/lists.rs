//! Lists of registrations: a key for each that is in one. What a registration is in, it says itself: a key that its record does not
//! bear out, or whose record is damaged, leads to nobody.

use serde::de::DeserializeOwned;

use super::keys::Key;
use super::records::{KeyRange, View};
use crate::stores::{StoreError, or_if_damaged};

/// Those of a list whose keys are in this range: `record_of` says which record a key of the list leads to.
pub(super) fn listed<T: DeserializeOwned>(
    view: &View<'_>,
    range: &KeyRange<'_>,
    record_of: impl Fn(&Key) -> Option<Key>,
    is_in: impl Fn(&T) -> bool,
) -> Result<Vec<T>, StoreError> {
    let (mut found, mut after) = (Vec::new(), range.after.cloned());
    while found.len() < range.limit {
        let missing = range.limit - found.len();
        let keys = view.some_keys(&KeyRange {
            prefix: range.prefix,
            after: after.as_ref(),
            limit: missing,
        })?;
        for key in keys.iter().filter_map(&record_of) {
            let record = or_if_damaged(view.find(&key), || None)?;
            found.extend(record.filter(&is_in));
        }
        if keys.len() < missing {
            break;
        }
        after = keys.into_iter().next_back();
    }
    Ok(found)
}
