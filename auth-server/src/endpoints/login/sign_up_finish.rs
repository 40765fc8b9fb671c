//! `/login/sign-up/finish`: an account, with a link that was sent. Its secret stands in the address, as that for a new password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use super::reset::LINK_OVER;
use super::sign_up::sign_ups;
use crate::account_links::GoodSignUp;
use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::application_form::name_fault;
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::new_password::{NewPassword, rule_of};
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::{RETRY_AFTER_SECS, Refusal};
use crate::pages::{
    AccountNameRefusal, FaultKind, FieldFault, PasswordRefusal, SignUpFinishPage, SignUpFinishState,
};
use crate::records::LONGEST_NAME;
use crate::resource_owners::sign_up::{
    AccountNameFault, ChosenNameFault, SignUpError, WantedAccount,
};
use crate::server::Server;

pub(in crate::endpoints) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let (links, _) = sign_ups(&server)?;
    let query = Parameters::decode(request.query_string().as_bytes());
    let visit = Visit::take(&request, &server, &mut query.unwrap_or_default());
    match links.find_sign_up(&visit.link).await? {
        Some(link) => visit.ask(&link, StatusCode::OK, Asked::default()),
        None => visit.page(StatusCode::BAD_REQUEST, SignUpFinishState::Over),
    }
}

/// The link says who sends the form, whatever browser that is: it takes no session.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let (links, accounts) = sign_ups(&server)?;
    let visit = Visit::take(&request, &server, &mut form);
    let name = form.take("username").unwrap_or_default();
    let mut secret = |name| Secret::new(form.take(name).unwrap_or_default());
    let sent = NewPassword {
        new: secret("new_password"),
        repeated: secret("repeated_password"),
    };
    let Some(link) = links.find_sign_up(&visit.link).await? else {
        return visit.page(StatusCode::BAD_REQUEST, SignUpFinishState::Over);
    };
    let asked = Asked::judged(name, &sent, &link);
    if asked.is_refused() {
        return visit.ask(&link, StatusCode::BAD_REQUEST, asked);
    }
    let address = address(&request);
    let wanted = WantedAccount {
        name: &asked.name,
        password: sent.new,
        address: &address,
    };
    match accounts
        .sign_ups
        .complete(&link.id, &link.sign_up, wanted)
        .await
    {
        Ok(()) => {
            server.audit.record(&AuditEvent::OwnerRegistered {
                owner: &asked.name,
                address: &address,
            });
            Ok(visit.done())
        }
        Err(error) => visit.refused(&link, asked, error),
    }
}

/// What is said about a name.
fn refusal_of(fault: ChosenNameFault) -> AccountNameRefusal {
    let (kind, about) = match fault {
        ChosenNameFault::Rule(AccountNameFault::Name(fault)) => name_fault(fault),
        ChosenNameFault::Rule(AccountNameFault::ControlCharacter) => {
            (FaultKind::ControlCharacter, String::new())
        }
        ChosenNameFault::NotPlain => return AccountNameRefusal::NotPlain,
    };
    AccountNameRefusal::Fault(FieldFault { kind, about })
}

/// What was typed, and what will not do of it.
#[derive(Default)]
struct Asked {
    name: String,
    name_refusal: Option<AccountNameRefusal>,
    refusal: Option<PasswordRefusal>,
    is_busy: bool,
}

impl Asked {
    /// What was sent, as far as that is seen without looking for accounts.
    fn judged(name: String, sent: &NewPassword, link: &GoodSignUp) -> Self {
        Self {
            refusal: sent.fault(&name, &Secret::new("")),
            name_refusal: ChosenNameFault::of(&name, &link.sign_up.email).map(refusal_of),
            name,
            is_busy: false,
        }
    }

    const fn is_refused(&self) -> bool {
        self.name_refusal.is_some() || self.refusal.is_some()
    }

