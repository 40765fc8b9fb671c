//! The client and the account that Spring Boot makes of its settings.

use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use super::super::spring_config::{Said, SpringConfiguration};
use super::text::{DraftText, line, remark};
use crate::passwords::{
    HashFormatError, HashId, HashingError, PasswordHash, hash_generated_secret, hash_password,
};
use crate::records::ClientRegistration;

const CLIENT: &str = "security.oauth2.client.";
const NAMES: [&str; 2] = ["spring.security.user.name", "security.user.name"];
const PASSWORDS: [&str; 2] = ["spring.security.user.password", "security.user.password"];
const ROLES: [&str; 3] = [
    "spring.security.user.roles",
    "security.user.role",
    "security.user.roles",
];

/// Writes both; answers the client.
pub(super) fn write(
    said: &SpringConfiguration,
    random: &dyn Random,
    text: &mut DraftText,
) -> Result<Vec<ClientRegistration>, HashingError> {
    let clients = write_client(said, random, text)?;
    write_owner(said, random, text)?;
    Ok(clients)
}

fn write_client(
    said: &SpringConfiguration,
    random: &dyn Random,
    text: &mut DraftText,
) -> Result<Vec<ClientRegistration>, HashingError> {
    let list = |name: &str| said.list(&format!("{CLIENT}{name}"));
    let grants = list("authorized-grant-types");
    // Where there is an authorization server in the application, its client has grants of its own, else those of Boot.
    let is_a_client_only = said.get(&format!("{CLIENT}access-token-uri")).is_some();
    if is_a_client_only {
        return Ok(Vec::new());
    }
    let id = match said.get(&format!("{CLIENT}client-id")) {
        Some(Said::Value(id)) => id,
        Some(Said::Elsewhere(name)) => {
            let lines = vec![remark(&format!("client_id comes from ${{{name}}}"))];
            text.table("# [[clients]]", lines);
            return Ok(Vec::new());
        }
        None => return Ok(Vec::new()),
    };
    let mut registration = ClientRegistration::new(ClientId::new(&id), &id);
    registration.redirect_uris = list("registered-redirect-uri");
    registration.grant_types = grant_types(&grants, !registration.redirect_uris.is_empty());
    registration.scope = Scope::try_from(list("scope")).unwrap_or_default();
    registration.resource_ids = list("resource-ids");
    registration.authorities = list("authorities");
    registration.auto_approve = approved(list("auto-approve-scopes"), &registration.scope);
    registration.access_token_ttl_secs = secs(said, "access-token-validity-seconds");
    registration.refresh_token_ttl_secs = secs(said, "refresh-token-validity-seconds");
    let secret = client_secret(said, random)?;
    registration.client_secret = match &secret {
        Hashed::Hash(hash) => Some(Secret::new(hash.clone())),
        Hashed::Absent => None,
        // It has one, whatever that is.
        Hashed::Elsewhere(_) | Hashed::MadeUp | Hashed::Unusable(_) => {
            let stands_for_it = hash_generated_secret(&Secret::new(random.text::<32>()));
            Some(Secret::new(stands_for_it.expose()))
        }
    };
    write_table(
        "[[clients]]",
        client_lines(&registration, &secret),
        &secret,
        text,
    );
    Ok(vec![registration])
}

/// The client's secret. Where nothing says one, Spring Boot makes one up.
fn client_secret(said: &SpringConfiguration, random: &dyn Random) -> Result<Hashed, HashingError> {
    let name = format!("{CLIENT}client-secret");
    if said.get(&name).is_none() {
        return Ok(Hashed::MadeUp);
    }
    hashed(said, &[&name], random)
}

/// A table. Where its secret is not known it is left to whoever reads it: a client without one would be everybody's, and an
/// owner would be refused.
fn write_table(heading: &str, lines: Vec<String>, secret: &Hashed, text: &mut DraftText) {
    match secret {
        Hashed::Elsewhere(_) | Hashed::MadeUp | Hashed::Unusable(_) => {
            let lines = lines.into_iter().map(|line| remark(&line));
            text.table(&remark(heading), lines.collect());
        }
        Hashed::Absent | Hashed::Hash(_) => text.table(heading, lines),
    }
}

/// The grants that are written down, or those that Boot gives where nothing is; without a place to redirect to none that
/// redirects.
fn grant_types(written: &[String], has_redirect_uris: bool) -> Vec<GrantType> {
    let redirects = [GrantType::AuthorizationCode, GrantType::Implicit];
    let is_possible = |grant: &GrantType| has_redirect_uris || !redirects.contains(grant);
    let known: Vec<GrantType> = if written.is_empty() {
        GrantType::ALL.to_vec()
    } else {
        let known = written.iter().filter_map(|word| GrantType::built_in(word));
        known.collect()
    };
    known.into_iter().filter(is_possible).collect()
}

