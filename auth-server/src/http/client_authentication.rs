//! From a request to the client that made it.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use symbolon::access_expression::AccessExpression;
use symbolon::client_authentication::{PresentedCredentials, PresentedCredentialsError};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;

use crate::audit::AuditEvent;
use crate::clients::access_rules;
use crate::clients::authentication::{AuthenticatedClient, ClientAuthenticationError};
use crate::http::caller::{address, endpoint};
use crate::http::refusals::Refusal;
use crate::http::spring_refusals;
use crate::http::token_questions::record_not_allowed;
use crate::records::Habit;
use crate::server::Server;

/// Authenticates the client by the request's header or form; takes its parameters out of the form.
pub(crate) async fn authenticated_client(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<AuthenticatedClient, Refusal> {
    let presented = presented(server, request, form);
    authenticate(server, request, presented).await
}

/// Lets in by a rule who may show nothing, which is `None`, or be a client: who is refused gets 401 as long as nothing
/// was shown, and 403 afterwards.
pub(crate) async fn admitted_by(
    rule: &AccessExpression,
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<Option<AuthenticatedClient>, Refusal> {
    let presented = presented(server, request, form);
    let shows_nothing = matches!(presented, Err(PresentedCredentialsError::Missing));
    if shows_nothing && access_rules::admits_anybody(rule) {
        return Ok(None);
    }
    let client = authenticate(server, request, presented).await?;
    if access_rules::admits(rule, &client) {
        return Ok(Some(client));
    }
    record_not_allowed(server, &client, request);
    Err(Refusal::access_denied())
}

async fn authenticate(
    server: &Server,
    request: &HttpRequest,
    presented: Result<PresentedCredentials, PresentedCredentialsError>,
) -> Result<AuthenticatedClient, Refusal> {
    let address = || address(request);
    let error = match &presented {
        Ok(presented) => {
            let authenticated = server.authenticator.authenticate(address, presented);
            match authenticated.await {
                Ok(client) => {
                    if client.has_weak_secret() {
                        server.habits.note(Habit::WeakSecret, Some(&client.id));
                    }
                    return Ok(client);
                }
                Err(error) => error,
            }
        }
        Err(error) => (*error).into(),
    };
    let named = match &presented {
        Ok(presented) => server.authenticator.named(presented).await.ok().flatten(),
        Err(_) => None,
    };
    let client = named.as_ref().map(|client| &client.id);
    record_refusal(server, request, client, &error);
    if server.spring.token_errors {
        return Err(spring_refusals::of_client(error, presented.ok().as_ref()));
    }
    Err(error.into())
}

/// What the request shows. A Spring server that reads Basic credentials reads no others.
fn presented(
    server: &Server,
    request: &HttpRequest,
    form: &mut Parameters,
) -> Result<PresentedCredentials, PresentedCredentialsError> {
    let header = header(request)?;
    if server.spring.secret_beside_basic && header.is_some_and(is_basic) {
        form.take("client_secret");
    }
    PresentedCredentials::decode(header, form)
}

fn is_basic(header: &str) -> bool {
    let scheme = header.split(' ').next();
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

fn record_refusal(
    server: &Server,
    request: &HttpRequest,
    client: Option<&ClientId>,
    error: &ClientAuthenticationError,
) {
    if let ClientAuthenticationError::Busy(error) = error {
        let client = client.map(ClientId::as_str);
        tracing::warn!(event = "client_not_verified", client.id = client, %error);
    }
    let (path, address) = (endpoint(request), &address(request));
    let reason = &error.to_string();
    server.audit.record(&match error {
        ClientAuthenticationError::TooManyAttempts(throttled) => AuditEvent::ClientThrottled {
            client,
            limit: throttled.limit.as_str(),
            path,
            address,
        },
        ClientAuthenticationError::Presented(_)
        | ClientAuthenticationError::BadCredentials
        | ClientAuthenticationError::Busy(_)
        | ClientAuthenticationError::Store(_) => AuditEvent::ClientRefused {
            client,
            path,
            reason,
            address,
        },
    });
}

/// The one `Authorization` header, when there is one besides those with bearer tokens.
fn header(request: &HttpRequest) -> Result<Option<&str>, PresentedCredentialsError> {
    let mut headers = request.headers().get_all(AUTHORIZATION).filter(|header| {
        let scheme = header.as_bytes().split(|byte| *byte == b' ').next();
        !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
    });
    match (headers.next(), headers.next()) {
        (None, _) => Ok(None),
        (Some(header), None) => header
            .to_str()
            .map(Some)
            .map_err(|_| PresentedCredentialsError::Malformed),
        (Some(_), Some(_)) => Err(PresentedCredentialsError::SeveralMethods),
    }
}
