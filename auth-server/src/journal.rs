//! The journal: the events of the audit stream, kept for a while in the store, so that somebody can look at them who does
//! not read logs, and be told why a request was refused.
//!
//! It is a window, not the record: what counts is the audit stream. A [queue](JournalQueue) hears the events and never
//! waits; a [writer](JournalWriter) puts them into the store, many at once; [`Journal`] reads them.

mod queue;
mod search;
mod sections;
mod writer;

pub use queue::{JournalQueue, JournalWaiting, journal_queue};
pub use search::{Journal, JournalCursor, JournalFilter, JournalPage};
pub use sections::JournalPolicy;
pub use writer::JournalWriter;
