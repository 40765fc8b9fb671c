//! `POST /oauth/token`, and where that is switched on `GET` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

use std::time::Instant;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;
use symbolon::token::{GrantType, TokenRequest, TokenResponse};

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{TokenError, asked_by};
use crate::http::announced::announce;
use crate::http::caller::address;
use crate::http::client_authentication::authenticated_client;
use crate::http::refusals::Refusal;
use crate::http::servlet_form::{self, ServletForm};
use crate::http::sign_in_events::record_sign_in_refused;
use crate::http::spring_refusals;
use crate::http::token_length::is_too_long;
use crate::http::xml_answers;
use crate::metrics::ClientClass;
use crate::records::Habit;
use crate::server::Server;
use crate::tokens::issue::IssuedTokens;

/// The grant that a form asks for, if there is such a grant, also when the rest of it cannot be understood.
fn asked_grant_type(server: &Server, form: &Parameters) -> Option<GrantType> {
    let (_, word) = form.iter().find(|(name, _)| *name == "grant_type")?;
    GrantType::parse(word).filter(|asked| server.grants.extension.grants.have(asked))
}

/// RFC 6749 §3.2: one without a value is none.
fn has_verifier(form: &Parameters) -> bool {
    form.iter()
        .any(|(name, value)| name == "code_verifier" && !value.is_empty())
}

/// What is known of a request by the time that it is answered.
struct Known {
    grant_type: Option<GrantType>,
    client: ClientClass,
    /// What it does that ought to end.
    habits: Vec<Habit>,
}

impl Known {
    const fn of_a_request_with(habits: Vec<Habit>) -> Self {
        Self {
            grant_type: None,
            client: ClientClass::None,
            habits,
        }
    }

    fn read(&mut self, server: &Server, form: &Parameters) {
        self.grant_type = asked_grant_type(server, form);
        match self.grant_type {
            Some(GrantType::Password) => self.habits.push(Habit::PasswordGrant),
            Some(GrantType::AuthorizationCode) if !has_verifier(form) => {
                self.habits.push(Habit::CodeWithoutPkce);
            }
            Some(_) | None => {}
        }
    }
}

pub(super) async fn exchange(
    request: HttpRequest,
    server: Data<Server>,
    form: Result<ServletForm, Refusal>,
) -> HttpResponse {
    let form = form.map(|ServletForm(sent)| sent);
    measured(&request, &server, form, Vec::new()).await
}

/// A request by GET. A Spring server asks first who that is, and then says that this is no way to ask, unless it is told
/// to take it.
pub(super) async fn exchange_by_get(request: HttpRequest, server: Data<Server>) -> HttpResponse {
    if server.spring.token_by_get {
        let query = servlet_form::query(&request);
        return measured(&request, &server, query, vec![Habit::TokenByGet]).await;
    }
    let refusal = no_way_to_ask(&request, &server).await;
    xml_answers::token(&server, &request, Err(refusal))
}

async fn no_way_to_ask(request: &HttpRequest, server: &Server) -> Refusal {
    if server.spring.token_errors {
        let asked = async {
            let mut query = servlet_form::query(request)?;
            authenticated_client(server, request, &mut query).await
        };
        if let Err(refusal) = asked.await {
            return refusal;
        }
    }
    Refusal::method_not_allowed("GET", "POST")
}

async fn measured(
    request: &HttpRequest,
    server: &Server,
    form: Result<Parameters, Refusal>,
    habits: Vec<Habit>,
) -> HttpResponse {
    let started = Instant::now();
    let mut known = Known::of_a_request_with(habits);
    let answer = answer(request, server, form, &mut known).await;
    let error = answer.as_ref().err().map(Refusal::code);
    let requests = &server.metrics.token_requests;
    requests.observe(known.grant_type, known.client, error, started.elapsed());
    let mut response = xml_answers::token(server, request, answer);
    announce(server, &known.habits, &mut response);
    response
}

