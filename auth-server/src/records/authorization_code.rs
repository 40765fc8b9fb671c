//! An authorization code ([RFC 6749 §4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)).

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::pkce::CodeChallenge;

use crate::records::{CodeBinding, Grant};

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// What the owner approved.
    pub grant: Grant,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// Whether the authorization request named it; if so the token request must too (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// RFC 7636 §4.4: what the verifier must meet.
    pub code_challenge: Option<CodeChallenge>,
    /// When it stops being good.
    pub expires_at: Timestamp,
}

impl AuthorizationCode {
    /// What whoever redeems it must show.
    pub(crate) fn binding(&self) -> CodeBinding {
        CodeBinding {
            client_id: self.grant.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            redirect_uri_was_sent: self.redirect_uri_was_sent,
            code_challenge: self.code_challenge.clone(),
        }
    }
}
