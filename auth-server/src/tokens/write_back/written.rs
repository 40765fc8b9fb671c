//! Tokens of this server as a Spring server keeps them.

use crate::dialects::spring;
use crate::keys::handles::HandleKeys;
use crate::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyOwner, LegacyRefreshToken,
};
use crate::records::{AccessToken, AccessTokenId, AdditionalInformation, Grant, RefreshToken};
use crate::stores::WrittenTokens;

/// `None` when the key of a handle is gone: then nobody was given it either.
pub(super) fn written(
    handles: &HandleKeys,
    id: &AccessTokenId,
    token: &AccessToken,
    refresh_token: Option<&RefreshToken>,
) -> Option<WrittenTokens> {
    let with_refresh_token = match token.refresh_token_id.as_ref().zip(refresh_token) {
        Some((id, token)) => Some(LegacyRefreshToken {
            value: handles.write(id)?,
            expires_at: token.expires_at,
        }),
        None => None,
    };
    let said = token.additional.as_deref().into_iter();
    let said = said.flat_map(AdditionalInformation::members);
    Some(WrittenTokens {
        refresh_authentication: with_refresh_token
            .as_ref()
            .and(refresh_token)
            .map(|token| authentication(&token.grant)),
        access_token: LegacyAccessToken {
            value: handles.write(id)?,
            expires_at: token.end(),
            token_type: spring::TOKEN_TYPE.to_owned(),
            refresh_token: with_refresh_token,
            scope: token.grant.scope.clone(),
            additional_information: said
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        },
        authentication: authentication(&token.grant),
    })
}

fn authentication(grant: &Grant) -> LegacyAuthentication {
    let authorities = grant.authorities.clone();
    let (owner, authorities) = match &grant.owner {
        Some(name) => {
            let name = name.clone();
            (Some(LegacyOwner { name, authorities }), Vec::new())
        }
        None => (None, authorities),
    };
    LegacyAuthentication {
        client_id: grant.client_id.as_str().to_owned(),
        scope: grant.scope.clone(),
        grant_type: Some(grant.grant_type.as_str().to_owned()),
        authorities,
        resource_ids: grant.audience.clone(),
        redirect_uri: None,
        is_approved: true,
        owner,
    }
}
