//! The words of `grant_type`.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a client may come to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §4.2; never at the token endpoint.
    Implicit,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.5: one that a server has besides.
    Extension(ExtensionGrantType),
}

impl GrantType {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self.word() {
            Ok(word) => word,
            Err(extension) => extension.as_str(),
        }
    }

    /// The word on the wire, when it is one of RFC 6749 or of `extensions`: for labels of metrics, which must not be
    /// what a caller chooses.
    pub fn label(&self, extensions: &[&'static str]) -> Option<&'static str> {
        match self.word() {
            Ok(word) => Some(word),
            Err(extension) => {
                let mut known = extensions.iter().copied();
                known.find(|known| *known == extension.as_str())
            }
        }
    }

    const fn word(&self) -> Result<&'static str, &ExtensionGrantType> {
        Ok(match self {
            Self::AuthorizationCode => "authorization_code",
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
            Self::Extension(name) => return Err(name),
        })
    }

    /// Every grant that RFC 6749 has itself.
    pub const ALL: [Self; 5] = [
        Self::AuthorizationCode,
        Self::Implicit,
        Self::Password,
        Self::ClientCredentials,
        Self::RefreshToken,
    ];

    /// The grant of RFC 6749 with this word on the wire.
    pub fn built_in(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|grant_type| grant_type.as_str() == word)
    }

    /// The grant with this word on the wire: one that RFC 6749 has, or an extension, whether or not anybody knows it.
    pub fn parse(word: &str) -> Option<Self> {
        let extension = || ExtensionGrantType::parse(word).map(Self::Extension);
        Self::built_in(word).or_else(extension)
    }
}

impl Serialize for GrantType {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for GrantType {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(Word)
    }
}

/// Reads a word where it stands: a record of a token is read at every check.
struct Word;

impl Visitor<'_> for Word {
    type Value = GrantType;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a grant")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<GrantType, E> {
        GrantType::parse(word).ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
    }
}

/// The name of an extension grant ([RFC 6749 §4.5](https://www.rfc-editor.org/rfc/rfc6749#section-4.5), [appendix
/// A.10](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.10)): an absolute URI or, as many servers have it, one word. It is as short as a
/// name is that somebody writes into a registration, and so costs no memory of its own.
///
/// ```
/// use symbolon::token::ExtensionGrantType;
///
/// let name = ExtensionGrantType::parse("urn:ietf:params:oauth:grant-type:jwt-bearer").unwrap();
/// assert_eq!(name.as_str(), "urn:ietf:params:oauth:grant-type:jwt-bearer");
/// assert_eq!(ExtensionGrantType::parse("password"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtensionGrantType {
    /// What follows the name is 0.
    bytes: [u8; Self::LONGEST],
    length: u8,
}

impl ExtensionGrantType {
    /// Bytes of the longest name.
    pub const LONGEST: usize = 63;

    /// The grant of this name: letters, digits and `-._~:/`, at most [`LONGEST`](Self::LONGEST) of them. `None` of any
    /// other text, and of the name of a grant that RFC 6749 has.
    pub fn parse(name: &str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_allowed) || GrantType::built_in(name).is_some() {
            return None;
        }
        let mut bytes = [0; Self::LONGEST];
        bytes
            .get_mut(..name.len())?
            .copy_from_slice(name.as_bytes());
        let length = u8::try_from(name.len()).ok()?;
        Some(Self { bytes, length })
    }

    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        let name = self.bytes.get(..self.length.into()).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }
}

impl fmt::Debug for ExtensionGrantType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_has_one_word_in_forms_and_in_json() {
        let extension = GrantType::parse("urn:example:grant").unwrap();
        for grant_type in GrantType::ALL.into_iter().chain([extension]) {
            assert_eq!(GrantType::parse(grant_type.as_str()), Some(grant_type));
            let json = serde_json::to_value(grant_type).unwrap();
            assert_eq!(json, grant_type.as_str());
            let read: GrantType = serde_json::from_value(json).unwrap();
            assert_eq!(read, grant_type);
        }
    }

    #[test]
    fn only_what_is_known_beforehand_is_a_label() {
        let custom = GrantType::parse("custom").unwrap();
        assert_eq!(custom.label(&[]), None);
        assert_eq!(custom.label(&["other", "custom"]), Some("custom"));
        assert_eq!(GrantType::Password.label(&[]), Some("password"));
    }

    #[test]
    fn what_cannot_be_the_name_of_a_grant_is_refused() {
        assert!(serde_json::from_str::<GrantType>("\"a b\"").is_err());
        assert_eq!(GrantType::built_in("custom"), None);
    }

    #[test]
    fn a_name_is_a_word_or_a_uri_of_bounded_length() {
        let longest = "a".repeat(ExtensionGrantType::LONGEST);
        for name in [
            "custom",
            "urn:ietf:params:oauth:grant-type:device_code",
            "http://oauth.net/grant_type/device/1.0",
            &longest,
        ] {
            let parsed = ExtensionGrantType::parse(name);
            assert_eq!(parsed.unwrap().as_str(), name);
        }
        let longer = format!("{longest}a");
        for name in ["", "a b", "a\"", "é", "password", "refresh_token", &longer] {
            assert_eq!(ExtensionGrantType::parse(name), None, "{name}");
        }
    }
}
