//! JWTs that the Spring server before this one has signed. Nobody keeps them: its key says that they are its own, and the
//! store which of them have ended here.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use symbolon::clock::Timestamp;
use symbolon::scope::Scope;
use symbolon::secret::Secret;

use crate::keys::verifying::VerifyingKey;
use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyOwner, LegacyRefreshToken,
};
use crate::records::AccessTokenId;
use crate::stores::{EndedJwtId, EndedJwtStore, LegacyTokenStore, StoreError};
use crate::tokens::check::JwtKind;
use crate::tokens::jwt;

/// Knows the JWTs of the Spring server.
#[derive(Clone)]
pub struct LegacyJwts {
    /// Its keys. Each is tried, whatever a header names.
    pub keys: Arc<[VerifyingKey]>,
    /// Remembers which have ended.
    pub ended: Arc<dyn EndedJwtStore>,
}

/// What a JWT of the Spring server says.
struct LegacyJwt {
    jti: String,
    /// The id of the access token that it came with: only a refresh token has it.
    ati: Option<String>,
    expires_at: Option<Timestamp>,
    authentication: LegacyAuthentication,
    /// Everything else.
    additional_information: Map<String, Value>,
}

impl LegacyJwts {
    /// What is presented, when a key of the Spring server has signed it.
    pub fn kind(&self, presented: &Secret) -> Option<JwtKind> {
        self.read(presented).map(|token| match token.ati {
            Some(_) => JwtKind::Refresh,
            None => JwtKind::Access,
        })
    }

    fn read(&self, presented: &Secret) -> Option<LegacyJwt> {
        let mut keys = self.keys.iter();
        keys.find_map(|key| jwt::verified_by(key.algorithm(), key.verifier(), presented))
            .and_then(LegacyJwt::of)
    }

    /// One that has not ended here.
    async fn find(
        &self,
        presented: &Secret,
        kind: JwtKind,
    ) -> Result<Option<LegacyJwt>, StoreError> {
        let found = self.read(presented);
        let Some(token) = found.filter(|token| token.ati.is_some() == (kind == JwtKind::Refresh))
        else {
            return Ok(None);
        };
        let has_ended = self.ended.is_jwt_ended(&id(&token.jti)).await?;
        Ok((!has_ended).then_some(token))
    }
}

#[async_trait]
impl LegacyTokenStore for LegacyJwts {
    async fn find_legacy_access_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyAccessToken, LegacyAuthentication)>, StoreError> {
        let found = self.find(presented, JwtKind::Access).await?;
        Ok(found.map(|token| {
            let access_token = LegacyAccessToken {
                value: presented.clone(),
                expires_at: token.expires_at,
                token_type: "bearer".to_owned(),
                refresh_token: None,
                scope: token.authentication.scope.clone(),
                additional_information: token.additional_information,
            };
            (access_token, token.authentication)
        }))
    }

    async fn find_legacy_refresh_token(
        &self,
        presented: &Secret,
    ) -> Result<Option<(LegacyRefreshToken, LegacyAuthentication)>, StoreError> {
        let found = self.find(presented, JwtKind::Refresh).await?;
        Ok(found.map(|token| {
            let refresh_token = LegacyRefreshToken {
                value: presented.clone(),
                expires_at: token.expires_at,
            };
            (refresh_token, token.authentication)
        }))
    }

    /// The access token is ended first: then whoever is cut off in between can present the refresh token once more.
    async fn take_legacy_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        let Some((token, ati)) = self
            .read(presented)
            .and_then(|token| token.ati.clone().map(|ati| (token, ati)))
        else {
            return Ok(false);
        };
        self.ended.end_jwt(&id(&ati), token.expires_at).await?;
        self.ended.end_jwt(&id(&token.jti), token.expires_at).await
    }

    async fn take_legacy_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        if let Some(token) = self.read(presented) {
            self.ended
                .end_jwt(&id(&token.jti), token.expires_at)
                .await?;
        }
        Ok(())
    }
}

/// A `jti` may be the value that an opaque token would have had, so it is not kept.
fn id(jti: &str) -> EndedJwtId {
    EndedJwtId(Sha256::digest(jti).into())
}

impl LegacyJwt {
    /// `None` of what is no token of the Spring server's: of claims without client or id, or with one that means nothing;
    /// and of what this server has signed with the same key, which its own store knows, or does not know any more.
    fn of(mut claims: Map<String, Value>) -> Option<Self> {
        let jti = text(claims.get("jti")?)?;
        let is_ours = AccessTokenId::from_text(&jti).is_some();
        (!is_ours && !jti.is_empty()).then_some(())?;
        let ati = claims.remove("ati").map(|ati| text(&ati).ok_or(()));
        let expires_at = claims.remove("exp").map(|exp| exp.as_u64().ok_or(()));
        Some(Self {
            jti,
            ati: ati.transpose().ok()?,
            expires_at: expires_at.transpose().ok()?.map(Timestamp::from_secs),
            authentication: authentication(&mut claims)?,
            additional_information: claims,
        })
    }
}

fn authentication(claims: &mut Map<String, Value>) -> Option<LegacyAuthentication> {
    let mut list = |name: &str, separator| texts(claims.remove(name), separator);
    let scope = list("scope", Some(' '))?;
    let resource_ids = list("aud", None)?;
    let authorities = list("authorities", Some(','))?;
    let client_id = text(&claims.remove("client_id")?)?;
    let owner = claims.remove("user_name").map(|name| text(&name).ok_or(()));
    let owner = owner.transpose().ok()?;
    let grant_type = claims.remove("grant_type").and_then(|name| text(&name));
    let (owner, authorities) = match owner {
        Some(name) => (Some(LegacyOwner { name, authorities }), Vec::new()),
        None => (None, authorities),
    };
    Some(LegacyAuthentication {
        client_id,
        scope: Scope::try_from(scope).ok()?,
        grant_type,
        authorities,
        resource_ids,
        redirect_uri: None,
        is_approved: true,
        owner,
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A list, or one text with the entries in it. None at all is an empty one.
fn texts(value: Option<Value>, separator: Option<char>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::Array(entries)) => entries.iter().map(text).collect(),
        Some(Value::String(one)) => Some(match separator {
            Some(separator) => {
                let entries = one.split(separator).map(str::trim);
                let entries = entries.filter(|entry| !entry.is_empty());
                entries.map(str::to_owned).collect()
            }
            None => vec![one],
        }),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => None,
    }
}
