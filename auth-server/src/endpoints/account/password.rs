//! `/account/password`: an owner's new password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::{address, device};
use crate::http::form::Form;
use crate::http::new_password::{NewPassword, rule_of};
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::sign_in_events::prove_owner;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::visitor::{Visitor, sender, signed_in};
use crate::http::{known_browser, session_cookie};
use crate::pages::{PasswordPage, PasswordRefusal, PasswordState, Place};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::password_change::PasswordChangeError;
use crate::resource_owners::sign_in::SignInError;
use crate::server::Server;

/// Says in the address that one is sent to that the password was changed.
const CHANGED: &str = "changed=true";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match signed_in(&server, &request, Place::Password).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let state = if !server.password_changes.can_change(&visitor.owner).await? {
        PasswordState::KeptElsewhere
    } else if request.query_string() == CHANGED && may_say_done(&request) {
        PasswordState::Changed
    } else {
        PasswordState::Asked
    };
    page(&server, &request, &visitor, state, StatusCode::OK)
}

/// Only a form of this session changes anything; whatever else comes leads to the page.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let here = server.addresses.account.password.to_string();
    let Ok(visitor) = sender(&server, &request, &mut form).await? else {
        return Ok(answers::redirect(StatusCode::SEE_OTHER, &here));
    };
    match changed(&server, &request, &visitor, Sent::take(&mut form)).await {
        Ok(owner) => {
            let sessions = server.sessions.in_browser(device(&request));
            let session = sessions.renew(visitor.session, &owner).await?;
            let mut response =
                answers::redirect(StatusCode::SEE_OTHER, &format!("{here}?{CHANGED}"));
            session_cookie::set(&mut response, &session, &server);
            known_browser::set(&mut response, &server, &owner.name);
            Ok(response)
        }
        Err(NotChanged::Shown(refused)) => refused.answer(&server, &request, &visitor),
        Err(NotChanged::Refused(refusal)) => Err(refusal),
    }
}

/// What the form sends.
struct Sent {
    current: Secret,
    password: NewPassword,
}

impl Sent {
    fn take(form: &mut Parameters) -> Self {
        let mut secret = |name| Secret::new(form.take(name).unwrap_or_default());
        Self {
            current: secret("current_password"),
            password: NewPassword {
                new: secret("new_password"),
                repeated: secret("repeated_password"),
            },
        }
    }
}

/// Why a form came to nothing.
enum NotChanged {
    /// The page says what will not do.
    Shown(Shown),
    /// It is no fault of the form.
    Refused(Refusal),
}

struct Shown {
    state: PasswordState,
    status: StatusCode,
    retry_after_secs: Option<u64>,
}

impl NotChanged {
    const fn shown(state: PasswordState, status: StatusCode) -> Self {
        Self::Shown(Shown {
            state,
            status,
            retry_after_secs: None,
        })
    }
}

impl Shown {
    /// What is wrong, for whoever asks later.
    const fn rule(&self) -> Option<&'static str> {
        match &self.state {
            PasswordState::Asked | PasswordState::Changed => None,
            PasswordState::KeptElsewhere => Some("the account is kept elsewhere"),
            PasswordState::Refused(refusal) => Some(rule_of(refusal)),
        }
    }

    fn answer(
        self,
        server: &Server,
        request: &HttpRequest,
        visitor: &Visitor,
    ) -> Result<HttpResponse, Refusal> {
        if let Some(rule) = self.rule() {
            note_fault(request, Some(&visitor.owner.name), rule);
        }
        let mut response = page(server, request, visitor, self.state, self.status)?;
        answers::retry_after(&mut response, self.retry_after_secs);
        Ok(response)
    }
}

impl From<SignInError> for NotChanged {
    fn from(error: SignInError) -> Self {
        match SignInRefusal::try_from(error) {
            Ok(refusal) => Self::Shown(Shown {
                state: PasswordState::Refused(PasswordRefusal::Current(refusal.notice)),
                status: refusal.status,
                retry_after_secs: refusal.retry_after_secs,
            }),
            Err(error) => Self::Refused(error.into()),
        }
    }
}

impl From<PasswordChangeError> for NotChanged {
    fn from(error: PasswordChangeError) -> Self {
        match error {
            PasswordChangeError::KeptElsewhere => {
                Self::shown(PasswordState::KeptElsewhere, StatusCode::CONFLICT)
            }
            PasswordChangeError::ChangedMeanwhile | PasswordChangeError::UsedMeanwhile => {
                let state = PasswordState::Refused(PasswordRefusal::ChangedMeanwhile);
                Self::shown(state, StatusCode::CONFLICT)
            }
            PasswordChangeError::Hash(error) => SignInError::Busy(error).into(),
            PasswordChangeError::Store(error) => Self::Refused(error.into()),
        }
    }
}

/// The account with its new password.
async fn changed(
    server: &Server,
    request: &HttpRequest,
    visitor: &Visitor,
    sent: Sent,
) -> Result<ResourceOwner, NotChanged> {
    let owner = &visitor.owner;
    if let Some(fault) = sent.password.fault(&owner.name, &sent.current) {
        let state = PasswordState::Refused(fault);
        return Err(NotChanged::shown(state, StatusCode::BAD_REQUEST));
    }
    prove_owner(server, request, owner, &sent.current).await?;
    let address = address(request);
    let changes = &server.password_changes;
    let change = changes.change(owner, sent.password.new, &address);
    let owner = change.await?;
    server.audit.record(&AuditEvent::PasswordChanged {
        owner: &owner.name,
        address: &address,
    });
    Ok(owner)
}

fn page(
    server: &Server,
    request: &HttpRequest,
    visitor: &Visitor,
    state: PasswordState,
    status: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let shown = PasswordPage {
        menu: visitor.menu(Place::Password),
        csrf_token: server.sessions.csrf_token(&visitor.session),
        state,
    };
    let here = server.addresses.account.password.to_string();
    let html = shown.render(&frame(server, request).here(here))?;
    Ok(answers::page(status, Forms::StayHere).body(html))
}
