//! Parameters that extensions and single servers add to a request: `audience`, `resource`
//! ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)), `prompt`, `login_hint`.

use symbolon::parameters;

/// What this library writes itself.
const RESERVED: [&str; 15] = [
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "password",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "scope",
    "state",
    "token",
    "username",
];

/// Parameters beside those of RFC 6749, in the order in which they were added. A name may be there more than
/// once, as RFC 8707 has it for `resource`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraParameters(Vec<(String, String)>);

/// The parameter is one that the library writes itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter `{0}` belongs to the protocol: it is written by the library")]
pub struct ReservedParameter(String);

impl ExtraParameters {
    /// The same with one more. Fails for the names of RFC 6749 and RFC 7636.
    pub fn and(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, ReservedParameter> {
        let name = name.into();
        if RESERVED.contains(&name.as_str()) {
            return Err(ReservedParameter(name));
        }
        self.0.push((name, value.into()));
        Ok(self)
    }

    /// A query or a form with these at its end.
    pub(crate) fn after(&self, encoded: &str) -> String {
        let pairs = self.0.iter();
        let pairs = pairs.map(|(name, value)| (name.as_str(), Some(value.as_str())));
        let own = parameters::encode(pairs);
        let parts = [encoded, &own].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_be_there_twice_and_comes_last() {
        let extra = ExtraParameters::default()
            .and("resource", "https://a.example/")
            .and_then(|extra| extra.and("resource", "b&c"))
            .unwrap();
        let expected = "x=1&resource=https%3A%2F%2Fa.example%2F&resource=b%26c";
        assert_eq!(extra.after("x=1"), expected);
        assert_eq!(ExtraParameters::default().after("x=1"), "x=1");
    }

    #[test]
    fn what_the_protocol_says_cannot_be_said_otherwise() {
        for name in RESERVED {
            let refused = ExtraParameters::default().and(name, "x");
            assert_eq!(refused, Err(ReservedParameter(name.to_owned())));
        }
    }
}
