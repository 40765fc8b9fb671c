//! Which kinds of hashes there are among the accounts of an estate, and which of them an unknown name is checked
//! against: an estate that was migrated has several, and the time of an answer must not tell that nobody has a
//! name.

use std::collections::BTreeMap;

use super::PasswordHash;

/// The kinds of hashes that accounts have, each with its cost.
#[derive(Clone, Debug, Default)]
pub struct HashKinds(BTreeMap<String, Kind>);

#[derive(Clone, Debug)]
struct Kind {
    /// One of them: to verify against it costs what it costs against any of its kind.
    sample: PasswordHash,
    accounts: u64,
}

impl HashKinds {
    /// Takes the hash of one more account into account.
    pub fn include(&mut self, hash: &PasswordHash) {
        let kind = self.0.entry(hash.cost()).or_insert_with(|| Kind {
            sample: hash.clone(),
            accounts: 0,
        });
        kind.accounts += 1;
    }

    /// The kinds of these and of others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        for (cost, theirs) in &others.0 {
            match self.0.get_mut(cost) {
                Some(kind) => kind.accounts = kind.accounts.saturating_add(theirs.accounts),
                None => drop(self.0.insert(cost.clone(), theirs.clone())),
            }
        }
        self
    }

    /// The hash that an unknown name is checked against, each kind as often as accounts have it. `digest`
    /// is a keyed one of the name: the same name always costs the same, and nobody can work out which.
    pub(super) fn choose(&self, digest: u64) -> Option<&PasswordHash> {
        let accounts: u64 = self.0.values().map(|kind| kind.accounts).sum();
        let mut point = (u128::from(digest) * u128::from(accounts)) >> u64::BITS;
        for kind in self.0.values() {
            match point.checked_sub(u128::from(kind.accounts)) {
                Some(rest) => point = rest,
                None => return Some(&kind.sample),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";

    #[test]
    fn an_unknown_name_costs_what_accounts_cost_each_kind_as_often_as_they_have_it() {
        let mut kinds = HashKinds::default();
        for text in [BCRYPT, "{noop}a", "{noop}b", "{noop}c"] {
            kinds.include(&text.parse().unwrap());
        }
        let slow = |digest| kinds.choose(digest).unwrap().is_slow();
        let chosen: Vec<bool> = (0..8_u64).map(|eighth| slow(eighth << 61)).collect();
        assert_eq!(chosen.iter().filter(|slow| **slow).count(), 2);
        assert!(kinds.choose(u64::MAX).is_some());
    }

    #[test]
    fn hashes_of_one_kind_and_different_costs_are_different_kinds() {
        let costs = [
            BCRYPT,
            "{bcrypt}$2b$05$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
            "{noop}a",
        ];
        let mut kinds = HashKinds::default();
        for text in costs {
            kinds.include(&text.parse().unwrap());
        }
        assert_eq!(kinds.0.len(), 3);
        let twice = kinds.clone().and(&kinds);
        assert_eq!(twice.0.len(), 3);
        assert!(twice.0.values().all(|kind| kind.accounts == 2));
    }

    #[test]
    fn where_nobody_has_an_account_nothing_is_chosen() {
        assert!(HashKinds::default().choose(7).is_none());
    }
}
