//! A registered client ([RFC 6749 §2](https://www.rfc-editor.org/rfc/rfc6749#section-2)).

use std::collections::BTreeSet;

use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use url::Url;

use crate::clients::auto_approval::AutoApproval;
use crate::clients::redirect_match::RedirectMatching;
use crate::clients::spring_habits::SpringHabits;
use crate::dialects::Dialect;
use crate::passwords::PasswordHash;
use crate::records::{Profile, Registered, TokenFormat};

/// What the server knows of a client.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a named habit that an operator switches on or off"
)]
pub struct Client {
    /// Its public name.
    pub id: ClientId,
    /// Its name for people.
    pub name: String,
    /// Its secret; `None` makes it a public client (RFC 6749 §2.1).
    pub secret: Option<PasswordHash>,
    /// The secret before this one, and until when it is good.
    pub retiring_secrets: Vec<(PasswordHash, Timestamp)>,
    /// The grants it may use.
    pub grant_types: BTreeSet<GrantType>,
    /// Where its browsers may be sent.
    pub redirect_uris: Vec<String>,
    /// How a requested redirect URI is compared with the registered ones.
    pub redirect_matching: RedirectMatching,
    /// The most that it may ask for, and what it gets when it does not say.
    pub scope: Scope,
    /// What owners are not asked about.
    pub auto_approve: AutoApproval,
    /// Whether owners are spared a question that they have answered with yes before.
    pub remembers_approvals: bool,
    /// Where its tokens are good.
    pub resource_ids: Vec<String>,
    /// What it may do when it acts for itself.
    pub authorities: Vec<String>,
    /// Handles or JWTs.
    pub token_format: TokenFormat,
    /// How the token answer and the JWT's claims are written.
    pub dialect: Dialect,
    /// Seconds that an access token lives; `None` means it does not expire.
    pub access_token_ttl_secs: Option<u64>,
    /// Seconds that a refresh token lives; `None` means it does not expire.
    pub refresh_token_ttl_secs: Option<u64>,
    /// Whether a refresh token is replaced on every use.
    pub rotate_refresh_tokens: bool,
    /// Whether asking twice for the same owner and scope returns the token that is there.
    pub reuse_access_tokens: bool,
    /// Whether a code must be asked for with PKCE.
    pub require_pkce: bool,
    /// Whether it may ask about tokens that were issued to others (a resource server).
    pub may_introspect: bool,
    /// Whether it is locked, or waits for an administrator to let it in.
    pub disabled: bool,
    /// Whose habits count where nothing else is said about it.
    pub profile: Profile,
    /// The habits of a Spring server that are on for it.
    pub spring: SpringHabits,
    /// What it says of itself to people.
    pub about: AboutClient,
}

/// What a client says of itself to people (RFC 7591 §2), and who has registered it. Addresses are of the web.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutClient {
    /// Where they read about it.
    pub client_uri: Option<String>,
    /// Its picture.
    pub logo_uri: Option<String>,
    /// What it does with data.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Who registered it; `None` where an operator did.
    pub registered: Option<Registered>,
}

impl Client {
    /// Whether its refresh tokens are JWTs, as its access tokens are.
    pub fn has_jwt_refresh_tokens(&self) -> bool {
        let form = (self.dialect, self.token_format);
        self.spring.jwt_refresh_tokens && form == (Dialect::Spring, TokenFormat::Jwt)
    }

    /// The hashes of the secrets that are good at `now`.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &PasswordHash> {
        let retiring = self.retiring_secrets.iter();
        let retiring = retiring.filter(move |(_, until)| self.secret.is_some() && now < *until);
        self.secret.iter().chain(retiring.map(|(hash, _)| hash))
    }

    /// RFC 6749 §2.1: it cannot keep a secret.
    pub const fn is_public(&self) -> bool {
        self.secret.is_none()
    }

    /// Whether it is registered for a grant (RFC 6749 §2).
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    /// Whether it may ask for this grant at the token endpoint, where an empty list can mean all.
    pub fn may_exchange(&self, grant_type: GrantType) -> bool {
        if !self.spring.empty_means_all || !self.grant_types.is_empty() {
            return self.may_use(grant_type);
        }
        let proves_nothing = self.is_public() && !self.spring.secretless_clients;
        let is_proof = match grant_type {
            GrantType::ClientCredentials | GrantType::Extension(_) => true,
            GrantType::AuthorizationCode
            | GrantType::Implicit
            | GrantType::Password
            | GrantType::RefreshToken => false,
        };
        !is_proof || !proves_nothing
    }

    /// Whether no scope is registered, and that means that any is good.
    pub fn has_any_scope(&self) -> bool {
        self.spring.empty_means_all && self.scope.is_empty()
    }

    /// As much of this scope as it may ask for.
    pub fn narrow(&self, scope: &Scope) -> Scope {
        if self.has_any_scope() {
            scope.clone()
        } else {
            scope.narrow(&self.scope)
        }
    }

    /// Whether it may ask for this scope.
    pub fn may_have(&self, scope: &Scope) -> bool {
        self.has_any_scope() || self.scope.covers(scope)
    }

    /// Whether a request in its name can only be its own: it proves who it is when it redeems the code, and no
    /// other application on a device can take its redirect URI (RFC 6749 §10.2, RFC 8252 §8.6).
    pub fn is_assured(&self) -> bool {
        let is_on_the_web = |uri: &String| {
            Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        };
        !self.is_public() && self.redirect_uris.iter().all(is_on_the_web)
    }

    /// Where people find it: the root of the site of its first redirect URI that is on the web.
    pub fn home_page(&self) -> Option<String> {
        let urls = self
            .redirect_uris
            .iter()
            .filter_map(|uri| Url::parse(uri).ok());
        let mut sites = urls.filter(|url| matches!(url.scheme(), "http" | "https"));
        let origin = sites.next()?.origin();
        Some(format!("{}/", origin.ascii_serialization()))
    }
}
