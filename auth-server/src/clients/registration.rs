//! The rules of a registration, wherever it comes from: the configuration file, a page, the API or a row
//! of a database all pass through [`register`].

use symbolon::identifiers::ClientId;
use symbolon::token::GrantType;
use url::Url;

use crate::clients::client::Client;
use crate::dialects::Dialect;
use crate::passwords::{HashFormatError, PasswordHash};
use crate::records::{ClientRegistration, TokenFormat};

/// What clients get where their registration says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDefaults {
    /// Handles or JWTs.
    pub token_format: TokenFormat,
    /// How they are written.
    pub dialect: Dialect,
    /// Seconds that an access token lives.
    pub access_token_ttl_secs: u64,
    /// Seconds that a refresh token lives; 0 means that it does not expire.
    pub refresh_token_ttl_secs: u64,
}

/// A registration that cannot work or must not be. It names the client, what is wrong and what is
/// accepted, and shows no secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("client `{client_id}`: {reason}")]
pub struct RegistrationError {
    /// Which client.
    pub client_id: ClientId,
    /// What is wrong with it.
    pub reason: RegistrationFault,
}

/// What is wrong with a registration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationFault {
    /// The secret is no hash that can be verified.
    #[error("`client_secret`: {0}")]
    Secret(#[from] HashFormatError),
    /// A grant that redirects has no place to redirect to.
    #[error("`redirect_uris` is empty; authorization_code and implicit need one")]
    NoRedirectUri,
    /// RFC 6749 §3.1.2: redirect URIs are absolute and have no fragment.
    #[error("`redirect_uris` holds `{0}`; accepted: absolute URIs without a fragment")]
    RedirectUri(String),
    /// RFC 6749 §4.4: a client that acts for itself must be able to prove who it is.
    #[error("`{}` needs a `client_secret` (RFC 6749 §4.4)", .0.as_str())]
    PublicClientGrant(GrantType),
    /// RFC 7662 §2.1: whoever asks about tokens of others must prove who it is.
    #[error("`may_introspect` needs a `client_secret` (RFC 7662 §2.1)")]
    PublicIntrospection,
    /// A client without scopes gets no token.
    #[error("`scope` is empty: it could never get a token")]
    NoScope,
    /// What is approved automatically must be possible.
    #[error("`auto_approve` holds scopes that `scope` does not")]
    AutoApprove,
    /// A token must live.
    #[error("`access_token_ttl_secs` is 0; accepted: 1 or more")]
    NoLife,
}

/// The client that a registration describes.
pub fn register(
    registration: &ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<Client, RegistrationError> {
    checked(registration, defaults).map_err(|reason| RegistrationError {
        client_id: registration.client_id.clone(),
        reason,
    })
}

fn checked(
    registration: &ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<Client, RegistrationFault> {
    let client = described(registration.clone(), defaults)?;
    check_redirect_uris(&client)?;
    check_public_client(&client)?;
    if !client.grant_types.is_empty() && client.scope.is_empty() {
        return Err(RegistrationFault::NoScope);
    }
    if !client.scope.covers(&client.auto_approve) {
        return Err(RegistrationFault::AutoApprove);
    }
    if client.access_token_ttl_secs == 0 {
        return Err(RegistrationFault::NoLife);
    }
    Ok(client)
}

/// The client as its registration says, with the defaults for what it leaves open.
fn described(
    registration: ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<Client, HashFormatError> {
    let secret = registration
        .client_secret
        .map(|secret| secret.expose().parse::<PasswordHash>())
        .transpose()?;
    let refresh_token_ttl_secs = registration
        .refresh_token_ttl_secs
        .unwrap_or(defaults.refresh_token_ttl_secs);
    let access_token_ttl_secs = registration
        .access_token_ttl_secs
        .unwrap_or(defaults.access_token_ttl_secs);
    let mut client = Client {
        id: registration.client_id,
        name: registration.client_name,
        secret,
        grant_types: registration.grant_types.into_iter().collect(),
        redirect_uris: registration.redirect_uris,
        redirect_matching: registration.redirect_matching,
        scope: registration.scope,
        auto_approve: registration.auto_approve,
        remembers_approvals: false,
        resource_ids: registration.resource_ids,
        authorities: registration.authorities,
        token_format: registration.token_format.unwrap_or(defaults.token_format),
        dialect: registration.dialect.unwrap_or(defaults.dialect),
        access_token_ttl_secs,
        refresh_token_ttl_secs: Some(refresh_token_ttl_secs).filter(|secs| *secs > 0),
        rotate_refresh_tokens: registration.rotate_refresh_tokens,
        reuse_access_tokens: registration.reuse_access_tokens,
        require_pkce: registration.require_pkce,
        may_introspect: registration.may_introspect,
        disabled: registration.disabled,
    };
    let remembers = registration.remember_approvals;
    client.remembers_approvals = remembers.unwrap_or_else(|| client.is_assured());
    Ok(client)
}

fn check_redirect_uris(client: &Client) -> Result<(), RegistrationFault> {
    let redirects =
        client.may_use(GrantType::AuthorizationCode) || client.may_use(GrantType::Implicit);
    if redirects && client.redirect_uris.is_empty() {
        return Err(RegistrationFault::NoRedirectUri);
    }
    let mut unfit = client
        .redirect_uris
        .iter()
        .filter(|uri| !is_redirect_uri(uri));
    match unfit.next() {
        Some(uri) => Err(RegistrationFault::RedirectUri(uri.clone())),
        None => Ok(()),
    }
}

fn check_public_client(client: &Client) -> Result<(), RegistrationFault> {
    if !client.is_public() {
        return Ok(());
    }
    if client.may_use(GrantType::ClientCredentials) {
        let grant = GrantType::ClientCredentials;
        return Err(RegistrationFault::PublicClientGrant(grant));
    }
    if client.may_introspect {
        return Err(RegistrationFault::PublicIntrospection);
    }
    Ok(())
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
