//! `/developer/application`: one application, changed, given another secret, and removed.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;

use super::activity::activity;
use super::asked::{Asked, address_of, count, list_address, open};
use crate::audit::{AuditEvent, ClientChange};
use crate::clients::self_registration::{SelfRegistrationError, Wishes};
use crate::http::answers::{self, Forms};
use crate::http::application_form::{FilledIn, Offer, shown, state, typed};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::{Visitor, sender, signed_in};
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
        Ok(sent) => sent,
        Err(answer) => return Ok(answer),
    };
    let wishes = typed(&mut form, &server.registration.policy);
    match server.registration.update(&client, &wishes).await {
        Ok(_) => Ok(developer.done(&client, ClientChange::Updated)),
        Err(SelfRegistrationError::Faults(faults)) => {
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
        Ok(sent) => sent,
        Err(answer) => return Ok(answer),
    };
    let new = match server.registration.rotate_secret(&client).await {
        Ok(new) => new,
        Err(error) => return developer.failed(&client, error),
    };
    developer.record(&client, ClientChange::SecretRotated);
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
        Ok(sent) => sent,
        Err(answer) => return Ok(answer),
    };
    if server.registration.remove(&client).await? {
        developer.record(&client, ClientChange::Removed);
    }
    Ok(developer.to_list(Some(DeveloperNotice::Removed)))
}

/// Who is signed in, and asks something.
struct Developer<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    visitor: Visitor,
}

impl<'a> Developer<'a> {
    /// Who sent a form, and which of their applications it is about; or the answer to a form that is about none.
    async fn sent(
        server: &'a Server,
        request: &'a HttpRequest,
        form: &mut Parameters,
    ) -> Result<Result<(Self, ClientRegistration), HttpResponse>, Refusal> {
        open(server)?;
        let Some(visitor) = sender(server, request, form).await? else {
            let list = list_address(server, None);
            let away = answers::redirect(StatusCode::SEE_OTHER, &list);
            return Ok(Err(away));
        };
        count(server, &visitor.owner.name)?;
        let developer = Self {
            server,
            request,
            visitor,
        };
        let id = form.take("client_id").map(ClientId::new);
        Ok(match developer.find(id).await? {
            Some(client) => Ok((developer, client)),
            None => Err(developer.to_list(None)),
        })
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

    fn to(&self, client: &ClientRegistration, notice: DeveloperNotice) -> HttpResponse {
        let page = address_of(self.server, &client.client_id, Some(notice));
        answers::redirect(StatusCode::SEE_OTHER, &page)
    }

    fn to_list(&self, notice: Option<DeveloperNotice>) -> HttpResponse {
        let list = list_address(self.server, notice);
        answers::redirect(StatusCode::SEE_OTHER, &list)
    }
}
