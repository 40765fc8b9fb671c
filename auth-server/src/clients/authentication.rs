//! Client authentication ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)). An
//! [`AuthenticatedClient`] comes from here and from nowhere else.

use std::ops::Deref;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use symbolon::error::ErrorCode;
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::clients::client::{Client, Clients};
use crate::passwords::{PasswordHash, VerifiedSecrets};
use crate::server::Server;

/// A client that has proved who it is; a public one has only said so.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Arc<Client>);

impl Deref for AuthenticatedClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// Why a client was not believed. Unknown clients and wrong secrets are not told apart.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum ClientAuthenticationError {
    /// Nothing was presented.
    #[error("Full authentication is required to access this resource")]
    Missing,
    /// The `Authorization` header is not `Basic` credentials.
    #[error("Failed to decode basic authentication token")]
    Malformed,
    /// RFC 6749 §2.3: more than one method in one request.
    #[error("a client must not use more than one authentication method in a request")]
    SeveralMethods,
    /// `client_id` in the form names another client than the header.
    #[error("Given client ID does not match authenticated client")]
    OtherClientNamed,
    /// Unknown client or wrong secret.
    #[error("Bad client credentials")]
    BadCredentials,
    /// So many secrets wait for their check that this one was not taken.
    #[error("the server is too busy to verify the client's secret")]
    Busy,
}

impl ClientAuthenticationError {
    /// The `error` of the answer.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::SeveralMethods => ErrorCode::InvalidRequest,
            Self::Missing | Self::Malformed | Self::OtherClientNamed | Self::BadCredentials => {
                ErrorCode::InvalidClient
            }
            Self::Busy => ErrorCode::TemporarilyUnavailable,
        }
    }
}

/// What a request presents: at most one of the three methods.
#[derive(Debug)]
pub enum PresentedCredentials {
    /// `client_secret_basic`. Standard clients encode id and secret as a form before they are joined
    /// (RFC 6749 §2.3.1), Spring's do not: both readings are kept, the raw one first.
    Basic(Vec<(ClientId, Secret)>),
    /// `client_secret_post`.
    Form(ClientId, Secret),
    /// `none`: a public client's name.
    Named(ClientId),
}

impl PresentedCredentials {
    /// The registered client that the request names, believed or not.
    pub fn named<'a>(&self, clients: &'a Clients) -> Option<&'a Client> {
        match self {
            Self::Basic(candidates) => candidates.iter().find_map(|(id, _)| clients.find(id)),
            Self::Form(id, _) | Self::Named(id) => clients.find(id),
        }
        .map(Arc::as_ref)
    }

    /// Takes the credentials out of a request.
    pub fn read(
        authorization: Option<&str>,
        form: &mut Parameters,
    ) -> Result<Self, ClientAuthenticationError> {
        let id = form.take("client_id").map(ClientId::new);
        let secret = form.take("client_secret").map(Secret::new);
        match (authorization, id, secret) {
            (Some(_), _, Some(_)) => Err(ClientAuthenticationError::SeveralMethods),
            (Some(header), id, None) => {
                let candidates = basic_candidates(header)?;
                let named = |id: &ClientId| candidates.iter().any(|(known, _)| known == id);
                if id.as_ref().is_none_or(named) {
                    Ok(Self::Basic(candidates))
                } else {
                    Err(ClientAuthenticationError::OtherClientNamed)
                }
            }
            (None, Some(id), Some(secret)) => Ok(Self::Form(id, secret)),
            (None, Some(id), None) => Ok(Self::Named(id)),
            (None, None, _) => Err(ClientAuthenticationError::Missing),
        }
    }
}

fn basic_candidates(header: &str) -> Result<Vec<(ClientId, Secret)>, ClientAuthenticationError> {
    let malformed = ClientAuthenticationError::Malformed;
    let Some((scheme, encoded)) = header.split_once(' ') else {
        return Err(malformed);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed);
    }
    let decoded = STANDARD
        .decode(encoded.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(credentials) = decoded else {
        return Err(malformed);
    };
    let Some((id, secret)) = credentials.split_once(':') else {
        return Err(malformed);
    };
    let mut candidates = vec![(ClientId::new(id), Secret::new(secret))];
    if let (Some(form_id), Some(form_secret)) = (form_decoded(id), form_decoded(secret))
        && (form_id != id || form_secret != secret)
    {
        candidates.push((ClientId::new(form_id), Secret::new(form_secret)));
    }
    Ok(candidates)
}

fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("v={}", text.replace('&', "%26").replace('=', "%3D"));
    let mut parameters = Parameters::decode(pair.as_bytes()).ok()?;
    Some(parameters.take("v").unwrap_or_default())
}

/// Verified secrets and what an unknown client's secret is checked against.
#[derive(Debug)]
pub struct ClientSecrets {
    /// Spares a slow hash for a client that was verified minutes ago.
    pub memory: VerifiedSecrets,
    /// A hash of the kind that most clients have: unknown names cost as much.
    pub reference: PasswordHash,
}

/// Finds out who asks.
pub async fn authenticate(
    server: &Server,
    presented: &PresentedCredentials,
) -> Result<AuthenticatedClient, ClientAuthenticationError> {
    match presented {
        PresentedCredentials::Named(id) => match server.clients.find(id) {
            Some(client) if client.is_public() => Ok(AuthenticatedClient(Arc::clone(client))),
            Some(_) | None => Err(ClientAuthenticationError::BadCredentials),
        },
        PresentedCredentials::Form(id, secret) => verify(server, id, secret).await,
        PresentedCredentials::Basic(candidates) => {
            let mut outcome = Err(ClientAuthenticationError::BadCredentials);
            for (id, secret) in candidates {
                outcome = verify(server, id, secret).await;
                if !matches!(outcome, Err(ClientAuthenticationError::BadCredentials)) {
                    break;
                }
            }
            outcome
        }
    }
}

async fn verify(
    server: &Server,
    id: &ClientId,
    secret: &Secret,
) -> Result<AuthenticatedClient, ClientAuthenticationError> {
    let client = server.clients.find(id);
    let secrets = &server.client_secrets;
    if let Some(client) = client.filter(|client| client.is_public())
        && secret.expose().is_empty()
    {
        // RFC 6749 §2.3.1: a public client may send its name as Basic credentials with an empty secret.
        return Ok(AuthenticatedClient(Arc::clone(client)));
    }
    let registered = client.and_then(|client| Some((client, client.secret.as_ref()?)));
    let verified = match registered {
        Some((_, hash)) => {
            secrets
                .memory
                .verify(id, secret, hash, &server.passwords)
                .await
        }
        None => {
            server
                .passwords
                .verify_or_equal_cost(secret, None, &secrets.reference)
                .await
        }
    };
    match (verified, registered) {
        (Ok(true), Some((client, _))) => Ok(AuthenticatedClient(Arc::clone(client))),
        (Ok(_), _) => Err(ClientAuthenticationError::BadCredentials),
        (Err(error), registered) => {
            let known = registered.map(|(client, _)| client.id.as_str());
            tracing::warn!(event = "client_not_verified", client.id = known, %error);
            Err(ClientAuthenticationError::Busy)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        header: Option<&str>,
        form: &str,
    ) -> Result<PresentedCredentials, ClientAuthenticationError> {
        PresentedCredentials::read(header, &mut Parameters::decode(form.as_bytes()).unwrap())
    }

    fn basic(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    #[test]
    fn basic_credentials_are_read_raw_and_form_decoded() {
        let header = basic("a%2Bb:s+t");
        let Ok(PresentedCredentials::Basic(candidates)) = read(Some(&header), "") else {
            panic!()
        };
        let expected = [("a%2Bb", "s+t"), ("a+b", "s t")]
            .map(|(id, secret)| (ClientId::new(id), Secret::new(secret)));
        assert_eq!(candidates, expected);
    }

    #[test]
    fn one_request_uses_one_method() {
        let several = read(Some(&basic("a:b")), "client_id=a&client_secret=b");
        assert!(matches!(
            several,
            Err(ClientAuthenticationError::SeveralMethods)
        ));
    }

    #[test]
    fn the_form_may_repeat_the_name_of_the_header_but_not_another() {
        assert!(read(Some(&basic("a:b")), "client_id=a").is_ok());
        let other = read(Some(&basic("a:b")), "client_id=c");
        assert!(matches!(
            other,
            Err(ClientAuthenticationError::OtherClientNamed)
        ));
    }

    #[test]
    fn malformed_headers_are_told_from_missing_ones() {
        for header in ["Basic", "Basic !!!", "Bearer abc", "Basic YWJj"] {
            let error = read(Some(header), "");
            assert!(
                matches!(error, Err(ClientAuthenticationError::Malformed)),
                "{header}"
            );
        }
        assert!(matches!(
            read(None, ""),
            Err(ClientAuthenticationError::Missing)
        ));
    }
}
