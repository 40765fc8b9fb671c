//! Access and refresh tokens.

use serde_json::{Map, Value as Json};
use symbolon::clock::Timestamp;
use symbolon::scope::Scope;
use symbolon::secret::Secret;

use super::classes::{ACCESS_TOKEN, EXPIRING_REFRESH_TOKEN, REFRESH_TOKEN, Versioned};
use super::error::LegacyTokenError;
use super::meaning::{self, Meaning, check_version, field};
use crate::java_stream::{Object, Value};

const ACCESS: &str = ACCESS_TOKEN.0;
const REFRESH: &str = REFRESH_TOKEN.0;
const EXPIRING: &str = EXPIRING_REFRESH_TOKEN.0;

const VERSIONS: [Versioned; 3] = [ACCESS_TOKEN, REFRESH_TOKEN, EXPIRING_REFRESH_TOKEN];

/// An access token: the value of `access:…` in Redis, the column `token` of `oauth_access_token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyAccessToken {
    /// What is presented.
    pub value: Secret,
    /// When it stops being good; `None` means it does not expire.
    pub expires_at: Option<Timestamp>,
    /// `bearer`, in the case in which it is said.
    pub token_type: String,
    /// The refresh token that was given with it.
    pub refresh_token: Option<LegacyRefreshToken>,
    /// What may be done with it.
    pub scope: Scope,
    /// What the answer that gave it said besides. Of bounded depth and size.
    pub additional_information: Map<String, Json>,
}

impl LegacyAccessToken {
    /// Reads a serialized access token.
    pub fn read(stream: &[u8]) -> Result<Self, LegacyTokenError> {
        let graph = meaning::read(stream)?;
        let mut meaning = Meaning::of(&graph);
        let token = meaning.root(&[ACCESS])?;
        check_version(token, &VERSIONS)?;
        let refresh_token = refresh_token_in(&mut meaning, token)?;
        Ok(Self {
            value: meaning.secret(token, "value")?,
            expires_at: meaning.moment(token, "expiration")?,
            token_type: meaning.needed_text(token, "tokenType")?,
            refresh_token,
            scope: meaning.scope(token)?,
            additional_information: meaning.information(token)?,
        })
    }
}

/// A refresh token: the value of `refresh:…` in Redis, the column `token` of `oauth_refresh_token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyRefreshToken {
    /// What is presented.
    pub value: Secret,
    /// When it stops being good; `None` means it does not expire.
    pub expires_at: Option<Timestamp>,
}

impl LegacyRefreshToken {
    /// Reads a serialized refresh token.
    pub fn read(stream: &[u8]) -> Result<Self, LegacyTokenError> {
        let graph = meaning::read(stream)?;
        let mut meaning = Meaning::of(&graph);
        let token = meaning.root(&[REFRESH, EXPIRING])?;
        refresh_token(&mut meaning, token)
    }
}

fn refresh_token_in(
    meaning: &mut Meaning<'_>,
    access_token: &Object,
) -> Result<Option<LegacyRefreshToken>, LegacyTokenError> {
    let what = "refreshToken";
    let value = field(access_token, what)?;
    if *value == Value::Null {
        return Ok(None);
    }
    let token = meaning.object(value, what, &[REFRESH, EXPIRING])?;
    refresh_token(meaning, token).map(Some)
}

fn refresh_token(
    meaning: &mut Meaning<'_>,
    token: &Object,
) -> Result<LegacyRefreshToken, LegacyTokenError> {
    check_version(token, &VERSIONS)?;
    let expires = *token.class == *EXPIRING;
    Ok(LegacyRefreshToken {
        value: meaning.secret(token, "value")?,
        expires_at: if expires {
            meaning.moment(token, "expiration")?
        } else {
            None
        },
    })
}
