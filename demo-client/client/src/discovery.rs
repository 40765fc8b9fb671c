//! What an authorization server says about itself
//! ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), `OpenID` Connect Discovery).

use symbolon::calls::{self, AddressError, CallError};
use symbolon::metadata::{AuthorizationServerMetadata, well_known_path};
use url::Url;

use crate::authorization_server::{AuthorizationServer, NoEndpoint};

impl AuthorizationServer {
    /// Asks the server at `issuer` about itself
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)); where there is no such document, the one
    /// of `OpenID` Connect Discovery is read.
    pub async fn from_issuer(http: &reqwest::Client, issuer: &str) -> Result<Self, DiscoveryError> {
        discover(http, issuer, calls::read_address(issuer, false)?).await
    }

    /// The same over plain http from another machine, for a network that encrypts by itself, such as a
    /// service mesh: whoever can change the answer on its way chooses where secrets go.
    pub async fn from_issuer_over_plain_http(
        http: &reqwest::Client,
        issuer: &str,
    ) -> Result<Self, DiscoveryError> {
        discover(http, issuer, calls::read_address(issuer, true)?).await
    }
}

/// Why the metadata of an authorization server cannot be used (RFC 8414).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The issuer is not an address that metadata can be below.
    #[error("the metadata of the issuer is not fetched: {0}")]
    Issuer(#[from] AddressError),
    /// There is no answer.
    #[error("the metadata of the authorization server cannot be fetched")]
    Unavailable(#[source] reqwest::Error),
    /// The answer is no metadata document.
    #[error("the authorization server answered {status} without metadata")]
    UnexpectedAnswer {
        /// The status of its answer.
        status: u16,
    },
    /// RFC 8414 §3.3: the document speaks for another issuer.
    #[error("the metadata is that of the issuer `{found}`, not of `{expected}`")]
    ForeignIssuer {
        /// The issuer that was asked.
        expected: String,
        /// The issuer that the document is of, its beginning when it is long.
        found: String,
    },
    /// The document does not say where tokens come from.
    #[error(transparent)]
    NoEndpoint(#[from] NoEndpoint),
}

/// Whatever is wrong with the first document, the second may be good: servers that do not know RFC 8414
/// answer its address in many ways. Only when there is no answer at all is the second not asked for.
async fn discover(
    http: &reqwest::Client,
    issuer: &str,
    address: Url,
) -> Result<AuthorizationServer, DiscoveryError> {
    let first = match document(http, standard(&address), issuer).await {
        Ok(server) => return Ok(server),
        Err(DiscoveryError::Unavailable(error)) => return Err(DiscoveryError::Unavailable(error)),
        Err(error) => error,
    };
    let second = document(http, openid(&address), issuer).await;
    second.map_err(|second| match (&first, second) {
        (DiscoveryError::UnexpectedAnswer { .. }, second) => second,
        _ => first,
    })
}

/// RFC 8414 §3.1: the well-known path goes between the host and the path of the issuer.
fn standard(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    url.set_path(&well_known_path(issuer.path()));
    url
}

/// `OpenID` Connect Discovery §4: the well-known path goes behind the path of the issuer.
fn openid(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/');
    url.set_path(&format!("{path}/.well-known/openid-configuration"));
    url
}

async fn document(
    http: &reqwest::Client,
    url: Url,
    issuer: &str,
) -> Result<AuthorizationServer, DiscoveryError> {
    let metadata = fetch(http, url).await?;
    // RFC 8414 §3.3: the issuer MUST be identical, else the document MUST NOT be used.
    if metadata.issuer != issuer {
        return Err(DiscoveryError::ForeignIssuer {
            expected: issuer.to_owned(),
            found: metadata.issuer.escape_debug().take(200).collect(),
        });
    }
    Ok(metadata.try_into()?)
}

async fn fetch(
    http: &reqwest::Client,
    url: Url,
) -> Result<AuthorizationServerMetadata, DiscoveryError> {
    let answer = calls::answer(http.get(url))
        .await
        .map_err(|error| match error {
            CallError::Unreachable(error) | CallError::TimedOut(error) => {
                DiscoveryError::Unavailable(error)
            }
            CallError::TooLong { status } => DiscoveryError::UnexpectedAnswer {
                status: status.as_u16(),
            },
        })?;
    let members = answer.members().filter(|_| answer.status.is_success());
    members
        .and_then(|members| serde_json::from_value(members.into()).ok())
        .ok_or(DiscoveryError::UnexpectedAnswer {
            status: answer.status.as_u16(),
        })
}

#[cfg(test)]
mod tests;
