//! Token revocation ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use crate::parameters::{self, Parameters};
use crate::secret::Secret;

/// The client does not need this token any more.
#[derive(Debug)]
pub struct RevocationRequest {
    /// An access or refresh token.
    pub token: Secret,
}

impl RevocationRequest {
    /// Takes the request out of the form; `None` without a token. `token_type_hint` is let go: a
    /// handle says itself what it is.
    pub fn decode(sent: &mut Parameters) -> Option<Self> {
        sent.take("token").map(|token| Self {
            token: Secret::new(token),
        })
    }

    /// The form that says this.
    pub fn encode(&self) -> Secret {
        Secret::new(parameters::encode([("token", Some(self.token.expose()))]))
    }
}
