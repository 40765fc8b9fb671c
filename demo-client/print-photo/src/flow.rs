//! The flow of one browser's session: every exchange, as it happened, with a lesson beside it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symbolon::secret::Secret;
use url::Url;

use super::lessons::{
    A_TOKEN_IS_ALREADY_THERE, AN_ANSWER_THAT_IS_NOT_OURS, ASK_THE_OWNER, ASK_WHO_THE_OWNER_IS,
    BACK_WITH_A_CODE, BACK_WITHOUT_A_CODE, CALL_AS_IT_IS, EXCHANGE_CREDENTIALS,
    EXCHANGE_NAME_AND_PASSWORD, EXCHANGE_THE_CODE, GIVE_THE_TOKEN_BACK, Lesson, NO_ANSWER,
    RENEW_THE_TOKEN, Role, THE_CALL_IS_REFUSED, THE_TOKEN_IS_REFUSED, USE_THE_TOKEN,
};
use super::message::{Item, Message};
use symbolon_client::{
    CallbackError, Exchange, ExchangeKind, GrantType, Observer, WholeExchange, WholeObserver,
};

/// How many arrows are kept: the latest.
const MAX_ARROWS: usize = 32;

/// The arrows of one browser's session, latest last.
#[derive(Debug, Default)]
pub(super) struct Flow(Mutex<Vec<Arrow>>);

/// One exchange: what went over the wire, and what it means.
#[derive(Clone, Debug)]
pub(super) struct Arrow {
    /// What it means.
    pub(super) lesson: Lesson,
    /// The HTTP method.
    pub(super) method: String,
    /// The address, without its query.
    pub(super) url: String,
    /// What was sent.
    pub(super) request: Message,
    /// What came back.
    pub(super) answer: Answer,
    /// What Photo Space asked before it answered; `None` while nobody knows.
    pub(super) asked: Option<Vec<Arrow>>,
    /// Whose the secrets in it are.
    pub(super) secrets: Secrets,
    /// Whether it is an attack.
    pub(super) is_attack: bool,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Something that the browser saw, and Print Photo did not.
    Unseen,
    /// Nothing.
    None,
    /// This.
    Received {
        /// The status.
        status: u16,
        /// Headers and members.
        message: Message,
    },
}

/// Whose the secrets of an arrow are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrets {
    /// This visitor's: they may be looked at.
    Visitors,
    /// The service's own: whoever comes to the demo may use them and not see them.
    Services,
}

impl Answer {
    /// The status, where there is one.
    pub(super) const fn status(&self) -> Option<u16> {
        match self {
            Self::Received { status, .. } => Some(*status),
            Self::Unseen | Self::None => None,
        }
    }

    /// The message, where there is one.
    pub(super) const fn message(&self) -> Option<&Message> {
        match self {
            Self::Received { message, .. } => Some(message),
            Self::Unseen | Self::None => None,
        }
    }
}

impl Arrow {
    /// A request that the browser makes: Print Photo does not see the answer.
    fn of_browser(lesson: Lesson, url: String, query: &str) -> Self {
        Self {
            lesson,
            method: "GET".to_owned(),
            url,
            request: Message::query(query),
            answer: Answer::Unseen,
            asked: None,
            secrets: Secrets::Visitors,
            is_attack: false,
        }
    }

    /// What the answer calls the request, when it was a call to Photo Space.
    fn id_at_photo_space(&self) -> Option<&str> {
        let is_call = self.lesson.to == Role::ResourceServer;
        self.answer
            .message()
            .filter(|_| is_call)?
            .header("x-request-id")
    }

    /// Whether this is the same call again: a page that was reloaded makes it, and it is shown once.
    fn repeats(&self, other: &Self) -> bool {
        let parameters = |arrow: &Self| {
            let items = arrow.request.items.iter();
            items.map(Item::shown).collect::<Vec<_>>()
        };
        self.lesson == other.lesson
            && self.lesson != CALL_AS_IT_IS
            && (&self.method, &self.url) == (&other.method, &other.url)
            && self.answer.status() == other.answer.status()
            && parameters(self) == parameters(other)
    }
}

/// A call to Photo Space that nobody knows the other side of yet.
#[derive(Debug)]
pub(super) struct OpenCall {
    /// What Photo Space calls it.
    pub(super) request_id: String,
    /// The token that it carried.
    pub(super) token: Secret,
}

impl Flow {
    fn arrows_mut(&self) -> MutexGuard<'_, Vec<Arrow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a new flow: the arrows of the last one are forgotten.
    pub(super) fn clear(&self) {
        self.arrows_mut().clear();
    }

    /// What has happened so far.
    pub(super) fn arrows(&self) -> Vec<Arrow> {
        self.arrows_mut().clone()
    }

    /// The browser is sent to the authorization endpoint.
    pub(super) fn authorization_request(&self, url: &Url) {
        let address = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let query = url.query().unwrap_or_default();
        self.push(Arrow::of_browser(ASK_THE_OWNER, address, query));
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
        self.push(Arrow::of_browser(lesson, path.to_owned(), query));
    }

