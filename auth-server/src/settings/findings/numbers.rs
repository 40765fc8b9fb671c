//! Numbers, each with its two limits.

use std::ops::RangeInclusive;

use symbolon_service::settings::Findings;

use crate::clients::registration::{ACCESS_TOKEN_LIFE_SECS, REFRESH_TOKEN_LIFE_SECS};
use crate::clients::spring_habits::SpringHabits;
use crate::settings::registries::{SqlAccess, SqlMemory};
use crate::settings::sections::{KeySettings, LoginSettings, Settings};

/// RFC 6749 §4.1.2: "A maximum authorization code lifetime of 10 minutes is RECOMMENDED."
const CODE_TTL_SECS: RangeInclusive<u64> = 1..=600;
const MOST_WAITING: u64 = 100_000;
/// A `state` that cannot be guessed has 16 bytes, which are 22 characters.
const STATE_BYTES: RangeInclusive<u64> = 22..=8192;
/// A JWT with a signature of 4096 bits is longer than 1 KiB, and no form than 32 KiB.
const TOKEN_BYTES: RangeInclusive<u64> = 2048..=32_768;
/// A form is not longer than 32 KiB.
const REQUEST_BYTES: RangeInclusive<u64> = 1024..=32_768;
const DAY_SECS: u64 = 24 * 60 * 60;
const YEAR_SECS: u64 = 365 * DAY_SECS;

pub(super) fn check_numbers(settings: &Settings, findings: &mut Findings) {
    let Settings { tokens, keys, .. } = settings;
    let token_lives = [
        (
            "access_token_ttl_secs",
            tokens.access_token_ttl_secs,
            access_token_life_secs(settings),
        ),
        (
            "refresh_token_ttl_secs",
            tokens.refresh_token_ttl_secs,
            REFRESH_TOKEN_LIFE_SECS,
        ),
        (
            "authorization_code_ttl_secs",
            tokens.authorization_code_ttl_secs,
            CODE_TTL_SECS,
        ),
        ("refresh_grace_secs", tokens.refresh_grace_secs, 0..=3600),
    ];
    for (name, secs, accepted) in token_lives {
        findings.number(&format!("tokens.{name}"), secs, accepted);
    }
    let longest_token = tokens.longest_token_bytes;
    findings.number("tokens.longest_token_bytes", longest_token, TOKEN_BYTES);
    check_key_numbers(keys, findings);
    let (decisions, redis) = (settings.approvals.ttl_secs, settings.store.timeout_ms);
    findings.number("approvals.ttl_secs", decisions, 0..=10 * YEAR_SECS);
    findings.number("store.timeout_ms", redis, 1..=60_000);
    check_numbers_of_others(settings, findings);
    check_login_numbers(&settings.login, findings);
    let secrets = settings.client_authentication.waiting;
    findings.number("client_authentication.waiting", secrets, 0..=MOST_WAITING);
}

/// Of what somebody else keeps.
fn check_numbers_of_others(settings: &Settings, findings: &mut Findings) {
    let legacy = &settings.legacy_tokens;
    findings.number("legacy_tokens.timeout_ms", legacy.timeout_ms, 1..=60_000);
    findings.number("legacy_tokens.connections", legacy.connections, 1..=100);
    let (clients, owners) = (&settings.sql_clients, &settings.sql_owners);
    check_sql_numbers(clients.access(), clients.memory(), findings);
    check_sql_numbers(owners.access(), owners.memory(), findings);
    let ldap = &settings.ldap_owners;
    findings.number("ldap_owners.timeout_ms", ldap.timeout_ms, 1..=60_000);
    findings.number("ldap_owners.cache_secs", ldap.cache_secs, 0..=DAY_SECS);
    findings.number("ldap_owners.away_secs", ldap.away_secs, 0..=7 * DAY_SECS);
    findings.number("ldap_owners.cached", ldap.cached, 1..=1_000_000);
}

fn check_sql_numbers(access: SqlAccess<'_>, memory: SqlMemory, findings: &mut Findings) {
    let section = access.section;
    let mut number = |name: &str, found: u64, accepted| {
        findings.number(&format!("{section}.{name}"), found, accepted);
    };
    number("timeout_ms", access.timeout_ms, 1..=60_000);
    number("connections", access.connections.into(), 1..=100);
    number("cache_secs", memory.cache_secs, 0..=DAY_SECS);
    number("away_secs", memory.away_secs, 0..=7 * DAY_SECS);
    let cached = u64::try_from(memory.cached).unwrap_or(u64::MAX);
    number("cached", cached, 1..=1_000_000);
}

/// 0 means something with a habit, which a single client may lack: then its registration is refused.
pub(super) fn access_token_life_secs(settings: &Settings) -> RangeInclusive<u64> {
    let habits = SpringHabits::resolve(&[&settings.spring_choice()]);
    if habits.never_expiring_tokens {
        0..=*ACCESS_TOKEN_LIFE_SECS.end()
    } else {
        ACCESS_TOKEN_LIFE_SECS
    }
}

fn check_key_numbers(keys: &KeySettings, findings: &mut Findings) {
    let key_lives = [
        (
            "publish_ahead_secs",
            keys.publish_ahead_secs,
            0..=30 * DAY_SECS,
        ),
        (
            "rotate_every_secs",
            keys.rotate_every_secs,
            0..=10 * YEAR_SECS,
        ),
        ("reload_every_secs", keys.reload_every_secs, 1..=DAY_SECS),
    ];
    for (name, secs, accepted) in key_lives {
        findings.number(&format!("keys.{name}"), secs, accepted);
    }
    if keys.short_secret {
        let found = "is true: whoever has one token may find the secret by trying (RFC 7518 §3.2)";
        findings.warning("keys.short_secret", found, "false, and a longer secret");
    }
}

fn check_login_numbers(login: &LoginSettings, findings: &mut Findings) {
    findings.number("login.ttl_secs", login.ttl_secs, 1..=YEAR_SECS);
    findings.number(
        "login.pending_ttl_secs",
        login.pending_ttl_secs,
        1..=DAY_SECS,
    );
    findings.number("login.wait_beyond_ms", login.wait_beyond_ms, 0..=60_000);
    findings.number(
        "login.longest_refusal_secs",
        login.longest_refusal_secs,
        0..=DAY_SECS,
    );
    findings.number("login.waiting", login.waiting, 0..=MOST_WAITING);
    for (name, bytes, accepted) in [
        ("state", login.longest_state_bytes, STATE_BYTES),
        ("request", login.longest_request_bytes, REQUEST_BYTES),
    ] {
        findings.number(&format!("login.longest_{name}_bytes"), bytes, accepted);
    }
    let (state, request) = (login.longest_state_bytes, login.longest_request_bytes);
    if state > request {
        let found = format!(
            "is {state}, and `login.longest_request_bytes` is {request}, which counts it too"
        );
        findings.error(
            "login.longest_state_bytes",
            found,
            format!("at most {request}"),
        );
    }
}
