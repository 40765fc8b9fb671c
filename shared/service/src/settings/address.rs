//! Addresses exactly as they are written. What parses a URL repairs a good deal first: it drops line feeds, takes
//! `http:///evil` and `https:evil` for addresses of a host, and knows a dozen spellings of 127.0.0.1. What browsers,
//! clients and servers compare and follow is the text, so the text must need no repair.

use url::Url;

use super::shown::shown;

/// Why a text is no address that can be used as it is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// RFC 3986 §2: something that has to be written as a percent code, or not at all.
    #[error("it holds {}, which no address may hold", character_in_words(*.0))]
    Character(char),
    /// A `%` without two hexadecimal digits after it.
    #[error("it holds a `%` that begins no percent code")]
    PercentCode,
    /// Another scheme, no scheme, or no `//` and host after it.
    #[error("it does not begin with http:// or https:// and a host")]
    NoHost,
    /// A user's name or password stands before the host.
    #[error("a user's name or password stands before its host")]
    UserInformation,
    /// A number or a percent code where the host's name or address should be.
    #[error("its host is another way to write `{}`", shown(.0))]
    HostSpelling(String),
    /// The parser's reason.
    #[error("{0}")]
    Url(#[from] url::ParseError),
}

fn character_in_words(character: char) -> String {
    match character {
        ' ' => "a blank".to_owned(),
        control if control.is_control() => "a control character".to_owned(),
        other => format!("`{other}`"),
    }
}

/// A text of nothing but the characters of an address (RFC 3986 §2).
pub fn check_characters(text: &str) -> Result<(), AddressError> {
    let fits = |character: char| {
        character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
    };
    if let Some(other) = text.chars().find(|character| !fits(*character)) {
        return Err(AddressError::Character(other));
    }
    let mut after_percent = text.split('%').skip(1);
    let is_code = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if after_percent.all(is_code) {
        Ok(())
    } else {
        Err(AddressError::PercentCode)
    }
}

/// An http or https address that is used as it is written.
///
/// ```
/// use symbolon_service::settings::read_http_address;
///
/// assert!(read_http_address("https://auth.example/tenant").is_ok());
/// for wrong in ["http://h\n", "http:///evil", "https:evil/cb", "https://a\\@evil/cb", "mailto:a@b"] {
///     assert!(read_http_address(wrong).is_err(), "{wrong}");
/// }
/// ```
pub fn read_http_address(text: &str) -> Result<Url, AddressError> {
    check_characters(text)?;
    let (scheme, rest) = text.split_once("://").ok_or(AddressError::NoHost)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_http = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str());
    if !is_http || authority.is_empty() {
        return Err(AddressError::NoHost);
    }
    if authority.contains('@') {
        return Err(AddressError::UserInformation);
    }
    let url = Url::parse(text)?;
    let parsed = url.host_str().ok_or(AddressError::NoHost)?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    if host.eq_ignore_ascii_case(parsed) {
        Ok(url)
    } else {
        Err(AddressError::HostSpelling(parsed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_would_have_to_be_repaired_is_none() {
        for (text, why) in [
            ("http://h\n", AddressError::Character('\n')),
            (" http://h", AddressError::Character(' ')),
            ("https://a\\@evil/cb", AddressError::Character('\\')),
            ("https://bücher.example", AddressError::Character('ü')),
            ("https://a/%zz", AddressError::PercentCode),
            ("https://a/%4", AddressError::PercentCode),
            ("http:///evil", AddressError::NoHost),
            ("https:evil/cb", AddressError::NoHost),
            ("about:blank", AddressError::NoHost),
            ("mailto:a@b", AddressError::NoHost),
            ("//h", AddressError::NoHost),
            ("ftp://h", AddressError::NoHost),
            ("http://u@h", AddressError::UserInformation),
            (
                "http://127.1",
                AddressError::HostSpelling("127.0.0.1".to_owned()),
            ),
            (
                "http://0x7f000001",
                AddressError::HostSpelling("127.0.0.1".to_owned()),
            ),
            ("http://%61", AddressError::HostSpelling("a".to_owned())),
        ] {
            assert_eq!(read_http_address(text), Err(why), "{text}");
        }
        assert!(read_http_address("http://h:99999").is_err());
    }

    #[test]
    fn an_address_may_be_in_any_letter_case_and_have_a_port() {
        for text in [
            "HTTPS://Auth.Example",
            "http://a:80/",
            "http://[::1]:9000/b?c=%20#d",
            "http://127.0.0.1",
        ] {
            assert!(read_http_address(text).is_ok(), "{text}");
        }
    }
}
