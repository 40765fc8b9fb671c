//! What all requests of a shadow share.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::report::Report;
use super::rules::Choice;
use super::upstream::Upstream;

/// A longer request is passed on and not compared, in bytes.
pub(super) const LONGEST_REQUEST: usize = 64 * 1024;

/// So many requests are compared at once, from their first byte on; it bounds the memory too.
pub(super) const MOST_AT_ONCE: u32 = 64;

/// One shadow.
#[derive(Debug)]
pub(super) struct Shadow {
    pub(super) old: Upstream,
    pub(super) new: Upstream,
    pub(super) choice: Choice,
    /// How far moments and lifetimes may be apart, in seconds.
    pub(super) tolerance_secs: u64,
    /// How long the new server may take.
    pub(super) patience: Duration,
    pub(super) report: Arc<Report>,
    pub(super) permits: Arc<Semaphore>,
    /// Where comparing is done: never where requests are passed on.
    pub(super) background: Handle,
}
