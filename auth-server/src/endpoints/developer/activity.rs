//! What became of the requests of an application, and how much it holds: what its developer may know of it.

use crate::audit::AuditKind;
use crate::http::refusals::Refusal;
use crate::journal::written;
use crate::pages::{ApplicationActivity, HeldAccess, RefusalLine};
use crate::records::{ClientRegistration, JournalEntry};
use crate::server::Server;

/// How many refusals of one kind are shown.
const SHOWN: usize = 5;

/// What a token request was refused for whose owner is none any more.
const OWNER_GONE: &str = "OwnerGone";

/// What became of the owner's account is told to nobody else; what a client can do about it, to its developer.
const OVER: &str = "what was granted is over: the owner has to be asked again";

/// Parts of a search that are looked at to count what it holds: some thousand records.
const PARTS: usize = 32;

pub(super) async fn activity(
    server: &Server,
    client: &ClientRegistration,
) -> Result<ApplicationActivity, Refusal> {
    let id = &client.client_id;
    let refusals = if server.journal.keeps(AuditKind::Refused) {
        let entries = server.journal.refused_to(id, SHOWN).await?;
        Some(entries.into_iter().map(line).collect())
    } else {
        None
    };
    let held = server.access.count_held(id, PARTS).await?;
    Ok(ApplicationActivity {
        refusals,
        held: HeldAccess {
            from_owners: held.from_owners,
            for_itself: held.for_itself,
            is_all: held.is_all,
        },
    })
}

/// Nothing of it tells of an owner, or where anybody is.
fn line(entry: JournalEntry) -> RefusalLine {
    let detail = |name: &str| entry.details.get(name).cloned().unwrap_or_default();
    // Whether a password was good, or what else would have been asked for, is told to nobody but its owner.
    let is_sign_in = detail("reason").starts_with("SignIn(");
    let open = |text: String| if is_sign_in { String::new() } else { text };
    let rule = match detail("rule") {
        _ if detail("reason") == OWNER_GONE => OVER.to_owned(),
        // Of a token request it may tell what the server is made of.
        rule if rule.is_empty() && entry.event != "token_refused" => detail("reason"),
        rule => rule,
    };
    RefusalLine {
        time: written(entry.at),
        parameter: open(detail("parameter")),
        error: detail("error"),
        path: detail("path"),
        rule: open(rule),
        event: entry.event,
        request_id: entry.request_id,
    }
}
