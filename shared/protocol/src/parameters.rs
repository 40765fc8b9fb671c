//! `application/x-www-form-urlencoded` parameters, read strictly (RFC 6749 §3.1, §3.2, appendix B).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode;
use url::form_urlencoded;

/// Decoded parameters. Each name occurs once; one that was sent without a value counts as not sent.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

/// Parameters of a request that is answered even when some were sent more than once: `state` and
/// `redirect_uri` say where the error goes (RFC 6749 §4.1.2.1).
#[derive(Clone, Default)]
pub struct UncheckedParameters {
    /// What was sent once.
    pub single: Parameters,
    /// The names that were sent more than once; their values count for nothing.
    pub repeated: BTreeSet<String>,
}

/// Parameters that somebody else's server wrote for us. One that was sent more than once, or that cannot be
/// read, spoils itself and no other: whether it matters is for the message to say.
#[derive(Clone, Default)]
pub struct AnswerParameters {
    readable: Parameters,
    odd: BTreeMap<String, ParameterError>,
}

/// As many parameters as a request may have: the largest honest one is an approval of many scopes.
const MOST_PARAMETERS: usize = 200;

/// Why parameters cannot be read. The texts never repeat what was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
    #[error("a parameter was sent more than once")]
    Repeated,
    /// More parameters than any honest request has.
    #[error("too many parameters were sent")]
    TooMany,
    /// A `%` without two hexadecimal digits after it.
    #[error("a parameter holds a malformed percent code")]
    PercentCode,
    /// Percent codes that are not UTF-8.
    #[error("a parameter is not UTF-8")]
    NotUtf8,
    /// A control character where only printable text makes sense.
    #[error("a parameter holds a control character")]
    ControlCharacter,
}

impl Parameters {
    /// Reads a query string or a form.
    pub fn decode(encoded: &[u8]) -> Result<Self, ParameterError> {
        let UncheckedParameters { single, repeated } = UncheckedParameters::decode(encoded)?;
        if repeated.is_empty() {
            Ok(single)
        } else {
            Err(ParameterError::Repeated)
        }
    }

    /// Reads a query string or a form as Java's servlets do: of a parameter that was sent more than once the first
    /// value counts.
    pub fn decode_first(encoded: &[u8]) -> Result<Self, ParameterError> {
        let mut first = Self::default();
        let pairs = encoded.split(|byte| *byte == b'&');
        for (count, pair) in pairs.filter(|pair| !pair.is_empty()).enumerate() {
            if count >= MOST_PARAMETERS {
                return Err(ParameterError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_component(halves.next().unwrap_or_default())?;
            let value = decode_component(halves.next().unwrap_or_default())?;
            if !first.contains(&name) {
                first.0.push((name, value));
            }
        }
        Ok(first)
    }

    /// Takes the value of `name` out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let position = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(position).1).filter(|value| !value.is_empty())
    }

    /// True when `name` was sent, even without a value.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// What was sent and not yet taken.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl UncheckedParameters {
    /// Reads a query string or a form.
    pub fn decode(encoded: &[u8]) -> Result<Self, ParameterError> {
        let mut sent = Self::default();
        for pair in encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if sent.single.0.len() + sent.repeated.len() >= MOST_PARAMETERS {
                return Err(ParameterError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_component(halves.next().unwrap_or_default())?;
            let value = decode_component(halves.next().unwrap_or_default())?;
            if sent.single.contains(&name) {
                sent.single.0.retain(|(known, _)| *known != name);
                sent.repeated.insert(name);
            } else if !sent.repeated.contains(&name) {
                sent.single.0.push((name, value));
            }
        }
        Ok(sent)
    }
}

impl AnswerParameters {
    /// Reads a query string, a fragment or a form.
    pub fn decode(encoded: &[u8]) -> Result<Self, ParameterError> {
        let mut sent = Self::default();
        for pair in encoded.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_component(halves.next().unwrap_or_default());
            let value = decode_component(halves.next().unwrap_or_default());
            match name {
                Ok(name) if value != Ok(String::new()) => sent.add(name, value)?,
                // Without a value it counts as not sent, and a name that cannot be read is none of ours.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(sent)
    }

    fn add(
        &mut self,
        name: String,
        value: Result<String, ParameterError>,
    ) -> Result<(), ParameterError> {
        if self.readable.0.len() + self.odd.len() >= MOST_PARAMETERS {
            return Err(ParameterError::TooMany);
        }
        let repeated = self.readable.contains(&name) || self.odd.contains_key(&name);
        match value {
            Ok(value) if !repeated => self.readable.0.push((name, value)),
            Ok(_) | Err(_) => {
                self.readable.0.retain(|(known, _)| *known != name);
                let why = value.err().unwrap_or(ParameterError::Repeated);
                self.odd.insert(name, why);
            }
        }
        Ok(())
    }

    /// Takes a parameter that decides: to guess what an odd one means would be to let its sender choose.
    pub fn take_decisive(&mut self, name: &str) -> Result<Option<String>, ParameterError> {
        match self.odd.get(name) {
            Some(error) => Err(*error),
            None => Ok(self.readable.take(name)),
        }
    }

    /// Takes a parameter that only explains; an odd one is let go.
    pub fn take(&mut self, name: &str) -> Option<String> {
        if let Some(reason) = self.odd.get(name) {
            tracing::debug!(event = "parameter_let_go", parameter = name, %reason);
        }
        self.readable.take(name)
    }

    /// What was sent once, can be read, and was not yet taken.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.readable.iter()
    }
}

fn decode_component(encoded: &[u8]) -> Result<String, ParameterError> {
    let text = if encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        percent_decoded(encoded)?
    } else {
        let text = str::from_utf8(encoded).map_err(|_| ParameterError::NotUtf8)?;
        text.to_owned()
    };
    if text.contains('\0') {
        Err(ParameterError::ControlCharacter)
    } else {
        Ok(text)
    }
}

fn percent_decoded(encoded: &[u8]) -> Result<String, ParameterError> {
    for (position, _) in encoded
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'%')
    {
        let digits = encoded.get(position + 1..position + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(ParameterError::PercentCode);
        }
    }
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| ParameterError::NotUtf8)
}

