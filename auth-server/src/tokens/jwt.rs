//! Tokens as signed JWTs ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519),
//! [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use symbolon::access_token::{SPRING_TYPE, STANDARD_TYPE, SpringClaims};
use symbolon::clock::Timestamp;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;

use crate::dialects::informed::Informed;
use crate::dialects::{Dialect, spring, standard};
use crate::keys::Ring;
use crate::keys::signing::{KeyError, SigningKey};
use crate::records::AccessToken;
use crate::records::AccessTokenId;
use crate::records::AdditionalInformation;

/// A token cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum JwtError {
    /// No key of the ring is active.
    #[error("no signing key is active")]
    NoActiveKey,
    /// The key refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The claims are no JSON.
    #[error("claims cannot be written: {0}")]
    Claims(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// Writes and signs an access token.
pub fn sign_access_token(
    key: &SigningKey,
    dialect: Dialect,
    issuer: &str,
    id: &AccessTokenId,
    token: &AccessToken,
) -> Result<Secret, JwtError> {
    let additional = token.additional.as_deref();
    match dialect {
        Dialect::Spring => informed(key, SPRING_TYPE, &spring::claims(id, token), additional),
        Dialect::Standard => {
            let claims = standard::claims(issuer, id, token);
            informed(key, STANDARD_TYPE, &claims, additional)
        }
    }
}

/// Writes and signs a refresh token. There are such in Spring's dialect only.
pub fn sign_refresh_token(
    key: &SigningKey,
    claims: &SpringClaims,
    additional: Option<&AdditionalInformation>,
) -> Result<Secret, JwtError> {
    informed(key, SPRING_TYPE, claims, additional)
}

fn informed(
    key: &SigningKey,
    typ: &'static str,
    claims: &impl Serialize,
    additional: Option<&AdditionalInformation>,
) -> Result<Secret, JwtError> {
    let message = claims;
    match additional {
        None => signed(key, typ, message),
        Some(additional) => {
            let claims = Informed {
                message,
                additional,
            };
            signed(key, typ, &claims)
        }
    }
}

fn signed(
    key: &SigningKey,
    typ: &'static str,
    claims: &impl Serialize,
) -> Result<Secret, JwtError> {
    let claims = serde_json::to_vec(claims)?;
    let header = Header {
        alg: key.algorithm().as_str(),
        typ,
        kid: key.header_kid(),
    };
    let header = serde_json::to_vec(&header)?;
    let mut jwt = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let signature = key.sign(jwt.as_bytes())?;
    jwt.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
    Ok(Secret::new(jwt))
}

/// True when the text has the shape of a JWT: three parts.
pub fn looks_like_jwt(token: &Secret) -> bool {
    token.expose().bytes().filter(|byte| *byte == b'.').count() == 2
}

/// What a token of ours says that is looked at when it comes back: the store knows the rest.
#[derive(Debug, Deserialize)]
pub struct SignedClaims {
    /// When it expires.
    pub exp: Option<Timestamp>,
    /// The token's own id.
    pub jti: Option<String>,
    /// The id of the access token that it came with: only a refresh token has it (Spring's dialect).
    pub ati: Option<String>,
}

/// The claims of a token that a key of the ring signed. Times are left to the caller, who has the clock.
pub fn verify(ring: &Ring, token: &Secret) -> Option<SignedClaims> {
    let header = jsonwebtoken::decode_header(token.expose()).ok()?;
    let mut keys = ring.meant_by(header.kid.as_deref());
    keys.find_map(|key| verified_by(jose_algorithm(key.algorithm()), key.verifier(), token))
}

/// The claims of a token that this key signed.
pub(super) fn verified_by<C: DeserializeOwned>(
    algorithm: Algorithm,
    key: &DecodingKey,
    token: &Secret,
) -> Option<C> {
    let header = jsonwebtoken::decode_header(token.expose()).ok()?;
    // The key, never the header, says which algorithm is right (RFC 8725 §3.1).
    (header.alg == algorithm).then_some(())?;
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = jsonwebtoken::decode(token.expose(), key, &validation).ok()?;
    Some(decoded.claims)
}

const fn jose_algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
        SigningAlgorithm::RS512 => Algorithm::RS512,
        SigningAlgorithm::HS256 => Algorithm::HS256,
        SigningAlgorithm::HS384 => Algorithm::HS384,
        SigningAlgorithm::HS512 => Algorithm::HS512,
    }
}
