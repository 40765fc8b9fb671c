//! What Photo Space asked about tokens, kept for a moment, so that a page that teaches can show it. Whoever brings the
//! token may see what was asked about it, and nobody else anything.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL};
use actix_web::middleware::Next;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use serde::Serialize;
use serde_json::{Map, Value};
use symbolon::secret::Secret;
use symbolon::trace_context;
use symbolon_resource_server::verifier::{AskedQuestion, QuestionObserver};
use symbolon_service::request_log::request_id;
use tracing::Span;

use crate::photos::PhotoError;

/// So many are kept, the latest. A page asks right after its call.
const MOST_QUESTIONS: usize = 200;

/// What a longer answer says is not kept, in bytes.
const LONGEST_ANSWER: usize = 8 * 1024;

tokio::task_local! {
    /// The request that brought the token that is being checked.
    static REQUEST_ID: String;
}

/// The latest questions.
#[derive(Default)]
pub(super) struct Questions(Mutex<VecDeque<KeptQuestion>>);

struct KeptQuestion {
    request_id: String,
    token: Secret,
    shown: ShownQuestion,
}

/// A question as JSON, without the token and without our own secret.
#[derive(Clone, Debug, Serialize)]
struct ShownQuestion {
    method: &'static str,
    url: String,
    /// The status of the answer; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What the authorization server calls it in its log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The trace that it belongs to, where traces are recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Map<String, Value>>,
}

impl fmt::Debug for Questions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Questions(…)")
    }
}

impl QuestionObserver for Questions {
    fn asked(&self, question: &AskedQuestion<'_>) {
        let Ok(request_id) = REQUEST_ID.try_with(Clone::clone) else {
            return;
        };
        let answer = question.answer.as_ref();
        let members = answer.and_then(|answer| answer.members.clone());
        let kept = KeptQuestion {
            request_id,
            token: question.token.clone(),
            shown: ShownQuestion {
                method: "POST",
                url: address(question.url),
                status: answer.map(|answer| answer.status),
                request_id: answer.and_then(|answer| answer.request_id.clone()),
                trace_id: trace_id(),
                answer: members.filter(is_short),
            },
        };
        let mut questions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if questions.len() >= MOST_QUESTIONS {
            questions.pop_front();
        }
        questions.push_back(kept);
    }
}

impl Questions {
    /// What was asked in this request, about this token.
    fn find(&self, request_id: &str, token: &Secret) -> Vec<ShownQuestion> {
        let questions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = questions
            .iter()
            .filter(|kept| kept.request_id == request_id && kept.token == *token);
        asked.map(|kept| kept.shown.clone()).collect()
    }
}

/// Without its query: old servers want secrets there.
fn address(url: &url::Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn is_short(members: &Map<String, Value>) -> bool {
    serde_json::to_vec(members).is_ok_and(|text| text.len() <= LONGEST_ANSWER)
}

fn trace_id() -> Option<String> {
    let headers = trace_context::headers_of(&Span::current());
    let (_, traceparent) = headers
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("traceparent"))?;
    traceparent.split('-').nth(1).map(str::to_owned)
}

/// Remembers, while a request is answered, what it is called.
pub(super) async fn within_request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = request_id(request.request()).unwrap_or_default();
    REQUEST_ID.scope(id, next.call(request)).await
}

/// The route, where questions are kept.
pub(super) fn configure(routes: &mut ServiceConfig, questions: Option<&Arc<Questions>>) {
    if let Some(questions) = questions {
        let shown = web::resource("/demo/questions/{id}");
        let questions = Data::new(Arc::clone(questions));
        routes.service(shown.app_data(questions).get(show));
    }
}

/// `GET /demo/questions/{request id}`: what was asked in that request. To whoever does not bring the token of that
/// request there is nothing here.
async fn show(
    request: HttpRequest,
    id: Path<String>,
    questions: Data<Arc<Questions>>,
) -> HttpResponse {
    let token = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    let found = token.map(|token| questions.find(&id, &Secret::new(token)));
    match found {
        Some(found) if !found.is_empty() => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "private, no-store"))
            .json(found),
        Some(_) | None => PhotoError::Unknown.error_response(),
    }
}
