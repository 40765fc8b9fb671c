//! What a scan says, for people.

use super::{Grade, Held, OwnerCounts, Remedy, ScannedClient, Summary, TokenCounts};
use symbolon::token::GrantType;

/// Clients that are named although nothing but tokens tells of them.
const UNASKED: usize = 20;

/// What becomes of a client: a line, and one for each thing to know about it.
pub fn verdict_text(client: &ScannedClient) -> String {
    let verdict = &client.verdict;
    let grants = match verdict.grant_types.as_slice() {
        [] => "–".to_owned(),
        grants => {
            let names: Vec<&str> = grants.iter().map(GrantType::as_str).collect();
            names.join(", ")
        }
    };
    let holds = client.holds.map(|held| format!("  ({})", held_text(held)));
    let mut lines = vec![format!(
        "{:<8} {}  {grants}{}",
        verdict.grade.name(),
        verdict.client_id.escape_debug(),
        holds.unwrap_or_default()
    )];
    let mut tell = |kind: &str, what: &str| lines.push(format!("         {kind}: {}", shown(what)));
    for need in verdict.needs.iter().filter(|need| !need.is_met) {
        let kind = match need.remedy {
            Some(Remedy::Registration) => "gave up",
            Some(Remedy::Profile | Remedy::Setting) | None => "needs",
        };
        tell(kind, &format!("{} ({})", need.setting, need.why));
    }
    for left_out in &verdict.left_out {
        tell("means nothing here", left_out);
    }
    for refused in &verdict.refused {
        tell("refused", refused);
    }
    for weak in &verdict.weak {
        tell("weak", weak);
    }
    lines.join("\n")
}

/// Text of somebody else, which stays one line.
fn shown(text: &str) -> String {
    text.escape_debug()
        .to_string()
        .replace("\\\"", "\"")
        .replace("\\'", "'")
}

fn held_text(held: Held) -> String {
    format!(
        "{} access tokens, {} refresh tokens",
        held.access_tokens, held.refresh_tokens
    )
}

/// What was seen.
pub fn summary_text(summary: &Summary) -> String {
    let mut lines = Vec::new();
    let [ready, switch, less, refused] = summary.clients;
    let all: u64 = summary.clients.iter().sum();
    lines.push(format!(
        "clients: {all} ({ready} {}, {switch} {}, {less} {}, {refused} {})",
        Grade::Ready.name(),
        Grade::Switch.name(),
        Grade::Less.name(),
        Grade::Refused.name(),
    ));
    let needs = summary.needs.iter();
    lines.extend(needs.map(|(setting, count)| format!("  {count} need {setting}")));
    lines.extend(by_profile(summary));
    let given_up = summary.given_up.iter();
    lines.extend(given_up.map(|(setting, count)| {
        format!("  {count} gave up {setting}, by their own registrations")
    }));
    if let Some(owners) = &summary.owners {
        lines.extend(owner_lines(owners));
    }
    if let Some(tokens) = &summary.tokens {
        lines.extend(token_lines(tokens));
    }
    lines.join("\n")
}

/// The one setting that says what many of these do.
fn by_profile(summary: &Summary) -> Option<String> {
    let beside = &summary.beside_profile;
    if summary.needs.len() == beside.len() {
        return None;
    }
    let but = if beside.is_empty() {
        String::new()
    } else {
        format!(" but {}", beside.join(", "))
    };
    Some(format!("  profile = \"spring\" says all of these{but}"))
}

fn owner_lines(owners: &OwnerCounts) -> Vec<String> {
    let mut lines = vec![format!(
        "owners: {} ({} ready, {} locked, {} without authorities, {} refused)",
        owners.all, owners.ready, owners.disabled, owners.without_authorities, owners.refused
    )];
    let refused = owners.refused_first.iter();
    lines.extend(refused.map(|owner| format!("  refused: {owner}")));
    let weak = owners.weak.iter();
    lines.extend(weak.map(|(weak, count)| format!("  weak: the password of {count} {weak}")));
    lines
}

fn token_lines(tokens: &TokenCounts) -> Vec<String> {
    let mut lines = vec![format!(
        "tokens: {} ({} of them never end; {} more have ended)",
        held_text(tokens.good),
        tokens.endless,
        tokens.ended
    )];
    let unreadable = tokens.unreadable.iter();
    lines.extend(
        unreadable.map(|(why, count)| format!("  {count} cannot be read here: {}", shown(why))),
    );
    let unasked = tokens.unasked();
    let more = unasked.len().saturating_sub(UNASKED);
    lines.extend(unasked.into_iter().take(UNASKED).map(|(client, held)| {
        let (client, held) = (client.escape_debug(), held_text(held));
        format!("  of a client that was not looked at, {client}: {held}")
    }));
    if more > 0 {
        lines.push(format!("  and of {more} more"));
    }
    lines
}
