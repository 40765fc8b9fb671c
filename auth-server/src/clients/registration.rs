//! The rules of a registration, wherever it comes from: the configuration file, a page, the API or a row
//! of a database all pass through [`register`].

use std::fmt;
use std::ops::RangeInclusive;

use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_service::settings::{read_http_address, shown};

use crate::clients::auto_approval::AutoApproval;
use crate::clients::client::{AboutClient, Client};
use crate::clients::redirect_match::RedirectMatching;
use crate::clients::redirect_uri;
use crate::clients::spring_habits::{SpringChoice, SpringHabits};
use crate::dialects::Dialect;
use crate::passwords::{HashFormatError, HashId, PasswordHash};
use crate::records::{ClientRegistration, Profile, TokenFormat};

mod fault;

pub use fault::RegistrationFault;

/// Ten years, in seconds: longer than anything of ours is kept.
const TEN_YEARS_SECS: u64 = 10 * 365 * 24 * 60 * 60;
/// How long an access token may live, in seconds.
pub const ACCESS_TOKEN_LIFE_SECS: RangeInclusive<u64> = 1..=TEN_YEARS_SECS;
/// How long a refresh token may live, in seconds; 0 means that it does not expire.
pub const REFRESH_TOKEN_LIFE_SECS: RangeInclusive<u64> = 0..=TEN_YEARS_SECS;

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
    /// How the hash of a secret is read that has no id; `None`: it is refused.
    pub hash_without_id: Option<HashId>,
    /// Habits of a Spring server.
    pub spring: SpringChoice,
}

/// A registration that cannot work or must not be. It names the client, what is wrong and what is
/// accepted, and shows no secret.
#[derive(Debug, PartialEq, Eq)]
pub struct RegistrationError {
    /// Which client.
    pub client_id: ClientId,
    /// All that is wrong with it.
    pub faults: Vec<RegistrationFault>,
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        let client_id = shown(self.client_id.as_str());
        write!(formatter, "client `{client_id}`: {}", faults.join("; "))
    }
}

impl std::error::Error for RegistrationError {}

