//! `GET /oauth/confirm_access`: the approval page of a request that waits in the session.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::authorization_steps::Browser;
use crate::http::pending_request::named_in_query;
use crate::http::refusals::Refusal;
use crate::http::session_cookie;
use crate::server::Server;

/// The answer when the address names no request that waits.
const NOTHING_WAITS: &str = "no authorization request waits for an approval";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let browser = Browser {
        server: &server,
        request: &request,
        redirect_status: StatusCode::FOUND,
    };
    let nothing_waits = || Refusal::request_gone(NOTHING_WAITS);
    let cookie = session_cookie::presented(&request);
    let session = server.sessions.find(cookie).await?;
    let session = session.ok_or_else(nothing_waits)?;
    let id = named_in_query(&request).ok_or_else(nothing_waits)?;
    match server.authorization.resume(&session, id).await {
        Ok(step) => browser.answer(&session, step),
        Err(error) => browser.stop(error, NOTHING_WAITS),
    }
}
