//! What is found in the settings beyond what the types say: what cannot work, and what somebody would regret.

mod numbers;
mod registration;

use std::collections::BTreeSet;
use std::net::IpAddr;

use symbolon::access_expression::AccessExpression;
use symbolon::calls::is_loopback;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use symbolon_service::client_address::TrustedProxies;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{AboutOne, Findings, read_http_address, shown};
use url::Url;

use super::sections::{AccessSettings, CLIENTS, OWNERS, SCOPES, Settings};
use crate::addresses::{AddressError, Addresses, issuer_path};
use crate::clients::access_rules::admits_anybody;
use crate::clients::client::Client;
use crate::clients::registration::{RegistrationFault, register};
use crate::clients::regrets::regrets;
use crate::passwords::{HashId, PasswordHash};
use crate::records::{ClientRegistration, OwnerRegistration, Profile, name_faults};
use crate::resource_owners::registration as owner_registration;

use self::registration::check_registration;
use numbers::{access_token_life_secs, check_numbers};

/// Browsers take cookies whose name and value have 4096 bytes together (RFC 6265 §6.1), and the names of ours have the
/// path.
const LONGEST_PATH: usize = 255;
const HASH_ACCEPTED: &str = "the {id}hash that `auth-server hash-secret` prints";
const LAX_PROFILE: &str = "is `spring`: habits of a Spring server that the RFCs have given up, codes without PKCE among them";
const SECRETS_IN_ADDRESSES: &str =
    "is true: secrets may stand in addresses, which end up in logs (RFC 6749 §2.3.1)";
const BETTER_PROFILE: &str = "`standard`, once its clients need no more than single habits";
pub(super) fn find(settings: &Settings, findings: &mut Findings) {
    check_numbers(settings, findings);
    check_issuer(settings, findings);
    check_paths(settings, findings);
    check_reach(settings, findings);
    check_access(&settings.access, findings);
    check_habits(settings, findings);
    settings.brand.check(findings);
    settings.administration.check(findings);
    settings.mail.check(findings);
    let administrator = &settings.administration.authority;
    settings
        .sign_up
        .check(&settings.mail, administrator, findings);
    settings.sunset.check(findings);
    check_names(settings, findings);
    check_registration(settings, findings);
    for registration in &settings.clients {
        check_client(settings, registration, findings);
    }
    for registration in &settings.owners {
        check_owner(registration, settings.login.hash_without_id, findings);
    }
}

fn check_habits(settings: &Settings, findings: &mut Findings) {
    if settings.profile == Profile::Spring {
        findings.warning("profile", LAX_PROFILE, BETTER_PROFILE);
    }
    let pieces = &settings.spring;
    for (setting, said) in [
        ("spring.servlet_parameters", pieces.servlet_parameters),
        ("spring.token_by_get", pieces.token_by_get),
    ] {
        if said == Some(true) {
            findings.warning(setting, SECRETS_IN_ADDRESSES, "false");
        }
    }
}

fn check_issuer(settings: &Settings, findings: &mut Findings) {
    let Some(issuer) = &settings.issuer else {
        return;
    };
    match read_issuer(issuer) {
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => {
            let found = format!(
                "is `{}`: passwords travel where others can read them",
                shown(issuer)
            );
            findings.warning("issuer", found, "https");
        }
        Ok(_) => {}
        Err(error) => {
            let found = format!("is `{}`: {error}", shown(issuer));
            let accepted = "an http or https URL without query, fragment and slash at the end; its path of at most 255 \
                            letters, digits and -._~; a port from 1 to 65535";
            findings.error("issuer", found, accepted);
        }
    }
}

fn check_paths(settings: &Settings, findings: &mut Findings) {
    let issuer = settings.issuer.as_deref().unwrap_or("http://localhost");
    if let Err(AddressError::Path { setting, error }) = Addresses::mapped(issuer, &settings.paths) {
        let accepted = "a slash and letters, digits and -._~, as long as nothing else is there";
        findings.error(
            &format!("paths.{setting}"),
            format!("cannot be used: {error}"),
            accepted,
        );
    }
}

fn read_issuer(issuer: &str) -> Result<Url, String> {
    let url = read_http_address(issuer).map_err(|error| error.to_string())?;
    let path = issuer_path(issuer).map_err(|error| error.to_string())?;
    if path.len() > LONGEST_PATH {
        return Err(format!("its path has {} bytes", path.len()));
    }
    if url.port() == Some(0) {
        return Err("nobody can call port 0".to_owned());
    }
    Ok(url)
}

