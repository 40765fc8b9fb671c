//! Which section an event goes to, and how much each keeps.

use crate::audit::{AuditEvent, AuditKind};
use crate::records::{Section, SectionBounds};

/// How many refusals of one client are kept once more, so that its developer finds them at once.
const REFUSED_TO_ONE_CLIENT: u64 = 50;

/// How much of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalPolicy {
    /// Entries of what was refused; 0: none.
    pub refused: u64,
    /// Entries of who came in and what was granted; 0: none.
    pub granted: u64,
    /// Entries of what was changed; 0: none.
    pub changed: u64,
    /// How long each is kept at most, in seconds.
    pub life_secs: u64,
}

impl JournalPolicy {
    /// What a section keeps at most; `None`: nothing.
    pub(super) fn bounds(&self, section: &Section) -> Option<SectionBounds> {
        let entries = match section {
            Section::Refused => self.refused,
            Section::Granted => self.granted,
            Section::Changed => self.changed,
            Section::RefusedTo(_) => self.refused.min(REFUSED_TO_ONE_CLIENT),
        };
        (entries > 0).then_some(SectionBounds {
            entries,
            life_secs: self.life_secs,
        })
    }
}

/// The section of an event.
pub(super) const fn section_of(event: &AuditEvent<'_>) -> Section {
    match event.kind() {
        AuditKind::Refused => Section::Refused,
        AuditKind::Granted => Section::Granted,
        AuditKind::Changed => Section::Changed,
    }
}
