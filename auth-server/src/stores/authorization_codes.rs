//! Authorization codes ([RFC 6749 §4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)).

use crate::records::{AuthorizationCode, CodeId, CodeMismatch, GrantId, ShownWithCode};
use crate::stores::{Issuance, Observed, StoreError};
use async_trait::async_trait;

/// What became of a code that was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is looked at once, where it is made"
)]
pub enum Redemption {
    /// It was good, and is used now.
    Redeemed(AuthorizationCode),
    /// It had been used before, and whoever presents it now could have used it then: somebody else may have it, and
    /// what was issued from it must go.
    Replayed {
        /// What to revoke.
        grant_id: GrantId,
        /// What to revoke besides: the grant of the tokens that were given for the code and had been there
        /// before.
        reused: Option<GrantId>,
    },
    /// Something else was shown with it than it is bound to. It is as it was, whether used or not.
    NotBoundTo(CodeMismatch),
    /// There is no such code, or it expired.
    Unknown,
}

/// Keeps authorization codes.
#[async_trait]
pub trait AuthorizationCodeStore: Send + Sync {
    /// Keeps a code until it expires.
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError>;

    /// Uses a code up, if what is shown with it is what it is bound to. Of many callers at once who show that, exactly
    /// one gets `Redeemed`, the others `Replayed`. That a code was used is remembered for a day after its expiry.
    async fn redeem_code(
        &self,
        id: &CodeId,
        shown: &ShownWithCode,
    ) -> Result<Redemption, StoreError>;

    /// Remembers with a used code that its client was given the tokens of another grant, which were there
    /// already; unless the code's own grant has been revoked by a second use of the code.
    async fn note_reuse(&self, id: &CodeId, reused: &GrantId) -> Result<Issuance, StoreError>;
}

#[async_trait]
impl AuthorizationCodeStore for Observed<dyn AuthorizationCodeStore> {
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        self.observe("store_code", self.port.store_code(id, code))
            .await
    }

    async fn redeem_code(
        &self,
        id: &CodeId,
        shown: &ShownWithCode,
    ) -> Result<Redemption, StoreError> {
        self.observe("redeem_code", self.port.redeem_code(id, shown))
            .await
    }

    async fn note_reuse(&self, id: &CodeId, reused: &GrantId) -> Result<Issuance, StoreError> {
        self.observe("note_reuse", self.port.note_reuse(id, reused))
            .await
    }
}
