//! What may be registered as a redirect URI, and what may be asked for as one
//! ([RFC 6749 §3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2),
//! [RFC 8252 §7](https://www.rfc-editor.org/rfc/rfc8252#section-7)).

use symbolon::calls::is_loopback;
use symbolon_service::settings::{AddressError, check_characters, read_http_address, shown};
use url::{Url, form_urlencoded};

/// What a browser does not leave the page for, or does something else with: no place to bring an answer to.
const REFUSED_SCHEMES: [&str; 20] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "resource",
    "sms",
    "tel",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// The parameters that an answer adds to a redirect URI: whoever reads the first of a name would otherwise read
/// what somebody else wrote there.
const NAMES_OF_ANSWERS: [&str; 11] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "iss",
    "jti",
    "scope",
    "state",
    "token_type",
];

/// Why a redirect URI cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriFault {
    /// It does not work as it is written.
    #[error("{0}")]
    Address(#[from] AddressError),
    /// It has no scheme.
    #[error("it is not absolute")]
    Relative,
    /// RFC 6749 §3.1.2.
    #[error("it has a fragment")]
    Fragment,
    /// Ant patterns, which Spring's matching does not have either.
    #[error("it is a pattern")]
    Pattern,
    /// `REFUSED_SCHEMES`.
    #[error("no answer can be brought to `{0}:`")]
    Scheme(String),
    /// `NAMES_OF_ANSWERS`.
    #[error("it has the parameter `{0}` of the answer in its query")]
    NameOfAnswer(String),
}

impl RedirectUriFault {
    /// What to write instead.
    pub const fn accepted(&self) -> &'static str {
        match self {
            Self::Address(_) | Self::Relative | Self::Scheme(_) => {
                "an absolute URI as it is followed: https://app.example/callback, or \
                 com.example.app:/callback for a program"
            }
            Self::Fragment => "an absolute URI without a fragment",
            Self::Pattern => "an entry for each whole address",
            Self::NameOfAnswer(_) => "a URI without it",
        }
    }
}

/// Checks what is to be registered.
pub fn check(uri: &str) -> Result<(), RedirectUriFault> {
    // `**`, `*` and `{name}`; a redirect URI needs none of these characters.
    if uri.contains(['*', '{', '}']) {
        return Err(RedirectUriFault::Pattern);
    }
    check_characters(uri)?;
    let scheme = scheme(uri).ok_or(RedirectUriFault::Relative)?;
    if REFUSED_SCHEMES.contains(&scheme.as_str()) {
        return Err(RedirectUriFault::Scheme(scheme));
    }
    if ["http", "https"].contains(&scheme.as_str()) {
        read_http_address(uri)?;
    } else {
        Url::parse(uri).map_err(AddressError::from)?;
    }
    if uri.contains('#') {
        return Err(RedirectUriFault::Fragment);
    }
    match name_of_answer(uri) {
        Some(name) => Err(RedirectUriFault::NameOfAnswer(shown(&name))),
        None => Ok(()),
    }
}

/// Whether a browser may be sent there: nothing but the characters of an address, as a header needs, and none of
/// the answer's parameters.
pub(super) fn can_be_followed(uri: &str) -> bool {
    check_characters(uri).is_ok() && name_of_answer(uri).is_none()
}

/// A parameter of the query that the answer will add too. Some readers do not look at the letter case, and some
/// take `;` for `&`.
fn name_of_answer(uri: &str) -> Option<String> {
    let (_, query) = uri.split('#').next()?.split_once('?')?;
    let pairs = query.split(['&', ';']);
    let mut names = pairs.filter_map(|pair| {
        let (name, _) = form_urlencoded::parse(pair.as_bytes()).next()?;
        Some(name.into_owned())
    });
    names.find(|name| NAMES_OF_ANSWERS.contains(&name.trim().to_ascii_lowercase().as_str()))
}

/// RFC 3986 §3.1, in lower case.
fn scheme(uri: &str) -> Option<String> {
    let (scheme, _) = uri.split_once(':')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let begins = scheme
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic());
    (begins && scheme.bytes().all(fits)).then(|| scheme.to_ascii_lowercase())
}

