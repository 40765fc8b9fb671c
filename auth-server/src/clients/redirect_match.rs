//! Which registered redirect URI a request means
//! ([RFC 6749 §3.1.2.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2.3)).

use crate::clients::redirect_uri;
pub use crate::records::RedirectMatching;

/// No registered redirect URI is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectMismatch {
    /// It is not registered, or there are several and none was named.
    #[error("Invalid redirect uri does not match one of the registered values.")]
    NoMatch,
    /// Nothing is registered.
    #[error("At least one redirect_uri must be registered with the client.")]
    NoneRegistered,
}

/// The address the browser may be sent to: the only registered one when none was requested, else the
/// requested one when it matches.
pub fn resolve(
    registered: &[String],
    requested: Option<&str>,
    matching: RedirectMatching,
) -> Result<String, RedirectMismatch> {
    let (first, others) = registered
        .split_first()
        .ok_or(RedirectMismatch::NoneRegistered)?;
    let Some(requested) = requested else {
        return if others.is_empty() {
            Ok(first.clone())
        } else {
            Err(RedirectMismatch::NoMatch)
        };
    };
    let found = registered.iter().find_map(|registered| {
        if is_the_same(registered, requested) {
            return Some(requested.to_owned());
        }
        match matching {
            RedirectMatching::Exact => None,
            RedirectMatching::Spring => {
                Parts::split(registered)?.matched(&Parts::split(requested)?)
            }
        }
    });
    let found = found.filter(|uri| redirect_uri::can_be_followed(uri));
    found.ok_or(RedirectMismatch::NoMatch)
}

/// RFC 9700 §4.1.3: as strings; RFC 8252 §7.3: "The authorization server MUST allow any port to be specified at
/// the time of the request for loopback IP redirect URIs".
fn is_the_same(registered: &str, requested: &str) -> bool {
    let loopback = redirect_uri::loopback_parts;
    registered == requested
        || loopback(registered).is_some_and(|parts| loopback(requested) == Some(parts))
}

/// A URI taken apart by RFC 3986 appendix B, nothing decoded.
struct Parts<'a> {
    scheme: &'a str,
    /// User information, host and explicit port.
    authority: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn split(uri: &'a str) -> Option<Self> {
        let without_fragment = uri.split('#').next()?;
        let (scheme, rest) = without_fragment.split_once(':')?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len())),
            None => ("", rest),
        };
        Some(Self {
            scheme,
            authority,
            path,
            query,
        })
    }

    /// The registered URI with the requested query, when `requested` matches.
    fn matched(&self, requested: &Self) -> Option<String> {
        let same = self.scheme == requested.scheme
            && self.authority == requested.authority
            && self.path == clean(requested.path)
            && self.query_is_within(requested);
        let address = match self.authority {
            "" => format!("{}:{}", self.scheme, self.path),
            authority => format!("{}://{authority}{}", self.scheme, self.path),
        };
        same.then(|| match requested.query {
            Some(query) => format!("{address}?{query}"),
            None => address,
        })
    }

    /// Each registered parameter must be there with the same values; others may be added.
    fn query_is_within(&self, requested: &Self) -> bool {
        let pairs = |query: Option<&'a str>| query.into_iter().flat_map(|query| query.split('&'));
        let values = |parts: &Self, name: &str| -> Vec<&'a str> {
            pairs(parts.query)
                .filter(|pair| pair.split('=').next() == Some(name))
                .collect()
        };
        let mut names = pairs(self.query).filter_map(|pair| pair.split('=').next());
        names.all(|name| values(self, name) == values(requested, name))
    }
}

