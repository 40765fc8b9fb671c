//! How much a client holds.

use symbolon::identifiers::ClientId;

use super::end::Access;
use crate::stores::StoreError;

/// How much a client holds, as far as it was looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Grants of owners that still open something.
    pub from_owners: u64,
    /// Its own.
    pub for_itself: u64,
    /// Whether everything was looked at: otherwise there may be more.
    pub is_all: bool,
}

impl Access {
    /// Counts what a client holds, in so many parts of the search at most.
    pub async fn count_held(&self, client_id: &ClientId, parts: usize) -> Result<Held, StoreError> {
        let (mut held, mut from) = (Held::default(), None);
        for _ in 0..parts {
            let part = self.grants.search_grants(client_id, from.as_ref()).await?;
            for one in &part.found {
                let count = match one.owner {
                    Some(_) => &mut held.from_owners,
                    None => &mut held.for_itself,
                };
                *count = count.saturating_add(1);
            }
            from = part.next;
            if from.is_none() {
                held.is_all = true;
                break;
            }
        }
        Ok(held)
    }
}
