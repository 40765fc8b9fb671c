//! Parameters as Java's servlets read them, where the server has that habit: those of the query count, and before those
//! of the form; of repeated ones the first counts; a body that is no form has none. Otherwise as a [form](super::form) is read.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use symbolon::parameters::Parameters;

use crate::http::form::{self, LONGEST_FORM, is_form};
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::server::Server;

/// The parameters of a request to an endpoint that a Spring server has, too.
pub(crate) struct ServletForm(pub(crate) Parameters);

impl FromRequest for ServletForm {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let server = request.app_data::<Data<Server>>();
        if server.is_some_and(|server| server.spring.servlet_parameters) {
            let sent = query_and_body(request, payload);
            Box::pin(async move { sent.await.map(Self) })
        } else {
            let sent = form::parameters(request, payload);
            Box::pin(async move { sent.await.map(Self) })
        }
    }
}

fn query_and_body(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Parameters, Refusal>> + use<> {
    let is_form = is_form(request);
    let query = request.query_string().to_owned();
    let body = form::body(request, payload);
    async move {
        let body = body.await?;
        let mut sent = query.into_bytes();
        if is_form {
            sent.push(b'&');
            sent.extend_from_slice(&body);
        }
        first_of(&sent)
    }
}

/// The parameters of a query that a request by GET has.
pub(crate) fn query(request: &HttpRequest) -> Result<Parameters, Refusal> {
    first_of(request.query_string().as_bytes())
}

fn first_of(sent: &[u8]) -> Result<Parameters, Refusal> {
    if sent.len() > LONGEST_FORM {
        return Err(FormError::Length.into());
    }
    Ok(Parameters::decode_first(sent).map_err(FormError::from)?)
}
