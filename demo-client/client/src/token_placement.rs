//! Where a token is in a call to a resource server ([RFC 6750 §2](https://www.rfc-editor.org/rfc/rfc6750#section-2)).

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue};
use symbolon::secret::Secret;

use crate::tokens::UnsupportedTokenType;

/// Where a client puts its token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenPlacement {
    /// `Authorization: Bearer` (RFC 6750 §2.1).
    #[default]
    Header,
    /// A parameter of this name in the query, usually `access_token` (RFC 6750 §2.3): for old servers that read no header.
    /// What Spring's clients call `form` and `query` are both this. Addresses are written down by servers and proxies on
    /// the way, and the token with them: RFC 9700 §4.3.2 forbids it.
    Query(String),
    /// Nowhere, as Spring's scheme `none`: the program itself puts it where it belongs, by
    /// [`OAuth2Client::access_token`](crate::OAuth2Client::access_token).
    Nowhere,
}

impl TokenPlacement {
    /// Puts the token there. Fails for a token that no header can hold, which is none (RFC 6750 §2.1).
    pub(crate) fn put(
        &self,
        token: &Secret,
        request: &mut Request,
    ) -> Result<(), UnsupportedTokenType> {
        match self {
            Self::Header => {
                let header = format!("Bearer {}", token.expose());
                let header = HeaderValue::from_str(&header).map_err(|_| UnsupportedTokenType);
                let mut header = header?;
                header.set_sensitive(true);
                request.headers_mut().insert(AUTHORIZATION, header);
            }
            Self::Query(name) => {
                let mut query = request.url_mut().query_pairs_mut();
                query.append_pair(name, token.expose());
                drop(query);
                // RFC 6750 §2.3: "Clients […] SHOULD also send a Cache-Control header containing the 'no-store' option".
                let headers = request.headers_mut();
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            Self::Nowhere => {}
        }
        Ok(())
    }

    /// What watchers are told of it: the place and what is shown of the token.
    pub(crate) fn shown(&self, mask: &str) -> Vec<(String, String)> {
        match self {
            Self::Header => vec![(AUTHORIZATION_NAME.to_owned(), format!("Bearer {mask}"))],
            Self::Query(name) => vec![(name.clone(), mask.to_owned())],
            Self::Nowhere => Vec::new(),
        }
    }
}

const AUTHORIZATION_NAME: &str = "Authorization";