/// Writes parameters as a form or query string; those without a value are left out.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let mut encoder = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            encoder.append_pair(name, value);
        }
    }
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn where_the_first_counts_the_others_do_not() {
        let mut sent = Parameters::decode_first(b"a=1&b=&a=2&&b=3").unwrap();
        assert_eq!(sent.take("a").as_deref(), Some("1"));
        assert_eq!(sent.take("b"), None);
        assert_eq!(sent.iter().count(), 0);
        let many = "a=1&".repeat(MOST_PARAMETERS + 1);
        let refused = Parameters::decode_first(many.as_bytes()).err();
        assert_eq!(refused, Some(ParameterError::TooMany));
        let refused = Parameters::decode_first(b"a=1&a=%zz").err();
        assert_eq!(refused, Some(ParameterError::PercentCode));
    }

    #[test]
    fn a_repeated_parameter_is_refused() {
        assert_eq!(
            Parameters::decode(b"a=1&b=2&a=1").err(),
            Some(ParameterError::Repeated)
        );
    }

    #[test]
    fn a_repeated_parameter_has_no_value() {
        let mut sent = UncheckedParameters::decode(b"a=1&b=2&a=1&a=3").unwrap();
        assert_eq!(sent.repeated, BTreeSet::from(["a".to_owned()]));
        assert_eq!(sent.single.take("a"), None);
        assert_eq!(sent.single.take("b").as_deref(), Some("2"));
    }

    #[test]
    fn an_odd_parameter_of_an_answer_spoils_itself_only() {
        let query =
            b"code=c&error_description=%ff&iss=a&iss=b&scope=%zz&scope=x&state=s&error=&%ff=1";
        let mut sent = AnswerParameters::decode(query).unwrap();
        assert_eq!(sent.take_decisive("code"), Ok(Some("c".to_owned())));
        assert_eq!(sent.take_decisive("error"), Ok(None));
        assert_eq!(sent.take_decisive("iss"), Err(ParameterError::Repeated));
        let scope = sent.take_decisive("scope");
        assert_eq!(scope, Err(ParameterError::Repeated));
        assert_eq!(sent.take("error_description"), None);
        assert_eq!(sent.iter().collect::<Vec<_>>(), [("state", "s")]);
    }

    #[test]
    fn a_flood_of_parameters_is_refused() {
        let flood = |count: usize| {
            let pairs: Vec<String> = (0..count).map(|number| format!("p{number}=1")).collect();
            pairs.join("&")
        };
        let error = Parameters::decode(flood(MOST_PARAMETERS + 1).as_bytes()).err();
        assert_eq!(error, Some(ParameterError::TooMany));
        assert!(Parameters::decode(flood(MOST_PARAMETERS).as_bytes()).is_ok());
    }

    #[test]
    fn malformed_percent_codes_are_refused() {
        for encoded in ["a=%", "a=%4", "a=%zz", "%+1=a"] {
            let error = Parameters::decode(encoded.as_bytes()).err();
            assert_eq!(error, Some(ParameterError::PercentCode), "{encoded}");
        }
        assert_eq!(
            Parameters::decode(b"a=%ff").err(),
            Some(ParameterError::NotUtf8)
        );
        assert_eq!(
            Parameters::decode(b"a=%00").err(),
            Some(ParameterError::ControlCharacter)
        );
    }

    #[test]
    fn a_parameter_without_a_value_counts_as_omitted() {
        let mut parameters = Parameters::decode(b"state=&scope").unwrap();
        assert!(parameters.contains("state"));
        assert_eq!(parameters.take("state"), None);
        assert_eq!(parameters.take("scope"), None);
    }

    proptest! {
        #[test]
        fn values_survive_the_wire(value in "[^\0]{1,40}") {
            let mut decoded = Parameters::decode(encode([("name", Some(value.as_str()))]).as_bytes()).unwrap();
            prop_assert_eq!(decoded.take("name"), Some(value));
        }

        #[test]
        fn no_input_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Parameters::decode(&bytes);
            let _ = AnswerParameters::decode(&bytes);
        }
    }
}