    /// What is wrong, without what was typed.
    fn rule(&self) -> Option<&'static str> {
        match &self.name_refusal {
            Some(AccountNameRefusal::Taken) => Some("username: there is an account of that name"),
            Some(AccountNameRefusal::TooMany) => Some("username: too many were tried"),
            Some(AccountNameRefusal::Fault(_) | AccountNameRefusal::NotPlain) => {
                Some("username: nobody can choose that name")
            }
            None => self.refusal.as_ref().map(rule_of),
        }
    }
}

struct Visit<'a> {
    request: &'a HttpRequest,
    server: &'a Server,
    named: NamedRequest,
    link: Secret,
}

impl<'a> Visit<'a> {
    fn take(request: &'a HttpRequest, server: &'a Server, sent: &mut Parameters) -> Self {
        Self {
            request,
            server,
            named: NamedRequest::take(sent).of_link(),
            link: Secret::new(sent.take("link").unwrap_or_default()),
        }
    }

    /// The link is good still, but where it says otherwise.
    fn refused(
        &self,
        link: &GoodSignUp,
        mut asked: Asked,
        error: SignUpError,
    ) -> Result<HttpResponse, Refusal> {
        let status = match error {
            SignUpError::Taken => {
                asked.name_refusal = Some(AccountNameRefusal::Taken);
                StatusCode::BAD_REQUEST
            }
            SignUpError::TooManyNames(wait) => {
                asked.name_refusal = Some(AccountNameRefusal::TooMany);
                let mut response = self.ask(link, StatusCode::TOO_MANY_REQUESTS, asked)?;
                answers::retry_after(&mut response, Some(wait.as_secs().max(1)));
                return Ok(response);
            }
            SignUpError::Hash(_) => {
                asked.is_busy = true;
                let mut response = self.ask(link, StatusCode::SERVICE_UNAVAILABLE, asked)?;
                answers::retry_after(&mut response, Some(RETRY_AFTER_SECS));
                return Ok(response);
            }
            SignUpError::HasAccount => {
                return self.page(StatusCode::BAD_REQUEST, SignUpFinishState::HasAccount);
            }
            SignUpError::Over => {
                return self.page(StatusCode::BAD_REQUEST, SignUpFinishState::Over);
            }
            SignUpError::Store(error) => return Err(error.into()),
        };
        self.ask(link, status, asked)
    }

    fn ask(
        &self,
        link: &GoodSignUp,
        status: StatusCode,
        asked: Asked,
    ) -> Result<HttpResponse, Refusal> {
        if let Some(rule) = asked.rule() {
            note_fault(self.request, None, rule);
        }
        let name = Some(asked.name).filter(|name| name.len() <= LONGEST_NAME);
        let state = SignUpFinishState::Good {
            email: link.sign_up.email.to_string(),
            link: self.link.expose().to_owned(),
            name: name.unwrap_or_default(),
            name_refusal: asked.name_refusal,
            refusal: asked.refusal,
            is_busy: asked.is_busy,
        };
        self.page(status, state)
    }

    fn page(&self, status: StatusCode, state: SignUpFinishState) -> Result<HttpResponse, Refusal> {
        match &state {
            SignUpFinishState::Good { .. } => {}
            SignUpFinishState::HasAccount => {
                note_fault(self.request, None, "the address has an account by now");
            }
            SignUpFinishState::Over => note_fault(self.request, None, LINK_OVER),
        }
        let at = &self.server.addresses;
        let shown = SignUpFinishPage {
            state,
            sign_up: self.named.sign_up_page(at),
            forgotten: self.named.forgotten_page(at),
            authorization: self.named.id.as_ref().map(ToString::to_string),
        };
        let html = shown.render(&frame(self.server, self.request))?;
        Ok(answers::page(status, Forms::StayHere).body(html))
    }

    /// To the sign-in page, as everybody.
    fn done(&self) -> HttpResponse {
        let visit = SignInVisit {
            new_account: true,
            ..SignInVisit::default()
        };
        let page = self.named.sign_in_page(&self.server.addresses, visit);
        answers::redirect(StatusCode::SEE_OTHER, &page)
    }
}