/// What works for its maker alone, on one machine and until the next restart.
fn check_reach(settings: &Settings, findings: &mut Findings) {
    let issuer = settings.issuer.as_deref().map(read_http_address);
    let is_of_this_machine = match issuer {
        None => true,
        Some(Ok(url)) => is_loopback(&url),
        Some(Err(_)) => return,
    };
    let reach = reach_of_others(&settings.http);
    if let Some(reach) = reach.as_ref().filter(|_| is_of_this_machine) {
        let issuer = settings.issuer.as_deref();
        let issuer = issuer.map_or("empty".to_owned(), |issuer| format!("`{}`", shown(issuer)));
        let better = "the address by which browsers and clients reach this server";
        findings.warning("issuer", format!("is {issuer} while {reach}"), better);
    }
    if settings.store.url.expose() == "memory:" && (reach.is_some() || !is_of_this_machine) {
        let found = "is `memory:`: tokens, sessions and keys end with this process";
        findings.warning("store.url", found, "embedded:PATH or redis://…");
    }
}

/// What tells that others than those of this machine call.
fn reach_of_others(http: &HttpSettings) -> Option<String> {
    let host = http.host.parse::<IpAddr>();
    if host.is_ok_and(|host| !host.is_loopback()) {
        return Some(format!("`http.host` is `{}`", http.host));
    }
    let is_behind_a_proxy = http.trusted_proxies != TrustedProxies::default();
    is_behind_a_proxy.then(|| "`http.trusted_proxies` names a proxy".to_owned())
}

fn check_access(access: &AccessSettings, findings: &mut Findings) {
    for (name, rule) in [
        ("check_token", &access.check_token),
        ("token_key", &access.token_key),
    ] {
        let setting = format!("access.{name}");
        let Some(rule) = rule else { continue };
        match AccessExpression::parse(rule) {
            Ok(read) if name == "check_token" && admits_anybody(&read) => {
                let found = format!(
                    "is `{}`: whoever finds a token learns whose it is",
                    shown(rule)
                );
                findings.warning(&setting, found, "isAuthenticated()");
            }
            Ok(_) => {}
            Err(error) => {
                let found = format!("is `{}`: {error}", shown(rule));
                findings.error(
                    &setting,
                    found,
                    "a rule such as isAuthenticated(), or nothing",
                );
            }
        }
    }
}

fn check_names(settings: &Settings, findings: &mut Findings) {
    let once = |names: Vec<&str>, list, findings: &mut Findings| {
        let mut seen = BTreeSet::new();
        for name in names {
            if name.is_empty() {
                findings.error(list, "holds an entry without a name", "a name for each");
            } else if !seen.insert(name) {
                let found = format!("holds `{}` twice", shown(name));
                findings.error(list, found, "one entry for each name");
            }
        }
    };
    let scopes = settings.scopes.iter().map(|scope| scope.name.as_str());
    once(scopes.collect(), SCOPES, findings);
    let clients = settings
        .clients
        .iter()
        .map(|client| client.client_id.as_str());
    once(clients.collect(), CLIENTS, findings);
    let owners = settings.owners.iter().map(|owner| owner.name.as_str());
    once(owners.collect(), OWNERS, findings);
    for scope in settings
        .scopes
        .iter()
        .filter(|scope| !scope.name.is_empty())
    {
        if Scope::try_from(vec![scope.name.clone()]).is_err() {
            let found = format!("holds `{}`, which no client may have", shown(&scope.name));
            let accepted = "names of printable ASCII without blanks, \" and \\ (RFC 6749 §3.3)";
            findings.error(SCOPES, found, accepted);
        }
    }
}

