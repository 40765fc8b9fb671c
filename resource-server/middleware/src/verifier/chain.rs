//! Several authorization servers at once: an old one and the new one, say, while clients move.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::authentication::Authentication;
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;

/// Believes each of several verifiers, asked in this order until one vouches for the token.
///
/// What one of them remembers counts before any is asked, so give each a
/// [`CachedVerifier`](crate::verifier::CachedVerifier) of its own: a token of the last is then not shown to all others
/// with every request.
///
/// A [`RemoteVerifier`](crate::verifier::RemoteVerifier) in it sends its authorization server every token that the
/// verifiers before it refuse, those of other servers among them. So put those first that ask nobody. A request waits at
/// most as long as the time-outs of all together.
///
/// ```
/// use std::sync::Arc;
///
/// use symbolon_resource_server::verifier::{
///     CacheLimits, CachedVerifier, JwtVerifier, RemoteVerifier, Timeouts, TokenVerifier, Transport,
///     VerifierChain,
/// };
/// use symbolon_resource_server::{ResourceServer, SystemClock, Url};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The new server's tokens are JWTs; of all others the old server is asked.
/// let new = JwtVerifier::by_issuer("https://login.example")?;
/// let transport = Transport::new(Timeouts::default())?.with_credentials("orders", "orders-secret");
/// let url = Url::parse("https://old.example/oauth/check_token")?;
/// let old = RemoteVerifier::check_token(transport, url, Arc::new(SystemClock))?;
/// let limits = CacheLimits { capacity: 10_000, max_age_secs: 30 };
/// let remembering = |verifier: Arc<dyn TokenVerifier>| -> Arc<dyn TokenVerifier> {
///     Arc::new(CachedVerifier::new(verifier, limits, Arc::new(SystemClock)))
/// };
/// let chain = VerifierChain::new([remembering(Arc::new(new)), remembering(Arc::new(old))]);
/// let protection = ResourceServer::new(Arc::new(chain)).resource_id("orders");
/// # let _: ResourceServer = protection;
/// # Ok(())
/// # }
/// ```
pub struct VerifierChain {
    verifiers: Vec<Arc<dyn TokenVerifier>>,
}

impl VerifierChain {
    /// Believes these.
    pub fn new(verifiers: impl IntoIterator<Item = Arc<dyn TokenVerifier>>) -> Self {
        Self {
            verifiers: verifiers.into_iter().collect(),
        }
    }
}

#[async_trait]
impl TokenVerifier for VerifierChain {
    /// No is the answer only when all say so: one that cannot tell might have said yes. Of several reasons the one counts
    /// that says most.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        if let Some(authentication) = self.recall(token) {
            return Ok(authentication);
        }
        let mut verdict = VerificationError::Invalid(InvalidToken::Refused);
        for verifier in &self.verifiers {
            match verifier.verify(token).await {
                Ok(authentication) => return Ok(authentication),
                Err(error) if weight(&error) >= weight(&verdict) => verdict = error,
                Err(_) => {}
            }
        }
        Err(verdict)
    }

    fn recall(&self, token: &Secret) -> Option<Authentication> {
        self.verifiers
            .iter()
            .find_map(|verifier| verifier.recall(token))
    }

    fn generation(&self) -> u64 {
        // Each of them only grows, so the sum grows whenever one does.
        self.verifiers
            .iter()
            .map(|verifier| verifier.generation())
            .fold(0, u64::wrapping_add)
    }
}

/// How much a verdict says.
const fn weight(error: &VerificationError) -> u8 {
    match error {
        VerificationError::Unavailable(_) => 2,
        // Whoever says so knows the token.
        VerificationError::Invalid(
            InvalidToken::Expired | InvalidToken::NotYetGood | InvalidToken::RefreshToken,
        ) => 1,
        VerificationError::Invalid(_) => 0,
    }
}

impl fmt::Debug for VerifierChain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.verifiers).finish()
    }
}
