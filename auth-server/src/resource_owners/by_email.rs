//! Accounts of the store, found by where their owners read mails.

use crate::stores::{OwnerRegistrar, StoreError};

/// How many accounts are gone through at a time.
const PART: usize = 500;

/// Has every account of the store found by its address: those too that an older server has written, or writes beside this one.
pub async fn index_all(owners: &dyn OwnerRegistrar) -> Result<(), StoreError> {
    let mut after: Option<String> = None;
    loop {
        after = owners.index_owners(after.as_deref(), PART).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}
