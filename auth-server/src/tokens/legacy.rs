//! Tokens that the Spring server before this one has given out: good here for as long as they last.

use std::sync::Arc;

use serde_json::{Map, Value};
use symbolon::clock::{Clock, Timestamp};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use crate::clients::authentication::AuthenticatedClient;
use crate::keys::KeyRing;
use crate::legacy_tokens::LegacyAuthentication;
use crate::records::{AccessTokenId, Grant, GrantId, RefreshToken, RefreshTokenId};
use crate::stores::{LegacyTokenStore, StoreError, or_if_damaged};
use crate::tokens::check::{CheckError, JwtKind, may_know};
use crate::tokens::jwt;
use crate::tokens::legacy_jwts::LegacyJwts;
use crate::tokens::parties::Parties;

/// An access token of the Spring server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLegacyToken {
    /// What it stands for.
    pub grant: Grant,
    /// When it stops being good; `None` means it does not expire.
    pub expires_at: Option<Timestamp>,
    /// What the answer that gave it said besides.
    pub additional_information: Map<String, Value>,
}

/// Knows the tokens of the Spring server.
#[derive(Clone)]
pub struct LegacyTokens {
    /// Where that server keeps those that are no JWTs.
    pub kept: Option<Arc<dyn LegacyTokenStore>>,
    /// Those that its keys have signed.
    pub jwts: Option<LegacyJwts>,
    /// A token whose client or owner is not registered here is not good.
    pub parties: Parties,
    /// Tell which tokens are this server's own.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl LegacyTokens {
    /// The access token that was presented, when it is good, for a client that asks; `None` asks about all.
    pub async fn access_token_for(
        &self,
        client: Option<&AuthenticatedClient>,
        presented: &Secret,
    ) -> Result<CheckedLegacyToken, CheckError> {
        let mut checked = self.kept_access_token(presented).await?;
        let holder = self.parties.standing_client(&checked.grant).await?;
        let holder = holder.ok_or(CheckError::NotRecognised)?;
        if jwt::looks_like_jwt(presented) {
            // Others may have the key, and whoever has it can sign anything.
            checked.grant.scope = holder.narrow(&checked.grant.scope);
        }
        if let Some(client) = client {
            may_know(client, &checked.grant)?;
        }
        Ok(checked)
    }

    /// The access token that was presented, whether or not its parties still stand.
    pub async fn kept_access_token(
        &self,
        presented: &Secret,
    ) -> Result<CheckedLegacyToken, CheckError> {
        let store = self.store_of(presented).ok_or(CheckError::NotRecognised)?;
        let found = store.find_legacy_access_token(presented).await;
        let (token, authentication) =
            or_if_damaged(found, || None)?.ok_or(CheckError::NotRecognised)?;
        if self.is_over(token.expires_at) {
            return Err(CheckError::Expired);
        }
        let granted = granted(authentication).ok_or(CheckError::NotRecognised)?;
        Ok(CheckedLegacyToken {
            grant: Grant {
                scope: token.scope,
                ..granted
            },
            expires_at: token.expires_at,
            additional_information: token.additional_information,
        })
    }

    /// The refresh token that was presented, as if it had been issued now, whether or not its parties still stand.
    pub async fn kept_refresh_token(&self, presented: &Secret) -> Result<RefreshToken, CheckError> {
        let store = self.store_of(presented).ok_or(CheckError::NotRecognised)?;
        let found = store.find_legacy_refresh_token(presented).await;
        let (token, authentication) =
            or_if_damaged(found, || None)?.ok_or(CheckError::NotRecognised)?;
        if self.is_over(token.expires_at) {
            return Err(CheckError::NotRecognised);
        }
        Ok(RefreshToken {
            grant: granted(authentication).ok_or(CheckError::NotRecognised)?,
            issued_at: self.clock.now(),
            expires_at: token.expires_at,
        })
    }

    /// Takes a refresh token away, with the access token that was given with it. `true` for one caller only.
    pub async fn take_refresh_token(&self, presented: &Secret) -> Result<bool, StoreError> {
        match self.store_of(presented) {
            Some(store) => store.take_legacy_refresh_token(presented).await,
            None => Ok(false),
        }
    }

    /// Takes an access token away.
    pub async fn take_access_token(&self, presented: &Secret) -> Result<(), StoreError> {
        match self.store_of(presented) {
            Some(store) => store.take_legacy_access_token(presented).await,
            None => Ok(()),
        }
    }

    /// What is presented, when it is a JWT that a key of that server has signed. Without asking a store.
    pub fn jwt_kind(&self, presented: &Secret) -> Option<JwtKind> {
        self.jwts.as_ref().and_then(|jwts| jwts.kind(presented))
    }

    /// What the audit stream calls the grant of a token: nobody can tell the token from it.
    pub fn grant_id(&self, presented: &Secret) -> GrantId {
        const DOMAIN: &[u8] = b"symbolon legacy grant";
        let ring = self.keys.current();
        let digest = ring.handles.digest(DOMAIN, presented.expose().as_bytes());
        let bytes = digest.as_ref().and_then(|digest| digest.first_chunk());
        GrantId::from_bytes(bytes.copied().unwrap_or_default())
    }

    /// Who knows it, unless it is a handle of this server.
    fn store_of(&self, presented: &Secret) -> Option<&dyn LegacyTokenStore> {
        if jwt::looks_like_jwt(presented) {
            let jwts = self.jwts.as_ref();
            return jwts.map(|jwts| -> &dyn LegacyTokenStore { jwts });
        }
        let kept = self.kept.as_deref();
        kept.filter(|_| !self.is_of_this_server(presented))
    }

    fn is_of_this_server(&self, presented: &Secret) -> bool {
        let ring = self.keys.current();
        let access: Option<AccessTokenId> = ring.handles.read(presented);
        let refresh: Option<RefreshTokenId> = ring.handles.read(presented);
        access.is_some() || refresh.is_some()
    }

    fn is_over(&self, expires_at: Option<Timestamp>) -> bool {
        expires_at.is_some_and(|end| end <= self.clock.now())
    }
}

/// `None` of what nobody has approved.
fn granted(authentication: LegacyAuthentication) -> Option<Grant> {
    let grant_type = authentication.grant_type.as_deref();
    let (owner, authorities) = match authentication.owner {
        Some(owner) => (Some(owner.name), owner.authorities),
        None => (None, authentication.authorities),
    };
    // A grant of an application's own is told by what it gave.
    let otherwise = match owner {
        Some(_) => GrantType::AuthorizationCode,
        None => GrantType::ClientCredentials,
    };
    authentication.is_approved.then(|| Grant {
        grant_type: grant_type
            .and_then(GrantType::built_in)
            .unwrap_or(otherwise),
        client_id: ClientId::new(authentication.client_id),
        owner,
        scope: authentication.scope,
        authorities,
        audience: authentication.resource_ids,
        password_mark: None,
        given_at: None,
    })
}
