//! What an authorization server says about itself
//! ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), `OpenID` Connect Discovery).

use symbolon::calls::{self, CallError};
use symbolon::metadata::{AuthorizationServerMetadata, WELL_KNOWN_PATH};
use url::Url;

use crate::authorization_server::AuthorizationServer;

impl AuthorizationServer {
    /// Asks the server at `issuer` about itself
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)); where there is no such document, the one
    /// of `OpenID` Connect Discovery is read.
    pub async fn from_issuer(http: &reqwest::Client, issuer: &str) -> Result<Self, DiscoveryError> {
        let address = Url::parse(issuer).map_err(|_| DiscoveryError::Issuer)?;
        let metadata: AuthorizationServerMetadata = match fetch(http, standard(&address)).await {
            Err(DiscoveryError::UnexpectedAnswer { status: 404 }) => {
                fetch(http, openid(&address)).await?
            }
            answer => answer?,
        };
        // RFC 8414 §3.3: the issuer MUST be identical, else the document MUST NOT be used.
        if metadata.issuer != issuer {
            return Err(DiscoveryError::ForeignIssuer);
        }
        Ok(metadata.into())
    }
}

/// Why the metadata of an authorization server cannot be used (RFC 8414).
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is not an address that metadata can be below.
    #[error("the issuer is not an http address")]
    Issuer,
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
    #[error("the metadata is that of another issuer")]
    ForeignIssuer,
}

/// RFC 8414 §3.1: the well-known path goes between the host and the path of the issuer.
fn standard(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/');
    url.set_path(&format!("{WELL_KNOWN_PATH}{path}"));
    url
}

/// `OpenID` Connect Discovery §4: the well-known path goes behind the path of the issuer.
fn openid(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/');
    url.set_path(&format!("{path}/.well-known/openid-configuration"));
    url
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
    let metadata = answer.status.is_success().then_some(answer.body);
    metadata
        .and_then(|body| serde_json::from_slice(&body).ok())
        .ok_or(DiscoveryError::UnexpectedAnswer {
            status: answer.status.as_u16(),
        })
}

#[cfg(test)]
mod tests;
