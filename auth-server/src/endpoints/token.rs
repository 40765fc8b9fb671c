//! `POST /oauth/token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::token::{GrantType, TokenRequest};

use crate::audit::{AuditEvent, Issued};
use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::endpoints::responses;
use crate::grants;
use crate::metrics::ClientClass;
use crate::server::Server;

/// The grant that a form asks for, also when the rest of it cannot be understood.
fn asked_grant_type(form: &Parameters) -> Option<GrantType> {
    let (_, word) = form.iter().find(|(name, _)| *name == "grant_type")?;
    GrantType::parse(word)
}

/// What is known of a request by the time that it is answered.
struct Known {
    grant_type: Option<GrantType>,
    client: ClientClass,
}

pub(super) async fn exchange(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, EndpointError> {
    let started = Instant::now();
    let mut known = Known {
        grant_type: None,
        client: ClientClass::None,
    };
    let answer = answer(&request, &server, form, &mut known).await;
    let error = answer.as_ref().err().map(|error| &error.body().error);
    server
        .metrics
        .token_requests
        .observe(known.grant_type, known.client, error, started.elapsed());
    answer
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Form, EndpointError>,
    known: &mut Known,
) -> Result<HttpResponse, EndpointError> {
    let Form(mut form) = form?;
    let asked = asked_grant_type(&form);
    known.grant_type = asked;
    let client = authenticated_client(server, request, &mut form).await?;
    known.client = if client.is_public() {
        ClientClass::Public
    } else {
        ClientClass::Confidential
    };
    let address = address(request);
    let exchanged = match TokenRequest::decode(&mut form) {
        Ok(asked) => {
            let grant_type = asked.grant_type();
            let issued = grants::exchange(server, &client, &address, asked).await;
            issued.map(|issued| (grant_type, issued))
        }
        Err(error) => Err(error.into()),
    };
    match exchanged {
        Ok((grant_type, issued)) => {
            server.audit.record(&AuditEvent::TokenIssued(Issued {
                client: &client.id,
                owner: issued.owner.as_deref(),
                grant_id: issued.grant_id,
                grant_type,
                scope: issued.response.scope.as_ref(),
                address: &address,
            }));
            Ok(responses::json(StatusCode::OK, &issued.response))
        }
        Err(error) => {
            server.audit.record(&AuditEvent::TokenRefused {
                client: &client.id,
                grant_type: asked,
                error: &error.code(),
                reason: &format!("{error:?}"),
                address: &address,
            });
            Err(error.into())
        }
    }
}
