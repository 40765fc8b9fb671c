//! What a page of developers is asked for, and where it leads.

use actix_web::HttpRequest;
use symbolon::identifiers::ClientId;
use symbolon::parameters::{self, Parameters};

use crate::addresses::Endpoint;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::pages::DeveloperNotice;
use crate::server::Server;

/// Where it is switched off, there is nothing.
pub(super) fn open(server: &Server) -> Result<(), Refusal> {
    if server.registration.access.portal {
        Ok(())
    } else {
        Err(Refusal::not_found())
    }
}

pub(super) fn count(server: &Server, owner: &str) -> Result<(), Refusal> {
    let counted = server.registration.access.count_owner(owner);
    counted.map_err(Refusal::too_many_registrations)
}

/// The page of an application.
pub(super) fn address_of(
    server: &Server,
    id: &ClientId,
    notice: Option<DeveloperNotice>,
) -> String {
    let page = &server.addresses.developer.application;
    address(page, Some(id), notice)
}

/// The list.
pub(super) fn list_address(server: &Server, notice: Option<DeveloperNotice>) -> String {
    address(&server.addresses.developer.list, None, notice)
}

fn address(page: &Endpoint, id: Option<&ClientId>, notice: Option<DeveloperNotice>) -> String {
    let query = parameters::encode([
        ("client_id", id.map(ClientId::as_str)),
        ("notice", notice.map(DeveloperNotice::as_str)),
    ]);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{page}{separator}{query}")
}

/// What a page is asked for.
pub(super) struct Asked {
    pub(super) client_id: Option<ClientId>,
    pub(super) after: Option<ClientId>,
    pub(super) notice: Option<DeveloperNotice>,
}

impl Asked {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let query = Parameters::decode(request.query_string().as_bytes());
        let mut query = query.unwrap_or_default();
        let notice = query.take("notice").filter(|_| may_say_done(request));
        Self {
            client_id: query.take("client_id").map(ClientId::new),
            after: query.take("after").map(ClientId::new),
            notice: notice.and_then(|word| DeveloperNotice::parse(&word)),
        }
    }
}
