//! Tokens as they are stored, and what all who issue or end tokens have in common.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use super::given::NewEntry;
use super::keys::Key;
use super::records::{Changes, View, encode};
use crate::records::{AccessTokenId, Given, GrantId, NewTokens, RefreshToken, RefreshTokenId};
use crate::stores::{LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, StoreError, or_if_damaged};

/// A refresh token, and whether it was used.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredRefreshToken {
    pub(super) token: RefreshToken,
    pub(super) used: Option<Use>,
    /// Which one it took the place of. Records of older servers do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<RefreshTokenId>,
}

/// That a refresh token was used, and what took its place.
#[derive(Serialize, Deserialize)]
pub(super) struct Use {
    pub(super) rotated_at: Timestamp,
    pub(super) access_token_id: AccessTokenId,
    pub(super) refresh_token_id: Option<RefreshTokenId>,
}

/// Tokens ready to be written: encoded by the caller, so that the writer's one thread need not.
pub(super) struct EncodedTokens {
    pub(super) access_token_id: AccessTokenId,
    pub(super) refresh_token_id: Option<RefreshTokenId>,
    access_token: EncodedToken,
    refresh_token: Option<EncodedToken>,
    /// For the index of what the owner gave.
    given: Option<NewEntry>,
}

struct EncodedToken {
    /// `None` when it does not expire.
    expires_at: Option<Timestamp>,
    record: Vec<u8>,
}

impl EncodedTokens {
    pub(super) fn of(tokens: &NewTokens) -> Result<Self, StoreError> {
        Self::following(None, tokens)
    }

    /// The successors of a refresh token.
    pub(super) fn following(
        previous: Option<RefreshTokenId>,
        tokens: &NewTokens,
    ) -> Result<Self, StoreError> {
        let refresh_token = match &tokens.refresh_token {
            Some((_, token)) => Some(EncodedToken {
                expires_at: token.expires_at,
                record: encode(&StoredRefreshToken {
                    token: token.clone(),
                    used: None,
                    previous,
                })?,
            }),
            None => None,
        };
        Ok(Self {
            access_token_id: tokens.access_token_id,
            refresh_token_id: tokens.refresh_token.as_ref().map(|(id, _)| *id),
            access_token: EncodedToken {
                expires_at: Some(tokens.access_token.expires_at),
                record: encode(&tokens.access_token)?,
            },
            given: entry(tokens),
            refresh_token,
        })
    }

    pub(super) fn grant_id(&self) -> GrantId {
        self.access_token_id.grant_id()
    }

    pub(super) fn write(self, view: &View<'_>, changes: &mut Changes) -> Result<(), StoreError> {
        self.access_token
            .write(Key::access_token(&self.access_token_id), view, changes);
        if let (Some(id), Some(token)) = (self.refresh_token_id, self.refresh_token) {
            token.write(Key::refresh_token(&id), view, changes);
        }
        match self.given {
            Some(entry) => entry.write(view, changes),
            None => Ok(()),
        }
    }
}

/// What the owner gave, until the last of the tokens is over.
fn entry(tokens: &NewTokens) -> Option<NewEntry> {
    let (owner, given) = Given::by_tokens(tokens)?;
    let access_until = tokens.access_token.expires_at;
    let never = tokens.access_token.issued_at.plus_secs(LONGEST_LIFE_SECS);
    let refresh = tokens.refresh_token.as_ref();
    let refresh_until = refresh.map(|(_, token)| token.expires_at.unwrap_or(never));
    Some(NewEntry {
        owner: owner.to_owned(),
        grant_id: tokens.access_token_id.grant_id(),
        given,
        expires_at: refresh_until.map_or(access_until, |until| until.max(access_until)),
    })
}

impl EncodedToken {
    fn write(self, key: Key, view: &View<'_>, changes: &mut Changes) {
        let never = view.now().plus_secs(LONGEST_LIFE_SECS);
        changes.put(key, self.expires_at.unwrap_or(never), self.record);
    }
}

/// Ends every access token that a grant has so far.
pub(super) fn end_access_tokens(
    view: &View<'_>,
    grant_id: &GrantId,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    for key in view.keys(&Key::access_tokens_of(grant_id))? {
        changes.remove(key);
    }
    Ok(())
}

/// Ends every token of a grant, and remembers that it ended.
pub(super) fn end_grant(
    view: &View<'_>,
    grant_id: &GrantId,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    end_access_tokens(view, grant_id, changes)?;
    for key in view.keys(&Key::refresh_tokens_of(grant_id))? {
        changes.remove(key);
    }
    let forget_at = view.now().plus_secs(MEMORY_OF_THE_ENDED_SECS);
    changes.put(Key::revocation(grant_id), forget_at, encode(&())?);
    Ok(())
}

impl View<'_> {
    /// Whether a grant was revoked within the last day. A mark that is damaged was a mark.
    pub(super) fn is_revoked(&self, grant_id: &GrantId) -> Result<bool, StoreError> {
        let mark: Result<Option<()>, StoreError> = self.find(&Key::revocation(grant_id));
        Ok(or_if_damaged(mark, || Some(()))?.is_some())
    }

    /// A refresh token of the grant that is not over, whichever.
    pub(super) fn any_refresh_token(
        &self,
        grant_id: &GrantId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let found = self.list_readable(&Key::refresh_tokens_of(grant_id))?;
        let mut tokens = found.into_iter();
        Ok(tokens
            .next()
            .map(|(_, stored): (Key, StoredRefreshToken)| stored.token))
    }
}
