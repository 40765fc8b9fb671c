//! Which addresses are called at all. A call carries a secret or a token, or brings keys that are believed, so
//! nobody on the way may read or change it.

use url::{Host, Url};

/// Why an address is not called. The texts never repeat it: a password may be part of it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no address at all.
    #[error("it is no address ({0}); accepted: https://HOST/PATH")]
    Unreadable(#[from] url::ParseError),
    /// Another scheme than those of HTTP.
    #[error("`{scheme}:` cannot be called; accepted: https://HOST/PATH")]
    Scheme {
        /// What stands before the colon.
        scheme: String,
    },
    /// Part of it is a user name or a password, which logs would show.
    #[error("it holds a user name or a password; those have settings of their own")]
    Credentials,
    /// What is put behind it would end in the query or the fragment.
    #[error("it holds `?` or `#`; accepted: https://HOST/PATH")]
    NotAPrefix,
    /// Plain http to another machine.
    #[error(
        "plain http shows secrets and tokens to everybody on the way to {host}; accepted: https, http to \
         this machine (localhost), or allow_plain_http where the network itself encrypts"
    )]
    PlainHttp {
        /// The other machine.
        host: String,
    },
}

/// Reads an address and [checks](check_address) it.
pub fn read_address(text: &str, allow_plain_http: bool) -> Result<Url, AddressError> {
    let url = Url::parse(text)?;
    check_address(&url, allow_plain_http)?;
    Ok(url)
}

/// Reads an address that others are put behind, as those of endpoints, and [checks](check_address) it.
pub fn read_base_address(text: &str, allow_plain_http: bool) -> Result<Url, AddressError> {
    let url = read_address(text, allow_plain_http)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::NotAPrefix);
    }
    Ok(url)
}

/// Refuses an address that must not be called: RFC 6749 §3.2 and RFC 6750 §5.2 demand TLS. Plain http is for
/// [this machine](is_loopback), and for others only where `allow_plain_http` says that the network itself
/// encrypts, as a service mesh does.
pub fn check_address(url: &Url, allow_plain_http: bool) -> Result<(), AddressError> {
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = url.scheme().to_owned();
        return Err(AddressError::Scheme { scheme });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    if url.scheme() == "https" || allow_plain_http || is_loopback(url) {
        return Ok(());
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    Err(AddressError::PlainHttp { host })
}

/// True for an address of this machine: what is sent there leaves it by no network.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // RFC 6761 §6.3: the name, and those below it, are loopback addresses.
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> AddressError {
        read_address(address, false).expect_err(address)
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for address in [
            "https://id.example/oauth/token",
            "HTTPS://id.example",
            "http://localhost:9000",
            "http://LOCALHOST.:9000",
            "http://auth.localhost",
            "http://127.0.0.1:9000",
            "http://127.1.2.3",
            "http://[::1]:9000",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(read_address(address, false).is_ok(), "{address}");
        }
    }

    #[test]
    fn plain_http_to_another_machine_is_allowed_by_name_only() {
        for address in [
            "http://id.example/oauth/token",
            "HTTP://id.example",
            "http://localhost.example",
            "http://notlocalhost",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://[fe80::1]",
            "http://auth-server:9000",
        ] {
            let error = refused(address);
            assert!(matches!(error, AddressError::PlainHttp { .. }), "{error}");
            assert!(error.to_string().contains("allow_plain_http"), "{error}");
            assert!(read_address(address, true).is_ok(), "{address}");
        }
    }

    #[test]
    fn nothing_is_put_behind_a_query_or_a_fragment() {
        let base = "https://id.example/uaa";
        assert!(read_base_address(base, false).is_ok());
        for behind in ["?", "?x=1", "#", "/#a"] {
            let read = read_base_address(&format!("{base}{behind}"), false);
            assert_eq!(read, Err(AddressError::NotAPrefix), "{behind}");
        }
    }

    #[test]
    fn what_is_not_called_is_refused_and_never_repeated() {
        for address in [
            "file:///etc/passwd",
            "mailto:hunter2@example.com",
            "javascript:hunter2",
            "data:,hunter2",
            "ftp://hunter2.example",
            "//hunter2.example",
            "hunter2",
            "http://",
            "http://name:hunter2@[",
            "http://name:hunter2@localhost",
            "https://hunter2@id.example",
            "https://id.example:hunter2",
            "",
        ] {
            for allow_plain_http in [false, true] {
                let error = read_address(address, allow_plain_http).expect_err(address);
                assert!(!error.to_string().contains("hunter2"), "{error}");
            }
        }
    }
}
