//! Clients and owners as the settings file registers them.

use serde::Deserialize;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use url::Url;

use crate::clients::client::Client;
use crate::clients::redirect_match::RedirectMatching;
use crate::dialects::Dialect;
use crate::passwords::PasswordHash;
use crate::records::TokenFormat;
use crate::resource_owners::owner::ResourceOwner;
use crate::settings::{Settings, TokenSettings};

/// One `[[clients]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a named habit that an operator switches on or off"
)]
pub struct ClientSettings {
    /// Its public name.
    pub client_id: String,
    /// Its name for people.
    pub client_name: String,
    /// `{id}hash`; empty or absent: a public client.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// What it may use.
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
    /// Where browsers may be sent.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// How they are compared.
    #[serde(default = "exact")]
    pub redirect_matching: RedirectMatching,
    /// What it may ask for.
    #[serde(default)]
    pub scope: Scope,
    /// What owners are not asked about.
    #[serde(default)]
    pub auto_approve: Scope,
    /// Where its tokens are good.
    #[serde(default)]
    pub resource_ids: Vec<String>,
    /// What it may do for itself.
    #[serde(default)]
    pub authorities: Vec<String>,
    /// Whether codes need PKCE.
    #[serde(default = "yes")]
    pub require_pkce: bool,
    /// Whether refresh tokens are replaced.
    #[serde(default = "yes")]
    pub rotate_refresh_tokens: bool,
    /// Whether asking twice returns the same token.
    #[serde(default)]
    pub reuse_access_tokens: bool,
    /// Whether it may ask about tokens of others.
    #[serde(default)]
    pub may_introspect: bool,
    /// As in `[tokens]`.
    pub token_format: Option<TokenFormat>,
    /// As in `[tokens]`.
    pub dialect: Option<Dialect>,
    /// As in `[tokens]`.
    pub access_token_ttl_secs: Option<u64>,
    /// As in `[tokens]`.
    pub refresh_token_ttl_secs: Option<u64>,
}

/// One `[[owners]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerSettings {
    /// The account's name.
    pub name: String,
    /// `{id}hash`.
    pub password: Secret,
    /// What the person may do.
    #[serde(default)]
    pub authorities: Vec<String>,
}

const fn yes() -> bool {
    true
}

const fn exact() -> RedirectMatching {
    RedirectMatching::Exact
}

impl Settings {
    /// The registered clients; the error names the client, what is wrong and what is accepted.
    pub fn clients(&self) -> Result<Vec<Client>, String> {
        let registered = self
            .clients
            .iter()
            .map(|client| client.register(&self.tokens));
        registered.collect()
    }

    /// The accounts; the error names the account.
    pub fn owners(&self) -> Result<Vec<ResourceOwner>, String> {
        let registered = self.owners.iter().map(OwnerSettings::register);
        registered.collect()
    }
}

impl OwnerSettings {
    fn register(&self) -> Result<ResourceOwner, String> {
        let password: PasswordHash = self
            .password
            .expose()
            .parse()
            .map_err(|error| format!("owner `{}`: `password`: {error}", self.name))?;
        let authorities = self.authorities.clone();
        Ok(ResourceOwner {
            name: self.name.clone(),
            password,
            authorities,
        })
    }
}

impl ClientSettings {
    fn register(&self, defaults: &TokenSettings) -> Result<Client, String> {
        let refuse = |reason: String| Err(format!("client `{}`: {reason}", self.client_id));
        let text = self
            .client_secret
            .as_ref()
            .filter(|secret| !secret.expose().is_empty());
        let secret: Option<PasswordHash> = match text.map(|text| text.expose().parse()) {
            Some(Ok(hash)) => Some(hash),
            Some(Err(error)) => return refuse(format!("`client_secret`: {error}")),
            None => None,
        };
        let refresh_ttl = self
            .refresh_token_ttl_secs
            .unwrap_or(defaults.refresh_token_ttl_secs);
        let client = Client {
            id: ClientId::new(self.client_id.clone()),
            name: self.client_name.clone(),
            secret,
            grant_types: self.grant_types.iter().copied().collect(),
            redirect_uris: self.redirect_uris.clone(),
            redirect_matching: self.redirect_matching,
            scope: self.scope.clone(),
            auto_approve: self.auto_approve.clone(),
            resource_ids: self.resource_ids.clone(),
            authorities: self.authorities.clone(),
            token_format: self.token_format.unwrap_or(defaults.format),
            dialect: self.dialect.unwrap_or(defaults.dialect),
            access_token_ttl_secs: self
                .access_token_ttl_secs
                .unwrap_or(defaults.access_token_ttl_secs),
            refresh_token_ttl_secs: Some(refresh_ttl).filter(|secs| *secs > 0),
            rotate_refresh_tokens: self.rotate_refresh_tokens,
            reuse_access_tokens: self.reuse_access_tokens,
            require_pkce: self.require_pkce,
            may_introspect: self.may_introspect,
        };
        match contradiction(&client) {
            Some(reason) => refuse(reason),
            None => Ok(client),
        }
    }
}

