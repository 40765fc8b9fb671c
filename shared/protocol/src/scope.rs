//! Scope: what a token may be used for (RFC 6749 §3.3).

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A set of scope names, in alphabetical order. On the wire names are separated by one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope(BTreeSet<String>);

/// The text is not a scope: a name is empty or holds a character outside `%x21 / %x23-5B / %x5D-7E`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is a list of names of printable ASCII characters without quotes or backslashes")]
pub struct InvalidScope;

impl Scope {
    /// Reads `scope` as clients send it: names separated by blanks or, as Spring's clients do, by `+`. Blanks
    /// around and between names count for nothing, so a text of blanks names nothing. For requests only: what an authorization server says is read by [`granted`](Self::granted).
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let separator = |character: char| character.is_ascii_whitespace() || character == '+';
        text.split(separator)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .try_into()
    }

    /// Reads what an authorization server says: one text of names separated by spaces (RFC 6749 §3.3), or a
    /// list of names. Nothing else separates, so a name is never taken for several; what is no name opens
    /// nothing, and is let go. The second value says whether anything was.
    pub fn granted(said: &Value) -> (Self, bool) {
        let written: Vec<Option<&str>> = match said {
            Value::String(text) => names_in(text).map(Some).collect(),
            Value::Array(names) => names.iter().map(Value::as_str).collect(),
            Value::Null => Vec::new(),
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![None],
        };
        let count = written.len();
        let names: Vec<&str> = written
            .into_iter()
            .flatten()
            .filter(|name| is_name(name))
            .collect();
        let let_go = names.len() < count;
        (Self(names.into_iter().map(str::to_owned).collect()), let_go)
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

/// RFC 6749 §3.3: `scope-token`.
fn is_name(name: &str) -> bool {
    let valid = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !name.is_empty() && name.bytes().all(valid)
}

/// What spaces separate, however many.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|name| !name.is_empty())
}

impl TryFrom<Vec<String>> for Scope {
    type Error = InvalidScope;

    fn try_from(names: Vec<String>) -> Result<Self, InvalidScope> {
        if names.iter().all(|name| is_name(name)) {
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

/// Writes a scope as the standard's one string, for `#[serde(serialize_with)]`.
#[allow(clippy::ref_option, reason = "the signature that serde calls")]
pub(crate) fn as_text<S: Serializer>(scope: &Option<Scope>, to: S) -> Result<S::Ok, S::Error> {
    match scope {
        Some(scope) => to.collect_str(scope),
        None => to.serialize_none(),
    }
}

/// From an array of names or one string of them, separated by spaces and nothing else.
impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNames)
    }
}

struct TextOrNames;

impl<'de> Visitor<'de> for TextOrNames {
    type Value = Scope;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of scope names")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Scope, E> {
        let names: Vec<String> = names_in(text).map(str::to_owned).collect();
        names.try_into().map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Scope, A::Error> {
        let mut read = Vec::new();
        while let Some(name) = names.next_element()? {
            read.push(name);
        }
        read.try_into().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn names_may_be_separated_by_blanks_or_plus() {
        let scope = Scope::parse("photo.write+photo.read profile").unwrap();
        assert_eq!(scope.to_string(), "photo.read photo.write profile");
    }

    #[test]
    fn blanks_around_and_between_names_count_for_nothing() {
        for text in ["a b", " a b", "a b ", "a  b", "a++b", "\ta b\n"] {
            assert_eq!(Scope::parse(text).unwrap().to_string(), "a b", "{text:?}");
        }
        for text in ["", " ", "  ", "+"] {
            assert!(Scope::parse(text).unwrap().is_empty(), "{text:?}");
        }
        assert_eq!(Scope::parse("a \u{a0}"), Err(InvalidScope));
    }

    #[test]
    fn a_comma_does_not_separate() {
        assert!(Scope::parse("a,b").unwrap().contains("a,b"));
    }

    #[test]
    fn only_a_space_separates_what_a_server_says() {
        for (said, names) in [
            (json!("x+profile"), vec!["x+profile"]),
            (json!("x,profile"), vec!["x,profile"]),
            (json!(" a  b "), vec!["a", "b"]),
            (json!(["a", "x+profile"]), vec!["a", "x+profile"]),
            (json!(""), vec![]),
            (json!([]), vec![]),
            (json!(null), vec![]),
        ] {
            let (scope, let_go) = Scope::granted(&said);
            assert_eq!(scope.names().collect::<Vec<_>>(), names, "{said}");
            assert!(!let_go, "{said}");
            if !said.is_null() {
                assert_eq!(serde_json::from_value::<Scope>(said).unwrap(), scope);
            }
        }
    }

    #[test]
    fn what_is_no_name_opens_nothing_and_is_let_go() {
        for (said, names) in [
            (json!("a\tprofile b"), vec!["b"]),
            (json!("a\u{a0}profile"), vec![]),
            (json!(["a b", "c"]), vec!["c"]),
            (json!([null, 5, "c", ""]), vec!["c"]),
            (json!({"a": "b"}), vec![]),
            (json!(7), vec![]),
            (json!(true), vec![]),
        ] {
            let (scope, let_go) = Scope::granted(&said);
            assert_eq!(scope.names().collect::<Vec<_>>(), names, "{said}");
            assert!(let_go, "{said}");
        }
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
