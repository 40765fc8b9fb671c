//! `/admin/accounts`: the accounts, and a new one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use super::asked::{Asked, Doer, address_of, administrator, menu, see, sent_by};
use crate::administration::{
    InvitationFault, NewAccount, NewPasswordError, OwnerAddition, OwnerFactors, PAGE,
};
use crate::http::answers::{self, Forms};
use crate::http::application_form::name_fault;
use crate::http::form::Form;
use crate::http::noted_refusal::NO_ADDRESS;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{LateForm, Visitor};
use crate::pages::{
    AccountLine, AccountsPage, AdministrationNotice, FaultKind, FieldFault, NewPasswordPage,
    NotInvited, Place,
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
    is_invitation: bool,
    addition: Option<OwnerAddition>,
}

impl Typed {
    fn take(form: &mut Parameters) -> Self {
        let mut text = |name| form.take(name).unwrap_or_default();
        let email = text("email");
        Self {
            name: text("username"),
            authorities: text("authorities"),
            is_no_email: is_no_address(&email),
            is_invitation: !text("invite").is_empty(),
            email,
            addition: None,
        }
    }

    fn each_authority(&self) -> Vec<String> {
        let lines = self.authorities.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    /// What is wrong, without what was typed.
    const fn rule(&self) -> &'static str {
        match self.addition {
            Some(OwnerAddition::Taken) => "username: there is an account of that name",
            Some(OwnerAddition::Name(_) | OwnerAddition::ControlCharacter) => {
                "username: nobody can have that name"
            }
            Some(OwnerAddition::Authority) => {
                "authorities: one holds a control character or is too long"
            }
            Some(OwnerAddition::NotInvited(InvitationFault::NoAddress)) => {
                "invite: whoever is invited has an address"
            }
            Some(OwnerAddition::NotInvited(_)) => "invite: no mail can be sent now",
            Some(OwnerAddition::Added) | None => NO_ADDRESS,
        }
    }
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
        is_invited: owner.invited,
        has_second_factor: factors.second_factor,
        passkeys: u64::try_from(factors.passkeys).unwrap_or(u64::MAX),
    };
    let accounts = owners.with_factors(found.items).await?;
    let next = found.next.as_deref();
    Ok(AccountsPage {
        menu: menu(visitor),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        once: server.new_passwords.once(),
        notice: asked.notice,
        accounts: accounts.into_iter().map(line).collect(),
        next: next.map(|next| address_of(here, [("after", Some(next))])),
        name: typed.name,
        name_fault: typed.addition.and_then(fault),
        is_taken: typed.addition == Some(OwnerAddition::Taken),
        authorities: typed.authorities,
        email: typed.email,
        is_no_email: typed.is_no_email,
        can_invite: server.administration.outbox.is_some(),
        is_invitation: typed.is_invitation,
        not_invited: typed.addition.and_then(not_invited),
        is_no_authority: typed.addition == Some(OwnerAddition::Authority),
    })
}

/// Nothing is no fault: an account may be without an address.
pub(super) fn is_no_address(typed: &str) -> bool {
    !typed.trim().is_empty() && EmailAddress::parse(typed).is_none()
}

fn fault(addition: OwnerAddition) -> Option<FieldFault> {
    let (kind, about) = match addition {
        OwnerAddition::Name(fault) => name_fault(fault),
        OwnerAddition::ControlCharacter => (FaultKind::ControlCharacter, String::new()),
        OwnerAddition::Added
        | OwnerAddition::Taken
        | OwnerAddition::Authority
        | OwnerAddition::NotInvited(_) => return None,
    };
    Some(FieldFault { kind, about })
}

const fn not_invited(addition: OwnerAddition) -> Option<NotInvited> {
    match addition {
        OwnerAddition::NotInvited(InvitationFault::NoAddress) => Some(NotInvited::NoAddress),
        OwnerAddition::NotInvited(_) => Some(NotInvited::NoMails),
        OwnerAddition::Added
        | OwnerAddition::Taken
        | OwnerAddition::Name(_)
        | OwnerAddition::ControlCharacter
        | OwnerAddition::Authority => None,
    }
}

