//! The request of an extension grant ([RFC 6749 §4.5](https://www.rfc-editor.org/rfc/rfc6749#section-4.5)).

use std::fmt;

use crate::parameters::{self, Parameters};
use crate::secret::Secret;
use crate::token::grant_type::ExtensionGrantType;

/// Asks for a token in a way that RFC 6749 does not have. What is in it, both sides know.
pub struct ExtensionRequest {
    /// Which way.
    pub grant_type: ExtensionGrantType,
    /// What for; absent means what the server says.
    pub scope: Option<String>,
    /// Everything else that was sent. Some of it may be as secret as a password.
    pub parameters: Parameters,
}

impl ExtensionRequest {
    /// Takes the request out of the form; its `grant_type` was read before.
    pub fn decode(grant_type: ExtensionGrantType, sent: &mut Parameters) -> Self {
        Self {
            grant_type,
            scope: sent.take("scope"),
            parameters: std::mem::take(sent),
        }
    }

    /// The form that says this.
    pub fn encode(&self) -> Secret {
        let known = [
            ("grant_type", Some(self.grant_type.as_str())),
            ("scope", self.scope.as_deref()),
        ];
        let others = self.parameters.iter();
        let others = others.map(|(name, value)| (name, Some(value)));
        Secret::new(parameters::encode(known.into_iter().chain(others)))
    }
}

impl fmt::Debug for ExtensionRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExtensionRequest")
            .field("grant_type", &self.grant_type)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_extension_is_asked_with_does_not_print() {
        let mut sent = Parameters::decode(b"scope=a&assertion=hush").unwrap();
        let name = ExtensionGrantType::parse("custom").unwrap();
        let request = ExtensionRequest::decode(name, &mut sent);
        assert_eq!(
            request.encode().expose(),
            "grant_type=custom&scope=a&assertion=hush"
        );
        assert!(!format!("{request:?}").contains("hush"));
    }
}