    /// An address that an attacker has the browser open, and what came back.
    pub(super) fn planted(&self, lesson: Lesson, url: &Url, answer: Answer) {
        let address = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let query = url.query().unwrap_or_default();
        let mut arrow = Arrow::of_browser(lesson, address, query);
        arrow.answer = answer;
        arrow.is_attack = true;
        self.push(arrow);
    }

    /// A call that needed no token request.
    pub(super) fn kept_token(&self) {
        let mut arrow = Arrow::of_browser(A_TOKEN_IS_ALREADY_THERE, String::new(), "");
        "KEEP".clone_into(&mut arrow.method);
        self.push(arrow);
    }

    /// Calls to Photo Space that nobody knows the other side of.
    pub(super) fn open_calls(&self) -> Vec<OpenCall> {
        let arrows = self.arrows_mut();
        let open = arrows.iter().filter(|arrow| arrow.asked.is_none());
        open.filter_map(|arrow| {
            Some(OpenCall {
                request_id: arrow.id_at_photo_space()?.to_owned(),
                token: Secret::new(arrow.request.header("authorization")?),
            })
        })
        .collect()
    }

    /// What Photo Space asked in the call that it calls so.
    pub(super) fn close_call(&self, request_id: &str, asked: Vec<Arrow>) {
        if let Some(arrow) = find_call(&mut self.arrows_mut(), request_id) {
            arrow.asked = Some(asked);
        }
    }

    /// What Photo Space answered in the call that it calls so: the body is read by whoever called.
    pub(super) fn received_body(&self, request_id: &str, body: &str) {
        if let Some(Arrow {
            answer: Answer::Received { message, .. },
            ..
        }) = find_call(&mut self.arrows_mut(), request_id)
        {
            message.add_body(body);
        }
    }

    /// One more arrow.
    pub(super) fn push(&self, arrow: Arrow) {
        let mut arrows = self.arrows_mut();
        let calls = arrows
            .iter_mut()
            .rev()
            .take_while(|known| known.lesson.to == arrow.lesson.to);
        if let Some(known) = calls.into_iter().find(|known| arrow.repeats(known)) {
            *known = arrow;
            return;
        }
        if arrows.len() >= MAX_ARROWS {
            arrows.remove(0);
        }
        arrows.push(arrow);
    }
}

fn find_call<'a>(arrows: &'a mut [Arrow], request_id: &str) -> Option<&'a mut Arrow> {
    let mut latest = arrows.iter_mut().rev();
    latest.find(|arrow| arrow.id_at_photo_space() == Some(request_id))
}

/// What a call to Photo Space asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The photos.
    Photos,
    /// Who their owner is.
    Owner,
    /// What the token is worth now.
    Worth,
}

/// Writes down every exchange of a client that asks one question.
#[derive(Debug)]
pub(super) struct FlowRecorder {
    /// Where it is written down.
    pub(super) flow: Arc<Flow>,
    /// What the client's calls to Photo Space ask for.
    pub(super) question: Question,
    /// The name of the client.
    pub(super) client_id: String,
    /// Whose the secrets are.
    pub(super) secrets: Secrets,
    /// What its exchanges are about, when they are an attack.
    pub(super) attack: Option<Lesson>,
}

impl Observer for FlowRecorder {
    fn observe(&self, _: Exchange) {}

    fn whole(&self) -> Option<&dyn WholeObserver> {
        Some(self)
    }
}

impl WholeObserver for FlowRecorder {
    fn observe_whole(&self, exchange: WholeExchange) {
        let status = exchange.response.as_ref().map(|response| response.status);
        let lesson = self.attack.unwrap_or(match exchange.kind {
            ExchangeKind::TokenRequest(grant_type) => token_request(grant_type),
            ExchangeKind::Revocation => GIVE_THE_TOKEN_BACK,
            ExchangeKind::Resource => resource_call(self.question, status),
        });
        let mut arrow = arrow(lesson, &exchange, &self.client_id, self.secrets);
        arrow.is_attack = self.attack.is_some();
        self.flow.push(arrow);
    }
}

/// An exchange as an arrow.
pub(super) fn arrow(
    lesson: Lesson,
    exchange: &WholeExchange,
    client_id: &str,
    secrets: Secrets,
) -> Arrow {
    let request = &exchange.request;
    let url = Url::parse(request.url.expose()).ok();
    let url = url.map(|url| format!("{}{}", url.origin().ascii_serialization(), url.path()));
    Arrow {
        lesson,
        method: request.method.clone(),
        url: url.unwrap_or_default(),
        request: Message::request(request, client_id),
        answer: exchange
            .response
            .as_ref()
            .map_or(Answer::None, |response| Answer::Received {
                status: response.status,
                message: Message::response(response),
            }),
        asked: None,
        secrets,
        is_attack: false,
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
        (Some(200..=299), Question::Worth) => CALL_AS_IT_IS,
        (Some(200..=299), _) => USE_THE_TOKEN,
        (Some(401), _) => THE_TOKEN_IS_REFUSED,
        (Some(_), _) => THE_CALL_IS_REFUSED,
        (None, _) => NO_ANSWER,
    }
}
