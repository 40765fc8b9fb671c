//! `/developer/application`: one application, changed, given another secret, and removed.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;

use super::activity::activity;
use super::asked::{Asked, address_of, count, list_address, open};
use crate::audit::{AuditEvent, ClientChange};
use crate::clients::self_registration::{NewClient, SelfRegistrationError, Wishes};
use crate::http::answers::{self, Forms};
use crate::http::application_form::{FilledIn, Offer, rules_of, shown, state, typed};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{LateForm, Visitor, sender, signed_in};
use crate::pages::{ApplicationPage, DeveloperNotice, Place, RegisteredPage};
use crate::records::ClientRegistration;
use crate::server::Server;

const HOUR_SECS: u64 = 60 * 60;

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    open(&server)?;
    let visitor = match signed_in(&server, &request, Place::Developer).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let asked = Asked::of(&request);
    let developer = Developer {
        server: &server,
        request: &request,
        visitor,
    };
    match developer.find(asked.client_id).await? {
        Some(client) => {
            let wishes = Wishes::of(&client);
            let filled_in = FilledIn::without_faults(&wishes);
            let status = StatusCode::OK;
            developer
                .show(status, &client, filled_in, asked.notice)
                .await
        }
        None => Ok(developer.to_list(None)),
    }
}

pub(super) async fn update(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let (developer, client) = match Developer::sent(&server, &request, &mut form).await? {
        Sent::About(sent) => *sent,
        Sent::Nothing(answer) => return Ok(answer),
        Sent::Late(late) => return fill_in(&server, &request, form, late).await,
    };
    let wishes = typed(&mut form, &server.registration.policy);
    match server.registration.update(&client, &wishes).await {
        Ok(_) => Ok(developer.done(&client, ClientChange::Updated)),
        Err(SelfRegistrationError::Faults(faults)) => {
            developer.note(rules_of(&faults));
            let filled_in = FilledIn {
                wishes: &wishes,
                faults: &faults,
            };
            let status = StatusCode::BAD_REQUEST;
            developer.show(status, &client, filled_in, None).await
        }
        Err(error) => developer.failed(&client, error),
    }
}

pub(super) async fn rotate_secret(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let (developer, client) = match Developer::sent(&server, &request, &mut form).await? {
        Sent::About(sent) => *sent,
        Sent::Nothing(answer) => return Ok(answer),
        Sent::Late(_) => return Ok(to_list(&server, None)),
    };
    let new = match developer.rotate(&client, &mut form).await {
        Ok(new) => new,
        Err(error) => return developer.failed(&client, error),
    };
    let page = RegisteredPage {
        menu: developer.visitor.menu(Place::Developer),
        client_id: client.client_id.to_string(),
        name: client.client_name.clone(),
        secret: new.secret.map(|secret| secret.expose().to_owned()),
        is_replaced: true,
        waits_for_approval: false,
        address: address_of(&server, &client.client_id, None),
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

pub(super) async fn remove(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let (developer, client) = match Developer::sent(&server, &request, &mut form).await? {
        Sent::About(sent) => *sent,
        Sent::Nothing(answer) => return Ok(answer),
        Sent::Late(_) => return Ok(to_list(&server, None)),
    };
    if server.registration.remove(&client).await? {
        developer.record(&client, ClientChange::Removed);
    }
    Ok(developer.to_list(Some(DeveloperNotice::Removed)))
}

/// The page as it was filled in, of a form that came too late.
async fn fill_in(
    server: &Server,
    request: &HttpRequest,
    mut form: Parameters,
    late: LateForm,
) -> Result<HttpResponse, Refusal> {
    let visitor = match late.again(server, request, &form, Place::Developer)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(answer),
    };
    let developer = Developer {
        server,
        request,
        visitor,
    };
    let id = form.take("client_id").map(ClientId::new);
    let Some(client) = developer.find(id).await? else {
        return Ok(developer.to_list(None));
    };
    let wishes = typed(&mut form, &server.registration.policy);
    let filled_in = FilledIn::without_faults(&wishes);
    let status = StatusCode::FORBIDDEN;
    developer.show(status, &client, filled_in, None).await
}

/// A form that was sent.
enum Sent<'a> {
    /// By somebody who is signed in, about an application of theirs.
    About(Box<(Developer<'a>, ClientRegistration)>),
    /// About none, with the answer.
    Nothing(HttpResponse),
    /// Too late.
    Late(LateForm),
}

/// Who is signed in, and asks something.
struct Developer<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    visitor: Visitor,
}

impl<'a> Developer<'a> {
    /// Who sent a form, and which of their applications it is about.
    async fn sent(
        server: &'a Server,
        request: &'a HttpRequest,
        form: &mut Parameters,
    ) -> Result<Sent<'a>, Refusal> {
        open(server)?;
        let visitor = match sender(server, request, form).await? {
            Ok(visitor) => visitor,
            Err(late) => return Ok(Sent::Late(late)),
        };
        count(server, &visitor.owner.name)?;
        let developer = Self {
            server,
            request,
            visitor,
        };
        let id = form.take("client_id").map(ClientId::new);
        let Some(client) = developer.find(id).await? else {
            developer.note("client_id is of no application that this owner has registered");
            return Ok(Sent::Nothing(developer.to_list(None)));
        };
        Ok(Sent::About(Box::new((developer, client))))
    }
}

