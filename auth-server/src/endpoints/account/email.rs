//! `/account/email`: where an owner reads mails. Whoever does can choose a new password, so it takes the password to change it: who
//! finds a browser signed in does not get the account that way.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::{NO_ADDRESS, note_fault};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::sign_in_events::prove_owner;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::visitor::{LateForm, Visitor, sender, signed_in};
use crate::pages::{EmailPage, EmailRefusal, EmailState, Place};
use crate::records::EmailAddress;
use crate::resource_owners::password_change::PasswordChangeError;
use crate::resource_owners::sign_in::SignInError;
use crate::server::Server;

/// Says in the address that one is sent to that the address was changed.
const CHANGED: &str = "changed=true";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    only_with_mail(&server)?;
    let visitor = match signed_in(&server, &request, Place::Email).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let Some(kept) = server.password_changes.kept(&visitor.owner).await? else {
        let elsewhere = NotChanged::shown(EmailState::KeptElsewhere, StatusCode::OK);
        return elsewhere.answer(&server, &request, &visitor, String::new());
    };
    let email = kept.email.map(|email| email.to_string());
    let state = if request.query_string() == CHANGED && may_say_done(&request) {
        EmailState::Changed
    } else {
        EmailState::Asked
    };
    let shown = NotChanged::shown(state, StatusCode::OK);
    shown.answer(&server, &request, &visitor, email.unwrap_or_default())
}

/// Only a form of this session changes anything; whatever else comes leads to the page.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    only_with_mail(&server)?;
    let here = server.addresses.account.email.to_string();
    let visitor = match sender(&server, &request, &mut form).await? {
        Ok(visitor) => visitor,
        Err(late) => return fill_in(&server, &request, form, late).await,
    };
    let typed = form.take("email").unwrap_or_default();
    let password = Secret::new(form.take("current_password").unwrap_or_default());
    match changed(&server, &request, &visitor, (&typed, &password)).await {
        Ok(()) => {
            let page = format!("{here}?{CHANGED}");
            Ok(answers::redirect(StatusCode::SEE_OTHER, &page))
        }
        Err(why) => why.answer(&server, &request, &visitor, typed),
    }
}

/// The page with the address that was typed, of a form that came too late.
async fn fill_in(
    server: &Server,
    request: &HttpRequest,
    mut form: Parameters,
    late: LateForm,
) -> Result<HttpResponse, Refusal> {
    let visitor = match late.again(server, request, &form, Place::Email)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(answer),
    };
    let typed = form.take("email").unwrap_or_default();
    let state = match server.password_changes.kept(&visitor.owner).await? {
        Some(_) => EmailState::Asked,
        None => EmailState::KeptElsewhere,
    };
    NotChanged::shown(state, StatusCode::FORBIDDEN).answer(server, request, &visitor, typed)
}

fn only_with_mail(server: &Server) -> Result<(), Refusal> {
    let links = server.account_links.as_ref();
    links.map(|_| ()).ok_or_else(Refusal::not_found)
}

async fn changed(
    server: &Server,
    request: &HttpRequest,
    visitor: &Visitor,
    (typed, password): (&str, &Secret),
) -> Result<(), NotChanged> {
    let owner = &visitor.owner;
    let email = EmailAddress::parse(typed);
    if email.is_none() && !typed.trim().is_empty() {
        let state = EmailState::Refused(EmailRefusal::Address);
        return Err(NotChanged::shown(state, StatusCode::BAD_REQUEST));
    }
    prove_owner(server, request, owner, password).await?;
    server.password_changes.change_email(owner, email).await?;
    server.audit.record(&AuditEvent::EmailChanged {
        owner: &owner.name,
        address: &address(request),
    });
    Ok(())
}

/// Why a form came to nothing: the page says what will not do, or it is no fault of the form.
enum NotChanged {
    Shown {
        state: EmailState,
        status: StatusCode,
        retry_after_secs: Option<u64>,
    },
    Refused(Refusal),
}

impl NotChanged {
    const fn shown(state: EmailState, status: StatusCode) -> Self {
        Self::Shown {
            state,
            status,
            retry_after_secs: None,
        }
    }

    fn answer(
        self,
        server: &Server,
        request: &HttpRequest,
        visitor: &Visitor,
        email: String,
    ) -> Result<HttpResponse, Refusal> {
        let (state, status, retry_after_secs) = match self {
            Self::Shown {
                state,
                status,
                retry_after_secs,
            } => (state, status, retry_after_secs),
            Self::Refused(refusal) => return Err(refusal),
        };
        if let Some(rule) =
            rule_of(&state).filter(|_| status.is_client_error() && status != StatusCode::FORBIDDEN)
        {
            note_fault(request, Some(&visitor.owner.name), rule);
        }
        let shown = EmailPage {
            menu: visitor.menu(Place::Email),
            csrf_token: server.sessions.csrf_token(&visitor.session),
            email,
            state,
        };
        let here = server.addresses.account.email.to_string();
        let html = shown.render(&frame(server, request).here(here))?;
        let mut response = answers::page(status, Forms::StayHere).body(html);
        answers::retry_after(&mut response, retry_after_secs);
        Ok(response)
    }
}

/// What is wrong, for whoever asks later.
const fn rule_of(state: &EmailState) -> Option<&'static str> {
    match state {
        EmailState::Asked | EmailState::Changed => None,
        EmailState::KeptElsewhere => Some("the account is kept elsewhere"),
        EmailState::Refused(EmailRefusal::Current(_)) => {
            Some("current_password is not that of the account")
        }
        EmailState::Refused(EmailRefusal::Address) => Some(NO_ADDRESS),
        EmailState::Refused(EmailRefusal::ChangedMeanwhile) => {
            Some("the account was changed meanwhile")
        }
    }
}

impl From<SignInError> for NotChanged {
    fn from(error: SignInError) -> Self {
        match SignInRefusal::try_from(error) {
            Ok(refusal) => Self::Shown {
                state: EmailState::Refused(EmailRefusal::Current(refusal.notice)),
                status: refusal.status,
                retry_after_secs: refusal.retry_after_secs,
            },
            Err(error) => Self::Refused(error.into()),
        }
    }
}

impl From<PasswordChangeError> for NotChanged {
    fn from(error: PasswordChangeError) -> Self {
        match error {
            PasswordChangeError::KeptElsewhere => {
                Self::shown(EmailState::KeptElsewhere, StatusCode::CONFLICT)
            }
            PasswordChangeError::ChangedMeanwhile | PasswordChangeError::UsedMeanwhile => {
                let state = EmailState::Refused(EmailRefusal::ChangedMeanwhile);
                Self::shown(state, StatusCode::CONFLICT)
            }
            PasswordChangeError::Hash(error) => SignInError::Busy(error).into(),
            PasswordChangeError::Store(error) => Self::Refused(error.into()),
        }
    }
}
