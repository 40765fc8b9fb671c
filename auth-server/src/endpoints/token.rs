//! `POST /oauth/token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use shared::protocol::token::TokenRequest;

use crate::endpoints::authenticated_client::authenticated_client;
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::endpoints::responses;
use crate::grants::{self, TokenError};
use crate::server::Server;

pub(super) async fn exchange(
    request: HttpRequest,
    server: Data<Server>,
    Form(mut form): Form,
) -> Result<HttpResponse, EndpointError> {
    let client = authenticated_client(&server, &request, &mut form).await?;
    let asked = TokenRequest::decode(&mut form).map_err(TokenError::from)?;
    let grant_type = asked.grant_type().as_str();
    let issued = grants::exchange(&server, &client, &address(&request), asked).await;
    match issued {
        Ok(token) => {
            tracing::info!(event = "token_issued", client.id = %client.id, grant_type);
            Ok(responses::json(StatusCode::OK, &token))
        }
        Err(error) => {
            tracing::info!(event = "token_refused", client.id = %client.id, grant_type, reason = ?error);
            Err(error.into())
        }
    }
}
