//! What a server takes from outside of itself.

use std::sync::Arc;

use symbolon::clock::{Clock, SystemClock};
use symbolon::random::{Random, SystemRandom};

/// Time and randomness: what a server takes from outside, so that tests can move the one and know the other.
#[derive(Clone, Debug)]
pub struct ClockAndRandom {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl ClockAndRandom {
    /// Those of this machine.
    pub fn of_the_system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}