/// The client that a registration describes.
pub fn register(
    registration: &ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<Client, RegistrationError> {
    let refused = |faults| RegistrationError {
        client_id: registration.client_id.clone(),
        faults,
    };
    let mut faults = Vec::new();
    let secrets = secrets(registration, defaults).unwrap_or_else(|error| {
        faults.push(RegistrationFault::Secret(error));
        Secrets::default()
    });
    let client = described(registration.clone(), secrets, defaults);
    check_names(&client, &mut faults);
    check_about(registration, &mut faults);
    check_redirect_uris(&client, &mut faults);
    if registration.client_secret.is_none() {
        check_public_client(&client, &mut faults);
    }
    check_scope(&client, &mut faults);
    check_tokens(&client, &mut faults);
    let pieces = registration.spring.of_the_server_only().into_iter();
    faults.extend(pieces.map(|piece| RegistrationFault::OfTheServer { piece }));
    if faults.is_empty() {
        Ok(client)
    } else {
        Err(refused(faults))
    }
}

/// What a client proves itself with: the hashes.
#[derive(Default)]
struct Secrets {
    current: Option<PasswordHash>,
    retiring: Vec<(PasswordHash, Timestamp)>,
}

fn secrets(
    registration: &ClientRegistration,
    defaults: &ClientDefaults,
) -> Result<Secrets, HashFormatError> {
    let read = |hash: &Secret| PasswordHash::read(hash.expose(), defaults.hash_without_id);
    let retiring = registration.retiring_secrets.iter();
    let retiring = retiring.map(|secret| Ok((read(&secret.hash)?, secret.until)));
    Ok(Secrets {
        current: registration.client_secret.as_ref().map(read).transpose()?,
        retiring: retiring.collect::<Result<_, HashFormatError>>()?,
    })
}

/// The client as its registration says, with the defaults for what it leaves open.
fn described(
    registration: ClientRegistration,
    secrets: Secrets,
    defaults: &ClientDefaults,
) -> Client {
    let leanings = Leanings::of(&registration, defaults);
    let about = about(&registration);
    let refresh_token_ttl_secs = registration.refresh_token_ttl_secs;
    let refresh_token_ttl_secs = refresh_token_ttl_secs.unwrap_or(defaults.refresh_token_ttl_secs);
    let access_token_ttl_secs = registration
        .access_token_ttl_secs
        .unwrap_or(defaults.access_token_ttl_secs);
    let mut client = Client {
        id: registration.client_id,
        name: registration.client_name,
        secret: secrets.current,
        retiring_secrets: secrets.retiring,
        grant_types: registration.grant_types.into_iter().collect(),
        redirect_uris: registration.redirect_uris,
        redirect_matching: leanings.redirect_matching,
        scope: registration.scope,
        auto_approve: AutoApproval::new(
            registration.auto_approve,
            leanings.spring.auto_approve_patterns,
        ),
        remembers_approvals: false,
        resource_ids: registration.resource_ids,
        authorities: registration.authorities,
        token_format: registration.token_format.unwrap_or(defaults.token_format),
        dialect: leanings.dialect,
        access_token_ttl_secs: Some(access_token_ttl_secs)
            .filter(|secs| *secs > 0 || !leanings.spring.never_expiring_tokens),
        refresh_token_ttl_secs: Some(refresh_token_ttl_secs).filter(|secs| *secs > 0),
        rotate_refresh_tokens: leanings.rotate_refresh_tokens,
        reuse_access_tokens: leanings.reuse_access_tokens,
        require_pkce: leanings.require_pkce,
        may_introspect: registration.may_introspect,
        disabled: registration.disabled || registration.awaits_approval,
        profile: leanings.profile,
        spring: leanings.spring,
        about,
    };
    let remembers = registration.remember_approvals;
    client.remembers_approvals = remembers.unwrap_or_else(|| client.is_assured());
    client
}

fn about(registration: &ClientRegistration) -> AboutClient {
    AboutClient {
        client_uri: registration.client_uri.clone(),
        logo_uri: registration.logo_uri.clone(),
        policy_uri: registration.policy_uri.clone(),
        tos_uri: registration.tos_uri.clone(),
        registered: registration.registered.clone(),
    }
}

/// What the profile has a say in: what is written down outweighs it, and it outweighs what is usual.
struct Leanings {
    profile: Profile,
    spring: SpringHabits,
    redirect_matching: RedirectMatching,
    dialect: Dialect,
    rotate_refresh_tokens: bool,
    reuse_access_tokens: bool,
    require_pkce: bool,
}

impl Leanings {
    fn of(registration: &ClientRegistration, defaults: &ClientDefaults) -> Self {
        let own = SpringChoice {
            profile: registration.profile,
            pieces: registration.spring.clone(),
        };
        let profile = own.profile.or(defaults.spring.profile).unwrap_or_default();
        let is_spring = profile == Profile::Spring;
        let spring = SpringHabits::resolve(&[&own, &defaults.spring]);
        let matching = if is_spring {
            RedirectMatching::Spring
        } else {
            RedirectMatching::Exact
        };
        let dialect = match own.profile {
            Some(Profile::Spring) => Dialect::Spring,
            Some(Profile::Standard) | None => defaults.dialect,
        };
        let rotates = registration.rotate_refresh_tokens;
        let reuses = registration.reuse_access_tokens;
        let format = registration.token_format.unwrap_or(defaults.token_format);
        Self {
            profile,
            spring,
            redirect_matching: registration.redirect_matching.unwrap_or(matching),
            dialect: registration.dialect.unwrap_or(dialect),
            rotate_refresh_tokens: rotates.unwrap_or(!is_spring),
            reuse_access_tokens: reuses.unwrap_or(is_spring && format == TokenFormat::Opaque),
            require_pkce: needs_pkce(registration, spring),
        }
    }
}

/// Whether codes of this client need PKCE: by the RFCs always without a secret (RFC 9700 §2.1.1).
fn needs_pkce(registration: &ClientRegistration, spring: SpringHabits) -> bool {
    let is_public = registration.client_secret.is_none();
    match registration.require_pkce {
        Some(required) => required || (is_public && !spring.codes_without_pkce),
        None => !spring.codes_without_pkce,
    }
}

fn check_names(client: &Client, faults: &mut Vec<RegistrationFault>) {
    let many = |texts: &[String]| texts.concat();
    for (setting, text) in [
        ("client_id", client.id.as_str().to_owned()),
        ("client_name", client.name.clone()),
        ("resource_ids", many(&client.resource_ids)),
        ("authorities", many(&client.authorities)),
    ] {
        if text.chars().any(char::is_control) {
            faults.push(RegistrationFault::ControlCharacter { setting });
        }
    }
}

/// What people are shown of it.
fn check_about(registration: &ClientRegistration, faults: &mut Vec<RegistrationFault>) {
    for (setting, uri) in [
        ("client_uri", &registration.client_uri),
        ("logo_uri", &registration.logo_uri),
        ("policy_uri", &registration.policy_uri),
        ("tos_uri", &registration.tos_uri),
    ] {
        if let Some(Err(error)) = uri.as_deref().map(read_http_address) {
            faults.push(RegistrationFault::Link { setting, error });
        }
    }
    if registration.contacts.concat().chars().any(char::is_control) {
        let setting = "contacts";
        faults.push(RegistrationFault::ControlCharacter { setting });
    }
}

fn check_redirect_uris(client: &Client, faults: &mut Vec<RegistrationFault>) {
    let redirects =
        client.may_use(GrantType::AuthorizationCode) || client.may_use(GrantType::Implicit);
    if redirects && client.redirect_uris.is_empty() {
        faults.push(RegistrationFault::NoRedirectUri);
    }
    for uri in &client.redirect_uris {
        if let Err(fault) = redirect_uri::check(uri) {
            let uri = uri.clone();
            faults.push(RegistrationFault::RedirectUri { uri, fault });
        }
    }
}

fn check_public_client(client: &Client, faults: &mut Vec<RegistrationFault>) {
    let grant = GrantType::ClientCredentials;
    if client.may_use(grant) && !client.spring.secretless_clients {
        faults.push(RegistrationFault::PublicClientGrant(grant));
    }
    if client.may_introspect {
        faults.push(RegistrationFault::PublicIntrospection);
    }
}

fn check_scope(client: &Client, faults: &mut Vec<RegistrationFault>) {
    if client.has_any_scope() {
        return;
    }
    if !client.grant_types.is_empty() && client.scope.is_empty() {
        faults.push(RegistrationFault::NoScope);
    }
    let meaningless = client.auto_approve.without_meaning(&client.scope);
    if !meaningless.is_empty() && !client.has_any_scope() {
        faults.push(RegistrationFault::AutoApprove);
    }
}

fn check_tokens(client: &Client, faults: &mut Vec<RegistrationFault>) {
    let is_standard_jwt =
        client.token_format == TokenFormat::Jwt && client.dialect == Dialect::Standard;
    if is_standard_jwt && client.resource_ids.is_empty() && !client.grant_types.is_empty() {
        faults.push(RegistrationFault::NoAudience);
    }
    let refresh_secs = client.refresh_token_ttl_secs.unwrap_or_default();
    for (setting, secs, accepted) in [
        (
            "access_token_ttl_secs",
            client.access_token_ttl_secs.unwrap_or(1),
            ACCESS_TOKEN_LIFE_SECS,
        ),
        (
            "refresh_token_ttl_secs",
            refresh_secs,
            REFRESH_TOKEN_LIFE_SECS,
        ),
    ] {
        if !accepted.contains(&secs) {
            faults.push(RegistrationFault::TokenLife {
                setting,
                secs,
                accepted,
            });
        }
    }
}
