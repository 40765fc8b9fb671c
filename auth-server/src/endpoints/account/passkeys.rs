//! `/account/passkeys`: what an owner signs in with instead of the password.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;

use crate::audit::AuditEvent;
use crate::http::answers::{self, Forms};
use crate::http::caller::address;
use crate::http::form::Form;
use crate::http::noted_refusal::note_fault;
use crate::http::page_frame::frame;
use crate::http::passkey_refusal::reason;
use crate::http::refusals::Refusal;
use crate::http::sending_page::may_say_done;
use crate::http::sign_in_events::prove_owner;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::visitor::{Visitor, sender, signed_in};
use crate::pages::{
    PasskeyFault, PasskeyLine, PasskeyList, PasskeyNotice, PasskeysPage, PasskeysState, Place,
};
use crate::passkeys::{LONGEST_PASSKEY_NAME, MOST_PASSKEYS, PasskeyError, Passkeys};
use crate::records::Passkey;
use crate::server::Server;

/// How the address that one is sent to says what has been done.
const DONE: [(&str, PasskeyNotice); 3] = [
    ("added", PasskeyNotice::Added),
    ("renamed", PasskeyNotice::Renamed),
    ("removed", PasskeyNotice::Removed),
];

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
    query: Query<BTreeMap<String, String>>,
) -> Result<HttpResponse, Refusal> {
    let passkeys = server.passkeys.as_ref().ok_or_else(Refusal::not_found)?;
    let visitor = match signed_in(&server, &request, Place::Passkeys).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let change = Change {
        server: &server,
        request: &request,
        passkeys,
        visitor,
    };
    if let Some(passkey) = change.find(query.get("passkey")).await? {
        let name = passkey.name.clone();
        return change.page(one(passkey, name, None), StatusCode::OK);
    }
    let notice = DONE.iter().find(|(name, _)| query.contains_key(*name));
    let notice = notice.filter(|_| may_say_done(&request));
    let list = PasskeyList {
        notice: notice.map(|(_, notice)| *notice),
        ..change.list().await?
    };
    change.page(PasskeysState::List(list), StatusCode::OK)
}

/// Only a form of this session changes anything; whatever else comes leads to the page.
pub(super) async fn change(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<Form, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let passkeys = server.passkeys.as_ref().ok_or_else(Refusal::not_found)?;
    let Form(mut form) = form?;
    let here = server.addresses.account.passkeys.to_string();
    let away = || Ok(answers::redirect(StatusCode::SEE_OTHER, &here));
    let (visitor, is_late) = match sender(&server, &request, &mut form).await? {
        Ok(visitor) => (visitor, false),
        Err(late) => match late.again(&server, &request, &form, Place::Passkeys)? {
            Ok(visitor) => (visitor, true),
            Err(answer) => return Ok(answer),
        },
    };
    let change = Change {
        server: &server,
        request: &request,
        passkeys,
        visitor,
    };
    if is_late {
        return change.fill_in(form).await;
    }
    let named = change.find(form.take("passkey").as_ref()).await?;
    match (form.take("change").as_deref(), named) {
        (Some("begin"), _) => change.begin(form).await,
        (Some("add"), _) => change.add(form).await,
        (Some("rename"), Some(passkey)) => change.rename(passkey, form).await,
        (Some("remove"), Some(passkey)) => change.remove(passkey, form).await,
        _ => away(),
    }
}

/// Somebody at the page of the own account.
struct Change<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    passkeys: &'a Passkeys,
    visitor: Visitor,
}

