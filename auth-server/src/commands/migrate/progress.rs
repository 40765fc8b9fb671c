//! How far a long command is, on standard error.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

/// How often it is told.
const EVERY: Duration = Duration::from_secs(2);

/// Tells now and then how far a command is.
pub(super) struct Progress(Instant);

impl Progress {
    /// A command that begins.
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Tells it, when it is time to.
    pub(super) fn tell(&mut self, how_far: impl FnOnce() -> String) {
        if self.0.elapsed() >= EVERY {
            self.0 = Instant::now();
            // A closed standard error leaves nobody who could read it.
            let _ = writeln!(io::stderr(), "auth-server: {} …", how_far());
        }
    }
}
