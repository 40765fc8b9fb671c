//! `POST /oauth/introspect` ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::introspection::{IntrospectionRequest, IntrospectionResponse};
use symbolon::secret::Secret;

use crate::clients::authentication::AuthenticatedClient;
use crate::dialects::standard;
use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::check_token::{outcome, tell_not_allowed};
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::responses;
use crate::metrics::CheckOutcome;
use crate::server::Server;
use crate::tokens::check::{CheckError, check_access_token_for, check_refresh_token_for};

pub(super) async fn introspect(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, EndpointError> {
    let told = tell(&request, &server, form).await;
    server.metrics.introspect.count(outcome(&told));
    told.map(|(_, answer)| responses::json(StatusCode::OK, &answer))
}

async fn tell(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, EndpointError>,
) -> Result<(CheckOutcome, IntrospectionResponse), EndpointError> {
    let Form(mut form) = form?;
    let client = authenticated_client(server, request, &mut form).await?;
    let IntrospectionRequest { token } = IntrospectionRequest::decode(&mut form)
        .ok_or_else(|| EndpointError::bad_request("the token parameter is missing"))?;
    let outcome = match about(server, &client, &token).await {
        Ok(answer) => return Ok((CheckOutcome::Active, answer)),
        Err(CheckError::Store(error)) => return Err(error.into()),
        Err(CheckError::NotRecognised | CheckError::Expired) => CheckOutcome::Inactive,
        Err(CheckError::NotAllowed) => {
            tell_not_allowed(server, &client, request);
            CheckOutcome::Refused
        }
    };
    Ok((outcome, IntrospectionResponse::default()))
}

async fn about(
    server: &Server,
    client: &AuthenticatedClient,
    token: &Secret,
) -> Result<IntrospectionResponse, CheckError> {
    match check_access_token_for(server, client, token).await {
        Ok((id, token)) => return Ok(standard::introspection(&server.issuer, &id, &token)),
        Err(error @ (CheckError::Store(_) | CheckError::NotAllowed)) => return Err(error),
        Err(CheckError::NotRecognised | CheckError::Expired) => {}
    }
    let (id, token) = check_refresh_token_for(server, client, token).await?;
    Ok(standard::refresh_token_introspection(
        &server.issuer,
        &id,
        &token,
    ))
}
