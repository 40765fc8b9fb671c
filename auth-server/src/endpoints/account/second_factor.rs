//! `/account/second-factor`: what is asked for besides the password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::second_factor_refusal::unusable;
use crate::http::sending_page::may_say_done;
use crate::http::sign_in_events::prove_owner;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::visitor::{Visitor, sender, signed_in};
use crate::pages::{
    LoginNotice, Place, SecondFactorFault, SecondFactorPage, SecondFactorSetUp, SecondFactorState,
    SecondFactorSubject,
};
use crate::second_factors::{EnrolledFactor, Proposal, RecoveryCodes, SecondFactorError};
use crate::server::Server;

/// Says in the address that one is sent to that it was switched off.
const REMOVED: &str = "removed=true";

/// The rules for whoever asks later.
const WRONG_CODE: &str = "code is none of the app for now";
const OVERTAKEN: &str = "the second factor was changed meanwhile";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match signed_in(&server, &request, Place::SecondFactor).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let change = Change {
        server: &server,
        request: &request,
        visitor,
    };
    let factor = server.second_factors.of(&change.owner()).await?;
    if let Some(factor) = factor {
        return change.page(on(factor, None), StatusCode::OK);
    }
    let proposal = server.second_factors.propose(&change.owner());
    let set_up = SecondFactorSetUp {
        removed: request.query_string() == REMOVED && may_say_done(&request),
        ..change.set_up(proposal.map_err(refused)?, None)
    };
    change.page(SecondFactorState::Off(set_up), StatusCode::OK)
}

/// Only a form of this session changes anything; whatever else comes leads to the page.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let here = server.addresses.account.second_factor.to_string();
    let away = || Ok(answers::redirect(StatusCode::SEE_OTHER, &here));
    let Ok(visitor) = sender(&server, &request, &mut form).await? else {
        return away();
    };
    let change = Change {
        server: &server,
        request: &request,
        visitor,
    };
    let factor = server.second_factors.of(&change.owner()).await?;
    match (form.take("change").as_deref(), factor) {
        (Some("enrol"), None) => match change.proposal(&mut form) {
            Some(proposal) => change.enrol(proposal, form).await,
            None => away(),
        },
        (Some("codes"), Some(factor)) => change.renew_codes(factor, form).await,
        (Some("remove"), Some(factor)) => change.remove(factor, form).await,
        _ => away(),
    }
}

/// Somebody at the page of the own account.
struct Change<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    visitor: Visitor,
}

