//! Taking a JWT apart and checking its signature with the keys at hand
//! ([RFC 7515 §5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::members::Members;
use symbolon::secret::Secret;

use crate::verdict::InvalidToken;
use crate::verifier::algorithm::VerificationAlgorithm;
use crate::verifier::keys::VerificationKey;

/// Where a key or a token has no name, no more keys than this are tried: each may cost a signature check.
const MOST_NAMELESS: usize = 32;

/// A token taken apart, not yet believed.
pub(super) struct PresentedJwt<'a> {
    pub(super) header: JwtHeader,
    /// What is signed.
    message: &'a str,
    claims: &'a str,
    signature: &'a str,
}

/// The members of a header (RFC 7515 §4.1) that count.
pub(super) struct JwtHeader {
    /// `None`: one that is not known here.
    pub(super) algorithm: Option<VerificationAlgorithm>,
    kid: Option<String>,
    /// In small letters, without `application/`, which §4.1.9 lets go.
    pub(super) typ: Option<String>,
    pub(super) is_critical: bool,
}

/// What the keys at hand say about a signature.
pub(super) enum SignatureCheck {
    /// It holds, so the claims are the authorization server's.
    Good,
    /// It does not hold, whatever keys there will be.
    Bad(InvalidToken),
    /// No key was at fault by name: after a rotation another one may fit.
    NewKeyMayDo(InvalidToken),
}

impl<'a> PresentedJwt<'a> {
    /// Takes a token apart. Members of the header that decide nothing may be odd.
    pub(super) fn decode(token: &'a Secret) -> Result<Self, InvalidToken> {
        let (message, signature) = token
            .expose()
            .rsplit_once('.')
            .ok_or(InvalidToken::Unreadable)?;
        let (header, claims) = message
            .split_once('.')
            .filter(|(_, claims)| !claims.contains('.'))
            .ok_or(InvalidToken::Unreadable)?;
        let said = object("JOSE header", header)?;
        let algorithm = said.text("alg").ok().flatten();
        let algorithm = algorithm.ok_or(InvalidToken::Unreadable)?;
        let typ = said.text("typ").map_err(|_| InvalidToken::WrongType)?;
        let header = JwtHeader {
            algorithm: VerificationAlgorithm::named(&algorithm),
            kid: said.or_let_go(said.text("kid")),
            typ: typ.map(|typ| short_type(&typ)),
            is_critical: said.into_map().contains_key("crit"),
        };
        Ok(Self {
            header,
            message,
            claims,
            signature,
        })
    }

    /// The claims, for whoever has found that the signature holds.
    pub(super) fn claims(&self) -> Result<Members, InvalidToken> {
        object("access token", self.claims)
    }

    /// Checks the signature with each of `keys` that may have made it.
    pub(super) fn check_signature(&self, keys: &[VerificationKey]) -> SignatureCheck {
        let mut outcome = SignatureCheck::NewKeyMayDo(InvalidToken::UnknownKey);
        let mut nameless = 0;
        for key in keys {
            let named = self.header.kid.is_some() && self.header.kid == key.kid;
            if !named {
                if self.header.kid.is_some() && key.kid.is_some() || nameless == MOST_NAMELESS {
                    continue;
                }
                nameless += 1;
            }
            if self.is_signed_with(key) {
                return SignatureCheck::Good;
            }
            if named {
                outcome = SignatureCheck::Bad(InvalidToken::BadSignature);
            } else if matches!(outcome, SignatureCheck::NewKeyMayDo(_)) {
                outcome = SignatureCheck::NewKeyMayDo(InvalidToken::BadSignature);
            }
        }
        outcome
    }

    fn is_signed_with(&self, key: &VerificationKey) -> bool {
        let fitting = self
            .header
            .algorithm
            .filter(|algorithm| key.algorithms.contains(algorithm));
        fitting.is_some_and(|algorithm| {
            let message = self.message.as_bytes();
            jsonwebtoken::crypto::verify(self.signature, message, &key.key, algorithm.jose())
                .unwrap_or(false)
        })
    }
}

fn object(what: &'static str, encoded: &str) -> Result<Members, InvalidToken> {
    let json = URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| InvalidToken::Unreadable)?;
    Members::decode(what, &json).map_err(|_| InvalidToken::Unreadable)
}

fn short_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/")
        .map_or_else(|| typ.clone(), str::to_owned)
}
