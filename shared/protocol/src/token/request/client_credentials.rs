//! The request of the client credentials grant
//! ([RFC 6749 §4.4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2)).

use crate::parameters::{self, Parameters};
use crate::secret::Secret;
use crate::token::grant_type::GrantType;

/// Asks for the client's own token: its credentials, beside the request, are all the proof there is.
#[derive(Debug)]
pub struct ClientCredentialsRequest {
    /// What for; absent means all that the client may have.
    pub scope: Option<String>,
}

impl ClientCredentialsRequest {
    /// Takes the request out of the form; its `grant_type` was read before.
    pub fn decode(sent: &mut Parameters) -> Self {
        Self {
            scope: sent.take("scope"),
        }
    }

    /// The form that says this.
    pub fn encode(&self) -> Secret {
        Secret::new(parameters::encode([
            ("grant_type", Some(GrantType::ClientCredentials.as_str())),
            ("scope", self.scope.as_deref()),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_scope_counts_as_omitted() {
        let mut sent = Parameters::decode(b"scope=").unwrap();
        let request = ClientCredentialsRequest::decode(&mut sent);
        assert_eq!(request.encode().expose(), "grant_type=client_credentials");
    }
}
