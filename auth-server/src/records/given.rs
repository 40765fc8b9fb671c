//! What a client was given, for those who list it and end it.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::records::{AuthorizationCode, Grant, NewTokens};

/// What a grant is about; an entry of the index of an owner's grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// To whom.
    pub client_id: ClientId,
    /// How the client came to it.
    pub grant_type: GrantType,
    /// What may be done.
    pub scope: Scope,
    /// When the code ends that nobody has exchanged yet; `None` when there are tokens.
    pub code_expires_at: Option<Timestamp>,
    /// When the owner gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Timestamp>,
    /// When the last token was issued, where the index says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
}

impl Given {
    pub(crate) fn of(grant: &Grant, code_expires_at: Option<Timestamp>) -> Self {
        Self {
            client_id: grant.client_id.clone(),
            grant_type: grant.grant_type,
            scope: grant.scope.clone(),
            code_expires_at,
            given_at: grant.given_at,
            issued_at: None,
        }
    }

    /// What a token says of its grant.
    pub(crate) fn of_token(grant: &Grant, issued_at: Timestamp) -> Self {
        Self {
            issued_at: Some(issued_at),
            ..Self::of(grant, None)
        }
    }

    /// The owner of a code, and what the code will be exchanged for.
    pub(crate) fn by_code(code: &AuthorizationCode) -> Option<(&str, Self)> {
        let given = Self::of(&code.grant, Some(code.expires_at));
        Some((code.grant.owner.as_deref()?, given))
    }

    /// The owner of tokens, and what they are good for. The refresh token has the whole scope.
    pub(crate) fn by_tokens(tokens: &NewTokens) -> Option<(&str, Self)> {
        let refreshed = tokens.refresh_token.as_ref().map(|(_, token)| &token.grant);
        let grant = refreshed.unwrap_or(&tokens.access_token.grant);
        let given = Self::of_token(grant, tokens.access_token.issued_at);
        Some((grant.owner.as_deref()?, given))
    }
}