impl Developer<'_> {
    async fn find(&self, id: Option<ClientId>) -> Result<Option<ClientRegistration>, Refusal> {
        let Some(id) = id else { return Ok(None) };
        let owner = &self.visitor.owner.name;
        Ok(self.server.registration.find_of(owner, &id).await?)
    }

    async fn show(
        &self,
        status: StatusCode,
        client: &ClientRegistration,
        filled_in: FilledIn<'_>,
        notice: Option<DeveloperNotice>,
    ) -> Result<HttpResponse, Refusal> {
        let frame = frame(self.server, self.request);
        let policy = &self.server.registration.policy;
        let offer = Offer::of(self.server, frame.language());
        let page = ApplicationPage {
            menu: self.visitor.menu(Place::Developer),
            csrf_token: self.server.sessions.csrf_token(&self.visitor.session),
            once: self.server.new_passwords.once(),
            client_id: client.client_id.to_string(),
            name: client.client_name.clone(),
            state: state(client),
            notice,
            has_secret: client.client_secret.is_some(),
            retiring_hours: self.retiring_hours(client),
            overlap_hours: policy.secret_overlap_secs.div_ceil(HOUR_SECS),
            waits_for_approval: policy.approval_required,
            activity: activity(self.server, client).await?,
            form: shown(filled_in, offer, false),
        };
        let html = page.render(&frame)?;
        Ok(answers::page(status, Forms::StayHere).body(html))
    }

    /// The same form again tells the same secret: of two at the same moment the one that comes second finds it.
    async fn rotate(
        &self,
        client: &ClientRegistration,
        form: &mut Parameters,
    ) -> Result<NewClient, SelfRegistrationError> {
        let (sessions, rules) = (&self.server.sessions, &self.server.registration);
        let once = form.take("once").unwrap_or_default();
        let about = client.client_id.as_str();
        let made = || sessions.made_by_form(&self.visitor.session, &once, about);
        let (known, rotated) = match rules.rotate_secret(client, made()).await {
            Err(SelfRegistrationError::ChangedMeanwhile) => {
                let owner = &self.visitor.owner.name;
                let now = rules.find_of(owner, &client.client_id).await?;
                let now = now.ok_or(SelfRegistrationError::ChangedMeanwhile)?;
                let rotated = rules.rotate_secret(&now, made()).await;
                (now, rotated?)
            }
            rotated => (client.clone(), rotated?),
        };
        if rotated.registration != known {
            self.record(client, ClientChange::SecretRotated);
        }
        Ok(rotated)
    }

    fn retiring_hours(&self, client: &ClientRegistration) -> Option<u64> {
        let until = client.retiring_secrets.iter().map(|one| one.until).max()?;
        let secs = self.server.clock.now().secs_until(until);
        (secs > 0).then(|| secs.div_ceil(HOUR_SECS))
    }

    fn done(&self, client: &ClientRegistration, change: ClientChange) -> HttpResponse {
        self.record(client, change);
        self.to(client, DeveloperNotice::Saved)
    }

    fn failed(
        &self,
        client: &ClientRegistration,
        error: SelfRegistrationError,
    ) -> Result<HttpResponse, Refusal> {
        match error {
            SelfRegistrationError::Store(error) => Err(error.into()),
            SelfRegistrationError::Faults(_)
            | SelfRegistrationError::TooMany(_)
            | SelfRegistrationError::ChangedMeanwhile
            | SelfRegistrationError::NoSecret => {
                self.note("the application was changed meanwhile, or has no secret");
                Ok(self.to(client, DeveloperNotice::ChangedMeanwhile))
            }
        }
    }

    fn record(&self, client: &ClientRegistration, change: ClientChange) {
        self.server.audit.record(&AuditEvent::ClientChanged {
            client: &client.client_id,
            change,
            by: Some(&self.visitor.owner.name),
            address: &address(self.request),
        });
    }

    /// Notes why a form came to nothing.
    fn note(&self, rule: impl Into<String>) {
        note_fault(self.request, Some(&self.visitor.owner.name), rule);
    }

    fn to(&self, client: &ClientRegistration, notice: DeveloperNotice) -> HttpResponse {
        let page = address_of(self.server, &client.client_id, Some(notice));
        answers::redirect(StatusCode::SEE_OTHER, &page)
    }

    fn to_list(&self, notice: Option<DeveloperNotice>) -> HttpResponse {
        to_list(self.server, notice)
    }
}

fn to_list(server: &Server, notice: Option<DeveloperNotice>) -> HttpResponse {
    answers::redirect(StatusCode::SEE_OTHER, &list_address(server, notice))
}
