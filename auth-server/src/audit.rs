//! The audit stream: who came in, who was turned away, what was granted, ended and changed. One event is
//! one log line of the target `audit`, so an operator can ship the stream apart from the other logs, and is
//! passed to the listeners, which count it.
//!
//! Names and fields are an interface: `docs/operations.md` has the table, and a test compares it with what
//! a server writes. Every event has all of its fields every time; what does not apply or is not known is
//! empty. No field ever holds a token, a code, a secret, a password, or a name that somebody typed and
//! nobody has: people type passwords into the field for names.

use std::sync::Arc;

use crate::keys::KeyChange;

mod changes;
mod current_request;
mod event;
mod facts;
mod kind;
mod log;

pub use changes::{ClientChange, OwnerChange};
pub use current_request::{current_request_id, in_request, is_refusal_told};
pub use event::AuditEvent;
pub use facts::Facts;
pub use kind::AuditKind;

/// The target of the log lines, for filters such as `audit=info`.
pub const TARGET: &str = "audit";

/// Called with every event, after it was logged.
pub trait AuditListener: Send + Sync {
    /// Takes notice of an event.
    fn hear(&self, event: &AuditEvent<'_>);
}

/// Takes audit events.
#[derive(Clone, Default)]
pub struct Audit {
    listeners: Vec<Arc<dyn AuditListener>>,
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Audit({} listeners)", self.listeners.len())
    }
}

impl Audit {
    /// An audit stream that these listen to besides the log.
    pub fn heard_by(listeners: Vec<Arc<dyn AuditListener>>) -> Self {
        Self { listeners }
    }

    /// Records what happened to the server's keys of itself.
    pub fn record_key_changes(&self, changes: &[KeyChange]) {
        self.record_key_changes_by(changes, None, "");
    }

    /// Records what happened to the server's keys when `by` wanted a new one, there.
    pub fn record_key_changes_by(&self, changes: &[KeyChange], by: Option<&str>, address: &str) {
        for change in changes {
            self.record(&AuditEvent::of_keys(change, by, address));
        }
    }

    /// Writes an event to the log and passes it to the listeners.
    pub fn record(&self, event: &AuditEvent<'_>) {
        if event.kind() == AuditKind::Refused {
            current_request::note_refusal_told();
        }
        event.log();
        for listener in &self.listeners {
            listener.hear(event);
        }
    }
}
