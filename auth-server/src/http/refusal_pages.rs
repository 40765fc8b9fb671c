//! Middleware of the endpoints that people look at: what they refuse is a page, in the reader's language.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};

use crate::http::answers;
use crate::http::caller::language;
use crate::http::refusals::Refusal;
use crate::pages::ErrorPage;

/// Writes every [`Refusal`] as a page.
pub(crate) async fn refusals_as_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let answer = next.call(request).await?;
    let refusal = answer
        .response()
        .error()
        .and_then(Error::as_error::<Refusal>);
    let Some(page) = refusal.map(|refusal| page(refusal, answer.request())) else {
        return Ok(answer.map_into_left_body());
    };
    Ok(answer.into_response(page).map_into_right_body())
}

fn page(refusal: &Refusal, request: &HttpRequest) -> HttpResponse {
    let status = refusal.status_code();
    let page = ErrorPage {
        error: refusal.code().to_string(),
        description: refusal.description().to_owned(),
        status: status.as_u16(),
        request_expired: refusal.is_gone(),
    };
    let html = page.render(language(request));
    let html = html.unwrap_or_else(|_| "OAuth Error".to_owned());
    let mut response = answers::page(status, None).body(html);
    refusal.write_headers(response.headers_mut());
    response
}
