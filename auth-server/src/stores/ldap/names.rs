//! What somebody typed, in a filter and in a name of the directory: it can never be more than a value there.

use std::borrow::Cow;

/// Bytes of the longest name that is looked for.
const LONGEST_NAME: usize = 255;

/// Whether anybody can be called so.
pub(super) fn can_be_a_name(name: &str) -> bool {
    !name.trim().is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// A filter ([RFC 4515 §3](https://www.rfc-editor.org/rfc/rfc4515#section-3)) about these values. What is put in is not
/// looked at again.
pub(super) fn filter(pattern: &str, values: &[&str]) -> String {
    filled(pattern, values, ldap3::ldap_escape)
}

/// A name below a base ([RFC 4514 §2.4](https://www.rfc-editor.org/rfc/rfc4514#section-2.4)).
pub(super) fn dn(pattern: &str, name: &str, base: &str) -> String {
    below(&filled(pattern, &[name], ldap3::dn_escape), base)
}

/// One name below another; either may be empty.
pub(super) fn below(relative: &str, base: &str) -> String {
    match (relative.is_empty(), base.is_empty()) {
        (false, false) => format!("{relative},{base}"),
        (false, true) => relative.to_owned(),
        (true, _) => base.to_owned(),
    }
}

/// A pattern with `{0}`, `{1}`… replaced, all at once.
fn filled<'a>(
    pattern: &str,
    values: &[&'a str],
    escape: impl Fn(&'a str) -> Cow<'a, str>,
) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let place = values.iter().enumerate().find_map(|(number, value)| {
            let after = from.strip_prefix(&format!("{{{number}}}"))?;
            Some((after, *value))
        });
        if let Some((after, value)) = place {
            text.push_str(&escape(value));
            rest = after;
        } else {
            text.push('{');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_value_of_a_filter_and_nothing_more() {
        for (typed, expected) in [
            ("xiaoming", "(uid=xiaoming)"),
            ("*", "(uid=\\2a)"),
            ("x)(uid=*", "(uid=x\\29\\28uid=\\2a)"),
            ("a\\2a", "(uid=a\\5c2a)"),
            ("{0}{1}", "(uid={0}{1})"),
            ("小明", "(uid=小明)"),
        ] {
            assert_eq!(filter("(uid={0})", &[typed]), expected);
        }
        let both = filter("(|(member={0})(memberUid={1}))", &["{1}", "b"]);
        assert_eq!(both, "(|(member={1})(memberUid=b))");
        assert_eq!(filter("(a={2}{)", &["x"]), "(a={2}{)");
    }

    #[test]
    fn what_is_typed_is_a_value_of_a_name_and_nothing_more() {
        let base = "dc=example";
        for (typed, expected) in [
            ("xiaoming", "uid=xiaoming,ou=people,dc=example"),
            ("x,ou=admins", "uid=x\\,ou\\=admins,ou=people,dc=example"),
            ("a+cn=b", "uid=a\\+cn\\=b,ou=people,dc=example"),
            ("#a", "uid=\\#a,ou=people,dc=example"),
            ("a\\", "uid=a\\\\,ou=people,dc=example"),
        ] {
            let named = dn("uid={0},ou=people", typed, base).to_lowercase();
            let plain = named.replace("\\2c", "\\,").replace("\\3d", "\\=");
            let plain = plain.replace("\\2b", "\\+").replace("\\23", "\\#");
            assert_eq!(plain.replace("\\5c", "\\\\"), expected, "{typed}");
        }
    }

    #[test]
    fn a_name_that_nobody_has_is_not_looked_for() {
        for name in ["", " ", "a\0", "a\n", &"a".repeat(256)] {
            assert!(!can_be_a_name(name));
        }
        assert!(can_be_a_name("xiao ming"));
    }
}
