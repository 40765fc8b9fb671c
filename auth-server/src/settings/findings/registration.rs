//! What is found in `[registration]`.

use symbolon::identifiers::ClientId;
use symbolon::token::GrantType;
use symbolon_service::settings::Findings;

use crate::clients::registration::register;
use crate::clients::self_registration::RegistrationApi;
use crate::passwords::PasswordHash;
use crate::records::{ClientRegistration, Profile};
use crate::settings::registration::RegistrationSettings;
use crate::settings::sections::Settings;

/// What may be given to whoever registers: the rest is for clients that an operator knows.
const POSSIBLE: [GrantType; 3] = [
    GrantType::AuthorizationCode,
    GrantType::ClientCredentials,
    GrantType::RefreshToken,
];
const TOKEN_ACCEPTED: &str =
    "the {sha-256} hash that `auth-server hash-secret --generate` prints beside the token";
const DAY_SECS: u64 = 24 * 60 * 60;

pub(super) fn check_registration(settings: &Settings, findings: &mut Findings) {
    let registration = &settings.registration;
    let most = u64::try_from(registration.most_per_owner).unwrap_or(u64::MAX);
    findings.number("registration.most_per_owner", most, 1..=10_000);
    let overlap = registration.secret_overlap_secs;
    findings.number(
        "registration.secret_overlap_secs",
        overlap,
        0..=90 * DAY_SECS,
    );
    check_grants(registration, findings);
    check_tokens(registration, findings);
    if registration.is_on() && registration.scope.is_empty() {
        let found = "is empty: no client could ask for anything";
        findings.error("registration.scope", found, "what clients may ask for");
    }
    if registration.is_on() {
        check_what_comes_of_it(settings, findings);
    }
    if registration.api == RegistrationApi::Open {
        let found = "is `open`: anybody can write into the store, and what is registered stays";
        findings.warning("registration.api", found, "initial_access_token");
    }
}

/// What the settings say for all clients has to be possible for those that developers register, too.
fn check_what_comes_of_it(settings: &Settings, findings: &mut Findings) {
    let registration = &settings.registration;
    let sample = ClientRegistration {
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec!["https://app.example/callback".to_owned()],
        scope: registration.scope.clone(),
        resource_ids: registration.resource_ids.clone(),
        profile: Some(Profile::Standard),
        ..ClientRegistration::new(ClientId::new("app"), "App")
    };
    let made = register(&sample, &settings.client_defaults());
    let faults = made.err().map(|error| error.faults).unwrap_or_default();
    for fault in faults.iter().filter(|fault| fault.setting() != "scope") {
        let setting = format!("registration.{}", fault.setting());
        findings.error(&setting, fault.found(), fault.accepted());
    }
}

fn check_grants(registration: &RegistrationSettings, findings: &mut Findings) {
    let others = registration.grant_types.iter();
    for grant in others.filter(|grant| !POSSIBLE.contains(grant)) {
        let found = format!("holds `{}`", grant.as_str());
        let accepted = POSSIBLE.map(|grant| grant.as_str().to_owned()).join(", ");
        findings.error("registration.grant_types", found, accepted);
    }
    if registration.is_on() && registration.grant_types.is_empty() {
        let found = "is empty: no client could get a token";
        findings.error("registration.grant_types", found, "authorization_code");
    }
}

/// A slow hash is for what a person chose: here anybody would have it computed.
fn check_tokens(registration: &RegistrationSettings, findings: &mut Findings) {
    let setting = "registration.initial_access_tokens";
    for hash in &registration.initial_access_tokens {
        match hash.expose().parse::<PasswordHash>() {
            Ok(hash) if hash.is_slow() => {
                findings.error(setting, "holds a slow hash", TOKEN_ACCEPTED);
            }
            Ok(hash) if hash.is_of_nothing() => {
                findings.error(setting, "holds the hash of an empty text", TOKEN_ACCEPTED);
            }
            Ok(hash) => {
                if let Some(found) = hash.weakness() {
                    findings.warning(setting, format!("holds one that {found}"), TOKEN_ACCEPTED);
                }
            }
            Err(error) => findings.error(setting, error.found(), error.accepted()),
        }
    }
    let needs_one = registration.api == RegistrationApi::InitialAccessToken;
    if needs_one && registration.initial_access_tokens.is_empty() {
        let found = "is empty, and `registration.api` wants one of them";
        findings.error(setting, found, TOKEN_ACCEPTED);
    }
}
