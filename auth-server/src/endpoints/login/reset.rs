//! `/login/reset`: a new password, with a link that was sent. Its secret stands in the address, so the page leads nowhere
//! else and tells no other page where it is (`Referrer-Policy`), and no log has the query of an address.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use super::forgotten::links;
use crate::account_links::{AccountLinks, GoodLink};
use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::new_password::{NewPassword, rule_of};
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::{RETRY_AFTER_SECS, Refusal};
use crate::pages::{PasswordRefusal, ResetPage, ResetState};
use crate::passwords::VerificationError;
use crate::resource_owners::password_change::PasswordChangeError;
use crate::server::Server;

/// The rule of a link that is good no more, for whoever asks later.
pub(super) const LINK_OVER: &str = "link was used, is over or never was";

pub(in crate::endpoints) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let query = Parameters::decode(request.query_string().as_bytes());
    let visit = Visit::take(&request, &server, &mut query.unwrap_or_default());
    match links(&server)?.find_reset(&visit.link).await? {
        Some(link) => visit.ask(&link, StatusCode::OK, Asked::First),
        None => visit.over(),
    }
}

/// The link says who sends the form, whatever browser that is: it takes no session.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let links = links(&server)?;
    let visit = Visit::take(&request, &server, &mut form);
    let mut secret = |name| Secret::new(form.take(name).unwrap_or_default());
    let sent = NewPassword {
        new: secret("new_password"),
        repeated: secret("repeated_password"),
    };
    let Some(link) = links.find_reset(&visit.link).await? else {
        return visit.over();
    };
    let address = address(&request);
    match fault(links, &link, &sent, &address).await {
        Ok(None) => {}
        Ok(Some(fault)) => {
            note_fault(&request, Some(&link.owner.name), rule_of(&fault));
            return visit.ask(&link, StatusCode::BAD_REQUEST, Asked::Refused(fault));
        }
        Err(_) => return visit.busy(&link),
    }
    match links.set_password(&link, sent.new, &address).await {
        Ok(owner) => {
            let (owner, address) = (owner.name.as_str(), address.as_str());
            server.audit.record(&if link.is_invitation {
                AuditEvent::InvitationAccepted { owner, address }
            } else {
                AuditEvent::PasswordReset { owner, address }
            });
            Ok(visit.done())
        }
        Err(
            PasswordChangeError::KeptElsewhere
            | PasswordChangeError::ChangedMeanwhile
            | PasswordChangeError::UsedMeanwhile,
        ) => visit.over(),
        Err(PasswordChangeError::Hash(_)) => visit.busy(&link),
        Err(PasswordChangeError::Store(error)) => Err(error.into()),
    }
}

/// What will not do. Nobody has shown the password that the account has, so that is looked at last: it costs a hash.
async fn fault(
    links: &AccountLinks,
    link: &GoodLink,
    sent: &NewPassword,
    address: &str,
) -> Result<Option<PasswordRefusal>, VerificationError> {
    let fault = sent.fault(&link.owner.name, &Secret::new(""));
    if fault.is_some() {
        return Ok(fault);
    }
    let is_same = links.is_current(link, &sent.new, address).await?;
    Ok(is_same.then_some(PasswordRefusal::Same))
}

/// Why the form is shown.
#[derive(Clone, Copy)]
enum Asked {
    First,
    Refused(PasswordRefusal),
    Busy,
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

    fn ask(
        &self,
        link: &GoodLink,
        status: StatusCode,
        asked: Asked,
    ) -> Result<HttpResponse, Refusal> {
        let is_busy = matches!(asked, Asked::Busy);
        let refusal = match asked {
            Asked::Refused(refusal) => Some(refusal),
            Asked::First | Asked::Busy => None,
        };
        let state = ResetState::Good {
            owner: link.owner.name.clone(),
            is_invitation: link.is_invitation,
            link: self.link.expose().to_owned(),
            refusal,
            is_busy,
        };
        self.page(status, state)
    }

    fn busy(&self, link: &GoodLink) -> Result<HttpResponse, Refusal> {
        let mut response = self.ask(link, StatusCode::SERVICE_UNAVAILABLE, Asked::Busy)?;
        answers::retry_after(&mut response, Some(RETRY_AFTER_SECS));
        Ok(response)
    }

    /// Whether it was used, is over or never was: the page does not say.
    fn over(&self) -> Result<HttpResponse, Refusal> {
        note_fault(self.request, None, LINK_OVER);
        self.page(StatusCode::BAD_REQUEST, ResetState::Over)
    }

    fn page(&self, status: StatusCode, state: ResetState) -> Result<HttpResponse, Refusal> {
        let shown = ResetPage {
            state,
            forgotten: self.named.forgotten_page(&self.server.addresses),
            authorization: self.named.id.as_ref().map(ToString::to_string),
        };
        let html = shown.render(&frame(self.server, self.request))?;
        Ok(answers::page(status, Forms::StayHere).body(html))
    }

    /// To the sign-in page: a new password is not all that somebody may have to show.
    fn done(&self) -> HttpResponse {
        let visit = SignInVisit {
            new_password: true,
            ..SignInVisit::default()
        };
        let page = self.named.sign_in_page(&self.server.addresses, visit);
        answers::redirect(StatusCode::SEE_OTHER, &page)
    }
}
