//! One difference between two answers.

use std::fmt::{Display, Formatter};

/// A place is shown no longer, in characters.
const LONGEST_PLACE: usize = 100;

/// Where two answers differ, with what each says there as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `status`, `header NAME` or `body.MEMBER`.
    pub(super) place: String,
    pub(super) old: String,
    pub(super) new: String,
}

impl Difference {
    pub(super) fn new(place: &str, old: String, new: String) -> Self {
        let place = place.chars().take(LONGEST_PLACE).collect();
        Self { place, old, new }
    }
}

impl Display for Difference {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {} → {}", self.place, self.old, self.new)
    }
}