/// What somebody may regret about a redirect URI that can be registered.
pub(super) fn regret(uri: &str) -> Option<(String, &'static str)> {
    let url = Url::parse(uri).ok()?;
    let found = |why: &str| format!("holds `{}`: {why}", shown(uri));
    match url.scheme() {
        "https" => None,
        "http" if is_loopback(&url) => None,
        "http" => Some((
            found("codes travel where others can read them (RFC 9700 §2.6)"),
            "https, or http on this machine",
        )),
        // RFC 8252 §7.1: a scheme that begins with a domain name has an owner.
        scheme if !scheme.contains('.') => Some((
            found("any other program can take that scheme (RFC 8252 §8.4)"),
            "a scheme that is a domain name of yours in reverse: com.example.app:/callback",
        )),
        _ => None,
    }
}

/// RFC 8252 §7.3: what a program of this machine listens on, apart from the port, which it is given when it
/// starts. The address and what follows the port; `None` for all other redirect URIs.
pub(super) fn loopback_parts(uri: &str) -> Option<(&'static str, &str)> {
    let address = ["http://127.0.0.1", "http://[::1]"]
        .into_iter()
        .find(|address| uri.starts_with(address))?;
    let rest = uri.strip_prefix(address)?;
    let rest = match rest.strip_prefix(':') {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = rest.split_at_checked(digits)?;
            let port: u16 = port.parse().ok()?;
            (port > 0).then_some(rest)?
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((address, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_parser_would_repair_is_no_redirect_uri() {
        for uri in [
            "http:///evil",
            "https:evil/cb",
            "https://a\\@evil/cb",
            "https://a.example/a b",
            "https://a.example/\n",
            "https://bücher.example/cb",
            "https://u@a.example/cb",
            "/callback",
            "callback",
            "",
            "://a",
            "1a:/b",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn no_answer_is_brought_to_a_scheme_that_is_no_place() {
        for uri in [
            "about:blank",
            "mailto:a@b.example",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "blob:https://a.example/1",
            "file:///etc/hosts",
            "intent://a#Intent;end",
            "ws://a.example/",
            "urn:ietf:wg:oauth:2.0:oob",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
        for uri in [
            "https://a.example/cb?tenant=1",
            "HTTPS://A.example:8443/cb",
            "http://localhost:9002/callback",
            "com.example.app:/callback",
            "com.example.app://callback",
            "myapp://callback",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn a_pattern_is_no_redirect_uri() {
        for uri in [
            "https://a.example/**",
            "https://*.example/cb",
            "https://a.example/{id}/cb",
        ] {
            assert_eq!(check(uri), Err(RedirectUriFault::Pattern), "{uri}");
        }
    }

    #[test]
    fn the_answers_own_names_are_in_no_redirect_uri() {
        for query in [
            "code=x",
            "a=1&state=x",
            "iss",
            "CODE=x",
            "%63ode=x",
            "a;code=x",
            "error=",
            "scope=x",
            "+code=x",
        ] {
            let uri = format!("https://a.example/cb?{query}");
            assert!(
                matches!(check(&uri), Err(RedirectUriFault::NameOfAnswer(_))),
                "{uri}"
            );
            assert!(!can_be_followed(&uri), "{uri}");
        }
        for query in ["barcode=x", "codes=x", "x=code", ""] {
            let uri = format!("https://a.example/cb?{query}");
            assert_eq!(check(&uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn plain_http_to_others_and_a_scheme_without_a_domain_are_regretted() {
        for (uri, is_regretted) in [
            ("https://a.example/cb", false),
            ("http://localhost:1/cb", false),
            ("http://127.0.0.1/cb", false),
            ("http://[::1]/cb", false),
            ("http://a.example/cb", true),
            ("http://10.0.0.7/cb", true),
            ("com.example.app:/cb", false),
            ("myapp:/cb", true),
        ] {
            assert_eq!(regret(uri).is_some(), is_regretted, "{uri}");
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_address_is_left_open() {
        let registered = loopback_parts("http://127.0.0.1/cb");
        assert_eq!(registered, Some(("http://127.0.0.1", "/cb")));
        for uri in [
            "http://127.0.0.1:51004/cb",
            "http://127.0.0.1:1/cb",
            "http://127.0.0.1:65535/cb",
        ] {
            assert_eq!(loopback_parts(uri), registered, "{uri}");
        }
        for uri in [
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:1.evil.example/cb",
            "http://127.0.0.10/cb",
            "https://127.0.0.1/cb",
            "http://localhost:1/cb",
            "http://127.1/cb",
        ] {
            assert_ne!(loopback_parts(uri), registered, "{uri}");
        }
        assert_eq!(loopback_parts("http://[::1]:5"), Some(("http://[::1]", "")));
    }
}
