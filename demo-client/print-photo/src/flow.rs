//! The flow inspector: every step of the protocol, as it happened, with an explanation beside it.

use std::sync::{Mutex, PoisonError};

use url::Url;

use symbolon_client::{CallbackError, Exchange, Observer, shown_parameters};

/// How many steps are shown: the latest.
const MAX_STEPS: usize = 16;

/// The steps of one browser's session, latest last.
#[derive(Debug, Default)]
pub(super) struct Flow(Mutex<Vec<Step>>);

/// One step, with everything secret masked.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What happens, in a few words.
    pub(super) title: String,
    /// Who talks to whom.
    pub(super) route: &'static str,
    /// What was sent and what came back.
    pub(super) exchange: Exchange,
    /// Why, for a person.
    pub(super) explanation: &'static str,
    /// Where it is written.
    pub(super) rule: Rule,
}

/// A section of an RFC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// The number of the RFC.
    pub(super) rfc: &'static str,
    /// The section in it.
    pub(super) section: &'static str,
}

const fn rule(rfc: &'static str, section: &'static str) -> Rule {
    Rule { rfc, section }
}

const BROWSER_TO_SERVER: &str = "Your browser → authorization server";
const SERVER_TO_BROWSER: &str = "Authorization server → your browser → Print Photo";
const CLIENT_TO_SERVER: &str = "Print Photo → authorization server";
const CLIENT_TO_PHOTOS: &str = "Print Photo → Photo Space";

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
        self.push(Step {
            title: "Ask the owner".to_owned(),
            route: BROWSER_TO_SERVER,
            exchange: Exchange {
                method: "GET".to_owned(),
                url: format!("{}{}", url.origin().ascii_serialization(), url.path()),
                sent: shown_parameters(url.query().unwrap_or_default()),
                status: None,
                received: Vec::new(),
            },
            explanation: "Print Photo sends you to the authorization server with the list of what it \
                          wants to do. You sign in there, so Print Photo never sees your password. It \
                          keeps a random state and the secret half of the PKCE challenge in your session.",
            rule: rule("6749", "4.1.1"),
        });
    }

    /// The browser comes back.
    pub(super) fn callback(&self, path: &str, query: &str, outcome: Option<&CallbackError>) {
        let (title, explanation) = match outcome {
            None => (
                "Back with a code",
                "Your browser brings a one-time code. Print Photo compares state with the one in \
                 your session and iss with the server it asked: an answer that somebody else \
                 planted stops here. The code alone is worth nothing.",
            ),
            Some(CallbackError::Refused(_)) => (
                "Back without a code",
                "The authorization server says why there is no code. state matches, so the answer \
                 is really for this browser.",
            ),
            Some(_) => (
                "An answer that is not ours",
                "state, iss or the form of this answer is wrong. Print Photo does not touch the \
                 code in it.",
            ),
        };
        self.push(Step {
            title: title.to_owned(),
            route: SERVER_TO_BROWSER,
            exchange: Exchange {
                method: "GET".to_owned(),
                url: path.to_owned(),
                sent: shown_parameters(query),
                status: None,
                received: Vec::new(),
            },
            explanation,
            rule: rule("6749", "4.1.2"),
        });
    }

    /// A call that needed no token request.
    pub(super) fn kept_token(&self) {
        self.push(Step {
            title: "A token is already there".to_owned(),
            route: "Print Photo",
            exchange: Exchange {
                method: "KEEP".to_owned(),
                url: "the service’s own token".to_owned(),
                sent: Vec::new(),
                status: None,
                received: Vec::new(),
            },
            explanation: "A client that acts for itself needs one token for all its calls. It was \
                          obtained by an earlier call and is still good, so nobody is asked.",
            rule: rule("6749", "4.4"),
        });
    }

    fn push(&self, step: Step) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A page that was reloaded makes the same call again; it is shown once.
        let same = |last: &Step| last.title == step.title && last.exchange == step.exchange;
        if steps.last().is_some_and(same) {
            return;
        }
        if steps.len() >= MAX_STEPS {
            steps.remove(0);
        }
        steps.push(step);
    }
}

/// What the client library tells.
impl Observer for Flow {
    fn observe(&self, exchange: Exchange) {
        let grant = exchange
            .sent
            .iter()
            .find(|(name, _)| name == "grant_type")
            .map(|(_, grant_type)| grant_type.clone());
        let (title, route, explanation, rule) = match grant.as_deref() {
            Some(grant_type) => token_request(grant_type),
            None if exchange.method == "POST" => (
                "Give the token back",
                CLIENT_TO_SERVER,
                "Print Photo needs the token no more and says so. From now on nobody can use it, \
                 not even a thief.",
                rule("7009", "2.1"),
            ),
            None if exchange.url.ends_with("/me") && exchange.status == Some(200) => (
                "Ask who the owner is",
                CLIENT_TO_PHOTOS,
                "The same token, another call: the scope profile lets Print Photo know whose \
                 photos these are. Without that scope Photo Space would say no.",
                rule("6749", "3.3"),
            ),
            None => resource_call(exchange.status),
        };
        self.push(Step {
            title: title.to_owned(),
            route,
            exchange,
            explanation,
            rule,
        });
    }
}

type Explained = (&'static str, &'static str, &'static str, Rule);

fn token_request(grant_type: &str) -> Explained {
    let (title, explanation, rule) = match grant_type {
        "authorization_code" => (
            "Exchange the code",
            "Server to server, unseen by the browser: the code, the PKCE verifier and Print \
             Photo’s own credentials buy an access token, and a refresh token for later.",
            rule("6749", "4.1.3"),
        ),
        "password" => (
            "Exchange name and password",
            "The program hands your password to the authorization server and gets tokens. It has \
             seen the password: that is why only programs of the same house may do this.",
            rule("6749", "4.3.2"),
        ),
        "client_credentials" => (
            "Exchange the client’s own credentials",
            "No person is involved: the client shows its own id and secret and gets a token for \
             itself. There is no refresh token, it can always ask again.",
            rule("6749", "4.4.2"),
        ),
        _ => (
            "Renew the token",
            "The refresh token buys a new access token without asking you again. The server \
             usually replaces the refresh token as well; the old one is then dead.",
            rule("6749", "6"),
        ),
    };
    (title, CLIENT_TO_SERVER, explanation, rule)
}

fn resource_call(status: Option<u16>) -> Explained {
    match status {
        Some(200..=299) => (
            "Use the token",
            CLIENT_TO_PHOTOS,
            "The access token travels in a header. Photo Space checks it: not expired, meant for \
             Photo Space, and with the right scope.",
            rule("6750", "2.1"),
        ),
        Some(401) => (
            "The token is refused",
            CLIENT_TO_PHOTOS,
            "Photo Space does not accept the token, for example because it was revoked. Print \
             Photo renews it once and repeats the call once.",
            rule("6750", "3.1"),
        ),
        Some(_) => (
            "The call is refused",
            CLIENT_TO_PHOTOS,
            "Photo Space accepts the token and still says no, for example because its scope does \
             not cover the call.",
            rule("6750", "3.1"),
        ),
        None => (
            "No answer",
            CLIENT_TO_PHOTOS,
            "Photo Space could not be reached. The token stays as it is.",
            rule("6750", "2.1"),
        ),
    }
}