/// Resolves `.`, `..` and repeated slashes; backslashes count as slashes.
fn clean(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut kept: Vec<&str> = Vec::new();
    for segment in path
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
    {
        if segment == ".." {
            kept.pop();
        } else {
            kept.push(segment);
        }
    }
    let start = if path.starts_with('/') { "/" } else { "" };
    let end = if path.ends_with('/') && !kept.is_empty() {
        "/"
    } else {
        ""
    };
    format!("{start}{}{end}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(registered: &str, requested: &str, matching: RedirectMatching) -> Option<String> {
        resolve(&[registered.to_owned()], Some(requested), matching).ok()
    }

    #[test]
    fn exact_matching_compares_strings() {
        let exact = |requested| {
            resolved(
                "https://a.example/cb?x=1",
                requested,
                RedirectMatching::Exact,
            )
            .is_some()
        };
        assert!(exact("https://a.example/cb?x=1"));
        for requested in [
            "https://a.example/cb",
            "https://a.example/cb?x=1&y=2",
            "https://a.example/cb/?x=1",
            "https://a.example/x/../cb?x=1",
            "https://A.example/cb?x=1",
            "https://a.example:443/cb?x=1",
            "https://a.example/cb?x=1#f",
        ] {
            assert!(!exact(requested), "{requested}");
        }
    }

    #[test]
    fn one_registered_address_needs_not_be_named_but_one_of_two_must() {
        let one = ["https://a.example/cb".to_owned()];
        let two = [
            "https://a.example/cb".to_owned(),
            "https://a.example/cb2".to_owned(),
        ];
        assert_eq!(
            resolve(&one, None, RedirectMatching::Exact),
            Ok(one[0].clone())
        );
        let ambiguous = resolve(&two, None, RedirectMatching::Exact);
        assert_eq!(ambiguous, Err(RedirectMismatch::NoMatch));
        let none = resolve(&[], None, RedirectMatching::Exact);
        assert_eq!(none, Err(RedirectMismatch::NoneRegistered));
    }

    #[test]
    fn springs_matching_cleans_the_path_and_lets_parameters_be_added() {
        let spring = |requested| resolved("https://h/cb", requested, RedirectMatching::Spring);
        let plain = Some("https://h/cb".to_owned());
        assert_eq!(spring("https://h/x/../cb"), plain);
        assert_eq!(spring("https://h//cb"), plain);
        assert_eq!(spring("https://h/cb#fragment"), plain);
        assert_eq!(
            spring("https://h/cb?a=1"),
            Some("https://h/cb?a=1".to_owned())
        );
        for requested in [
            "https://h/cb/",
            "https://h/%63b",
            "https://h:443/cb",
            "HTTPS://h/cb",
            "https://u@h/cb",
            "https://h\\cb.evil",
        ] {
            assert_eq!(spring(requested), None, "{requested}");
        }
    }

    #[test]
    fn any_port_of_a_registered_loopback_address_is_meant_and_nothing_else_is_loosened() {
        for matching in [RedirectMatching::Exact, RedirectMatching::Spring] {
            let native = |requested| resolved("http://127.0.0.1/cb", requested, matching);
            for requested in ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"] {
                assert_eq!(native(requested).as_deref(), Some(requested));
            }
            for requested in [
                "http://127.0.0.1:51004/cb/",
                "http://127.0.0.1:51004/other",
                "http://127.0.0.1:51004@evil.example/cb",
                "http://127.0.0.1:510045/cb",
                "http://localhost:51004/cb",
                "http://[::1]:51004/cb",
                "https://127.0.0.1:51004/cb",
            ] {
                assert_eq!(native(requested), None, "{requested}");
            }
            let with_port = |requested| resolved("http://[::1]:7001/cb", requested, matching);
            assert!(with_port("http://[::1]:7002/cb").is_some());
            let host = |requested| resolved("http://localhost:7001/cb", requested, matching);
            assert!(host("http://localhost:7002/cb").is_none());
        }
    }

    #[test]
    fn a_parameter_that_is_added_is_none_of_the_answers_and_only_of_an_addresss_characters() {
        let spring = |requested| resolved("https://h/cb", requested, RedirectMatching::Spring);
        for requested in [
            "https://h/cb?code=EVIL",
            "https://h/cb?x=1&state=EVIL&iss=EVIL",
            "https://h/cb?x=\r\na",
            "https://h/cb?x=ü",
            "https://h/cb?x=a b",
        ] {
            assert_eq!(spring(requested), None, "{requested:?}");
        }
    }

    #[test]
    fn springs_matching_wants_each_registered_parameter_once() {
        let spring = |requested| resolved("https://h/cb?k=v", requested, RedirectMatching::Spring);
        assert!(spring("https://h/cb?x=1&k=v").is_some());
        assert!(spring("https://h/cb?k=w").is_none());
        assert!(spring("https://h/cb?k=v&k=v").is_none());
        assert!(spring("https://h/cb").is_none());
    }
}