/// What in a registration cannot work or must not be.
fn contradiction(client: &Client) -> Option<String> {
    let redirects =
        client.may_use(GrantType::AuthorizationCode) || client.may_use(GrantType::Implicit);
    if redirects && client.redirect_uris.is_empty() {
        return Some(
            "`redirect_uris` is empty; authorization_code and implicit need one".to_owned(),
        );
    }
    if let Some(uri) = client
        .redirect_uris
        .iter()
        .find(|uri| !is_redirect_uri(uri))
    {
        // RFC 6749 §3.1.2.
        return Some(format!(
            "`redirect_uris` holds `{uri}`; accepted: absolute URIs without a fragment"
        ));
    }
    if client.is_public() {
        let confidential = [GrantType::ClientCredentials];
        if let Some(grant) = confidential
            .into_iter()
            .find(|grant| client.may_use(*grant))
        {
            let grant = grant.as_str();
            return Some(format!("`{grant}` needs a `client_secret` (RFC 6749 §4.4)"));
        }
        if client.may_introspect {
            return Some("`may_introspect` needs a `client_secret` (RFC 7662 §2.1)".to_owned());
        }
    }
    if !client.grant_types.is_empty() && client.scope.is_empty() {
        return Some("`scope` is empty: it could never get a token".to_owned());
    }
    if !client.scope.covers(&client.auto_approve) {
        return Some("`auto_approve` holds scopes that `scope` does not".to_owned());
    }
    if client.access_token_ttl_secs == 0 {
        return Some("`access_token_ttl_secs` is 0; accepted: 1 or more".to_owned());
    }
    None
}

fn is_redirect_uri(uri: &str) -> bool {
    // `javascript:` and its like run in the page that follows them.
    const REFUSED_SCHEMES: [&str; 4] = ["javascript", "data", "vbscript", "file"];
    Url::parse(uri).is_ok_and(|parsed| {
        parsed.fragment().is_none()
            && !REFUSED_SCHEMES.contains(&parsed.scheme())
            && uri.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use symbolon_service::settings::SettingsSources;

    use crate::settings::Settings;

    fn load(registration: &str) -> Result<Settings, String> {
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), registration).unwrap();
        let sources = SettingsSources {
            file: Some(file.path()),
            environment: HashMap::new(),
        };
        sources.load().map_err(|error| error.to_string())
    }

    fn refusal(client: &str) -> String {
        load(&format!(
            "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\n{client}"
        ))
        .unwrap_err()
    }

    #[test]
    fn the_defaults_are_complete_and_sound() {
        load("").unwrap();
    }

    #[test]
    fn a_registration_that_cannot_work_is_refused_by_name() {
        let cases = [
            (
                "grant_types = [\"authorization_code\"]\nscope = [\"a\"]",
                "redirect_uris",
            ),
            (
                "grant_types = [\"client_credentials\"]\nscope = [\"a\"]",
                "client_secret",
            ),
            ("may_introspect = true", "may_introspect"),
            (
                "redirect_uris = [\"https://a.example/#f\"]",
                "without a fragment",
            ),
            ("redirect_uris = [\"javascript:alert(1)\"]", "javascript"),
            ("redirect_uris = [\"/cb\"]", "absolute"),
            ("client_secret = \"plain\"", "{bcrypt}"),
            ("auto_approve = [\"a\"]", "auto_approve"),
            ("access_token_ttl_secs = 0", "access_token_ttl_secs"),
            ("grant_types = [\"magic\"]", "magic"),
            ("secert = \"x\"", "secert"),
        ];
        for (registration, named) in cases {
            let text = refusal(registration);
            assert!(text.contains(named), "{registration}: {text}");
        }
    }

    #[test]
    fn a_wrong_secret_is_refused_without_being_shown() {
        assert!(!refusal("client_secret = \"hunter2\"").contains("hunter2"));
    }

    #[test]
    fn a_name_that_is_registered_twice_is_refused() {
        let twice = "[[owners]]\nname = \"a\"\npassword = \"{noop}x\"\n".repeat(2);
        assert!(
            load(&twice)
                .unwrap_err()
                .contains("`owners` holds `a` twice")
        );
    }

    #[test]
    fn an_issuer_with_a_slash_at_the_end_is_refused() {
        assert!(
            load("issuer = \"https://as.example/\"")
                .unwrap_err()
                .contains("issuer")
        );
        load("issuer = \"https://as.example/tenant\"").unwrap();
    }

    #[test]
    fn the_demo_data_is_sound() {
        load(include_str!("../../config/demo.toml")).unwrap();
    }
}
