//! What an import has done, counted.

use std::fmt;

/// Names that are remembered of each kind that somebody has to look at.
const NAMES: usize = 20;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not in the store.
    Added,
    /// The store says the same.
    Unchanged,
    /// The store said something else.
    Replaced,
    /// The store says something else, which stays.
    Differs,
    /// Nobody has it at a Spring server either: an account that may do nothing.
    Nobody,
    /// It cannot be used here, and why.
    Refused(String),
}

/// What an import has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Clients or owners.
    pub what: &'static str,
    /// Rows that were read.
    pub rows: u64,
    /// Registrations that were not in the store.
    pub added: u64,
    /// Those that the store had already.
    pub unchanged: u64,
    /// Those that took the place of another.
    pub replaced: u64,
    /// Those that stayed as the store has them.
    pub differs: u64,
    /// Accounts that nobody has.
    pub nobody: u64,
    /// Rows that cannot be used.
    pub refused: u64,
    /// Rows with entries that mean nothing here.
    pub partly_read: u64,
    /// What somebody has to look at: the first of each kind.
    pub remarks: Vec<String>,
    /// Whether it came to the end.
    pub is_whole: bool,
}

impl Tally {
    pub(super) const fn of(what: &'static str) -> Self {
        Self {
            what,
            rows: 0,
            added: 0,
            unchanged: 0,
            replaced: 0,
            differs: 0,
            nobody: 0,
            refused: 0,
            partly_read: 0,
            remarks: Vec::new(),
            is_whole: true,
        }
    }

    pub(super) fn count(&mut self, name: &str, partly_read: bool, outcome: Outcome) {
        let remark = match outcome {
            Outcome::Added => return self.add(|all| &mut all.added, partly_read),
            Outcome::Unchanged => return self.add(|all| &mut all.unchanged, partly_read),
            Outcome::Replaced => return self.add(|all| &mut all.replaced, partly_read),
            Outcome::Nobody => return self.add(|all| &mut all.nobody, partly_read),
            Outcome::Differs => {
                self.add(|all| &mut all.differs, partly_read);
                (
                    self.differs,
                    "is in the store with something else; --replace takes this one".to_owned(),
                )
            }
            Outcome::Refused(why) => {
                self.add(|all| &mut all.refused, partly_read);
                (self.refused, why)
            }
        };
        let (so_far, why) = remark;
        if usize::try_from(so_far).is_ok_and(|so_far| so_far <= NAMES) {
            self.remarks
                .push(format!("`{}`: {}", name.escape_debug(), why.escape_debug()));
        }
    }

    /// How many of those that somebody has to look at are not named.
    pub fn unnamed(&self) -> u64 {
        let named = u64::try_from(self.remarks.len()).unwrap_or(u64::MAX);
        (self.differs + self.refused).saturating_sub(named)
    }

    fn add(&mut self, kind: impl Fn(&mut Self) -> &mut u64, partly_read: bool) {
        self.rows += 1;
        self.partly_read += u64::from(partly_read);
        *kind(self) += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.rows, self.what)?;
        let parts = [
            (self.added, "added"),
            (self.unchanged, "there already"),
            (self.replaced, "replaced"),
            (self.differs, "in the store with something else"),
            (self.nobody, "without any authority, whom nobody has"),
            (self.refused, "refused"),
        ];
        let mut separator = ": ";
        for (count, text) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(formatter, "{separator}{count} {text}")?;
            separator = ", ";
        }
        if self.partly_read > 0 {
            let count = self.partly_read;
            write!(
                formatter,
                "; {count} with entries that mean nothing here, which scan names"
            )?;
        }
        Ok(())
    }
}
