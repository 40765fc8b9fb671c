//! Checking the signature of a JWT with the keys at hand
//! ([RFC 7515 §5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode};
use symbolon::access_token::AccessTokenClaims;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;

use crate::verdict::InvalidToken;
use crate::verifier::keys::VerificationKey;

/// What the keys at hand say about a signature.
pub(super) enum SignatureCheck {
    /// It holds, so the claims are the authorization server's.
    Good(Box<AccessTokenClaims>),
    /// It does not hold, whatever keys there will be.
    Bad(InvalidToken),
    /// No key was at fault by name: after a rotation another one may fit.
    NewKeyMayDo(InvalidToken),
}

/// Checks the signature of `token`, whose header is `header`, with each of `keys` that may have made it.
pub(super) fn check_signature(
    token: &Secret,
    header: &Header,
    keys: &[VerificationKey],
) -> SignatureCheck {
    let mut outcome = SignatureCheck::NewKeyMayDo(InvalidToken::UnknownKey);
    for key in keys {
        let named = header.kid.is_some() && header.kid == key.kid;
        let nameless = header.kid.is_none() || key.kid.is_none();
        if !named && !nameless {
            continue;
        }
        match check_with(token, header, key) {
            Ok(claims) => return SignatureCheck::Good(Box::new(claims)),
            Err(reason) if named => outcome = SignatureCheck::Bad(reason),
            Err(InvalidToken::BadSignature) => {
                if matches!(outcome, SignatureCheck::NewKeyMayDo(_)) {
                    outcome = SignatureCheck::NewKeyMayDo(InvalidToken::BadSignature);
                }
            }
            Err(reason) => return SignatureCheck::Bad(reason),
        }
    }
    outcome
}

fn check_with(
    token: &Secret,
    header: &Header,
    key: &VerificationKey,
) -> Result<AccessTokenClaims, InvalidToken> {
    let algorithm = jose_algorithm(key.algorithm);
    if header.alg != algorithm {
        return Err(InvalidToken::BadSignature);
    }
    let mut validation = Validation::new(algorithm);
    // jsonwebtoken reads the system's clock and lets missing claims pass: `JwtVerifier` compares times
    // with our clock, the middleware compares the audience.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    decode(token.expose(), &key.key, &validation)
        .map(|data| data.claims)
        .map_err(|error| {
            let unreadable = matches!(error.kind(), ErrorKind::Json(_) | ErrorKind::Utf8(_));
            if unreadable {
                InvalidToken::Unreadable
            } else {
                InvalidToken::BadSignature
            }
        })
}

/// The algorithm as it stands in the header of a JWT (RFC 7518 §3.1).
pub(super) const fn jose_algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
        SigningAlgorithm::HS256 => Algorithm::HS256,
    }
}
