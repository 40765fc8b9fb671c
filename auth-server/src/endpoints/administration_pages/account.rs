//! `/admin/account`: one account, and what is done with it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use super::accounts::{address, is_no_address, password, tell};
use super::asked::{Asked, Doer, address_of, administrator, menu, notice_of, see, sent_by};
use crate::administration::{Changed, Kept, OwnerAction};
use crate::http::answers::{self, Forms};
use crate::http::form::Form;
use crate::http::noted_refusal::NO_ADDRESS;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{LateForm, Visitor};
use crate::pages::{AdministeredAccountPage, AdministrationNotice, Place};
use crate::records::EmailAddress;
use crate::server::Server;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(&request);
    let shown = Shown {
        status: StatusCode::OK,
        name: asked.username,
        notice: asked.notice,
        email: None,
    };
    shown.answer(&request, &server, &visitor).await
}

/// A page about an account.
struct Shown {
    status: StatusCode,
    name: Option<String>,
    notice: Option<AdministrationNotice>,
    /// What was typed in the place of what is so.
    email: Option<String>,
}

impl Shown {
    async fn answer(
        self,
        request: &HttpRequest,
        server: &Server,
        visitor: &Visitor,
    ) -> Result<HttpResponse, Refusal> {
        let owners = &server.administration.owners;
        let found = match &self.name {
            Some(name) => owners.find(name).await?,
            None => None,
        };
        let Some(owner) = found else {
            let list = &server.addresses.administration.accounts;
            return Ok(see(&list.to_string()));
        };
        let kept = || owner.email.as_ref().map(ToString::to_string);
        let email = self.email.or_else(kept).unwrap_or_default();
        let factors = owners.factors(&owner.name).await?;
        let access = &server.addresses.administration.access;
        let page = AdministeredAccountPage {
            access: address_of(access, [("username", Some(owner.name.as_str()))]),
            menu: menu(visitor),
            csrf_token: server.sessions.csrf_token(&visitor.session),
            once: server.new_passwords.once(),
            notice: self.notice,
            name: owner.name,
            authorities: owner.authorities,
            is_invited: owner.invited,
            can_invite: server.administration.outbox.is_some() && owner.email.is_some(),
            email,
            is_locked: owner.disabled,
            has_second_factor: factors.second_factor,
            passkeys: u64::try_from(factors.passkeys).unwrap_or(u64::MAX),
        };
        let html = page.render(&frame(server, request))?;
        Ok(answers::page(self.status, Forms::StayHere).body(html))
    }
}

/// Only a form of this session does anything; after any other an address that was typed is shown once more.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let list = &server.addresses.administration.accounts;
    let visitor = match sent_by(&server, &request, &mut form).await? {
        Ok(visitor) => visitor,
        Err(late) => return fill_in(&request, &server, form, late).await,
    };
    let (Some(name), Some(word)) = (form.take("username"), form.take("action")) else {
        return Ok(see(&list.to_string()));
    };
    let doer = Doer::of(&server, &visitor, &request);
    let typed = form.take("email").unwrap_or_default();
    if word == "password" {
        let once = form.take("once").unwrap_or_default();
        return reset_password(&request, &server, (&visitor, &doer), (name, &once)).await;
    }
    if word == "email" && is_no_address(&typed) {
        doer.note(&request, NO_ADDRESS);
        let notice = Some(AdministrationNotice::NoEmail);
        return Ok(see(&address(&server, &name, notice)));
    }
    if word == "invite" {
        return invite(&request, &server, (&visitor, &doer), &name).await;
    }
    let Some(action) = action(&word, &typed) else {
        return Ok(see(&list.to_string()));
    };
    let at = &server.administration;
    let changed = at.change_owner(doer.who(), &name, &action).await?;
    if let (Changed::Done(()), OwnerAction::Remove) = (&changed, &action) {
        let removed = AdministrationNotice::Removed.as_str();
        return Ok(see(&address_of(list, [("notice", Some(removed))])));
    }
    let notice = notice_of(&request, &doer, &changed, Kept::Owner);
    Ok(see(&address(&server, &name, Some(notice))))
}

/// A password that is made, in the place of the one before.
async fn reset_password(
    request: &HttpRequest,
    server: &Server,
    (visitor, doer): (&Visitor, &Doer),
    (name, once): (String, &str),
) -> Result<HttpResponse, Refusal> {
    let (made, hash) = password(server, visitor, doer, (&name, once)).await?;
    let action = OwnerAction::ResetPassword(hash);
    let at = &server.administration;
    let changed = at.change_owner(doer.who(), &name, &action).await?;
    if changed == Changed::Done(()) {
        return tell(request, server, visitor, name, &made);
    }
    let notice = notice_of(request, doer, &changed, Kept::Owner);
    Ok(see(&address(server, &name, Some(notice))))
}

/// Another invitation, in the place of the one before; its password is told to nobody.
async fn invite(
    request: &HttpRequest,
    server: &Server,
    (visitor, doer): (&Visitor, &Doer),
    name: &str,
) -> Result<HttpResponse, Refusal> {
    let (_, hash) = password(server, visitor, doer, (name, "")).await?;
    let action = OwnerAction::Invite(hash);
    let at = &server.administration;
    let changed = at.change_owner(doer.who(), name, &action).await?;
    let notice = if changed == Changed::Done(()) {
        AdministrationNotice::Invited
    } else {
        notice_of(request, doer, &changed, Kept::Owner)
    };
    Ok(see(&address(server, name, Some(notice))))
}

/// The page with the address that was typed, of a form that came too late.
async fn fill_in(
    request: &HttpRequest,
    server: &Server,
    mut form: Parameters,
    late: LateForm,
) -> Result<HttpResponse, Refusal> {
    let list = &server.addresses.administration.accounts;
    let is_typed = form
        .iter()
        .any(|(name, word)| name == "action" && word == "email");
    if !is_typed {
        return Ok(see(&list.to_string()));
    }
    let visitor = match late.again(server, request, &form, Place::Administration)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(answer),
    };
    let shown = Shown {
        status: StatusCode::FORBIDDEN,
        name: form.take("username"),
        notice: None,
        email: form.take("email"),
    };
    shown.answer(request, server, &visitor).await
}

/// What a word means that wants no password.
fn action(word: &str, email: &str) -> Option<OwnerAction> {
    Some(match word {
        "lock" => OwnerAction::Lock,
        "unlock" => OwnerAction::Unlock,
        "email" => OwnerAction::SetEmail(EmailAddress::parse(email)),
        "second-factor" => OwnerAction::RemoveSecondFactor,
        "remove" => OwnerAction::Remove,
        _ => return None,
    })
}
