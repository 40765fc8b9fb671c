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
/// A [`RemoteVerifier`](crate::verifier::RemoteVerifier) in it sends its authorization server every token that the
/// verifiers before it refuse, those of other servers among them. So put those first that ask nobody.
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
    /// No is the answer only when all say so: one that cannot tell might have said yes.
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let mut verdict = VerificationError::Invalid(InvalidToken::Refused);
        for verifier in &self.verifiers {
            match (verifier.verify(token).await, &verdict) {
                (Ok(authentication), _) => return Ok(authentication),
                (Err(VerificationError::Invalid(_)), VerificationError::Unavailable(_)) => {}
                (Err(error), _) => verdict = error,
            }
        }
        Err(verdict)
    }

    fn generation(&self) -> u64 {
        // Each of them only grows, so the sum grows whenever one does.
        self.verifiers
            .iter()
            .map(|verifier| verifier.generation())
            .fold(0, u64::wrapping_add)
    }
}

impl fmt::Debug for VerifierChain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.verifiers).finish()
    }
}
