//! From a request to the client that made it.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use symbolon::client_authentication::{PresentedCredentials, PresentedCredentialsError};
use symbolon::parameters::Parameters;

use crate::audit::AuditEvent;
use crate::clients::authentication::{AuthenticatedClient, authenticate, named};
use crate::endpoints::errors::EndpointError;
use crate::endpoints::login::address;
use crate::server::Server;

/// Authenticates the client by the request's header or form; takes its parameters out of the form.
pub(super) async fn authenticated_client(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<AuthenticatedClient, EndpointError> {
    let presented = header(request).and_then(|header| PresentedCredentials::decode(header, form));
    let authenticated = match &presented {
        Ok(presented) => authenticate(server, presented).await,
        Err(error) => Err((*error).into()),
    };
    authenticated.map_err(|error| {
        let presented = presented.ok();
        let named = presented.and_then(|presented| named(&presented, &server.clients));
        server.audit.record(&AuditEvent::ClientRefused {
            client: named.map(|client| &client.id),
            path: request.path(),
            reason: &error.to_string(),
            address: &address(request),
        });
        error.into()
    })
}

/// The one `Authorization` header, when there is one.
fn header(request: &HttpRequest) -> Result<Option<&str>, PresentedCredentialsError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    match (headers.next(), headers.next()) {
        (None, _) => Ok(None),
        (Some(header), None) => header
            .to_str()
            .map(Some)
            .map_err(|_| PresentedCredentialsError::Malformed),
        (Some(_), Some(_)) => Err(PresentedCredentialsError::SeveralMethods),
    }
}
