//! From a request to the client that made it.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use shared::protocol::parameters::Parameters;

use crate::clients::authentication::{
    AuthenticatedClient, ClientAuthenticationError, PresentedCredentials, authenticate,
};
use crate::endpoints::errors::EndpointError;
use crate::server::Server;

/// Authenticates the client by the request's header or form; takes its parameters out of the form.
pub(super) async fn authenticated_client(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<AuthenticatedClient, EndpointError> {
    let authenticated = match header(request).map(|header| PresentedCredentials::read(header, form))
    {
        Ok(Ok(presented)) => authenticate(server, presented).await,
        Ok(Err(error)) | Err(error) => Err(error),
    };
    authenticated.map_err(|error| {
        tracing::info!(event = "client_refused", path = request.path(), reason = %error);
        error.into()
    })
}

/// The one `Authorization` header, when there is one.
fn header(request: &HttpRequest) -> Result<Option<&str>, ClientAuthenticationError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    match (headers.next(), headers.next()) {
        (None, _) => Ok(None),
        (Some(header), None) => header
            .to_str()
            .map(Some)
            .map_err(|_| ClientAuthenticationError::Malformed),
        (Some(_), Some(_)) => Err(ClientAuthenticationError::SeveralMethods),
    }
}
