//! `/login/code`: the second factor of whoever has shown the password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::secret::Secret;

use super::{Visitor, leave, too_late};
use crate::audit::AuditEvent;
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::named_request::NamedRequest;
use crate::http::noted_refusal::{NO_SESSION, note_fault};
use crate::http::refusals::Refusal;
use crate::http::second_factor_refusal::{CodeRefusal, NoCodeRefusal};
use crate::http::session_cookie;
use crate::http::sign_in_page::SignInPage;
use crate::resource_owners::owner::ResourceOwner;
use crate::second_factors::{Proof, SecondFactorError};
use crate::server::Server;
use crate::sessions::{BrowserSession, FormSession};

/// Only for the session in which somebody has shown the password a moment ago; whoever else comes begins at the sign-in page.
pub(in crate::endpoints) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let (named, _) = NamedRequest::in_query(&request);
    let cookies = session_cookie::presented(&request, &server);
    let Some(session) = server.sessions.find(cookies).await? else {
        return Ok(too_late(&server.addresses, &named));
    };
    if let Some(owner) = server.sessions.awaited(&session).await? {
        let page = SignInPage::of(&server, &request, &session, &named).await?;
        let here = named.code_page(&server.addresses);
        return page.ask_code(here, &owner, None).await;
    }
    elsewhere(&server, &session, &named).await
}

/// Only a form of that very session is looked at.
pub(in crate::endpoints) async fn submit(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form?;
    let named = NamedRequest::take(&mut form);
    let code = Secret::new(form.take("code").unwrap_or_default());
    let cookies = session_cookie::presented(&request, &server);
    let found = server.sessions.find_of_form(cookies, form.take("_csrf"));
    let session = match found.await? {
        FormSession::Own(session) => session,
        FormSession::Other(session) => return elsewhere(&server, &session, &named).await,
        FormSession::Over(_) | FormSession::Unknown => {
            note_fault(&request, None, NO_SESSION);
            return Ok(too_late(&server.addresses, &named));
        }
    };
    let Some(owner) = server.sessions.awaited(&session).await? else {
        return elsewhere(&server, &session, &named).await;
    };
    let visitor = Visitor {
        server: &server,
        request: &request,
    };
    match visitor.verify(&owner, &code).await {
        Ok(()) => {
            let session = visitor.sessions().renew(session, &owner).await?;
            Ok(visitor.go_on(&session, &owner, &named))
        }
        Err(Ok(refusal)) => {
            let page = SignInPage::of(&server, &request, &session, &named).await?;
            let here = named.code_page(&server.addresses);
            page.ask_code(here, &owner, Some(refusal)).await
        }
        Err(Err(NoCodeRefusal::Anew)) => Ok(too_late(&server.addresses, &named)),
        Err(Err(NoCodeRefusal::Refused(refusal))) => Err(refusal),
    }
}

/// Who is signed in goes on, others begin anew.
pub(super) async fn elsewhere(
    server: &Server,
    session: &BrowserSession,
    named: &NamedRequest,
) -> Result<HttpResponse, Refusal> {
    Ok(match server.sessions.owner(session).await? {
        Some(_) => leave(&server.addresses, StatusCode::SEE_OTHER, named),
        None => too_late(&server.addresses, named),
    })
}

impl Visitor<'_> {
    /// Checks a code, and records what came of it.
    async fn verify(
        &self,
        owner: &ResourceOwner,
        code: &Secret,
    ) -> Result<(), Result<CodeRefusal, NoCodeRefusal>> {
        let (server, owner) = (self.server, owner.name.as_str());
        let address = &address(self.request);
        let verified = server.second_factors.verify(owner, code).await;
        match verified.map_err(SecondFactorError::try_into) {
            Ok(Proof::Code) => Ok(()),
            Ok(Proof::RecoveryCode { left }) => {
                server.audit.record(&AuditEvent::RecoveryCodeUsed {
                    owner,
                    left,
                    address,
                });
                Ok(())
            }
            Err(Ok(refusal)) => {
                let CodeRefusal { reason, .. } = refusal;
                server.audit.record(&AuditEvent::SecondFactorFailed {
                    owner,
                    reason,
                    address,
                });
                Err(Ok(refusal))
            }
            Err(Err(other)) => Err(Err(other)),
        }
    }
}
