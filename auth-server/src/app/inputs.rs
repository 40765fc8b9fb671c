//! What a server takes from outside of itself.

use std::sync::Arc;

use symbolon::clock::{Clock, SystemClock};
use symbolon::random::{Random, SystemRandom};

use crate::app::extensions::Extensions;

/// What a server takes from outside: time and randomness, so that tests can move the one and know the other, and what
/// whoever embeds it adds.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// What is added to the server.
    pub extensions: Extensions,
}

impl Inputs {
    /// The time and the randomness of this machine, and no extensions.
    pub fn of_the_system() -> Self {
        Self::with(Extensions::default())
    }

    /// The time and the randomness of this machine, and these extensions.
    pub fn with(extensions: Extensions) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            extensions,
        }
    }
}
