//! `/admin/access`: what was given, and ending it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;

use super::asked::{Asked, Doer, address_of, administrator, menu, see, sent_by};
use crate::administration::{Ended, ListedGrant};
use crate::http::answers::{self, Forms};
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::pages::{AdministeredAccessPage, AdministrationNotice, FoundAccess, GrantLine};
use crate::records::GrantId;
use crate::server::Server;
use crate::tokens::end::AccessOf;

/// Whose access somebody asked for.
#[derive(Default)]
struct Whose {
    username: Option<String>,
    client_id: Option<String>,
}

impl Whose {
    /// A field that was left empty asks for nothing.
    fn of(username: Option<String>, client_id: Option<String>) -> Self {
        Self {
            username: username.filter(|name| !name.is_empty()),
            client_id: client_id.filter(|id| !id.is_empty()),
        }
    }

    fn access(&self) -> Option<AccessOf> {
        let client_id = self.client_id.as_deref().map(ClientId::new);
        match &self.username {
            Some(name) => Some(AccessOf::Owner {
                name: name.clone(),
                client_id,
            }),
            None => client_id.map(AccessOf::Client),
        }
    }

    fn address(&self, server: &Server, more: [(&str, Option<&str>); 1]) -> String {
        let page = &server.addresses.administration.access;
        let asked = [
            ("username", self.username.as_deref()),
            ("client_id", self.client_id.as_deref()),
        ];
        address_of(page, asked.into_iter().chain(more))
    }
}

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(&request);
    let whose = Whose::of(asked.username, asked.client_id);
    let found = found(&server, &whose, asked.after.as_deref()).await?;
    let page = AdministeredAccessPage {
        menu: menu(&visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        notice: asked.notice,
        username: whose.username.unwrap_or_default(),
        client_id: whose.client_id.unwrap_or_default(),
        found,
        ends_on: asked.ends_on,
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// A place where no list goes on is where it begins.
async fn found(
    server: &Server,
    whose: &Whose,
    after: Option<&str>,
) -> Result<Option<FoundAccess>, Refusal> {
    let Some(of) = whose.access() else {
        return Ok(None);
    };
    let at = &server.administration;
    let page = match at.list_access(&of, after).await? {
        Some(page) => Some(page),
        None => at.list_access(&of, None).await?,
    };
    Ok(page.map(|page| {
        let next = page.next.as_deref();
        FoundAccess {
            next: next.map(|next| whose.address(server, [("after", Some(next))])),
            grants: page.items.into_iter().map(line).collect(),
        }
    }))
}

fn line(one: ListedGrant) -> GrantLine {
    let given = one.given;
    GrantLine {
        grant_id: one.grant_id.to_string(),
        client_id: given.client_id.to_string(),
        owner: one.owner,
        scopes: given.scope.names().map(str::to_owned).collect(),
        since: given.given_at,
        last_token: given.issued_at,
        ends: one.expires_at,
        is_code: given.code_expires_at.is_some(),
    }
}

/// Ends one grant, or all that was asked for. Only a form of this session does; whatever else comes leads to the page.
pub(super) async fn end(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let page = &server.addresses.administration.access;
    let Ok(visitor) = sent_by(&server, &request, &mut form).await? else {
        return Ok(see(&page.to_string()));
    };
    let whose = Whose::of(form.take("username"), form.take("client_id"));
    let Some(of) = meant(&mut form, &whose) else {
        return Ok(see(&page.to_string()));
    };
    let doer = Doer::of(&server, &visitor, &request);
    let after = form.take("after");
    let at = &server.administration;
    let ended = at
        .end_some_access(doer.who(), &of, after.as_deref())
        .await?;
    let notice = |notice: AdministrationNotice| ("notice", Some(notice.as_str()));
    let more = match &ended {
        Some(Ended {
            next: Some(next), ..
        }) => ("ends_on", Some(next.as_str())),
        // Whoever went on has ended something before.
        Some(Ended { count: 0, .. }) if after.is_none() => notice(AdministrationNotice::Nothing),
        Some(_) => notice(AdministrationNotice::Done),
        None => notice(AdministrationNotice::Nothing),
    };
    Ok(see(&whose.address(&server, [more])))
}

/// One grant, or all of what was asked for.
fn meant(form: &mut Parameters, whose: &Whose) -> Option<AccessOf> {
    let all = form.take("action").is_some_and(|word| word == "end-all");
    match form.take("grant_id") {
        Some(one) => GrantId::from_text(&one).map(AccessOf::Grant),
        None if all => whose.access(),
        None => None,
    }
}
