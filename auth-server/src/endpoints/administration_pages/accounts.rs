//! `/admin/accounts` and `/admin/account`.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use super::asked::{Asked, Doer, address_of, administrator, menu, notice_of, see, sent_by};
use crate::administration::{
    Changed, NewAccount, NewPasswordError, OwnerAction, OwnerAddition, OwnerFactors, PAGE,
};
use crate::http::answers::{self, Forms};
use crate::http::application_form::name_fault;
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::Visitor;
use crate::pages::{
    AccountLine, AccountsPage, AdministeredAccountPage, AdministrationNotice, FaultKind,
    FieldFault, NewPasswordPage,
};
use crate::passwords::PasswordHash;
use crate::records::{EmailAddress, OwnerRegistration};
use crate::server::Server;

/// What was typed for a new account, and what came of it.
#[derive(Default)]
struct Typed {
    name: String,
    authorities: String,
    email: String,
    is_no_email: bool,
    addition: Option<OwnerAddition>,
}

pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let page = page(&server, &visitor, &Asked::of(&request), Typed::default()).await?;
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

async fn page(
    server: &Server,
    visitor: &Visitor,
    asked: &Asked,
    typed: Typed,
) -> Result<AccountsPage, Refusal> {
    let owners = &server.administration.owners;
    let found = owners.list(asked.after.as_deref(), PAGE).await?;
    let here = &server.addresses.administration.accounts;
    let line = |(owner, factors): (OwnerRegistration, OwnerFactors)| AccountLine {
        address: address(server, &owner.name, None),
        name: owner.name,
        is_locked: owner.disabled,
        has_second_factor: factors.second_factor,
        passkeys: u64::try_from(factors.passkeys).unwrap_or(u64::MAX),
    };
    let accounts = owners.with_factors(found.items).await?;
    let next = found.next.as_deref();
    Ok(AccountsPage {
        menu: menu(visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        notice: asked.notice,
        accounts: accounts.into_iter().map(line).collect(),
        next: next.map(|next| address_of(here, [("after", Some(next))])),
        name: typed.name,
        name_fault: typed.addition.and_then(fault),
        is_taken: typed.addition == Some(OwnerAddition::Taken),
        authorities: typed.authorities,
        email: typed.email,
        is_no_email: typed.is_no_email,
        is_no_authority: typed.addition == Some(OwnerAddition::Authority),
    })
}

/// Nothing is no fault: an account may be without an address.
fn is_no_address(typed: &str) -> bool {
    !typed.trim().is_empty() && EmailAddress::parse(typed).is_none()
}

fn fault(addition: OwnerAddition) -> Option<FieldFault> {
    let (kind, about) = match addition {
        OwnerAddition::Name(fault) => name_fault(fault),
        OwnerAddition::ControlCharacter => (FaultKind::ControlCharacter, String::new()),
        OwnerAddition::Added | OwnerAddition::Taken | OwnerAddition::Authority => return None,
    };
    Some(FieldFault { kind, about })
}

/// Only a form of this session does anything; whatever else comes leads to the list.
pub(super) async fn add(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let visitor = sent_by(&server, &request, &mut form).await?;
    let Some(visitor) = visitor else {
        let list = &server.addresses.administration.accounts;
        return Ok(see(&list.to_string()));
    };
    let name = form.take("username").unwrap_or_default();
    let typed = form.take("authorities").unwrap_or_default();
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let authorities = lines.map(str::to_owned).collect();
    let email = form.take("email").unwrap_or_default();
    let mut typed = Typed {
        name,
        authorities: typed,
        is_no_email: is_no_address(&email),
        email,
        addition: None,
    };
    if !typed.is_no_email {
        let doer = Doer::of(&visitor, &request);
        let (made, hash) = password(&server, &doer, &typed.name).await?;
        let account = NewAccount {
            name: &typed.name,
            password: &hash,
            authorities,
            email: EmailAddress::parse(&typed.email),
        };
        let added = server.administration.add_owner(doer.who(), account);
        let addition = added.await?;
        if addition == OwnerAddition::Added {
            return tell(&request, &server, &visitor, typed.name, &made);
        }
        typed.addition = Some(addition);
    }
    let page = page(&server, &visitor, &Asked::of(&request), typed).await?;
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::BAD_REQUEST, Forms::StayHere).body(html))
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
    let owners = &server.administration.owners;
    let found = match &asked.username {
        Some(name) => owners.find(name).await?,
        None => None,
    };
    let Some(owner) = found else {
        let list = &server.addresses.administration.accounts;
        return Ok(see(&list.to_string()));
    };
    let factors = owners.factors(&owner.name).await?;
    let access = &server.addresses.administration.access;
    let page = AdministeredAccountPage {
        access: address_of(access, [("username", Some(owner.name.as_str()))]),
        menu: menu(&visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        notice: asked.notice,
        name: owner.name,
        authorities: owner.authorities,
        email: owner.email.map(|it| it.to_string()).unwrap_or_default(),
        is_locked: owner.disabled,
        has_second_factor: factors.second_factor,
        passkeys: u64::try_from(factors.passkeys).unwrap_or(u64::MAX),
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// Only a form of this session does anything; whatever else comes leads to the list.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let list = &server.addresses.administration.accounts;
    let visitor = sent_by(&server, &request, &mut form).await?;
    let (name, word) = (form.take("username"), form.take("action"));
    let (Some(visitor), Some(name), Some(word)) = (visitor, name, word) else {
        return Ok(see(&list.to_string()));
    };
    let doer = Doer::of(&visitor, &request);
    let typed = form.take("email").unwrap_or_default();
    let mut made = None;
    let action = match word.as_str() {
        "email" if is_no_address(&typed) => {
            let notice = Some(AdministrationNotice::NoEmail);
            return Ok(see(&address(&server, &name, notice)));
        }
        "password" => {
            let (password, hash) = password(&server, &doer, &name).await?;
            made = Some(password);
            OwnerAction::ResetPassword(hash)
        }
        word => match action(word, &typed) {
            Some(action) => action,
            None => return Ok(see(&list.to_string())),
        },
    };
    let at = &server.administration;
    let changed = at.change_owner(doer.who(), &name, &action).await?;
    match (made, &changed, &action) {
        (Some(made), Changed::Done(()), _) => tell(&request, &server, &visitor, name, &made),
        (None, Changed::Done(()), OwnerAction::Remove) => {
            let removed = AdministrationNotice::Removed.as_str();
            Ok(see(&address_of(list, [("notice", Some(removed))])))
        }
        _ => Ok(see(&address(&server, &name, Some(notice_of(&changed))))),
    }
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

/// The one time that a password is told.
fn tell(
    request: &HttpRequest,
    server: &Server,
    visitor: &Visitor,
    name: String,
    made: &Secret,
) -> Result<HttpResponse, Refusal> {
    let page = NewPasswordPage {
        menu: menu(visitor),
        address: address(server, &name, None),
        name,
        password: made.expose().to_owned(),
    };
    let html = page.render(&frame(server, request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// A password that is made, and its hash.
async fn password(
    server: &Server,
    doer: &Doer,
    owner: &str,
) -> Result<(Secret, PasswordHash), Refusal> {
    let made = server.new_passwords.make();
    let hash = server.new_passwords.hash(owner, &made, doer.address());
    match hash.await {
        Ok(hash) => Ok((made, hash)),
        Err(NewPasswordError::Hash(error)) => Err(Refusal::busy(error.to_string())),
        // Nobody is called as what was drawn a moment ago.
        Err(NewPasswordError::Fault(fault)) => Err(Refusal::bad_request(fault.to_string())),
    }
}

fn address(server: &Server, name: &str, notice: Option<AdministrationNotice>) -> String {
    let page = &server.addresses.administration.account;
    let query = [
        ("username", Some(name)),
        ("notice", notice.map(AdministrationNotice::as_str)),
    ];
    address_of(page, query)
}
