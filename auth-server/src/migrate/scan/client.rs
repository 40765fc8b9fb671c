//! What becomes of one client: as its registration is, and as this server would take it.

use serde::Serialize;
use symbolon::token::GrantType;

use crate::clients::client::Client;
use crate::clients::redirect_match::RedirectMatching;
use crate::clients::registration::{ClientDefaults, RegistrationFault, register};
use crate::clients::regrets::regrets;
use crate::clients::spring_habits::{SpringChoice, SpringHabits};
use crate::passwords::{HashFormatError, HashId};
use crate::records::{ClientRegistration, Profile, SpringPieces};
use crate::stores::sql::{LeftOut, ReadRow};

const HASH_WITHOUT_ID: &str = "client_authentication.hash_without_id";

/// How well a client is served with the settings as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// It goes on as it is.
    Ready,
    /// It goes on once a setting is another.
    Switch,
    /// Something that is registered for it means nothing here.
    Less,
    /// It is no client here.
    Refused,
}

impl Grade {
    /// All of them, the best first.
    pub const ALL: [Self; 4] = [Self::Ready, Self::Switch, Self::Less, Self::Refused];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Switch => "switch",
            Self::Less => "less",
            Self::Refused => "refused",
        }
    }
}

/// A setting without which a client notices that this is another server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The setting, and what it has to be.
    pub setting: &'static str,
    /// What is otherwise not as it was.
    pub why: &'static str,
    /// Whether the settings say so.
    pub is_met: bool,
    /// What would say so, where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

/// What would give a client what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// `profile = "spring"`, of the server.
    Profile,
    /// The setting itself, of the server.
    Setting,
    /// Nothing of the server's: the client's own registration says something else.
    Registration,
}

/// What becomes of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClientVerdict {
    /// Its name.
    pub client_id: String,
    /// How well it is served.
    pub grade: Grade,
    /// The grants that it may use, as the registration says.
    pub grant_types: Vec<GrantType>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// What is registered for it and means nothing here: the column, and the entries.
    pub left_out: Vec<String>,
    /// What somebody may regret about it.
    pub weak: Vec<String>,
    /// Why it is no client here.
    pub refused: Vec<String>,
}

/// What becomes of a client that a row describes.
pub fn judge(row: ReadRow<ClientRegistration>, defaults: &ClientDefaults) -> ClientVerdict {
    let left_out = row.left_out.iter().map(told).collect();
    let registration = match row.read {
        Ok(registration) => registration,
        Err(why) => {
            return ClientVerdict {
                refused: vec![why],
                ..verdict(row.name, Vec::new(), left_out)
            }
            .graded();
        }
    };
    let mut verdict = verdict(row.name, registration.grant_types.clone(), left_out);
    match as_at_spring(&registration, defaults) {
        Ok((client, needs_hash_id)) => {
            verdict.needs = needs(&registration, &client, defaults);
            verdict.needs.extend(needs_hash_id);
            let weak = regrets(&client).into_iter();
            verdict.weak = weak
                .map(|regret| {
                    format!(
                        "`{}` {}; better: {}",
                        regret.setting, regret.found, regret.better
                    )
                })
                .collect();
        }
        Err(faults) => verdict.refused = faults.iter().map(ToString::to_string).collect(),
    }
    verdict.graded()
}

fn verdict(client_id: String, grant_types: Vec<GrantType>, left_out: Vec<String>) -> ClientVerdict {
    ClientVerdict {
        client_id,
        grade: Grade::Ready,
        grant_types,
        needs: Vec::new(),
        left_out,
        weak: Vec::new(),
        refused: Vec::new(),
    }
}

impl ClientVerdict {
    fn graded(self) -> Self {
        let grade = if !self.refused.is_empty() {
            Grade::Refused
        } else if !self.left_out.is_empty() {
            Grade::Less
        } else if self.needs.iter().any(|need| !need.is_met) {
            Grade::Switch
        } else {
            Grade::Ready
        };
        Self { grade, ..self }
    }
}

fn told(left_out: &LeftOut) -> String {
    format!("`{}`: {}", left_out.column, left_out.entries.join(", "))
}

