//! What owners show besides their passwords, or in their place: counted, for whoever looks after accounts.

use futures_util::future::{try_join, try_join_all};

use super::OwnerAccounts;
use crate::records::OwnerRegistration;
use crate::stores::{StoreError, or_if_damaged};

/// What an owner shows besides a password, or in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerFactors {
    /// Whether the password alone is not enough.
    pub second_factor: bool,
    /// How many passkeys sign in in its place.
    pub passkeys: usize,
}

impl OwnerAccounts {
    /// Those of an account, wherever that is kept: two reads. What cannot be read is there: there is something to be removed.
    pub async fn factors(&self, name: &str) -> Result<OwnerFactors, StoreError> {
        let second_factor = async {
            let found = self.second_factors.find_second_factor(name).await;
            or_if_damaged(found.map(|factor| factor.is_some()), || true)
        };
        let (second_factor, passkeys) =
            Box::pin(try_join(second_factor, self.count_passkeys(name))).await?;
        Ok(OwnerFactors {
            second_factor,
            passkeys,
        })
    }

    /// Those of the accounts of a page, each beside its account.
    pub async fn with_factors(
        &self,
        accounts: Vec<OwnerRegistration>,
    ) -> Result<Vec<(OwnerRegistration, OwnerFactors)>, StoreError> {
        let reads = accounts.iter().map(|account| self.factors(&account.name));
        let factors = try_join_all(reads).await?;
        Ok(accounts.into_iter().zip(factors).collect())
    }
}
