//! How a value of somebody's settings is shown in a message: on one line, and without the password that an
//! address may hold.

/// Characters of a value that a message shows.
const LONGEST: usize = 200;

/// What stands for something that must not be shown.
pub(super) const REDACTED: &str = "[redacted]";

/// A value as a message may show it: what cannot be seen is escaped, what stands before the `@` of an address
/// is left out, and what is too long is cut.
///
/// ```
/// use symbolon_service::settings::shown;
///
/// assert_eq!(shown("redis://u:p@host:bad"), "redis://[redacted]@host:bad");
/// assert_eq!(shown("a\nb\u{1b}"), "a\\nb\\u{1b}");
/// ```
pub fn shown(value: &str) -> String {
    let value = match value.rsplit_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("//").map(|(scheme, _)| scheme);
            let scheme = scheme
                .map(|scheme| format!("{scheme}//"))
                .unwrap_or_default();
            format!("{scheme}{REDACTED}@{after}")
        }
        None => value.to_owned(),
    };
    let mut text = String::new();
    for character in value.chars().take(LONGEST) {
        match character {
            '\'' | '"' | '\\' => text.push(character),
            other => text.extend(other.escape_debug()),
        }
    }
    if value.chars().count() > LONGEST {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_at_sign_of_an_address_is_not_shown() {
        for (value, expected) in [
            ("http://u:p@host", "http://[redacted]@host"),
            ("u:p@host", "[redacted]@host"),
            ("redis://:a@b@host:bad/", "redis://[redacted]@host:bad/"),
            ("http://host/", "http://host/"),
        ] {
            assert_eq!(shown(value), expected);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_and_what_can_is_not() {
        assert_eq!(shown("ü 照片 \"x\" \\"), "ü 照片 \"x\" \\");
        assert_eq!(
            shown("a\r\n\u{1b}[0m\u{202e}"),
            "a\\r\\n\\u{1b}[0m\\u{202e}"
        );
        assert_eq!(shown(&"a".repeat(201)).chars().count(), 201);
    }
}
