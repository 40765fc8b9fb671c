//! The Spring dialect: `check_token`, `user_name` and `authorities` in JWTs, `jti` in token answers.

use serde::Serialize;
use serde_json::{Map, Value};
use symbolon::access_token::SpringClaims;
use symbolon::check_token::CheckTokenResponse;
use symbolon::clock::Timestamp;

use crate::records::{AccessToken, AccessTokenId, Grant, RefreshTokenId};

/// `token_type` of a token answer.
pub const TOKEN_TYPE: &str = "bearer";

/// What a token answer says besides the members of RFC 6749: the JWT's own id.
pub fn additional_information(jti: &str) -> Map<String, Value> {
    Map::from_iter([("jti".to_owned(), Value::from(jti))])
}

/// The claims of a token that is a JWT.
pub fn claims(id: &AccessTokenId, token: &AccessToken) -> SpringClaims {
    let grant = &token.grant;
    SpringClaims {
        aud: grant.audience.clone(),
        user_name: grant.owner.clone(),
        scope: grant.scope.clone(),
        ati: None,
        exp: token.end(),
        authorities: grant.authorities.clone(),
        jti: id.to_text(),
        client_id: grant.client_id.clone(),
    }
}

/// The claims of a refresh token that is a JWT: those of the access token that it comes with, but for id and end.
pub fn refresh_claims(
    id: &RefreshTokenId,
    expires_at: Option<Timestamp>,
    access_token_id: &AccessTokenId,
    access_token: &AccessToken,
) -> SpringClaims {
    SpringClaims {
        ati: Some(access_token_id.to_text()),
        exp: expires_at,
        jti: id.to_text(),
        ..claims(access_token_id, access_token)
    }
}

/// What only the grant says: what is kept with a token does not say whose it is.
const OF_THE_GRANT: [&str; 7] = [
    "active",
    "client_id",
    "user_name",
    "authorities",
    "scope",
    "aud",
    "exp",
];

/// The answer of `check_token` about a good token of the Spring server: what that one said about it, with what had been
/// kept with it besides.
pub fn check_legacy_token(
    grant: &Grant,
    expires_at: Option<Timestamp>,
    additional: &Map<String, Value>,
) -> LegacyCheckTokenResponse {
    let response = CheckTokenResponse {
        active: Some(true),
        client_id: Some(grant.client_id.clone()),
        user_name: grant.owner.clone(),
        authorities: grant.authorities.clone(),
        scope: grant.scope.clone(),
        aud: grant.audience.clone(),
        exp: expires_at,
        jti: None,
    };
    let mut additional = additional.clone();
    additional.retain(|name, _| !OF_THE_GRANT.contains(&name.as_str()));
    LegacyCheckTokenResponse {
        response,
        additional,
    }
}

/// [`CheckTokenResponse`] with what was kept with the token besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LegacyCheckTokenResponse {
    /// What decides.
    #[serde(flatten)]
    pub response: CheckTokenResponse,
    /// All other members.
    #[serde(flatten)]
    pub additional: Map<String, Value>,
}

/// The answer of `check_token` about a good token.
pub fn check_token(id: &AccessTokenId, token: &AccessToken) -> CheckTokenResponse {
    let grant = &token.grant;
    CheckTokenResponse {
        active: Some(true),
        client_id: Some(grant.client_id.clone()),
        user_name: grant.owner.clone(),
        authorities: grant.authorities.clone(),
        scope: grant.scope.clone(),
        aud: grant.audience.clone(),
        exp: token.end(),
        jti: Some(id.to_text()),
    }
}
