//! Settings of this server, drawn from the configuration of a Spring server.
//!
//! What is secret there is never shown. A draft has hashes in its place, and names the file that a password comes from.

mod addresses;
mod clients;
mod keys;
mod redis;
mod text;

use symbolon::random::Random;

use super::spring_config::{SpringConfiguration, compared};
use crate::passwords::HashingError;
use crate::records::ClientRegistration;

use text::DraftText;

/// What a setting of the configuration means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Its name, as it is written.
    pub name: String,
    /// What it is here; `None`: nothing.
    pub here: Option<&'static str>,
}

/// Settings to begin with.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What each setting means that a server of this kind could care about.
    pub meanings: Vec<Meaning>,
    /// A settings file. Read it before it is used.
    pub toml: String,
    /// Clients that the configuration describes.
    pub clients: Vec<ClientRegistration>,
}

/// Names that begin so are told, whether they mean something or not.
const ABOUT_US: [&str; 2] = ["security.oauth2.", "security.user."];

/// What names mean here. Those that end in a dot are beginnings.
const MEANINGS: &[(&str, &str)] = &[
    ("server.port", "http.port"),
    ("server.servlet.context-path", "the path of issuer"),
    ("server.context-path", "the path of issuer"),
    ("spring.mvc.servlet.path", "the path of issuer"),
    ("server.servlet.path", "the path of issuer"),
    ("server.servlet-path", "the path of issuer"),
    (
        "security.oauth2.client.client-id",
        "client_id of [[clients]]",
    ),
    (
        "security.oauth2.client.client-secret",
        "client_secret of [[clients]], as a hash",
    ),
    (
        "security.oauth2.client.authorized-grant-types",
        "grant_types of [[clients]]",
    ),
    ("security.oauth2.client.scope", "scope of [[clients]]"),
    (
        "security.oauth2.client.resource-ids",
        "resource_ids of [[clients]]",
    ),
    (
        "security.oauth2.client.authorities",
        "authorities of [[clients]]",
    ),
    (
        "security.oauth2.client.registered-redirect-uri",
        "redirect_uris of [[clients]]",
    ),
    (
        "security.oauth2.client.auto-approve-scopes",
        "auto_approve of [[clients]]",
    ),
    (
        "security.oauth2.client.access-token-validity-seconds",
        "access_token_ttl_secs of [[clients]]",
    ),
    (
        "security.oauth2.client.refresh-token-validity-seconds",
        "refresh_token_ttl_secs of [[clients]]",
    ),
    (
        "security.oauth2.client.access-token-uri",
        "of a client: AuthorizationServer of symbolon-client",
    ),
    (
        "security.oauth2.client.user-authorization-uri",
        "of a client: AuthorizationServer of symbolon-client",
    ),
    (
        "security.oauth2.authorization.check-token-access",
        "access.check_token",
    ),
    (
        "security.oauth2.authorization.token-key-access",
        "access.token_key",
    ),
    (
        "security.oauth2.authorization.jwt.key-value",
        "keys.signing_key_file, tokens.format, legacy_tokens.jwt_keys",
    ),
    (
        "security.oauth2.authorization.jwt.key-store",
        "keys.signing_key_file, tokens.format, legacy_tokens.jwt_keys",
    ),
    (
        "security.oauth2.authorization.jwt.key-store-password",
        "to export the key",
    ),
    (
        "security.oauth2.authorization.jwt.key-alias",
        "to export the key",
    ),
    (
        "security.oauth2.authorization.jwt.key-password",
        "to export the key",
    ),
    (
        "security.oauth2.resource.token-info-uri",
        "of a resource server: verifier.method = \"check_token\"",
    ),
    (
        "security.oauth2.resource.user-info-uri",
        "of a resource server: verifier.method = \"user_info\"",
    ),
    (
        "security.oauth2.resource.id",
        "of a resource server: its resource id",
    ),
    (
        "security.oauth2.resource.jwt.",
        "of a resource server: verifier.method = \"token_key\"",
    ),
    (
        "security.oauth2.resource.jwk.",
        "of a resource server: verifier.method = \"jwks\"",
    ),
    ("spring.datasource.url", "sql_clients.url, sql_owners.url"),
    (
        "spring.datasource.username",
        "sql_clients.url, sql_owners.url",
    ),
    (
        "spring.datasource.password",
        "sql_clients.password, sql_owners.password",
    ),
    ("spring.redis.", "legacy_tokens.redis_url"),
    ("spring.data.redis.", "legacy_tokens.redis_url"),
    ("spring.security.user.", "[[owners]]"),
    ("security.user.", "[[owners]]"),
    ("spring.ldap.urls", "ldap_owners.url"),
    ("spring.ldap.base", "ldap_owners.base_dn"),
    (
        "spring.ldap.",
        "ldap_owners.bind_dn, ldap_owners.bind_password",
    ),
];

impl Draft {
    /// The draft of a configuration. Plain texts in the place of hashes are hashed.
    pub fn of(said: &SpringConfiguration, random: &dyn Random) -> Result<Self, HashingError> {
        let mut text = DraftText::begin();
        addresses::write(said, &mut text);
        keys::write(said, &mut text);
        addresses::write_databases(said, &mut text);
        let clients = clients::write(said, random, &mut text)?;
        Ok(Self {
            meanings: said.names().filter_map(meaning).collect(),
            toml: text.end(),
            clients,
        })
    }
}

/// What a name means; `None` of one that is about something else.
fn meaning(name: &str) -> Option<Meaning> {
    let wanted = compared(name);
    let bare = wanted.split('[').next().unwrap_or_default();
    let known = MEANINGS.iter().find(|(known, _)| {
        let known = compared(known);
        known == bare || (known.ends_with('.') && bare.starts_with(&known))
    });
    let here = known.map(|(_, here)| *here);
    let is_about_us = ABOUT_US.iter().any(|begin| wanted.starts_with(begin));
    (here.is_some() || is_about_us).then(|| Meaning {
        name: name.to_owned(),
        here,
    })
}

#[cfg(test)]
mod tests;
