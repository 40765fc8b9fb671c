//! Where somebody reads mails.

use std::fmt;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

/// Bytes of the longest address, and of what stands before its `@`
/// ([RFC 5321 §4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1)).
const LONGEST: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;

/// An address that a mail can be sent to, in the form that people write: no quotes, no comments, no names around it, and
/// ASCII alone, because not every mail server takes more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// What is accepted, for whoever has typed something else.
    pub const FORM: &str = "an address as wang@example.org, in ASCII";

    /// The address of this text, without blanks around it; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let is_good = text.len() <= LONGEST
            && (1..=LONGEST_LOCAL_PART).contains(&local.len())
            && local.split('.').all(is_atom)
            && domain.contains('.')
            && domain.split('.').all(is_label);
        is_good.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text by which it is found, however its letters are written. What is sent goes to the address as it was written:
    /// there are hosts where letters of another size are somebody else's.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether both are found by one text.
    pub const fn is_like(&self, other: &Self) -> bool {
        self.0.as_bytes().eq_ignore_ascii_case(other.0.as_bytes())
    }
}

/// [RFC 5322 §3.2.3](https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3).
fn is_atom(text: &str) -> bool {
    let is_of_atoms = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&it);
    !text.is_empty() && text.bytes().all(is_of_atoms)
}

/// A part of the name of a host.
fn is_label(text: &str) -> bool {
    let is_of_labels = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(is_of_labels)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let of_another_form = || D::Error::invalid_value(Unexpected::Other("a text"), &Self::FORM);
        Self::parse(&text).ok_or_else(of_another_form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_people_write_and_nothing_that_ends_a_line() {
        for good in [
            "wang@example.org",
            " wang@example.org ",
            "wang.li+photos@mail.example.org",
            "o'neill@x-1.example",
        ] {
            assert!(EmailAddress::parse(good).is_some(), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "wang",
            "@example.org",
            "wang@",
            "wang@localhost",
            "wang@example..org",
            "wang@-a.org",
            ".wang@example.org",
            "wang@example.org, li@example.org",
            "wang@example.org\r\nBcc: li@example.org",
            "wang\n@example.org",
            "Wang <wang@example.org>",
            "\"wang\"@example.org",
            "wang li@example.org",
            "王@example.org",
            "wang@例.org",
            "a@b@example.org",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(bad), None, "{bad:?}");
        }
    }
}
