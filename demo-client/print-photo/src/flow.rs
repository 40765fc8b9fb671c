//! The flow inspector: every step of the protocol, as it happened, with a lesson beside it.

use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use super::lessons::{
    A_TOKEN_IS_ALREADY_THERE, AN_ANSWER_THAT_IS_NOT_OURS, ASK_THE_OWNER, ASK_WHO_THE_OWNER_IS,
    BACK_WITH_A_CODE, BACK_WITHOUT_A_CODE, EXCHANGE_CREDENTIALS, EXCHANGE_NAME_AND_PASSWORD,
    EXCHANGE_THE_CODE, GIVE_THE_TOKEN_BACK, Lesson, NO_ANSWER, RENEW_THE_TOKEN,
    THE_CALL_IS_REFUSED, THE_TOKEN_IS_REFUSED, USE_THE_TOKEN,
};
use symbolon_client::{
    CallbackError, Exchange, ExchangeKind, GrantType, Observer, shown_parameters,
};

/// How many steps are shown: the latest.
const MAX_STEPS: usize = 16;

/// The steps of one browser's session, latest last.
#[derive(Debug, Default)]
pub(super) struct Flow(Mutex<Vec<Step>>);

/// One step: what went over the wire, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What it means.
    pub(super) lesson: Lesson,
    /// What was sent and what came back.
    pub(super) wire: Wire,
}

/// A request and its answer, everything secret masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// The HTTP method.
    pub(super) method: String,
    /// The address, without its query.
    pub(super) url: String,
    /// Parameters and headers that matter.
    pub(super) sent: Vec<(String, String)>,
    /// The status; `None` when there was no answer, or none that Print Photo sees.
    pub(super) status: Option<u16>,
    /// Members and headers that matter.
    pub(super) received: Vec<(String, String)>,
}

impl Wire {
    /// A request that the browser makes: Print Photo does not see the answer.
    fn of_browser(url: String, query: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            url,
            sent: shown_parameters(query),
            status: None,
            received: Vec::new(),
        }
    }
}

impl From<Exchange> for Wire {
    fn from(exchange: Exchange) -> Self {
        let Exchange {
            kind: _,
            method,
            url,
            sent,
            status,
            received,
        } = exchange;
        Self {
            method,
            url,
            sent,
            status,
            received,
        }
    }
}

impl Flow {
    /// Begins a new flow: the steps of the last one are forgotten.
    pub(super) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// What has happened so far.
    pub(super) fn steps(&self) -> Vec<Step> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The browser is sent to the authorization endpoint.
    pub(super) fn authorization_request(&self, url: &Url) {
        let address = format!("{}{}", url.origin().ascii_serialization(), url.path());
        self.push(Step {
            lesson: ASK_THE_OWNER,
            wire: Wire::of_browser(address, url.query().unwrap_or_default()),
        });
    }

    /// The browser comes back; `problem` says what is wrong with what it brings.
    pub(super) fn callback(&self, path: &str, query: &str, problem: Option<&CallbackError>) {
        let lesson = match problem {
            None => BACK_WITH_A_CODE,
            Some(CallbackError::Refused(_)) => BACK_WITHOUT_A_CODE,
            Some(
                CallbackError::ForeignState
                | CallbackError::ForeignIssuer
                | CallbackError::MissingIssuer
                | CallbackError::Malformed(_)
                | CallbackError::NoToken,
            ) => AN_ANSWER_THAT_IS_NOT_OURS,
        };
        self.push(Step {
            lesson,
            wire: Wire::of_browser(path.to_owned(), query),
        });
    }

    /// A call that needed no token request.
    pub(super) fn kept_token(&self) {
        self.push(Step {
            lesson: A_TOKEN_IS_ALREADY_THERE,
            wire: Wire {
                method: "KEEP".to_owned(),
                url: "the service’s own token".to_owned(),
                sent: Vec::new(),
                status: None,
                received: Vec::new(),
            },
        });
    }

    fn push(&self, step: Step) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A page that was reloaded makes the same call again; it is shown once.
        if steps.last() == Some(&step) {
            return;
        }
        if steps.len() >= MAX_STEPS {
            steps.remove(0);
        }
        steps.push(step);
    }
}

/// What a call to Photo Space asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The photos.
    Photos,
    /// Who their owner is.
    Owner,
}

/// Writes down every exchange of a client that asks one question.
#[derive(Debug)]
pub(super) struct FlowRecorder {
    /// Where it is written down.
    pub(super) flow: Arc<Flow>,
    /// What the client's calls to Photo Space ask for.
    pub(super) question: Question,
}

impl Observer for FlowRecorder {
    fn observe(&self, exchange: Exchange) {
        let lesson = match exchange.kind {
            ExchangeKind::TokenRequest(grant_type) => token_request(grant_type),
            ExchangeKind::Revocation => GIVE_THE_TOKEN_BACK,
            ExchangeKind::Resource => resource_call(self.question, exchange.status),
        };
        self.flow.push(Step {
            lesson,
            wire: exchange.into(),
        });
    }
}

const fn token_request(grant_type: GrantType) -> Lesson {
    match grant_type {
        GrantType::AuthorizationCode => EXCHANGE_THE_CODE,
        GrantType::Password => EXCHANGE_NAME_AND_PASSWORD,
        GrantType::ClientCredentials => EXCHANGE_CREDENTIALS,
        // Nobody asks the token endpoint for the implicit grant (RFC 6749 §4.2), and Print Photo for no extension.
        GrantType::RefreshToken | GrantType::Implicit | GrantType::Extension(_) => RENEW_THE_TOKEN,
    }
}

const fn resource_call(question: Question, status: Option<u16>) -> Lesson {
    match (status, question) {
        (Some(200), Question::Owner) => ASK_WHO_THE_OWNER_IS,
        (Some(200..=299), _) => USE_THE_TOKEN,
        (Some(401), _) => THE_TOKEN_IS_REFUSED,
        (Some(_), _) => THE_CALL_IS_REFUSED,
        (None, _) => NO_ANSWER,
    }
}
