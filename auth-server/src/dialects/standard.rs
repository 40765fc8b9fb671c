//! The standard dialect: RFC 7662 introspection and RFC 9068 claims.

use symbolon::access_token::StandardClaims;
use symbolon::clock::Timestamp;
use symbolon::introspection::IntrospectionResponse;

use crate::records::{AccessToken, Grant, RefreshToken};
use crate::records::{AccessTokenId, RefreshTokenId};

/// `token_type` of a token answer.
pub const TOKEN_TYPE: &str = "Bearer";

/// `token_type` of what is no access token (RFC 8693 §2.2.1).
const NO_ACCESS_TOKEN: &str = "N_A";

/// The claims of a token that is a JWT (RFC 9068 §2.2).
pub fn claims(issuer: &str, id: &AccessTokenId, token: &AccessToken) -> StandardClaims {
    let grant = &token.grant;
    StandardClaims {
        iss: issuer.to_owned(),
        sub: subject(grant).to_owned(),
        aud: grant.audience.clone(),
        client_id: grant.client_id.clone(),
        scope: grant.scope.to_string(),
        authorities: grant.authorities.clone(),
        iat: token.issued_at,
        exp: token.expires_at,
        jti: id.to_text(),
    }
}

/// The answer of introspection about a good access token (RFC 7662 §2.2).
pub fn introspection(
    issuer: &str,
    id: &AccessTokenId,
    token: &AccessToken,
) -> IntrospectionResponse {
    IntrospectionResponse {
        token_type: Some(TOKEN_TYPE.to_owned()),
        exp: token.end(),
        iat: Some(token.issued_at),
        jti: Some(id.to_text()),
        ..about_grant(issuer, &token.grant)
    }
}

/// The answer of introspection about a good access token of the Spring server: when that was issued, nobody knows.
pub fn legacy_introspection(
    issuer: &str,
    grant: &Grant,
    expires_at: Option<Timestamp>,
) -> IntrospectionResponse {
    IntrospectionResponse {
        token_type: Some(TOKEN_TYPE.to_owned()),
        exp: expires_at,
        ..about_grant(issuer, grant)
    }
}

/// The answer of introspection about a good refresh token. Its `token_type` says that it opens no resource: a
/// resource server that is shown one must not take it for an access token.
pub fn refresh_token_introspection(
    issuer: &str,
    id: &RefreshTokenId,
    token: &RefreshToken,
) -> IntrospectionResponse {
    IntrospectionResponse {
        token_type: Some(NO_ACCESS_TOKEN.to_owned()),
        exp: token.expires_at,
        iat: Some(token.issued_at),
        jti: Some(id.to_text()),
        ..about_grant(issuer, &token.grant)
    }
}

fn about_grant(issuer: &str, grant: &Grant) -> IntrospectionResponse {
    IntrospectionResponse {
        active: true,
        scope: Some(grant.scope.clone()),
        client_id: Some(grant.client_id.clone()),
        username: grant.owner.clone(),
        sub: Some(subject(grant).to_owned()),
        aud: grant.audience.clone(),
        iss: Some(issuer.to_owned()),
        authorities: grant.authorities.clone(),
        ..IntrospectionResponse::default()
    }
}

/// RFC 9068 §2.2: the owner, or the client when no owner is involved.
fn subject(grant: &Grant) -> &str {
    grant.owner.as_deref().unwrap_or(grant.client_id.as_str())
}
