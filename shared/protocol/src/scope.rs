//! Scope: what a token may be used for (RFC 6749 §3.3).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of scope names, in alphabetical order. On the wire names are separated by one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope(BTreeSet<String>);

/// The text is not a scope: a name is empty or holds a character outside `%x21 / %x23-5B / %x5D-7E`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is a list of names of printable ASCII characters without quotes or backslashes")]
pub struct InvalidScope;

impl Scope {
    /// Reads `scope` as clients send it: names separated by blanks or, as Spring's clients do, by `+`.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let separator = |character: char| character.is_ascii_whitespace() || character == '+';
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(separator)
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .try_into()
    }

    /// True when there is no name in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `name` is in it.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// True when every name of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// The names that both have.
    #[must_use]
    pub fn narrow(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// The names that are not in `names`.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(
            self.0
                .iter()
                .filter(|name| !names.contains(&name.as_str()))
                .cloned()
                .collect(),
        )
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl TryFrom<Vec<String>> for Scope {
    type Error = InvalidScope;

    fn try_from(names: Vec<String>) -> Result<Self, InvalidScope> {
        let valid = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        if names
            .iter()
            .all(|name| !name.is_empty() && name.bytes().all(valid))
        {
            Ok(Self(names.into_iter().collect()))
        } else {
            Err(InvalidScope)
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().enumerate() {
            if position > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(name)?;
        }
        Ok(())
    }
}

/// As an array of names: the form of the Spring dialect, of settings and of stored records. The
/// standard's one string is [`Scope`]'s `Display`.
impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNames {
    Text(String),
    Names(Vec<String>),
}

/// From an array of names or one string of them: servers of both dialects are understood.
impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scope = match TextOrNames::deserialize(deserializer)? {
            TextOrNames::Text(text) => Self::parse(&text),
            TextOrNames::Names(names) => names.try_into(),
        };
        scope.map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_may_be_separated_by_blanks_or_plus() {
        let scope = Scope::parse("photo.write+photo.read profile").unwrap();
        assert_eq!(scope.to_string(), "photo.read photo.write profile");
    }

    #[test]
    fn two_blanks_in_a_row_are_refused() {
        assert_eq!(Scope::parse("a  b"), Err(InvalidScope));
    }

    #[test]
    fn a_comma_does_not_separate() {
        assert!(Scope::parse("a,b").unwrap().contains("a,b"));
    }

    proptest! {
        #[test]
        fn a_scope_survives_the_wire(names in prop::collection::vec("[!#-*,-\\[\\]-~]{1,8}", 0..5)) {
            let scope = Scope::try_from(names).unwrap();
            prop_assert_eq!(Scope::parse(&scope.to_string()).unwrap(), scope.clone());
            let json = serde_json::to_string(&scope).unwrap();
            prop_assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
        }

        #[test]
        fn narrowing_never_widens(left in "[a-e]( [a-e]){0,3}", right in "[a-e]( [a-e]){0,3}") {
            let (left, right) = (Scope::parse(&left).unwrap(), Scope::parse(&right).unwrap());
            prop_assert!(left.covers(&left.narrow(&right)));
            prop_assert!(right.covers(&left.narrow(&right)));
        }
    }
}