fn client_lines(registration: &ClientRegistration, secret: &Hashed) -> Vec<String> {
    let mut lines = vec![
        line("client_id", registration.client_id.as_str()),
        line("client_name", registration.client_name.as_str()),
    ];
    lines.extend(secret.line("client_secret"));
    let grants = registration.grant_types.iter().map(GrantType::as_str);
    lines.push(line("grant_types", grants.collect::<Vec<_>>()));
    let names = |scope: &Scope| scope.names().map(str::to_owned).collect::<Vec<_>>();
    for (name, entries) in [
        ("redirect_uris", registration.redirect_uris.clone()),
        ("scope", names(&registration.scope)),
        ("auto_approve", names(&registration.auto_approve)),
        ("resource_ids", registration.resource_ids.clone()),
        ("authorities", registration.authorities.clone()),
    ] {
        if !entries.is_empty() {
            lines.push(line(name, entries));
        }
    }
    for (name, secs) in [
        ("access_token_ttl_secs", registration.access_token_ttl_secs),
        (
            "refresh_token_ttl_secs",
            registration.refresh_token_ttl_secs,
        ),
    ] {
        if let Some(secs) = secs.and_then(|secs| i64::try_from(secs).ok()) {
            lines.push(line(name, secs));
        }
    }
    lines
}

fn approved(entries: Vec<String>, scope: &Scope) -> Scope {
    let everything = entries.iter().any(|entry| entry == "true" || entry == ".*");
    if everything {
        return scope.clone();
    }
    Scope::try_from(entries).unwrap_or_default()
}

/// Seconds; 0 of what does not expire.
fn secs(said: &SpringConfiguration, name: &str) -> Option<u64> {
    let text = said.text(&format!("{CLIENT}{name}"))?;
    let secs = text.trim().parse::<i64>().ok()?;
    Some(u64::try_from(secs).unwrap_or(0))
}

fn write_owner(
    said: &SpringConfiguration,
    random: &dyn Random,
    text: &mut DraftText,
) -> Result<(), HashingError> {
    let password = hashed(said, &PASSWORDS, random)?;
    if matches!(password, Hashed::Absent) {
        return Ok(());
    }
    let name = match said.first(&NAMES) {
        Some(Said::Value(name)) => name,
        Some(Said::Elsewhere(_)) | None => "user".to_owned(),
    };
    let roles = ROLES.iter().map(|name| said.list(name));
    let roles = roles.into_iter().find(|roles| !roles.is_empty());
    let roles = roles.unwrap_or_else(|| vec!["USER".to_owned()]);
    let authorities: Vec<String> = roles.iter().map(|role| format!("ROLE_{role}")).collect();
    let mut lines = vec![line("name", name)];
    lines.extend(password.line("password"));
    lines.push(line("authorities", authorities));
    write_table("[[owners]]", lines, &password, text);
    Ok(())
}

/// A secret of the configuration.
enum Hashed {
    Absent,
    Hash(String),
    Elsewhere(String),
    MadeUp,
    /// A hash of which nothing can be made, and why.
    Unusable(HashFormatError),
}

impl Hashed {
    fn line(&self, name: &str) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Hash(hash) => Some(line(name, hash.as_str())),
            Self::Elsewhere(variable) => Some(remark(&format!(
                "{name}: what `auth-server hash-secret` makes of ${{{variable}}}"
            ))),
            Self::Unusable(error) => Some(remark(&format!(
                "{name} {}; accepted: {}",
                error.found(),
                error.accepted()
            ))),
            Self::MadeUp => Some(remark(&format!(
                "{name}: nothing says it, so Spring Boot made one up at each start"
            ))),
        }
    }
}

/// A hash as it is, and a plain text hashed.
fn hashed(
    said: &SpringConfiguration,
    names: &[&str],
    random: &dyn Random,
) -> Result<Hashed, HashingError> {
    let text = match said.first(names) {
        None => return Ok(Hashed::Absent),
        Some(Said::Elsewhere(name)) => return Ok(Hashed::Elsewhere(name)),
        Some(Said::Value(text)) => text,
    };
    if text.is_empty() {
        return Ok(Hashed::Absent);
    }
    let plain = text.strip_prefix("{noop}");
    let without_id = text.starts_with("$2").then_some(HashId::Bcrypt);
    match PasswordHash::read(&text, without_id) {
        Ok(hash) if plain.is_none() => Ok(Hashed::Hash(hash.expose().to_owned())),
        Err(error @ (HashFormatError::Malformed { .. } | HashFormatError::TooCostly { .. })) => {
            Ok(Hashed::Unusable(error))
        }
        Ok(_) | Err(HashFormatError::UnknownId | HashFormatError::MissingId { .. }) => {
            let plain = Secret::new(plain.unwrap_or(&text));
            let hash = hash_password(&plain, random)?;
            Ok(Hashed::Hash(hash.expose().to_owned()))
        }
    }
}
