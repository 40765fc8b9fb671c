//! The members of a JSON object that somebody else wrote, read one by one.
//!
//! Whoever reads a message says which members decide: those are read with `?`. All others are
//! [let go](Members::or_let_go) when they cannot be read, with a line in the log at debug. A member that is
//! `null` counts as absent, and of one that is repeated the last counts, as RFC 7519 §4 wants it.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::scope::Scope;

/// The members of one message. Some are secret, so only their names print.
#[derive(Clone)]
pub struct Members {
    message: &'static str,
    said: Map<String, Value>,
}

/// The text is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a JSON object")]
pub struct NoObject;

/// A member is there and makes no sense. Its value is not repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be read")]
pub struct UnreadableMember {
    /// Its name.
    pub name: String,
}

impl fmt::Debug for Members {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.said.keys()).finish()
    }
}

impl Members {
    /// Reads a JSON object; `message` is what the log calls it. A byte order mark before it is ignored
    /// (RFC 8259 §8.1).
    pub fn decode(message: &'static str, json: &[u8]) -> Result<Self, NoObject> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let said = serde_json::from_slice(json).map_err(|_| NoObject)?;
        Ok(Self::of(message, said))
    }

    /// The members of an object that was read already.
    pub const fn of(message: &'static str, said: Map<String, Value>) -> Self {
        Self { message, said }
    }

    /// What was said under this name; `null` is nothing.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.said.get(name).filter(|value| !value.is_null())
    }

    /// True when something was said under this name.
    pub fn contains(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Everything that was said.
    pub fn into_map(self) -> Map<String, Value> {
        self.said
    }

    /// A text, or a whole number as its digits: some servers count their users. An empty text is nothing.
    pub fn text(&self, name: &str) -> Result<Option<String>, UnreadableMember> {
        let text = self.read(name, as_text)?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// A list of texts; one text is a list of one, whatever is in it. What is no text in a list is let go, but
    /// a list in which nothing can be read is none.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, UnreadableMember> {
        let Some(Value::Array(list)) = self.value(name) else {
            return Ok(self.read(name, as_text)?.into_iter().collect());
        };
        let texts: Vec<String> = list.iter().filter_map(as_text).collect();
        if texts.is_empty() && !list.is_empty() {
            return Err(unreadable(name));
        }
        if texts.len() < list.len() {
            self.log_let_go(name);
        }
        Ok(texts)
    }

    /// A moment: RFC 7519 §2 lets a `NumericDate` have a fraction, which is cut off. Digits in quotes count.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, UnreadableMember> {
        Ok(self.read(name, as_secs)?.map(Timestamp::from_secs))
    }

    /// Seconds, written as a moment is.
    pub fn secs(&self, name: &str) -> Result<Option<u64>, UnreadableMember> {
        self.read(name, as_secs)
    }

    /// A scope, as [`Scope::granted`] reads it.
    pub fn scope(&self, name: &str) -> Scope {
        let (scope, let_go) = Scope::granted(self.value(name).unwrap_or(&Value::Null));
        if let_go {
            self.log_let_go(name);
        }
        scope
    }

    /// What was read, or nothing in place of what cannot be read.
    pub fn or_let_go<T: Default>(&self, read: Result<T, UnreadableMember>) -> T {
        read.unwrap_or_else(|unreadable| {
            self.log_let_go(&unreadable.name);
            T::default()
        })
    }

    fn read<T>(
        &self,
        name: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, UnreadableMember> {
        self.value(name)
            .map(|value| read(value).ok_or_else(|| unreadable(name)))
            .transpose()
    }

    fn log_let_go(&self, name: &str) {
        tracing::debug!(
            event = "member_let_go",
            in_message = self.message,
            member = name
        );
    }
}

fn unreadable(name: &str) -> UnreadableMember {
    UnreadableMember {
        name: name.to_owned(),
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

fn as_secs(value: &Value) -> Option<u64> {
    match value {
        Value::String(digits) => digits.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| {
            let secs = Duration::try_from_secs_f64(number.as_f64()?).ok()?;
            Some(secs.as_secs())
        }),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(value: &Value) -> Members {
        let json = json!({ "it": value }).to_string();
        Members::decode("message", json.as_bytes()).unwrap()
    }

    #[test]
    fn what_was_said_does_not_print() {
        let printed = format!("{:?}", said(&json!("hush")));
        assert!(
            printed.contains("it") && !printed.contains("hush"),
            "{printed}"
        );
    }

    #[test]
    fn a_number_of_seconds_is_read_in_every_form_of_json() {
        for (value, secs) in [
            ("1795679752", 1_795_679_752),
            ("1795679752.5", 1_795_679_752),
            ("1.9e9", 1_900_000_000),
            ("19E8", 1_900_000_000),
            ("\"1795679752\"", 1_795_679_752),
            ("0", 0),
        ] {
            let json = format!("{{\"it\": {value}}}");
            let members = Members::decode("message", json.as_bytes()).unwrap();
            assert_eq!(members.secs("it"), Ok(Some(secs)), "{value}");
        }
        for value in [
            json!(-1),
            json!(1e300),
            json!("soon"),
            json!([1]),
            json!({}),
        ] {
            assert!(said(&value).time("it").is_err(), "{value}");
        }
    }

    #[test]
    fn one_text_is_a_list_of_one_whatever_is_in_it() {
        assert_eq!(said(&json!("a,b c")).texts("it").unwrap(), ["a,b c"]);
        assert_eq!(
            said(&json!(["a", null, 7, {}])).texts("it").unwrap(),
            ["a", "7"]
        );
        assert!(said(&json!([])).texts("it").unwrap().is_empty());
        for value in [json!([null]), json!([{}]), json!({"a": 1}), json!(true)] {
            assert!(said(&value).texts("it").is_err(), "{value}");
        }
    }

    #[test]
    fn null_is_nothing_and_of_repeated_members_the_last_counts() {
        let members = said(&json!(null));
        assert!(!members.contains("it"));
        assert_eq!(members.text("it"), Ok(None));
        assert_eq!(members.texts("it"), Ok(Vec::new()));
        assert_eq!(members.time("it"), Ok(None));
        let twice = Members::decode("message", br#"{"it":"a","it":"b"}"#).unwrap();
        assert_eq!(twice.text("it").unwrap().as_deref(), Some("b"));
    }

    #[test]
    fn a_byte_order_mark_is_ignored_and_anything_but_an_object_is_none() {
        assert!(Members::decode("message", b"\xef\xbb\xbf{}").is_ok());
        for json in ["", "[]", "null", "{", "\"a\"", "<html>"] {
            let read = Members::decode("message", json.as_bytes());
            assert_eq!(read.err(), Some(NoObject), "{json}");
        }
    }

    #[test]
    fn what_cannot_be_read_becomes_nothing() {
        let members = said(&json!({"a": 1}));
        assert_eq!(members.or_let_go(members.text("it")), None);
        assert!(members.scope("it").is_empty());
    }
}
