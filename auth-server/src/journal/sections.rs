//! Which section an event goes to, and how much each keeps.

use crate::audit::{AuditEvent, AuditKind};
use crate::records::{JournalEntry, RefusalKind, Section, SectionBounds};

/// How many refusals of one client and of one kind are kept once more, so that its developer finds them at once.
const REFUSED_TO_ONE_CLIENT: u64 = 10;

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
            Section::RefusedTo(_, _) => self.refused.min(REFUSED_TO_ONE_CLIENT),
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

/// The kind of what was refused to a client.
pub(super) fn refusal_kind(entry: &JournalEntry) -> RefusalKind {
    let parameter = entry.details.get("parameter").map_or("", String::as_str);
    match (entry.event.as_str(), parameter) {
        ("authorization_refused", "redirect_uri") => RefusalKind::RedirectUri,
        ("authorization_refused", "scope") => RefusalKind::AuthorizationScope,
        ("authorization_refused", "code_challenge" | "code_challenge_method") => {
            RefusalKind::CodeChallenge
        }
        ("authorization_refused", _) => RefusalKind::Authorization,
        ("client_refused" | "client_throttled", _) => RefusalKind::Credentials,
        ("token_refused", "code" | "code_verifier" | "redirect_uri") => RefusalKind::Code,
        ("token_refused", "refresh_token") => RefusalKind::RefreshToken,
        ("token_refused", _) => RefusalKind::Token,
        (_, _) => RefusalKind::Other,
    }
}
