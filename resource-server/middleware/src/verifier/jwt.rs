//! Checking a JWT here, with keys that the authorization server publishes: both dialects' access tokens
//! ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)), by the rules of
//! [RFC 8725](https://www.rfc-editor.org/rfc/rfc8725).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use symbolon::access_token::{AccessTokenClaims, ClaimNames, SPRING_TYPE, STANDARD_TYPE};
use symbolon::clock::{Clock, SystemClock};
use symbolon::members::Members;
use symbolon::secret::Secret;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;
use crate::verifier::algorithm::VerificationAlgorithm;
use crate::verifier::keys::{FetchPace, KeyRing, KeySource};
use crate::verifier::signature::{JwtHeader, PresentedJwt, SignatureCheck};
use crate::verifier::transport::{Timeouts, Transport, TransportError};

/// Between two fetches of keys, so that tokens with invented key names cost the authorization server next to
/// nothing.
const FETCH_INTERVAL: Duration = Duration::from_secs(10);
/// After this time keys are fetched again although nothing is missing.
const KEY_MAX_AGE: Duration = Duration::from_secs(300);
/// Clocks that are further apart are to be set, not to be put up with; and a token whose end is put off for ever
/// would have none.
pub const LONGEST_LEEWAY_SECS: u64 = 600;

/// Checks the signature and the claims of a JWT. Fast, and works while the authorization server is
/// down; a revoked token stays good until it expires.
#[derive(Debug)]
pub struct JwtVerifier {
    ring: KeyRing,
    issuer: Option<String>,
    only_standard_type: bool,
    leeway_secs: u64,
    names: ClaimNames,
    clock: Arc<dyn Clock>,
}

impl JwtVerifier {
    /// A verifier for the tokens of this issuer, whose [metadata](KeySource::issuer) says where its keys are.
    /// Any algorithm counts whose keys can be published. For a transport or a clock of your own, or with fewer
    /// algorithms, use [`new`](Self::new).
    pub fn by_issuer(issuer: impl Into<String>) -> Result<Self, TransportError> {
        let source = KeySource::issuer(Transport::new(Timeouts::default())?, issuer)?;
        let algorithms = VerificationAlgorithm::ASYMMETRIC;
        Ok(Self::new(source, algorithms, Arc::new(SystemClock)))
    }

    /// A verifier for exactly these algorithms. HS256 and its like, whose key is a shared secret, works only when it
    /// is named here and only with [`KeySource::token_key`]. Where the source is an issuer, only its tokens are
    /// good.
    pub fn new(
        source: KeySource,
        algorithms: impl IntoIterator<Item = VerificationAlgorithm>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let pace = FetchPace {
            interval: FETCH_INTERVAL,
            max_age: KEY_MAX_AGE,
        };
        let pinned = algorithms.into_iter().collect();
        Self {
            issuer: source.issuer_known().map(str::to_owned),
            ring: KeyRing::new(source, pinned, pace, Arc::clone(&clock)),
            only_standard_type: false,
            leeway_secs: 0,
            names: ClaimNames::default(),
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

    /// How far the clocks of the two servers may be apart, in seconds: at most [`LONGEST_LEEWAY_SECS`], and more
    /// counts as that. Default 0.
    #[must_use]
    pub fn leeway_secs(mut self, secs: u64) -> Self {
        self.leeway_secs = secs.min(LONGEST_LEEWAY_SECS);
        self
    }

    /// What the issuer calls its claims. The default knows both dialects and the usual names of others.
    #[must_use]
    pub fn claim_names(mut self, names: ClaimNames) -> Self {
        self.names = names;
        self
    }

    /// Keys are fetched at most once in this many seconds, whatever tokens come; while there are none, once in
    /// one second. Default 10.
    #[must_use]
    pub fn key_fetch_interval_secs(mut self, secs: u64) -> Self {
        self.ring.pace.interval = Duration::from_secs(secs);
        self
    }

    /// Keys that are older than this many seconds are fetched again, so that a withdrawn key ends. Where tokens
    /// come all the time that happens in the background, after three quarters of it. Default 300.
    #[must_use]
    pub fn key_max_age_secs(mut self, secs: u64) -> Self {
        self.ring.pace.max_age = Duration::from_secs(secs);
        self
    }

    /// Fetches the keys now, so that the first token need not wait for them, and waits for them at most a second. A program
    /// that must not start without them, as Spring's do not, ends when it fails; any other goes on, and fetches
    /// them again with the tokens that come.
    pub async fn fetch_keys(&self) -> Result<(), VerificationError> {
        self.ring.current().await.map(|_| ())
    }

    /// Finds the key and checks the signature; fetches keys once more when a new one may do.
    async fn signed_claims(&self, token: &Secret) -> Result<Members, VerificationError> {
        let jwt = PresentedJwt::decode(token)?;
        self.check_header(&jwt.header)?;
        let keys = self.ring.current().await?;
        match jwt.check_signature(&keys.keys) {
            SignatureCheck::Good => {}
            SignatureCheck::Bad(reason) => return Err(reason.into()),
            SignatureCheck::NewKeyMayDo(_) => {
                let renewed = self.ring.renewed(&keys).await?;
                match jwt.check_signature(&renewed.keys) {
                    SignatureCheck::Good => {}
                    SignatureCheck::Bad(reason) | SignatureCheck::NewKeyMayDo(reason) => {
                        return Err(reason.into());
                    }
                }
            }
        }
        Ok(jwt.claims()?)
    }

    fn check_header(&self, header: &JwtHeader) -> Result<(), InvalidToken> {
        let pinned = self.ring.pinned();
        if !header
            .algorithm
            .is_some_and(|algorithm| pinned.contains(&algorithm))
        {
            return Err(InvalidToken::WrongAlgorithm);
        }
        // RFC 7515 §4.1.11: extensions that are critical and not understood make it invalid.
        if header.is_critical {
            return Err(InvalidToken::CriticalExtension);
        }
        let fits = match header.typ.as_deref() {
            Some(STANDARD_TYPE) => true,
            Some(typ) => !self.only_standard_type && typ.eq_ignore_ascii_case(SPRING_TYPE),
            None => !self.only_standard_type,
        };
        if fits {
            Ok(())
        } else {
            Err(InvalidToken::WrongType)
        }
    }

    fn facts(&self, said: Members) -> Result<TokenFacts, InvalidToken> {
        let claims = AccessTokenClaims::read(&said, &self.names)?;
        if claims.is_refresh_token {
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
            owner: claims.owner,
            client_id: claims.client_id,
            scope: claims.scope,
            authorities: claims.authorities,
            audience: claims.aud,
            expires_at: Some(expires_at),
            token_id: claims.jti,
            claims: said.into_map(),
        })
    }
}

#[async_trait]
impl TokenVerifier for JwtVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let said = self.signed_claims(token).await?;
        Ok(self.facts(said)?.into())
    }

    fn generation(&self) -> u64 {
        self.ring.snapshot().generation
    }
}