impl Change<'_> {
    fn owner(&self) -> String {
        self.visitor.owner.name.clone()
    }

    fn proposal(&self, form: &mut Parameters) -> Option<Proposal> {
        let sealed = form.take("setup")?;
        let second_factors = &self.server.second_factors;
        second_factors.proposed(&self.owner(), &sealed)
    }

    /// The code first: it is of a secret that opens nothing yet. Then the password, so that whoever finds a browser signed
    /// in cannot lock its owner out. Other sessions were begun with the password alone, and end.
    async fn enrol(
        self,
        proposal: Proposal,
        mut form: Parameters,
    ) -> Result<HttpResponse, Refusal> {
        let code = form.take("code").unwrap_or_default();
        let second_factors = &self.server.second_factors;
        if !second_factors.is_code_of(&proposal, &code) {
            self.note(WRONG_CODE);
            let set_up = self.set_up(proposal, Some(SecondFactorFault::Code));
            return self.page(SecondFactorState::Off(set_up), StatusCode::BAD_REQUEST);
        }
        if let Err(refusal) = self.prove(&mut form, "current_password").await? {
            let fault = SecondFactorFault::Password(refusal.notice);
            let set_up = self.set_up(proposal, Some(fault));
            return self.page_again(SecondFactorState::Off(set_up), refusal);
        }
        let enrolled = second_factors.enrol(&self.owner(), &proposal, &code).await;
        let codes = match enrolled {
            Ok(codes) => codes,
            Err(SecondFactorError::WrongCode) => {
                self.note(WRONG_CODE);
                let set_up = self.set_up(proposal, Some(SecondFactorFault::Code));
                return self.page(SecondFactorState::Off(set_up), StatusCode::BAD_REQUEST);
            }
            Err(SecondFactorError::Another) => {
                self.note(OVERTAKEN);
                return Ok(self.away(""));
            }
            Err(error) => return Err(refused(error)),
        };
        self.record(|owner, address| AuditEvent::SecondFactorEnrolled { owner, address });
        let Visitor { session, owner, .. } = &self.visitor;
        self.server.sessions.end_others_of(owner, session).await?;
        self.show_codes(&codes)
    }

    async fn renew_codes(
        self,
        factor: EnrolledFactor,
        mut form: Parameters,
    ) -> Result<HttpResponse, Refusal> {
        let subject = SecondFactorSubject::RecoveryCodes;
        if let Err(refusal) = self.prove(&mut form, subject.field()).await? {
            return self.page_again(on(factor, Some((subject, refusal.notice))), refusal);
        }
        let second_factors = &self.server.second_factors;
        match second_factors.renew_recovery_codes(&self.owner()).await {
            Ok(codes) => {
                self.record(|owner, address| AuditEvent::RecoveryCodesRenewed { owner, address });
                self.show_codes(&codes)
            }
            Err(SecondFactorError::None | SecondFactorError::Another) => {
                self.note(OVERTAKEN);
                Ok(self.away(""))
            }
            Err(error) => Err(refused(error)),
        }
    }

    async fn remove(
        self,
        factor: EnrolledFactor,
        mut form: Parameters,
    ) -> Result<HttpResponse, Refusal> {
        let subject = SecondFactorSubject::Removal;
        if let Err(refusal) = self.prove(&mut form, subject.field()).await? {
            return self.page_again(on(factor, Some((subject, refusal.notice))), refusal);
        }
        if !self.server.second_factors.remove(&self.owner()).await? {
            return Ok(self.away(""));
        }
        self.record(|owner, address| AuditEvent::SecondFactorRemoved { owner, address });
        Ok(self.away(REMOVED))
    }

    /// Whether the owner sits there, by the password, with the brakes of a sign-in.
    async fn prove(
        &self,
        form: &mut Parameters,
        field: &str,
    ) -> Result<Result<(), SignInRefusal>, Refusal> {
        let password = Secret::new(form.take(field).unwrap_or_default());
        let (server, owner) = (self.server, &self.visitor.owner);
        match prove_owner(server, self.request, owner, &password).await {
            Ok(()) => Ok(Ok(())),
            Err(error) => Ok(Err(SignInRefusal::try_from(error)?)),
        }
    }

    fn record(&self, event: impl for<'e> Fn(&'e str, &'e str) -> AuditEvent<'e>) {
        let address = address(self.request);
        let event = event(&self.visitor.owner.name, &address);
        self.server.audit.record(&event);
    }

    /// Notes why a form came to nothing.
    fn note(&self, rule: &str) {
        note_fault(self.request, Some(&self.visitor.owner.name), rule);
    }

    fn set_up(&self, proposal: Proposal, fault: Option<SecondFactorFault>) -> SecondFactorSetUp {
        SecondFactorSetUp {
            key: proposal.secret.to_text(),
            sealed: proposal.sealed,
            issuer: self.server.brand.name.clone(),
            fault,
            removed: false,
        }
    }

    fn show_codes(&self, codes: &RecoveryCodes) -> Result<HttpResponse, Refusal> {
        let state = SecondFactorState::RecoveryCodes(codes.in_groups());
        self.page(state, StatusCode::OK)
    }

    fn page_again(
        &self,
        state: SecondFactorState,
        refusal: SignInRefusal,
    ) -> Result<HttpResponse, Refusal> {
        let mut response = self.page(state, refusal.status)?;
        answers::retry_after(&mut response, refusal.retry_after_secs);
        Ok(response)
    }

    fn page(&self, state: SecondFactorState, status: StatusCode) -> Result<HttpResponse, Refusal> {
        let Self {
            server,
            request,
            visitor,
        } = self;
        let frame = frame(server, request);
        // What is shown once has no other languages.
        let frame = match &state {
            SecondFactorState::RecoveryCodes(_) => frame,
            SecondFactorState::Off(_) | SecondFactorState::On { .. } => {
                frame.here(server.addresses.account.second_factor.to_string())
            }
        };
        let shown = SecondFactorPage {
            menu: visitor.menu(Place::SecondFactor),
            csrf_token: server.sessions.csrf_token(&visitor.session),
            state,
        };
        let html = shown.render(&frame)?;
        Ok(answers::page(status, Forms::StayHere).body(html))
    }

    fn away(&self, query: &str) -> HttpResponse {
        let here = &self.server.addresses.account.second_factor;
        let separator = if query.is_empty() { "" } else { "?" };
        answers::redirect(StatusCode::SEE_OTHER, &format!("{here}{separator}{query}"))
    }
}

fn on(
    factor: EnrolledFactor,
    fault: Option<(SecondFactorSubject, LoginNotice)>,
) -> SecondFactorState {
    SecondFactorState::On {
        since: factor.since,
        recovery_codes: u64::try_from(factor.recovery_codes).unwrap_or(u64::MAX),
        fault,
    }
}

fn refused(error: SecondFactorError) -> Refusal {
    if let SecondFactorError::Store(error) = error {
        return error.into();
    }
    unusable(&error)
}