fn check_client(settings: &Settings, registration: &ClientRegistration, findings: &mut Findings) {
    let name = registration.client_id.as_str();
    let mut about = findings.about(CLIENTS, "client", name);
    for fault in name_faults(name) {
        about.error("client_id", fault.found(), fault.accepted());
    }
    let lists: [(&str, Vec<&str>); 4] = [
        ("scope", registration.scope.names().collect()),
        ("auto_approve", registration.auto_approve.names().collect()),
        ("resource_ids", texts(&registration.resource_ids)),
        ("authorities", texts(&registration.authorities)),
    ];
    for (setting, entries) in lists {
        check_entries(setting, &entries, &mut about);
    }
    match register(registration, &settings.client_defaults()) {
        Ok(client) => {
            if let Some(secret) = &client.secret {
                check_not_of_nothing("client_secret", secret, &mut about);
            }
            if registration.profile == Some(Profile::Spring) {
                about.warning("profile", LAX_PROFILE, BETTER_PROFILE);
            }
            for regret in regrets(&client) {
                about.warning(regret.setting, regret.found, regret.better);
            }
            check_described(settings, &client, &mut about);
        }
        Err(error) => {
            // What the defaults of all clients hold is said once, where it stands.
            let own = error.faults.into_iter();
            for fault in own.filter(|fault| !is_of_the_defaults(settings, fault, registration)) {
                about.error(fault.setting(), fault.found(), fault.accepted());
            }
        }
    }
}

fn is_of_the_defaults(
    settings: &Settings,
    fault: &RegistrationFault,
    registration: &ClientRegistration,
) -> bool {
    let RegistrationFault::TokenLife { setting, .. } = fault else {
        return false;
    };
    if *setting == "access_token_ttl_secs" {
        let default = settings.tokens.access_token_ttl_secs;
        let is_said = !access_token_life_secs(settings).contains(&default);
        return registration.access_token_ttl_secs.is_none() && is_said;
    }
    registration.refresh_token_ttl_secs.is_none()
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// What is kept in a store is not judged here; nobody is let in by an empty text there either.
fn check_not_of_nothing(setting: &str, hash: &PasswordHash, about: &mut AboutOne<'_>) {
    if hash.is_of_nothing() {
        about.error(setting, "is the hash of an empty text", HASH_ACCEPTED);
    }
}

/// A comma is allowed in a name, and there by mistake: tables of Spring servers hold lists in one column.
fn check_entries(setting: &str, entries: &[&str], about: &mut AboutOne<'_>) {
    for entry in entries.iter().filter(|entry| entry.contains(',')) {
        let parts: Vec<&str> = entry.split(',').map(str::trim).collect();
        let found = format!("holds `{}`, which is one name", shown(entry));
        about.error(setting, found, format!("an entry for each: {parts:?}"));
    }
}

/// Owners are asked about scopes in words, when there are words.
fn check_described(settings: &Settings, client: &Client, about: &mut AboutOne<'_>) {
    let asks = client.may_use(GrantType::AuthorizationCode) || client.may_use(GrantType::Implicit);
    if settings.scopes.is_empty() || !asks {
        return;
    }
    let described = |name: &str| settings.scopes.iter().any(|scope| scope.name == name);
    let asked = client
        .scope
        .names()
        .filter(|name| !client.auto_approve.covers(name));
    for name in asked.filter(|name| !described(name)) {
        let found = format!(
            "holds `{}`, which no entry of `scopes` describes",
            shown(name)
        );
        about.warning(
            "scope",
            found,
            "a description for owners, or a scope that has one",
        );
    }
}

fn check_owner(
    registration: &OwnerRegistration,
    hash_without_id: Option<HashId>,
    findings: &mut Findings,
) {
    let mut about = findings.about(OWNERS, "owner", &registration.name);
    for fault in name_faults(&registration.name) {
        about.error("name", fault.found(), fault.accepted());
    }
    if registration.name.chars().any(char::is_control) {
        about.error("name", "holds a control character", "printable text");
    }
    check_entries("authorities", &texts(&registration.authorities), &mut about);
    if registration.password_mark.is_some() {
        about.error("password_mark", "is what a store keeps", "no such field");
    }
    if registration.email.is_some() {
        let found = "is what a store keeps: no link changes a password that is written here";
        about.error("email", found, "no such field, or an account of the store");
    }
    if registration.invited {
        about.error("invited", "is what a store keeps", "no such field");
    }
    match owner_registration::register(registration, hash_without_id) {
        Ok(owner) => {
            check_not_of_nothing("password", &owner.password, &mut about);
            if let Some(found) = owner.password.weakness() {
                about.warning("password", found, HASH_ACCEPTED);
            }
        }
        Err(error) => about.error("password", error.reason.found(), error.reason.accepted()),
    }
}
