//! `GET /developer`: the applications of who is signed in.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters;

use super::asked::{Asked, address_of, open};
use crate::http::answers::{self, Forms};
use crate::http::application_form::state;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::signed_in;
use crate::pages::{ApplicationLine, DeveloperPage, Place};
use crate::records::ClientRegistration;
use crate::server::Server;

/// Applications on a page.
const PAGE: usize = 20;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    open(&server)?;
    let visitor = match signed_in(&server, &request, Place::Developer).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(&request);
    let rules = &server.registration;
    // One more, which tells whether there is a next page.
    let found = rules.list_of(&visitor.owner.name, asked.after.as_ref(), PAGE + 1);
    let mut found = found.await?;
    let is_cut = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| is_cut).map(|last| {
        let after = Some(last.client_id.as_str());
        let query = parameters::encode([("after", after)]);
        format!("{}?{query}", server.addresses.developer.list)
    });
    let line = |client: &ClientRegistration| ApplicationLine {
        client_id: client.client_id.to_string(),
        name: client.client_name.clone(),
        state: state(client),
        address: address_of(&server, &client.client_id, None),
    };
    let page = DeveloperPage {
        menu: visitor.menu(Place::Developer),
        notice: asked.notice,
        applications: found.iter().map(line).collect(),
        next,
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}
