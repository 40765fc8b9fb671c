//! Checking a JWT here, with keys that the authorization server publishes: both dialects' access tokens
//! ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)), by the rules of
//! [RFC 8725](https://www.rfc-editor.org/rfc/rfc8725).

use std::sync::Arc;

use async_trait::async_trait;
use jsonwebtoken::{Header, decode_header};
use symbolon::access_token::{AccessTokenClaims, SPRING_TYPE, STANDARD_TYPE};
use symbolon::clock::Clock;
use symbolon::jwk::SigningAlgorithm;
use symbolon::secret::Secret;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;
use crate::verifier::keys::{FetchPace, KeyRing, KeySource};
use crate::verifier::signature::{SignatureCheck, check_signature, jose_algorithm};

/// Seconds between two fetches of keys, so that tokens with invented key names cost the authorization
/// server next to nothing.
const FETCH_INTERVAL_SECS: u64 = 10;
/// Seconds after which keys are fetched again although nothing is missing.
const KEY_MAX_AGE_SECS: u64 = 300;

/// Checks the signature and the claims of a JWT. Fast, and works while the authorization server is
/// down; a revoked token stays good until it expires.
#[derive(Debug)]
pub struct JwtVerifier {
    ring: KeyRing,
    issuer: Option<String>,
    only_standard_type: bool,
    leeway_secs: u64,
    clock: Arc<dyn Clock>,
}

impl JwtVerifier {
    /// A verifier for exactly these algorithms. HS256, whose key is a shared secret, works only when it
    /// is named here and only with [`KeySource::token_key`].
    pub fn new(
        source: KeySource,
        algorithms: impl IntoIterator<Item = SigningAlgorithm>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let pace = FetchPace {
            interval_secs: FETCH_INTERVAL_SECS,
            max_age_secs: KEY_MAX_AGE_SECS,
        };
        let pinned = algorithms.into_iter().collect();
        Self {
            ring: KeyRing::new(source, pinned, pace, Arc::clone(&clock)),
            issuer: None,
            only_standard_type: false,
            leeway_secs: 0,
            clock,
        }
    }

    /// Demands `iss` with exactly this value (RFC 9068 §4). Tokens of the Spring dialect have none.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Demands `typ` `at+jwt` in the header (RFC 9068 §4). Tokens of the Spring dialect say `JWT`.
    #[must_use]
    pub fn only_standard_type(mut self, only: bool) -> Self {
        self.only_standard_type = only;
        self
    }

    /// How far the clocks of the two servers may be apart, in seconds. Default 0.
    #[must_use]
    pub fn leeway_secs(mut self, secs: u64) -> Self {
        self.leeway_secs = secs;
        self
    }

    /// Keys are fetched at most once in this many seconds, whatever tokens come. Default 10.
    #[must_use]
    pub fn key_fetch_interval_secs(mut self, secs: u64) -> Self {
        self.ring.pace.interval_secs = secs;
        self
    }

    /// Keys are fetched again after this many seconds, so that a withdrawn key ends. Default 300.
    #[must_use]
    pub fn key_max_age_secs(mut self, secs: u64) -> Self {
        self.ring.pace.max_age_secs = secs;
        self
    }

    /// Finds the key and checks the signature; fetches keys once more when a new one may do.
    async fn signed_claims(&self, token: &Secret) -> Result<AccessTokenClaims, VerificationError> {
        let header = self.acceptable_header(token)?;
        let keys = self.ring.current().await?;
        match check_signature(token, &header, &keys.keys) {
            SignatureCheck::Good(claims) => Ok(*claims),
            SignatureCheck::Bad(reason) => Err(reason.into()),
            SignatureCheck::NewKeyMayDo(_) => {
                let renewed = self.ring.renewed(&keys).await?;
                match check_signature(token, &header, &renewed.keys) {
                    SignatureCheck::Good(claims) => Ok(*claims),
                    SignatureCheck::Bad(reason) | SignatureCheck::NewKeyMayDo(reason) => {
                        Err(reason.into())
                    }
                }
            }
        }
    }

    fn acceptable_header(&self, token: &Secret) -> Result<Header, InvalidToken> {
        let header = decode_header(token.expose()).map_err(|_| InvalidToken::Unreadable)?;
        let mut pinned = self.ring.pinned.iter().copied();
        if !pinned.any(|algorithm| jose_algorithm(algorithm) == header.alg) {
            return Err(InvalidToken::WrongAlgorithm);
        }
        // RFC 7515 §4.1.11: extensions that are critical and not understood make it invalid.
        if header.crit.is_some() {
            return Err(InvalidToken::CriticalExtension);
        }
        if self.is_acceptable_type(header.typ.as_deref()) {
            Ok(header)
        } else {
            Err(InvalidToken::WrongType)
        }
    }

    fn is_acceptable_type(&self, typ: Option<&str>) -> bool {
        let typ = typ.map(str::to_ascii_lowercase);
        // RFC 7515 §4.1.9: `application/` may be left out.
        let typ = typ
            .as_deref()
            .map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        match typ {
            Some(STANDARD_TYPE) => true,
            Some(typ) => !self.only_standard_type && typ.eq_ignore_ascii_case(SPRING_TYPE),
            None => !self.only_standard_type,
        }
    }

    fn facts(&self, claims: AccessTokenClaims) -> Result<TokenFacts, InvalidToken> {
        if claims.ati.is_some() {
            return Err(InvalidToken::RefreshToken);
        }
        if self.issuer.is_some() && claims.iss != self.issuer {
            return Err(InvalidToken::WrongIssuer);
        }
        let now = self.clock.now();
        let expires_at = claims.exp.ok_or(InvalidToken::NoExpiry)?;
        // RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted".
        if expires_at.plus_secs(self.leeway_secs) <= now {
            return Err(InvalidToken::Expired);
        }
        let latest_start = now.plus_secs(self.leeway_secs);
        if claims.nbf.is_some_and(|start| start > latest_start) {
            return Err(InvalidToken::NotYetGood);
        }
        Ok(TokenFacts {
            owner: claims.owner().map(str::to_owned),
            client_id: claims.client_id,
            scope: claims.scope,
            authorities: claims.authorities,
            audience: claims.aud,
            expires_at: Some(expires_at),
            token_id: claims.jti,
        })
    }
}

#[async_trait]
impl TokenVerifier for JwtVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let claims = self.signed_claims(token).await?;
        Ok(self.facts(claims)?.into())
    }

    fn generation(&self) -> u64 {
        self.ring.snapshot().generation
    }
}
