//! Regular expressions that mean scopes, as Spring Security OAuth writes them into access rules and registrations.

use regex_lite::Regex;

/// Bytes of the longest expression: what a column of the Spring schema holds.
const LONGEST: usize = 255;

/// A regular expression that has to match the whole of a scope's name. It is matched in time linear in the name.
#[derive(Clone, Debug)]
pub struct ScopePattern {
    written: String,
    regex: Regex,
}

impl ScopePattern {
    /// Reads an expression; `None` when it is none, or longer than 255 bytes.
    pub fn parse(written: &str) -> Option<Self> {
        if written.len() > LONGEST {
            return None;
        }
        // By itself first: parentheses that only fit together with ours are none.
        Regex::new(written).ok()?;
        let regex = Regex::new(&format!("^(?:{written})$")).ok()?;
        Some(Self {
            written: written.to_owned(),
            regex,
        })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it means this scope.
    pub fn matches(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_is_matched() {
        let pattern = ScopePattern::parse("photo[.]re.*|x").unwrap();
        for (name, expected) in [
            ("photo.read", true),
            ("photo.re", true),
            ("photo.write", false),
            ("my.photo.read", false),
            ("x", true),
            ("xx", false),
        ] {
            assert_eq!(pattern.matches(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_expression_by_itself_is_none() {
        for wrong in ["(", "a)|(b", "*", "a{999999}"] {
            assert!(ScopePattern::parse(wrong).is_none(), "{wrong}");
        }
        assert!(ScopePattern::parse(&"a".repeat(255)).is_some());
        assert!(ScopePattern::parse(&"a".repeat(256)).is_none());
    }
}