impl Change<'_> {
    fn owner(&self) -> &str {
        &self.visitor.owner.name
    }

    async fn find(&self, id: Option<&String>) -> Result<Option<PasskeyLine>, Refusal> {
        let Some(id) = id else {
            return Ok(None);
        };
        let all = self.passkeys.of(self.owner()).await?;
        let found = all.into_iter().find(|passkey| passkey.id == *id);
        Ok(found.map(line))
    }

    async fn list(&self) -> Result<PasskeyList, Refusal> {
        let all = self.passkeys.of(self.owner()).await?;
        Ok(PasskeyList {
            has_room: all.len() < MOST_PASSKEYS,
            passkeys: all.into_iter().map(line).collect(),
            ..PasskeyList::default()
        })
    }

    /// The page with the name that was typed, of a form that came too late.
    async fn fill_in(self, mut form: Parameters) -> Result<HttpResponse, Refusal> {
        let name = form.take("passkey_name").unwrap_or_default();
        let state = match self.find(form.take("passkey").as_ref()).await? {
            Some(passkey) => one(passkey, name, None),
            None => PasskeysState::List(PasskeyList {
                name,
                ..self.list().await?
            }),
        };
        self.page(state, StatusCode::FORBIDDEN)
    }

    /// The password before the device is asked: whoever finds a browser signed in adds nothing.
    async fn begin(self, mut form: Parameters) -> Result<HttpResponse, Refusal> {
        let name = match named(&mut form) {
            Ok(name) => name,
            Err((name, fault)) => return self.list_again(name, fault).await,
        };
        if let Err(refusal) = self.prove(&mut form).await? {
            let fault = PasskeyFault::Password(refusal.notice);
            let response = self.list_again(name, fault).await?;
            return Ok(as_refused(response, refusal));
        }
        let session = &self.visitor.session.id;
        match self.passkeys.begin_addition(session, self.owner()).await {
            Ok(options) => self.page(PasskeysState::Confirm { name, options }, StatusCode::OK),
            Err(PasskeyError::TooMany) => Ok(self.away("")),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn add(self, mut form: Parameters) -> Result<HttpResponse, Refusal> {
        let name = match named(&mut form) {
            Ok(name) => name,
            Err((name, fault)) => return self.list_again(name, fault).await,
        };
        let sent = form.take("credential").unwrap_or_default();
        let (session, owner) = (&self.visitor.session.id, self.owner());
        let added = self.passkeys.add(session, owner, name.clone(), &sent);
        match added.await {
            Ok(passkey) => {
                self.server.audit.record(&AuditEvent::PasskeyAdded {
                    owner: self.owner(),
                    passkey: &passkey,
                    address: &address(self.request),
                });
                Ok(self.away("added=true"))
            }
            Err(error) => {
                let reason = reason(error)?;
                self.server.audit.record(&AuditEvent::PasskeyRefused {
                    owner: Some(owner),
                    reason,
                    address: &address(self.request),
                });
                self.list_again(name, PasskeyFault::Device).await
            }
        }
    }

    async fn rename(
        self,
        passkey: PasskeyLine,
        mut form: Parameters,
    ) -> Result<HttpResponse, Refusal> {
        let name = match named(&mut form) {
            Ok(name) => name,
            Err((name, fault)) => {
                self.note(&fault);
                let state = one(passkey, name, Some(fault));
                return self.page(state, StatusCode::BAD_REQUEST);
            }
        };
        let renamed = self.passkeys.rename(self.owner(), &passkey.id, &name).await;
        Ok(self.away(match renamed {
            Ok(true) => "renamed=true",
            Ok(false) => "",
            Err(error) => return Err(unavailable(error)),
        }))
    }

    async fn remove(
        self,
        passkey: PasskeyLine,
        mut form: Parameters,
    ) -> Result<HttpResponse, Refusal> {
        if let Err(refusal) = self.prove(&mut form).await? {
            let name = passkey.name.clone();
            let state = one(passkey, name, Some(PasskeyFault::Password(refusal.notice)));
            return Ok(as_refused(self.page(state, refusal.status)?, refusal));
        }
        match self.passkeys.remove(self.owner(), &passkey.id).await {
            Ok(true) => {
                self.server.audit.record(&AuditEvent::PasskeyRemoved {
                    owner: self.owner(),
                    passkey: &passkey.id,
                    address: &address(self.request),
                });
                Ok(self.away("removed=true"))
            }
            Ok(false) => Ok(self.away("")),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Whether the owner sits there, by the password, with the brakes of a sign-in.
    async fn prove(&self, form: &mut Parameters) -> Result<Result<(), SignInRefusal>, Refusal> {
        let password = Secret::new(form.take("current_password").unwrap_or_default());
        let (server, owner) = (self.server, &self.visitor.owner);
        match prove_owner(server, self.request, owner, &password).await {
            Ok(()) => Ok(Ok(())),
            Err(error) => Ok(Err(SignInRefusal::try_from(error)?)),
        }
    }

    /// Notes why a form came to nothing.
    fn note(&self, fault: &PasskeyFault) {
        let rule = match fault {
            PasskeyFault::NoName => "passkey_name is empty or holds a control character",
            PasskeyFault::LongName(_) => "passkey_name is too long",
            PasskeyFault::Password(_) => "current_password is not that of the account",
            PasskeyFault::Device => "credential is not accepted",
        };
        note_fault(self.request, Some(self.owner()), rule);
    }

    async fn list_again(&self, name: String, fault: PasskeyFault) -> Result<HttpResponse, Refusal> {
        self.note(&fault);
        let list = PasskeyList {
            name,
            fault: Some(fault),
            ..self.list().await?
        };
        self.page(PasskeysState::List(list), StatusCode::BAD_REQUEST)
    }

    fn page(&self, state: PasskeysState, status: StatusCode) -> Result<HttpResponse, Refusal> {
        let Self {
            server,
            request,
            visitor,
            ..
        } = self;
        let frame = frame(server, request);
        let needs_script = state.needs_script();
        let shown = PasskeysPage {
            menu: visitor.menu(Place::Passkeys),
            csrf_token: server.sessions.csrf_token(&visitor.session),
            state,
        };
        let html = shown.render(&frame)?;
        let mut page = if needs_script {
            answers::page_with_script(status, Forms::StayHere)
        } else {
            answers::page(status, Forms::StayHere)
        };
        Ok(page.body(html))
    }

    fn away(&self, query: &str) -> HttpResponse {
        let here = &self.server.addresses.account.passkeys;
        let separator = if query.is_empty() { "" } else { "?" };
        answers::redirect(StatusCode::SEE_OTHER, &format!("{here}{separator}{query}"))
    }
}

fn line(passkey: Passkey) -> PasskeyLine {
    PasskeyLine {
        id: passkey.id,
        name: passkey.name,
        added_at: passkey.added_at,
        last_used_at: passkey.last_used_at,
    }
}

const fn one(passkey: PasskeyLine, name: String, fault: Option<PasskeyFault>) -> PasskeysState {
    PasskeysState::One {
        passkey,
        name,
        fault,
    }
}

/// The name that was typed, or what will not do of it.
fn named(form: &mut Parameters) -> Result<String, (String, PasskeyFault)> {
    let typed = form.take("passkey_name").unwrap_or_default();
    let name = typed.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err((String::new(), PasskeyFault::NoName));
    }
    if name.chars().count() > LONGEST_PASSKEY_NAME {
        let most = u64::try_from(LONGEST_PASSKEY_NAME).unwrap_or(u64::MAX);
        return Err((typed, PasskeyFault::LongName(most)));
    }
    Ok(name.to_owned())
}

fn as_refused(mut response: HttpResponse, refusal: SignInRefusal) -> HttpResponse {
    *response.status_mut() = refusal.status;
    answers::retry_after(&mut response, refusal.retry_after_secs);
    response
}

/// Nothing was wrong with what was sent.
fn unavailable(error: PasskeyError) -> Refusal {
    match reason(error) {
        Ok(reason) => Refusal::unavailable(reason),
        Err(refusal) => refusal,
    }
}
