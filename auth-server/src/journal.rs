//! The journal: the events of the audit stream, kept for a while in the store, so that somebody can look at them who does
//! not read logs, and be told why a request was refused.
//!
//! It is a window, not the record: what counts is the audit stream. A [queue](JournalQueue) hears the events and never
//! waits; a [writer](JournalWriter) puts them into the store, many at once; [`Journal`] reads them.

mod filter;
mod moments;
mod queue;
mod search;
mod sections;
mod words;
mod writer;

pub use filter::{FilterFault, JournalFilter};
pub use moments::written;
pub use queue::{JournalQueue, JournalWaiting, journal_queue};
pub use search::{Journal, JournalCursor, JournalPage};
pub use sections::JournalPolicy;
pub use words::{NOTHING_KNOWN, explained, facts_of, json_line};
pub use writer::JournalWriter;
