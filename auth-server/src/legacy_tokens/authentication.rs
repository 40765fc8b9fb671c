//! What a token stands for: which client, and which owner.

use symbolon::scope::Scope;

use super::classes::{OAUTH2_AUTHENTICATION, OAUTH2_REQUEST, Versioned};
use super::error::LegacyTokenError;
use super::meaning::{self, Meaning, check_version, field, flag};
use crate::java_stream::{Object, Value};

const AUTHENTICATION: &str = OAUTH2_AUTHENTICATION.0;
const REQUEST: &str = OAUTH2_REQUEST.0;

const VERSIONS: [Versioned; 2] = [OAUTH2_AUTHENTICATION, OAUTH2_REQUEST];

/// Ways to sign in: each has the owner as its `principal`.
const SIGNED_IN: [&str; 3] = [
    "org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
    "org.springframework.security.authentication.RememberMeAuthenticationToken",
    "org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken",
];

/// Accounts: each has a `username`.
const ACCOUNTS: [&str; 2] = [
    "org.springframework.security.core.userdetails.User",
    "org.springframework.security.ldap.userdetails.LdapUserDetailsImpl",
];

/// Authorities: each has a `role`.
const AUTHORITIES: [&str; 4] = [
    "org.springframework.security.core.authority.SimpleGrantedAuthority",
    "org.springframework.security.authentication.jaas.JaasGrantedAuthority",
    "org.springframework.security.ldap.userdetails.LdapAuthority",
    "org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority",
];

/// What a token stands for: the value of `auth:…` and `refresh_auth:…` in Redis, the column `authentication` of
/// `oauth_access_token` and `oauth_refresh_token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyAuthentication {
    /// Who may act.
    pub client_id: String,
    /// What may be done.
    pub scope: Scope,
    /// How the client came to it: `authorization_code`. After a renewal it is still the first. `None` where the request
    /// did not say.
    pub grant_type: Option<String>,
    /// The client's own authorities.
    pub authorities: Vec<String>,
    /// The resource ids where the token is good; none means everywhere.
    pub resource_ids: Vec<String>,
    /// Where the browser was sent back to.
    pub redirect_uri: Option<String>,
    /// Whether the client may act by now. Of a token that was given out it is always true.
    pub is_approved: bool,
    /// Whose data it opens; `None` when the client acts for itself.
    pub owner: Option<LegacyOwner>,
}

/// Who has given a client access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyOwner {
    /// The name of the account.
    pub name: String,
    /// The authorities that the owner had then.
    pub authorities: Vec<String>,
}

impl LegacyAuthentication {
    /// Reads a serialized authentication.
    pub fn read(stream: &[u8]) -> Result<Self, LegacyTokenError> {
        let graph = meaning::read(stream)?;
        let mut meaning = Meaning::of(&graph);
        let root = meaning.root(&[AUTHENTICATION])?;
        check_version(root, &VERSIONS)?;
        let request = field(root, "storedRequest")?;
        let request = meaning.object(request, "storedRequest", &[REQUEST])?;
        check_version(request, &VERSIONS)?;
        let (owner, is_signed_in) = owner(&mut meaning, root)?;
        Ok(Self {
            client_id: meaning.needed_text(request, "clientId")?,
            scope: meaning.scope(request)?,
            grant_type: grant_type(&mut meaning, request)?,
            authorities: authorities(&mut meaning, request)?,
            resource_ids: meaning.texts(request, "resourceIds")?,
            redirect_uri: meaning.text(field(request, "redirectUri")?, "redirectUri")?,
            is_approved: flag(request, "approved")? && is_signed_in,
            owner,
        })
    }
}

/// The owner, and whether the sign-in was complete. A client that acts for itself needs none.
fn owner(
    meaning: &mut Meaning<'_>,
    authentication: &Object,
) -> Result<(Option<LegacyOwner>, bool), LegacyTokenError> {
    let what = "userAuthentication";
    let value = field(authentication, what)?;
    if *value == Value::Null {
        return Ok((None, true));
    }
    let signed_in = meaning.object(value, what, &SIGNED_IN)?;
    let what = "principal";
    let authorities = authorities(meaning, signed_in)?;
    let principal = field(signed_in, what)?;
    let name = if matches!(principal, Value::Object(_)) {
        let account = meaning.object(principal, what, &ACCOUNTS)?;
        meaning.needed_text(account, "username")?
    } else {
        meaning.needed_text(signed_in, what)?
    };
    let owner = LegacyOwner { name, authorities };
    Ok((Some(owner), flag(signed_in, "authenticated")?))
}

/// The names of the authorities in a field that is a list or a set of them.
fn authorities(
    meaning: &mut Meaning<'_>,
    object: &Object,
) -> Result<Vec<String>, LegacyTokenError> {
    let what = "authorities";
    let values = meaning.values(object, what)?;
    let mut names = Vec::with_capacity(values.len());
    for value in values {
        let authority = meaning.object(value, what, &AUTHORITIES)?;
        names.push(meaning.needed_text(authority, "role")?);
    }
    Ok(names)
}

/// The first grant's type: of the implicit grant the request says the response type only.
fn grant_type(
    meaning: &mut Meaning<'_>,
    request: &Object,
) -> Result<Option<String>, LegacyTokenError> {
    let what = "requestParameters";
    for (name, value) in meaning.pairs(request, what)? {
        if matches!(name, Value::Text(name) if **name == *"grant_type") {
            return meaning.text(value, what);
        }
    }
    let response_types = meaning.texts(request, "responseTypes")?;
    let is_implicit = response_types.iter().any(|name| name == "token");
    Ok(is_implicit.then(|| "implicit".to_owned()))
}
