//! Watching the questions about tokens: for a program that shows people how a token is checked.

use std::fmt;

use serde_json::{Map, Value};
use symbolon::calls::Answer;
use symbolon::secret::Secret;
use url::Url;

/// Is told of every question that a [`RemoteVerifier`](super::RemoteVerifier) asks. It runs inside of the request that
/// brought the token, in the same task, so it must not block.
pub trait QuestionObserver: Send + Sync + fmt::Debug {
    /// A question was asked, and perhaps answered.
    fn asked(&self, question: &AskedQuestion<'_>);
}

/// A question about a token, and what was answered.
#[derive(Clone, Debug)]
pub struct AskedQuestion<'a> {
    /// The endpoint.
    pub url: &'a Url,
    /// The token that it was about.
    pub token: &'a Secret,
    /// The answer; `None` when there was none.
    pub answer: Option<QuestionAnswer>,
}

/// What the authorization server said about a token.
#[derive(Clone, Debug)]
pub struct QuestionAnswer {
    /// The status.
    pub status: u16,
    /// What the server calls this request in its log (`X-Request-ID`), where it says so.
    pub request_id: Option<String>,
    /// The members; `None` when the body is no JSON object.
    pub members: Option<Map<String, Value>>,
}

impl From<&Answer> for QuestionAnswer {
    fn from(answer: &Answer) -> Self {
        let request_id = answer.headers.get("x-request-id");
        Self {
            status: answer.status.as_u16(),
            request_id: request_id
                .and_then(|id| id.to_str().ok())
                .map(str::to_owned),
            members: answer.members(),
        }
    }
}
