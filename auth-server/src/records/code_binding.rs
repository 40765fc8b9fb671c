//! What a code is bound to ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! [RFC 7636 §4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6)).

use serde::{Deserialize, Serialize};
use symbolon::identifiers::ClientId;
use symbolon::pkce::CodeChallenge;

/// What a code is bound to, also when it has been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeBinding {
    /// Who asked for it.
    pub client_id: ClientId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// Whether the authorization request named that; if so the token request must too.
    pub redirect_uri_was_sent: bool,
    /// What the verifier must meet.
    pub code_challenge: Option<CodeChallenge>,
}

/// What a token request shows with a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownWithCode {
    /// Who asks.
    pub client_id: ClientId,
    /// The redirect URI, where one was sent.
    pub redirect_uri: Option<String>,
    /// The challenge that the verifier meets, where one was sent.
    pub code_challenge: Option<CodeChallenge>,
}

/// What is not as the code wants it: the first of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMismatch {
    /// The code is another client's.
    Client,
    /// The redirect URI is another one, or is missing.
    RedirectUri,
    /// The verifier is another one or missing, or there was no challenge.
    CodeVerifier,
}

impl CodeBinding {
    /// Whether that is what the code is bound to. A verifier without a challenge is refused too (RFC 9700 §4.8.2,
    /// downgrade). Challenges need no comparison in constant time: they came through the browser, and lead to no
    /// verifier.
    pub(crate) fn compare(&self, shown: &ShownWithCode) -> Result<(), CodeMismatch> {
        if self.client_id != shown.client_id {
            return Err(CodeMismatch::Client);
        }
        let is_redirect_uri_right = match &shown.redirect_uri {
            Some(shown) => *shown == self.redirect_uri,
            None => !self.redirect_uri_was_sent,
        };
        if !is_redirect_uri_right {
            return Err(CodeMismatch::RedirectUri);
        }
        if self.code_challenge != shown.code_challenge {
            return Err(CodeMismatch::CodeVerifier);
        }
        Ok(())
    }
}
