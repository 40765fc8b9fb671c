//! `/developer/new`: registers an application, and tells its secret once.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::random::Random;
use symbolon::secret::Secret;

use super::asked::{address_of, count, list_address, open};
use crate::audit::AuditEvent;
use crate::clients::self_registration::{NewClient, Registration, SelfRegistrationError, Wishes};
use crate::http::answers::{self, Forms};
use crate::http::application_form::{FilledIn, Offer, rules_of, shown, typed, usual};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{LateForm, Visitor, sender, signed_in};
use crate::pages::{ApplicationFormPage, DeveloperNotice, Place, RegisteredPage};
use crate::server::Server;

/// The rule for whoever asks later.
const TOO_MANY: &str = "the owner has as many applications as one may have";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    open(&server)?;
    let visitor = match signed_in(&server, &request, Place::Developer).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let random: &dyn Random = server.registration.random.as_ref();
    let asking = Asking {
        server: &server,
        request: &request,
        visitor: &visitor,
        once: &random.text::<16>(),
    };
    let usual = usual(&server.registration.policy);
    asking.ask(StatusCode::OK, FilledIn::without_faults(&usual))
}

pub(super) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    open(&server)?;
    let Form(mut form) = form?;
    // Only a form of this session does anything; after any other the page is shown once more.
    let visitor = match sender(&server, &request, &mut form).await? {
        Ok(visitor) => visitor,
        Err(late) => return fill_in(&server, &request, form, late),
    };
    count(&server, &visitor.owner.name)?;
    let once = form.take("once").unwrap_or_default();
    let wishes = typed(&mut form, &server.registration.policy);
    let asking = Asking {
        server: &server,
        request: &request,
        visitor: &visitor,
        once: &once,
    };
    asking.register(&wishes).await
}

/// The page as it was filled in, of a form that came too late. It is another form: this session has not sent it.
fn fill_in(
    server: &Server,
    request: &HttpRequest,
    mut form: Parameters,
    late: LateForm,
) -> Result<HttpResponse, Refusal> {
    let visitor = match late.again(server, request, &form, Place::Developer)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(answer),
    };
    let random: &dyn Random = server.registration.random.as_ref();
    let asking = Asking {
        server,
        request,
        visitor: &visitor,
        once: &random.text::<16>(),
    };
    let wishes = typed(&mut form, &server.registration.policy);
    asking.ask(StatusCode::FORBIDDEN, FilledIn::without_faults(&wishes))
}

/// Who is asked for what.
struct Asking<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    visitor: &'a Visitor,
    once: &'a str,
}

impl Asking<'_> {
    async fn register(&self, wishes: &Wishes) -> Result<HttpResponse, Refusal> {
        let (server, owner) = (self.server, &self.visitor.owner.name);
        // Bound to the session: nobody chooses what an application is called.
        let session = server.sessions.csrf_token(&self.visitor.session);
        let form = Secret::new(format!("{session} {}", self.once));
        let registered = server.registration.register_for(owner, &form, wishes);
        let see = |location: String| answers::redirect(StatusCode::SEE_OTHER, &location);
        match registered.await {
            Ok(Registration::New(new)) => self.tell(new),
            Ok(Registration::Before(client)) => {
                let notice = Some(DeveloperNotice::RegisteredBefore);
                Ok(see(address_of(server, &client.client_id, notice)))
            }
            Err(SelfRegistrationError::Faults(faults)) => {
                let faults = &faults;
                note_fault(self.request, Some(owner), rules_of(faults));
                self.ask(StatusCode::BAD_REQUEST, FilledIn { wishes, faults })
            }
            Err(SelfRegistrationError::Store(error)) => Err(error.into()),
            Err(
                SelfRegistrationError::TooMany(_)
                | SelfRegistrationError::ChangedMeanwhile
                | SelfRegistrationError::NoSecret,
            ) => {
                note_fault(self.request, Some(owner), TOO_MANY);
                Ok(see(list_address(server, Some(DeveloperNotice::TooMany))))
            }
        }
    }

    fn ask(&self, status: StatusCode, filled_in: FilledIn<'_>) -> Result<HttpResponse, Refusal> {
        let frame = frame(self.server, self.request);
        let policy = &self.server.registration.policy;
        let offer = Offer::of(self.server, frame.language());
        let page = ApplicationFormPage {
            menu: self.visitor.menu(Place::Developer),
            csrf_token: self.server.sessions.csrf_token(&self.visitor.session),
            once: self.once.to_owned(),
            waits_for_approval: policy.approval_required,
            form: shown(filled_in, offer, true),
        };
        let html = page.render(&frame)?;
        Ok(answers::page(status, Forms::StayHere).body(html))
    }

    /// The one time that its secret is told.
    fn tell(&self, new: NewClient) -> Result<HttpResponse, Refusal> {
        let server = self.server;
        let client = &new.registration;
        server.audit.record(&AuditEvent::ClientRegistered {
            client: &client.client_id,
            owner: Some(&self.visitor.owner.name),
            address: &address(self.request),
        });
        let page = RegisteredPage {
            menu: self.visitor.menu(Place::Developer),
            client_id: client.client_id.to_string(),
            name: client.client_name.clone(),
            secret: new.secret.map(|secret| secret.expose().to_owned()),
            is_replaced: false,
            waits_for_approval: client.awaits_approval,
            address: address_of(server, &client.client_id, None),
        };
        let html = page.render(&frame(server, self.request))?;
        Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
    }
}
