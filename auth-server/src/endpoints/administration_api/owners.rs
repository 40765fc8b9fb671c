//! `/admin/api/v1/owners`: accounts of the store.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use symbolon::parameters::Parameters;
use symbolon::secret::{self, Secret};
use utoipa::ToSchema;

use super::parts::{Named, Problem, named, refused};
use crate::administration::{
    Administrators, Kept, NewAccount, NewPasswordError, OwnerAction, OwnerAddition, OwnerFactors,
    PAGE,
};
use crate::http::administrator::{ApiAdministrator, administrator};
use crate::http::answers;
use crate::http::form_error::FormError;
use crate::http::json_body::ExactJson;
use crate::http::refusals::Refusal;
use crate::passwords::PasswordHash;
use crate::records::{EmailAddress, OwnerRegistration};
use crate::server::Server;

/// An account of the store.
#[derive(Serialize, ToSchema)]
pub(super) struct Owner {
    /// Its name.
    name: String,
    /// What the person may do, such as `ROLE_USER`.
    authorities: Vec<String>,
    /// Whether nobody signs in, and what was granted is not good meanwhile.
    locked: bool,
    /// Whether the person was invited and has not chosen a password yet; absent where not.
    #[serde(skip_serializing_if = "is_no")]
    #[schema(value_type = Option<bool>, nullable = false)]
    invited: bool,
    /// Where the person reads mails; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, format = Email)]
    email: Option<EmailAddress>,
    /// Whether its password is not enough.
    second_factor: bool,
    /// How many passkeys sign in in the place of its password.
    passkeys: usize,
    /// The password that was made for it: it is told this once.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "secret::expose_option"
    )]
    #[schema(value_type = Option<String>, nullable = false)]
    password: Option<Secret>,
}

impl Owner {
    fn of(owner: OwnerRegistration, factors: OwnerFactors, password: Option<Secret>) -> Self {
        Self {
            name: owner.name,
            authorities: owner.authorities,
            locked: owner.disabled,
            invited: owner.invited,
            email: owner.email,
            second_factor: factors.second_factor,
            passkeys: factors.passkeys,
            password,
        }
    }
}

/// Accounts, in the order of their names.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnerList {
    /// At most 50.
    items: Vec<Owner>,
    /// `after` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOwner {
    /// Its name: at most 255 bytes, and nothing that cannot be seen.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Its password: at least eight characters. One is made when it is left out.
    #[schema(value_type = Option<String>, min_length = 8, max_length = 1024)]
    password: Option<Secret>,
    /// What the person may do, such as `ROLE_USER`.
    #[serde(default)]
    authorities: Vec<String>,
    /// Where the person reads mails: a link for a new password is sent there.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<EmailAddress>,
    /// Whether the person is sent an invitation to choose the password, in the language that `Accept-Language` asks for; then
    /// there is an address, and no password here.
    #[serde(default)]
    invite: bool,
}

/// Where somebody reads mails.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    /// The address; the account has none any more when it is left out.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<EmailAddress>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// At least eight characters. One is made when it is left out.
    #[schema(value_type = Option<String>, min_length = 8, max_length = 1024)]
    password: Option<Secret>,
}

/// Lists accounts, 50 at a time.
#[utoipa::path(get, path = "/admin/api/v1/owners", tag = "owners", 
    params(("after" = Option<String>, Query, nullable = false, description = "`next` of the page before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = OwnerList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let mut query =
        Parameters::decode(request.query_string().as_bytes()).map_err(FormError::from)?;
    let after = query.take("after");
    let owners = &server.administration.owners;
    let page = owners.list(after.as_deref(), PAGE).await?;
    let items = owners.with_factors(page.items).await?.into_iter();
    let items = items.map(|(owner, factors)| Owner::of(owner, factors, None));
    let told = OwnerList {
        items: items.collect(),
        next: page.next,
    };
    Ok(answers::json(StatusCode::OK, &told))
}

/// Reads an account.
#[utoipa::path(get, path = "/admin/api/v1/owners/{name}", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn read(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    told(&server, &named(name)?, StatusCode::OK, None).await
}

/// Adds an account. A password is made where none is said, and told this once; where the person is invited, nobody is told any.
#[utoipa::path(post, path = "/admin/api/v1/owners", tag = "owners", request_body = NewOwner,
    security(("token" = ["admin.write"])),
    responses((status = CREATED, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn add(
    request: HttpRequest,
    server: Data<Server>,
    said: Result<ExactJson<NewOwner>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let ExactJson(said) = said?;
    if said.invite && said.password.is_some() {
        let both = "password and invite: an account has one of both";
        return Err(Refusal::bad_request(both.to_owned()));
    }
    let (hash, made) = password(&server, &caller, &said.name, said.password).await?;
    let made = made.filter(|_| !said.invite);
    let account = NewAccount {
        name: &said.name,
        password: &hash,
        invited: said.invite,
        authorities: said.authorities,
        email: said.email,
    };
    let added = server.administration.add_owner(caller.who(), account);
    match added.await? {
        OwnerAddition::Added => told(&server, &said.name, StatusCode::CREATED, made).await,
        addition @ (OwnerAddition::Taken | OwnerAddition::NotInvited(_)) => {
            Err(Refusal::conflict(addition.not_added().unwrap_or_default()))
        }
        addition @ (OwnerAddition::Name(_)
        | OwnerAddition::ControlCharacter
        | OwnerAddition::Authority) => {
            Err(Refusal::bad_json(&addition.not_added().unwrap_or_default()))
        }
    }
}

/// Locks an account: nobody signs in, and what was granted is not good meanwhile.
#[utoipa::path(post, path = "/admin/api/v1/owners/{name}/lock", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn lock(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    change(&request, &server, name, OwnerAction::Lock).await
}

/// Takes that back.
#[utoipa::path(post, path = "/admin/api/v1/owners/{name}/unlock", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn unlock(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    change(&request, &server, name, OwnerAction::Unlock).await
}

