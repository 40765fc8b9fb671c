//! The Spring dialect: `check_token`, `user_name` and `authorities` in JWTs, `jti` in token answers.

use serde_json::{Map, Value};
use symbolon::access_token::SpringClaims;
use symbolon::check_token::CheckTokenResponse;

use crate::records::AccessToken;
use crate::records::AccessTokenId;

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
        exp: token.expires_at,
        authorities: grant.authorities.clone(),
        jti: id.to_text(),
        client_id: grant.client_id.clone(),
    }
}

/// The answer of `check_token` about a good token.
pub fn check_token(id: &AccessTokenId, token: &AccessToken) -> CheckTokenResponse {
    let grant = &token.grant;
    CheckTokenResponse {
        active: true,
        client_id: Some(grant.client_id.clone()),
        user_name: grant.owner.clone(),
        authorities: grant.authorities.clone(),
        scope: grant.scope.clone(),
        aud: grant.audience.clone(),
        exp: Some(token.expires_at),
        jti: Some(id.to_text()),
    }
}
