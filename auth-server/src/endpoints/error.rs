//! `GET /oauth/error` (E6): the page shown when it is not safe to redirect. Endpoints that have an error to
//! show answer with that page themselves; who comes here by the address alone learns nothing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::endpoints::page_answer::{PageError, language, page};
use crate::endpoints::pages::ErrorPage;

pub(super) async fn show(request: HttpRequest) -> Result<HttpResponse, PageError> {
    let shown = ErrorPage {
        error: "unknown".to_owned(),
        description: "Unknown error".to_owned(),
        status: StatusCode::OK.as_u16(),
        request_expired: false,
    };
    let html = shown.render(language(&request));
    page(StatusCode::OK, html, None).map_err(|error| error.for_reader(&request))
}
