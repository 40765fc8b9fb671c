//! Middleware of the endpoints that people look at: what they refuse is a page, in the reader's language.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HttpDate;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use symbolon::clock::Timestamp;
use symbolon_service::request_log::request_id;

use crate::addresses::Addresses;
use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame_of_refusal;
use crate::http::refusals::Refusal;
use crate::pages::{Brand, ErrorPage, Occurrence};
use crate::server::Server;

/// Writes every [`Refusal`] as a page of this brand whose links lead to these addresses.
pub(crate) async fn refusals_as_pages(
    at: Arc<Addresses>,
    brand: Arc<Brand>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let answer = next.call(request).await?;
    let refusal = answer
        .response()
        .error()
        .and_then(Error::as_error::<Refusal>);
    let Some(page) = refusal.map(|refusal| page(refusal, answer.request(), &at, &brand)) else {
        return Ok(answer.map_into_left_body());
    };
    Ok(answer.into_response(page).map_into_right_body())
}

/// What finds a request in the log.
pub(crate) fn occurrence(request: &HttpRequest) -> Occurrence {
    let server = request.app_data::<Data<Server>>();
    Occurrence {
        request_id: request_id(request).unwrap_or_default(),
        time: server.map_or_else(String::new, |server| written(server.clock.now())),
    }
}

/// As HTTP writes times ([RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)).
fn written(time: Timestamp) -> String {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs()));
    time.map_or_else(String::new, |time| HttpDate::from(time).to_string())
}

fn page(refusal: &Refusal, request: &HttpRequest, at: &Addresses, brand: &Brand) -> HttpResponse {
    let status = refusal.status_code();
    let page = ErrorPage {
        error: refusal.code().to_string(),
        description: refusal.description().to_owned(),
        status: status.as_u16(),
        request_expired: refusal.is_gone(),
        way_back: refusal.way_back().cloned(),
        occurrence: occurrence(request),
    };
    let html = page.render(&frame_of_refusal(at, brand, request));
    let html = html.unwrap_or_else(|_| "OAuth Error".to_owned());
    let mut response = answers::page(status, Forms::StayHere).body(html);
    refusal.complete(&mut response);
    response
}
