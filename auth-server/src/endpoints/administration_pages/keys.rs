//! `/admin/keys`: the keys that sign, and a new one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::asked::{Asked, Doer, address_of, administrator, menu, see, sent_by};
use crate::administration::{KeyState, PublishedKey};
use crate::http::answers::{self, Forms};
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::keys::KeyRingError;
use crate::pages::{self, AdministeredKeysPage, AdministrationNotice, KeyLine};
use crate::server::Server;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let keys = server.administration.keys.list().into_iter();
    let page = AdministeredKeysPage {
        menu: menu(&visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        notice: Asked::of(&request).notice,
        keys: keys.map(line).collect(),
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

fn line(key: PublishedKey) -> KeyLine {
    KeyLine {
        kid: key.kid,
        algorithm: key.algorithm.as_str(),
        state: match key.state {
            KeyState::Published => pages::KeyState::Published,
            KeyState::Signs => pages::KeyState::Signs,
            KeyState::Replaced => pages::KeyState::Replaced,
        },
        signs_from: key.signs_from,
        published_until: key.published_until,
    }
}

/// Adds a key. Only a form of this session does; whatever else comes leads to the page.
pub(super) async fn rotate(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let page = &server.addresses.administration.keys;
    let Ok(visitor) = sent_by(&server, &request, &mut form).await? else {
        return Ok(see(&page.to_string()));
    };
    if form.take("action").is_none_or(|word| word != "rotate") {
        return Ok(see(&page.to_string()));
    }
    let doer = Doer::of(&server, &visitor, &request);
    let notice = match server.administration.keys.rotate(doer.who()).await {
        Ok(_) => AdministrationNotice::Done,
        Err(error @ (KeyRingError::Configured | KeyRingError::Contended)) => {
            doer.note(&request, &error.to_string());
            AdministrationNotice::Nothing
        }
        Err(error) => return Err(error.into()),
    };
    Ok(see(&address_of(page, [("notice", Some(notice.as_str()))])))
}
