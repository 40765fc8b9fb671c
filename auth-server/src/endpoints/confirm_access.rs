//! `GET /oauth/confirm_access`: the approval page of a request that waits in the session.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::authorization_steps::Browser;
use crate::http::named_request::NamedRequest;
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
    };
    let (named, _) = NamedRequest::in_query(&request);
    let cookies = session_cookie::presented(&request, &server);
    let session = server.sessions.find(cookies).await?;
    let (Some(session), Some(id)) = (session, named.id.clone()) else {
        return Err(browser.gone(&named, NOTHING_WAITS).await);
    };
    match server.authorization.resume(&session, id).await {
        Ok(step) => browser.answer(&session, step),
        Err(error) => browser.stop(error, &named, NOTHING_WAITS).await,
    }
}
