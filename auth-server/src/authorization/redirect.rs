//! Sending the browser back. Only a [`TrustedRedirect`] can, and only resolving a client's registered
//! redirect URIs makes one.

use symbolon::authorization::AuthorizationResponse;
use url::Url;

use crate::clients::client::Client;
use crate::clients::redirect_match::{self, RedirectMismatch};

/// Where the browser goes, once it may go back to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// The address, with the answer in it.
    pub location: String,
}

/// A redirect URI that the client has registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedRedirect {
    uri: String,
    was_sent: bool,
}

/// Which part of the redirect URI carries the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// The answer to `response_type=code`.
    Query,
    /// The answer to `response_type=token`.
    Fragment,
}

impl TrustedRedirect {
    /// The registered redirect URI that a request means.
    pub fn resolve(client: &Client, requested: Option<&str>) -> Result<Self, RedirectMismatch> {
        let uri =
            redirect_match::resolve(&client.redirect_uris, requested, client.redirect_matching)?;
        Ok(Self {
            uri,
            was_sent: requested.is_some(),
        })
    }

    /// The URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Whether the request named it.
    pub const fn was_sent(&self) -> bool {
        self.was_sent
    }

    /// The host and port that the approval page shows: where the browser will be sent.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.uri).ok();
        let host = url.as_ref().and_then(|url| {
            let host = url.host_str()?;
            Some(
                url.port()
                    .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            )
        });
        host.unwrap_or_else(|| self.uri.clone())
    }

    /// Brings an answer to the client. A query that the redirect URI has is kept.
    pub fn answer(&self, mode: ResponseMode, response: &AuthorizationResponse) -> Redirection {
        let location = self.location(mode, response);
        Redirection { location }
    }

    fn location(&self, mode: ResponseMode, response: &AuthorizationResponse) -> String {
        let answer = response.encode();
        let (address, fragment) = match self.uri.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (self.uri.as_str(), None),
        };
        match (mode, fragment) {
            (ResponseMode::Fragment, _) => format!("{address}#{answer}"),
            (ResponseMode::Query, fragment) => {
                let separator = match address.split_once('?') {
                    Some((_, "")) => "",
                    Some(_) => "&",
                    None => "?",
                };
                let fragment = fragment.map(|text| format!("#{text}")).unwrap_or_default();
                format!("{address}{separator}{answer}{fragment}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon::authorization::AuthorizationOutcome;
    use symbolon::secret::Secret;

    fn location(uri: &str, mode: ResponseMode) -> String {
        let redirect = TrustedRedirect {
            uri: uri.to_owned(),
            was_sent: true,
        };
        let outcome = AuthorizationOutcome::Code(Secret::new("c"));
        redirect.location(
            mode,
            &AuthorizationResponse {
                state: None,
                iss: None,
                outcome,
            },
        )
    }

    #[test]
    fn a_query_that_is_registered_is_kept() {
        assert_eq!(
            location("https://a/cb", ResponseMode::Query),
            "https://a/cb?code=c"
        );
        assert_eq!(
            location("https://a/cb?x=1", ResponseMode::Query),
            "https://a/cb?x=1&code=c"
        );
        assert_eq!(location("app:/cb", ResponseMode::Query), "app:/cb?code=c");
    }

    #[test]
    fn the_fragment_carries_the_answer_of_the_implicit_grant() {
        assert_eq!(
            location("https://a/cb?x=1", ResponseMode::Fragment),
            "https://a/cb?x=1#code=c"
        );
    }
}