/// The client with all habits of a Spring server on, and the setting that reads its secret's hash, if that needs one. What
/// is refused even so is refused whatever the settings say.
fn as_at_spring(
    registration: &ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<(Client, Option<Need>), Vec<RegistrationFault>> {
    let mut all_on = ClientDefaults {
        spring: SpringChoice {
            profile: Some(Profile::Spring),
            pieces: SpringPieces::default(),
        },
        ..defaults.clone()
    };
    let faults = match register(registration, &all_on) {
        Ok(client) => return Ok((client, None)),
        Err(error) => error.faults,
    };
    let bare = match faults.as_slice() {
        [RegistrationFault::Secret(HashFormatError::MissingId { id })] => HashId::named(id),
        [RegistrationFault::Secret(HashFormatError::UnknownId)] => Some(HashId::Noop),
        _ => None,
    };
    if let Some(id) = bare.filter(|_| defaults.hash_without_id.is_none()) {
        all_on.hash_without_id = Some(id);
        if let Ok(client) = register(registration, &all_on) {
            let why = if id == HashId::Noop {
                "its secret has no {id}: a plain text, or a hash that does not show what it is"
            } else {
                "its secret is a hash without an {id}"
            };
            let need = Need {
                setting: HASH_WITHOUT_ID,
                why,
                is_met: false,
                remedy: Some(Remedy::Setting),
            };
            return Ok((client, Some(need)));
        }
    }
    Err(faults)
}

/// What a client of a Spring server needs, whether it has it with the settings as they are, and what would give it.
fn needs(
    registration: &ClientRegistration,
    client: &Client,
    defaults: &ClientDefaults,
) -> Vec<Need> {
    let said = |pieces: &SpringPieces| {
        let server = SpringChoice {
            profile: Some(Profile::Spring),
            pieces: pieces.clone(),
        };
        needs_beside(registration, client, &server)
    };
    let by_profile = said(&defaults.spring.pieces);
    let by_setting = said(&SpringPieces::default());
    let mut needs = needs_beside(registration, client, &defaults.spring);
    for ((need, by_profile), by_setting) in needs.iter_mut().zip(by_profile).zip(by_setting) {
        need.remedy = match (need.is_met, by_profile.is_met, by_setting.is_met) {
            (true, _, _) => None,
            (false, true, _) => Some(Remedy::Profile),
            (false, false, true) => Some(Remedy::Setting),
            (false, false, false) => Some(Remedy::Registration),
        };
    }
    needs
}

/// The same needs whatever the server says, which decides whether they are met.
fn needs_beside(
    registration: &ClientRegistration,
    client: &Client,
    server: &SpringChoice,
) -> Vec<Need> {
    let own = SpringChoice {
        profile: registration.profile,
        pieces: registration.spring.clone(),
    };
    let profile = own.profile.or(server.profile).unwrap_or_default();
    let habits = SpringHabits::resolve(&[&own, server]);
    let mut needs = client_needs(registration, client, profile == Profile::Spring, habits);
    needs.extend(open_needs(client, habits));
    needs
}

fn need(setting: &'static str, why: &'static str, is_met: bool) -> Need {
    Need {
        setting,
        why,
        is_met,
        remedy: None,
    }
}

/// What well-registered clients do that this server does not let them do by itself.
fn client_needs(
    registration: &ClientRegistration,
    client: &Client,
    is_spring: bool,
    habits: SpringHabits,
) -> Vec<Need> {
    let by_code = client.may_use(GrantType::AuthorizationCode);
    let mut needs = Vec::new();
    if by_code {
        let is_told = !client.is_public() && registration.require_pkce == Some(false);
        let is_met = habits.codes_without_pkce || is_told;
        let why = "it asks for codes without PKCE";
        needs.push(need("spring.codes_without_pkce = true", why, is_met));
    }
    if by_code || client.may_use(GrantType::Implicit) {
        let matching = registration.redirect_matching;
        let is_met = matching.map_or(is_spring, |matching| matching == RedirectMatching::Spring);
        let why = "it may add parameters to its redirect URI";
        needs.push(need("redirect_matching = \"spring\"", why, is_met));
    }
    if client.may_exchange(GrantType::RefreshToken) {
        let is_met = !registration.rotate_refresh_tokens.unwrap_or(!is_spring);
        let why = "it may go on with its first refresh token";
        needs.push(need("rotate_refresh_tokens = false", why, is_met));
    }
    needs
}

/// What a registration lacks, and a Spring server puts up with.
fn open_needs(client: &Client, habits: SpringHabits) -> Vec<Need> {
    let lists_nothing = client.grant_types.is_empty() || client.scope.is_empty();
    let itself = client.is_public() && client.may_exchange(GrantType::ClientCredentials);
    let all = [
        (
            itself,
            need(
                "spring.secretless_clients = true",
                "it acts for itself and has no secret",
                habits.secretless_clients,
            ),
        ),
        (
            lists_nothing,
            need(
                "spring.empty_means_all = true",
                "it has no list of grants, or none of scopes",
                habits.empty_means_all,
            ),
        ),
        (
            client.access_token_ttl_secs.is_none(),
            need(
                "spring.never_expiring_tokens = true",
                "its access tokens do not expire",
                habits.never_expiring_tokens,
            ),
        ),
    ];
    let needed = all.into_iter().filter(|(is_needed, _)| *is_needed);
    needed.map(|(_, need)| need).collect()
}

#[cfg(test)]
mod tests;