async fn answer(
    request: &HttpRequest,
    server: &Server,
    form: Result<Parameters, Refusal>,
    known: &mut Known,
) -> Result<TokenResponse, Refusal> {
    let mut form = form?;
    known.read(server, &form);
    let client = authenticated_client(server, request, &mut form).await?;
    known.client = if client.is_public() {
        ClientClass::Public
    } else {
        ClientClass::Confidential
    };
    let address = address(request);
    let outcome = match asked_by(&client, &mut form) {
        Ok(TokenRequest::RefreshToken(asked)) if is_too_long(server, &asked.refresh_token) => {
            Err(TokenError::UnknownRefreshToken)
        }
        Ok(asked) => server.grants.exchange(&client, &address, asked).await,
        Err(error) => Err(error),
    };
    let error = match outcome {
        Ok(tokens) => {
            record_issued(server, &tokens, &address);
            note_habits(server, &known.habits, &tokens);
            return Ok(tokens.response);
        }
        Err(error) => error,
    };
    record_cause(server, &client, &error, &address);
    Err(refused(server, &client, known.grant_type, error, &address))
}

/// Records a no, and says it.
fn refused(
    server: &Server,
    client: &AuthenticatedClient,
    grant_type: Option<GrantType>,
    error: TokenError,
    address: &str,
) -> Refusal {
    let (reason, parameter, rule) = (error.reason(), error.parameter(), error.rule());
    let refusal = if client.spring.token_errors {
        spring_refusals::of_token_request(error)
    } else {
        error.into()
    };
    server.audit.record(&AuditEvent::TokenRefused {
        client: &client.id,
        grant_type,
        error: refusal.code(),
        parameter,
        reason: &reason,
        rule,
        address,
    });
    refusal
}

fn record_issued(server: &Server, tokens: &IssuedTokens, address: &str) {
    let issued = &tokens.issued;
    if let (GrantType::Password, Some(owner)) = (issued.grant_type, &issued.owner) {
        let signed_in = AuditEvent::OwnerSignedIn { owner, address };
        server.audit.record(&signed_in);
    }
    let event = AuditEvent::TokenIssued { issued, address };
    server.audit.record(&event);
}

/// Notes what was done that ought to end.
fn note_habits(server: &Server, habits: &[Habit], tokens: &IssuedTokens) {
    let legacy = tokens.replaces_legacy.then_some(Habit::LegacyToken);
    for habit in habits.iter().copied().chain(legacy) {
        server.habits.note(habit, Some(&tokens.issued.client_id));
    }
}

/// Records what happened on the way to a refusal.
fn record_cause(server: &Server, client: &AuthenticatedClient, error: &TokenError, address: &str) {
    let client = &client.id;
    let event = match error {
        TokenError::CodeReplayed { grant_id } => AuditEvent::CodeReplayed {
            client,
            grant_id: *grant_id,
            address,
        },
        TokenError::RefreshTokenReused { grant_id, owner } => AuditEvent::RefreshTokenReused {
            client,
            owner: owner.as_deref(),
            grant_id: *grant_id,
            address,
        },
        TokenError::AfterSignIn { owner, .. } => AuditEvent::OwnerSignedIn { owner, address },
        TokenError::SignIn(error) => return record_sign_in_refused(&server.audit, error, address),
        TokenError::Request(_)
        | TokenError::GrantNotRegistered
        | TokenError::Scope(_)
        | TokenError::ScopeWidened { .. }
        | TokenError::UnknownCode
        | TokenError::GrantRevoked
        | TokenError::CodeOfOtherClient
        | TokenError::RedirectMismatch
        | TokenError::VerifierMalformed
        | TokenError::PkceFailed
        | TokenError::UnknownRefreshToken
        | TokenError::RefreshTokenExpired
        | TokenError::RefreshTokenUnreadable
        | TokenError::NoRefreshToken
        | TokenError::RefreshTokenOfOtherClient
        | TokenError::OwnerGone
        | TokenError::Extension(_)
        | TokenError::ExtensionUnavailable { .. }
        | TokenError::Issue(_) => return,
    };
    server.audit.record(&event);
}
