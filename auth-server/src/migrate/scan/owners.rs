//! What becomes of owners, counted.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::passwords::HashId;
use crate::records::OwnerRegistration;
use crate::resource_owners::registration::register;
use crate::stores::sql::ReadRow;

/// Names that are shown of those who cannot sign in.
const NAMES: usize = 20;

/// All owners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OwnerCounts {
    /// Rows.
    pub all: u64,
    /// Those who can sign in here.
    pub ready: u64,
    /// Those who are locked.
    pub disabled: u64,
    /// Those who may do nothing, whom nobody has at a Spring server either.
    pub without_authorities: u64,
    /// Those whose account cannot be used.
    pub refused: u64,
    /// The first of them, and why.
    pub refused_first: Vec<String>,
    /// What somebody may regret about passwords, and about how many.
    pub weak: BTreeMap<&'static str, u64>,
}

impl OwnerCounts {
    /// Counts an account; hashes without an id are read as `hash_without_id` says.
    pub fn count(
        &mut self,
        row: ReadRow<Option<OwnerRegistration>>,
        hash_without_id: Option<HashId>,
    ) {
        self.all += 1;
        let read = row.read.and_then(|registration| {
            let owner = registration.map(|registration| register(&registration, hash_without_id));
            owner.transpose().map_err(|error| error.reason.to_string())
        });
        match read {
            Ok(Some(owner)) => {
                if owner.disabled {
                    self.disabled += 1;
                } else {
                    self.ready += 1;
                }
                if let Some(weakness) = owner.password.weakness() {
                    *self.weak.entry(weakness).or_default() += 1;
                }
            }
            Ok(None) => self.without_authorities += 1,
            Err(why) => {
                self.refused += 1;
                if self.refused_first.len() < NAMES {
                    self.refused_first.push(format!(
                        "`{}`: {}",
                        row.name.escape_debug(),
                        why.escape_debug()
                    ));
                }
            }
        }
    }
}
