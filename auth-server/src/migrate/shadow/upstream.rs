//! The two servers that are called, and no other.

use std::error::Error;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use reqwest::{Certificate, Client};
use symbolon::calls::without_redirects;
use url::Url;

/// Kept connections are let go before a Tomcat closes them (after 20 seconds): a request on one that is closing is lost.
const IDLE: Duration = Duration::from_secs(15);

/// A reason is shown no longer, in characters.
const LONGEST_REASON: usize = 200;

/// One of the two servers.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    pub(super) http: Client,
    base: Url,
}

impl Upstream {
    /// `total`, when there is one, is how long a whole answer may take, else `pause` how long it may say nothing. Certificates
    /// that one of `authorities` has signed are believed too.
    pub(super) fn new(
        base: Url,
        pause: Duration,
        total: Option<Duration>,
        authorities: &[Certificate],
    ) -> Result<Self, reqwest::Error> {
        let builder = Client::builder()
            .tls_certs_merge(authorities.iter().cloned())
            // What the environment names as a proxy is a third party.
            .no_proxy()
            .connect_timeout(pause)
            .read_timeout(pause)
            .pool_idle_timeout(IDLE);
        let builder = match total {
            Some(total) => builder.timeout(total),
            None => builder,
        };
        let http = without_redirects(builder)?;
        Ok(Self { http, base })
    }

    /// The path that it has in front of all others, without a slash at its end.
    pub(super) fn context_path(&self) -> &str {
        self.base.path().trim_end_matches('/')
    }

    /// The address of a path and query at this server, or `None` when it cannot be asked for as it came: paths
    /// that point upwards would be another path.
    pub(super) fn address(&self, target: &str) -> Option<Url> {
        if !target.starts_with('/') {
            return None;
        }
        let origin = self.base.origin();
        let address = Url::parse(&format!("{}{target}", origin.ascii_serialization())).ok()?;
        let path = target.split(['?', '#']).next()?;
        let is_same = percent_decode_str(address.path()).eq(percent_decode_str(path));
        (is_same && address.origin() == origin).then_some(address)
    }
}

/// Why there was no answer, without the address: it may hold what nobody may see.
pub(super) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text.chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream() -> Upstream {
        let base = Url::parse("http://127.0.0.1:8080/uaa/").unwrap();
        Upstream::new(base, Duration::from_secs(1), None, &[]).unwrap()
    }

    #[test]
    fn whatever_is_asked_for_one_server_is_asked() {
        for target in [
            "/",
            "//evil.example/x",
            "/@evil.example",
            "/:80@evil.example/?http://evil.example",
            "/uaa/oauth/token?a=b%20c&d='x'&e=%C3%A4",
        ] {
            let address = upstream().address(target).unwrap();
            assert_eq!(address.host_str(), Some("127.0.0.1"), "{target}");
            assert_eq!(address.port(), Some(8080), "{target}");
        }
        assert_eq!(upstream().context_path(), "/uaa");
    }

    #[test]
    fn what_would_be_another_path_is_not_asked() {
        for target in [
            "*",
            "",
            "evil.example:80",
            "/a/../b",
            "/a/%2e%2e/b",
            "/a\\b",
            "/./a",
        ] {
            assert_eq!(upstream().address(target), None, "{target}");
        }
    }
}