/// Gives an account another password: all sessions end. One is made where none is said, and told this once.
#[utoipa::path(post, path = "/admin/api/v1/owners/{name}/password", tag = "owners",
    params(("name" = String, Path, description = "Whose")), request_body = NewPassword,
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn reset_password(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
    said: Result<ExactJson<NewPassword>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let (name, ExactJson(said)) = (named(name)?, said?);
    let (hash, made) = password(&server, &caller, &name, said.password).await?;
    let action = OwnerAction::ResetPassword(hash);
    let changed = server
        .administration
        .change_owner(caller.who(), &name, &action);
    refused(&changed.await?, Kept::Owner)?;
    told(&server, &name, StatusCode::OK, made).await
}

/// Sends another invitation, in the language that `Accept-Language` asks for, to whoever was invited and has not chosen a password
/// yet: the one before is good no more.
#[utoipa::path(post, path = "/admin/api/v1/owners/{name}/invitation", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn invite(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    let caller = administrator(&server, &request, Administrators::WRITE).await?;
    let name = named(name)?;
    let (hash, _) = password(&server, &caller, &name, None).await?;
    let action = OwnerAction::Invite(hash);
    let changed = server
        .administration
        .change_owner(caller.who(), &name, &action);
    refused(&changed.await?, Kept::Owner)?;
    told(&server, &name, StatusCode::OK, None).await
}

/// Says where the owner of an account reads mails. Whoever does can choose a new password where the server sends links for that.
#[utoipa::path(put, path = "/admin/api/v1/owners/{name}/email", tag = "owners",
    params(("name" = String, Path, description = "Whose")), request_body = Email,
    security(("token" = ["admin.write"])),
    responses((status = OK, body = Owner), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn set_email(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
    said: Result<ExactJson<Email>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::WRITE).await?;
    let ExactJson(said) = said?;
    change(&request, &server, name, OwnerAction::SetEmail(said.email)).await
}

/// Removes the second factor of an account and its passkeys, wherever that is kept: its password is enough again, and nothing else is.
#[utoipa::path(delete, path = "/admin/api/v1/owners/{name}/second-factor", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.write"])),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn remove_second_factor(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    remove_of(&request, &server, name, OwnerAction::RemoveSecondFactor).await
}

/// Removes an account for good, and ends what it granted.
#[utoipa::path(delete, path = "/admin/api/v1/owners/{name}", tag = "owners",
    params(("name" = String, Path, description = "Whose")),
    security(("token" = ["admin.write"])),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn remove(
    request: HttpRequest,
    server: Data<Server>,
    name: Named,
) -> Result<HttpResponse, Refusal> {
    remove_of(&request, &server, name, OwnerAction::Remove).await
}

async fn remove_of(
    request: &HttpRequest,
    server: &Server,
    name: Named,
    action: OwnerAction,
) -> Result<HttpResponse, Refusal> {
    act(request, server, name, action).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn change(
    request: &HttpRequest,
    server: &Server,
    name: Named,
    action: OwnerAction,
) -> Result<HttpResponse, Refusal> {
    let name = act(request, server, name, action).await?;
    told(server, &name, StatusCode::OK, None).await
}

/// Does it, and says to whom.
async fn act(
    request: &HttpRequest,
    server: &Server,
    name: Named,
    action: OwnerAction,
) -> Result<String, Refusal> {
    let caller = administrator(server, request, Administrators::WRITE).await?;
    let name = named(name)?;
    let changed = server
        .administration
        .change_owner(caller.who(), &name, &action);
    refused(&changed.await?, Kept::Owner)?;
    Ok(name)
}

/// An account as it is now, with the password that was made for it.
async fn told(
    server: &Server,
    name: &str,
    status: StatusCode,
    made: Option<Secret>,
) -> Result<HttpResponse, Refusal> {
    let found = server.administration.owners.find(name).await?;
    let unknown = || Refusal::no_such("there is no such account in the store");
    let owner = found.ok_or_else(unknown)?;
    let factors = server.administration.owners.factors(name).await?;
    Ok(answers::json(status, &Owner::of(owner, factors, made)))
}

/// The hash of the password that was said, or of one that is made.
async fn password(
    server: &Server,
    caller: &ApiAdministrator,
    owner: &str,
    said: Option<Secret>,
) -> Result<(PasswordHash, Option<Secret>), Refusal> {
    let new = &server.new_passwords;
    let made = said.is_none().then(|| new.make());
    let password = said.or_else(|| made.clone()).unwrap_or_else(|| new.make());
    match new.hash(owner, &password, caller.address()).await {
        Ok(hash) => Ok((hash, made)),
        Err(NewPasswordError::Fault(fault)) => {
            Err(Refusal::bad_request(format!("password: {fault}")))
        }
        Err(NewPasswordError::Hash(error)) => Err(Refusal::busy(error.to_string())),
    }
}

/// What is left out where it is not so.
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it asks about by reference"
)]
const fn is_no(yes: &bool) -> bool {
    !*yes
}
