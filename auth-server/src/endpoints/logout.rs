//! `/logout` (E7): ends the session here. Tokens that clients hold stay good; they are given back by
//! revocation.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::audit::AuditEvent;
use crate::endpoints::browser_session::{BrowserSession, removal};
use crate::endpoints::errors::EndpointError;
use crate::endpoints::form::Form;
use crate::endpoints::login::address;
use crate::endpoints::page_answer::{PageError, language, page};
use crate::endpoints::pages::{LogoutPage, SignedOutPage};
use crate::server::Server;

/// Asks first: a link on another site must not sign anybody out.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, PageError> {
    let answer = async {
        let session = BrowserSession::find(&server, &request).await?;
        let signed_in = session
            .as_ref()
            .and_then(|session| Some((session, session.owner(&server)?)));
        match signed_in {
            Some((session, owner)) => {
                let shown = LogoutPage {
                    csrf_token: session.csrf_token(&server).expose().to_owned(),
                    owner: owner.name.clone(),
                };
                page(StatusCode::OK, shown.render(language(&request)), None)
            }
            None => signed_out(&request),
        }
    };
    answer
        .await
        .map_err(|error: PageError| error.for_reader(&request))
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, EndpointError>,
) -> Result<HttpResponse, PageError> {
    let answer = async {
        let Form(mut form) = form?;
        if let Some(session) = BrowserSession::find(&server, &request).await? {
            if !session.sent(&server, form.take("_csrf")) {
                return Err(PageError::forged());
            }
            server.store.delete_session(&session.id).await?;
            server.audit.record(&AuditEvent::OwnerSignedOut {
                owner: session.owner(&server).map(|owner| owner.name.as_str()),
                address: &address(&request),
            });
        }
        let mut response = signed_out(&request)?;
        if let Err(error) = response.add_cookie(&removal(&server)) {
            tracing::error!(event = "cookie_not_removed", %error);
        }
        Ok(response)
    };
    answer
        .await
        .map_err(|error: PageError| error.for_reader(&request))
}

fn signed_out(request: &HttpRequest) -> Result<HttpResponse, PageError> {
    page(
        StatusCode::OK,
        SignedOutPage {}.render(language(request)),
        None,
    )
}
