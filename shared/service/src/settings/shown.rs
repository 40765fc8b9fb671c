//! How a value of somebody's settings is shown in a message: on one line, and without what an address may hold besides
//! where it leads: a password, or a key in its query.

/// Characters of a value that a message shows.
const LONGEST: usize = 200;

/// What stands for something that must not be shown.
pub(super) const REDACTED: &str = "[redacted]";

/// A value as a message may show it: what cannot be seen is escaped, what stands before the `@` of an address and its
/// query are left out, and what is too long is cut.
///
/// ```
/// use symbolon_service::settings::shown;
///
/// assert_eq!(shown("redis://u:p@host:bad"), "redis://[redacted]@host:bad");
/// assert_eq!(shown("https://host/?key=k"), "https://host/?[redacted]");
/// assert_eq!(shown("a\nb\u{1b}"), "a\\nb\\u{1b}");
/// ```
pub fn shown(value: &str) -> String {
    let value = without_query(&without_user(value));
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

fn without_user(value: &str) -> String {
    let Some((before, after)) = value.rsplit_once('@') else {
        return value.to_owned();
    };
    let scheme = before.split_once("//").map(|(scheme, _)| scheme);
    let scheme = scheme.map(|scheme| format!("{scheme}//"));
    format!("{}{REDACTED}@{after}", scheme.unwrap_or_default())
}

/// Of an address: what is no address may hold a question mark that begins nothing.
fn without_query(value: &str) -> String {
    match value.split_once('?') {
        Some((before, after)) if before.contains("//") && !after.is_empty() => {
            format!("{before}?{REDACTED}")
        }
        Some(_) | None => value.to_owned(),
    }
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
    fn the_query_of_an_address_is_not_shown() {
        for (value, expected) in [
            ("https://host/?key=k", "https://host/?[redacted]"),
            ("https://host/a?key=k#f", "https://host/a?[redacted]"),
            ("https://host?k=a@b", "https://[redacted]@b"),
            ("https://u:p@host/?k", "https://[redacted]@host/?[redacted]"),
            ("(cn={0})?", "(cn={0})?"),
            ("is it?yes", "is it?yes"),
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
