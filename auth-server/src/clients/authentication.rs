//! Who a client is: the check of what
//! [`symbolon::client_authentication`] read from its request ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)). An
//! [`AuthenticatedClient`] comes from here and from nowhere else.

use std::ops::Deref;
use std::sync::Arc;

use symbolon::client_authentication::{
    ClientPassword, PresentedCredentials, PresentedCredentialsError,
};
use symbolon::error::ErrorCode;

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
    /// The credentials cannot be read.
    #[error(transparent)]
    Presented(#[from] PresentedCredentialsError),
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
            Self::Presented(PresentedCredentialsError::SeveralMethods) => ErrorCode::InvalidRequest,
            Self::Presented(
                PresentedCredentialsError::Missing
                | PresentedCredentialsError::Malformed
                | PresentedCredentialsError::OtherClientNamed,
            )
            | Self::BadCredentials => ErrorCode::InvalidClient,
            Self::Busy => ErrorCode::TemporarilyUnavailable,
        }
    }
}

/// The registered client that a request names, believed or not.
pub fn named<'a>(presented: &PresentedCredentials, clients: &'a Clients) -> Option<&'a Client> {
    presented
        .client_ids()
        .find_map(|id| clients.find(id))
        .map(Arc::as_ref)
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
        PresentedCredentials::None(id) => match server.clients.find(id) {
            Some(client) if client.is_public() => Ok(AuthenticatedClient(Arc::clone(client))),
            Some(_) | None => Err(ClientAuthenticationError::BadCredentials),
        },
        PresentedCredentials::Form(password) => verify(server, password).await,
        PresentedCredentials::Basic { raw, form_decoded } => {
            match (verify(server, raw).await, form_decoded) {
                (Err(ClientAuthenticationError::BadCredentials), Some(form_decoded)) => {
                    verify(server, form_decoded).await
                }
                (outcome, _) => outcome,
            }
        }
    }
}

async fn verify(
    server: &Server,
    password: &ClientPassword,
) -> Result<AuthenticatedClient, ClientAuthenticationError> {
    let ClientPassword {
        client_id: id,
        client_secret: secret,
    } = password;
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