/// Only a form of this session does anything; after any other the page is shown once more.
pub(super) async fn add(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let visitor = match sent_by(&server, &request, &mut form).await? {
        Ok(visitor) => visitor,
        Err(late) => return fill_in(&request, &server, form, late).await,
    };
    let mut typed = Typed::take(&mut form);
    let doer = Doer::of(&server, &visitor, &request);
    if !typed.is_no_email {
        let once = form.take("once").unwrap_or_default();
        let (made, hash) = password(&server, &visitor, &doer, (&typed.name, &once)).await?;
        let account = NewAccount {
            name: &typed.name,
            password: &hash,
            invited: typed.is_invitation,
            authorities: typed.each_authority(),
            email: EmailAddress::parse(&typed.email),
        };
        let added = server.administration.add_owner(doer.who(), account);
        let addition = added.await?;
        if addition == OwnerAddition::Added && typed.is_invitation {
            let notice = Some(AdministrationNotice::Invited);
            return Ok(see(&address(&server, &typed.name, notice)));
        }
        let is_told_again = addition == OwnerAddition::Taken
            && !typed.is_invitation
            && was_added_so(&server, &typed.name, &made, doer.address()).await?;
        if addition == OwnerAddition::Added || is_told_again {
            return tell(&request, &server, &visitor, typed.name, &made);
        }
        typed.addition = Some(addition);
    }
    doer.note(&request, typed.rule());
    let shown = (StatusCode::BAD_REQUEST, typed);
    show_typed(&request, &server, &visitor, shown).await
}

/// The page as it was filled in, of a form that came too late.
async fn fill_in(
    request: &HttpRequest,
    server: &Server,
    mut form: Parameters,
    late: LateForm,
) -> Result<HttpResponse, Refusal> {
    let visitor = match late.again(server, request, &form, Place::Administration)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(answer),
    };
    let shown = (StatusCode::FORBIDDEN, Typed::take(&mut form));
    show_typed(request, server, &visitor, shown).await
}

/// The page once more, with what was typed.
async fn show_typed(
    request: &HttpRequest,
    server: &Server,
    visitor: &Visitor,
    (status, typed): (StatusCode, Typed),
) -> Result<HttpResponse, Refusal> {
    let page = page(server, visitor, &Asked::of(request), typed).await?;
    let html = page.render(&frame(server, request))?;
    Ok(answers::page(status, Forms::StayHere).body(html))
}

/// The one time that a password is told.
pub(super) fn tell(
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

/// Whether the account of this name has that password: the same form has added it a moment ago.
async fn was_added_so(
    server: &Server,
    name: &str,
    made: &Secret,
    address: &str,
) -> Result<bool, Refusal> {
    let Some(owner) = server.administration.owners.find(name).await? else {
        return Ok(false);
    };
    let is_so = server.new_passwords.is_of(&owner, made, address).await;
    is_so.map_err(|error| Refusal::busy(error.to_string()))
}

/// A password that is made, and its hash. The same form makes the same password.
pub(super) async fn password(
    server: &Server,
    visitor: &Visitor,
    doer: &Doer,
    (owner, once): (&str, &str),
) -> Result<(Secret, PasswordHash), Refusal> {
    let of_form = server.sessions.made_by_form(&visitor.session, once, owner);
    let made = of_form.unwrap_or_else(|| server.new_passwords.make());
    let hash = server.new_passwords.hash(owner, &made, doer.address());
    match hash.await {
        Ok(hash) => Ok((made, hash)),
        Err(NewPasswordError::Hash(error)) => Err(Refusal::busy(error.to_string())),
        // Nobody is called as what was drawn a moment ago.
        Err(NewPasswordError::Fault(fault)) => Err(Refusal::bad_request(fault.to_string())),
    }
}

pub(super) fn address(server: &Server, name: &str, notice: Option<AdministrationNotice>) -> String {
    let page = &server.addresses.administration.account;
    let query = [
        ("username", Some(name)),
        ("notice", notice.map(AdministrationNotice::as_str)),
    ];
    address_of(page, query)
}
