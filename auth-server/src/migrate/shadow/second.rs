//! What happens behind a request that has its answer: asking the new server, and comparing.

use std::sync::Arc;

use actix_web::web::Bytes;
use reqwest::header::HeaderMap;
use symbolon::calls::{CallError, LONGEST_ANSWER_BYTES, answer};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::timeout;

use super::comparison::{Answered, compare};
use super::facts::{Facts, Sent};
use super::headers::for_the_new_server;
use super::report::Outcome;
use super::rules::Reason;
use super::state::Shadow;
use super::upstream::reason;

/// A request that is being answered by the old server, and may be compared afterwards. Dropped before the answer is
/// whole, it is counted as one that was not.
pub(super) struct Comparison {
    shadow: Arc<Shadow>,
    parts: Option<Parts>,
}

struct Parts {
    sent: Sent,
    /// Told once the body of the request has been passed on.
    sent_body: oneshot::Receiver<Option<Vec<u8>>>,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    is_too_long: bool,
    permit: OwnedSemaphorePermit,
}

impl Comparison {
    pub(super) fn new(
        shadow: Arc<Shadow>,
        sent: Sent,
        sent_body: oneshot::Receiver<Option<Vec<u8>>>,
        response: &reqwest::Response,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        let parts = Some(Parts {
            sent,
            sent_body,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Vec::new(),
            is_too_long: false,
            permit,
        });
        Self { shadow, parts }
    }

    /// Takes a part of the old server's answer.
    pub(super) fn keep(&mut self, chunk: &Bytes) {
        if let Some(parts) = &mut self.parts {
            if parts.body.len() + chunk.len() > LONGEST_ANSWER_BYTES {
                parts.is_too_long = true;
                parts.body = Vec::new();
            } else if !parts.is_too_long {
                parts.body.extend_from_slice(chunk);
            }
        }
    }

    /// The old answer is whole: the rest happens in the background.
    pub(super) fn finish(mut self) {
        if let Some(parts) = self.parts.take() {
            let shadow = Arc::clone(&self.shadow);
            self.shadow.background.spawn(conclude(shadow, parts));
        }
    }
}

impl Drop for Comparison {
    fn drop(&mut self) {
        if let Some(parts) = self.parts.take() {
            count(
                &self.shadow,
                &parts.sent,
                Outcome::NotAsked(Reason::TooLong),
            );
        }
    }
}

/// Counts what came of a request.
pub(super) fn count(shadow: &Shadow, sent: &Sent, outcome: Outcome) {
    let client = Facts::read(sent).client;
    let report = &shadow.report;
    report.count(client.as_deref(), sent.endpoint, outcome);
}

async fn conclude(shadow: Arc<Shadow>, parts: Parts) {
    let mut sent = parts.sent;
    sent.body = timeout(shadow.patience, parts.sent_body)
        .await
        .ok()
        .and_then(Result::ok)
        .flatten();
    if sent.body.is_none() || parts.is_too_long {
        return count(&shadow, &sent, Outcome::NotAsked(Reason::TooLong));
    }
    let facts = Facts::read(&sent);
    let old = Answered {
        status: parts.status,
        headers: parts.headers,
        body: parts.body.into(),
    };
    let may = shadow
        .choice
        .check(sent.endpoint, &sent.method, &facts, old.status);
    let outcome = match may {
        Err(reason) => Outcome::NotAsked(reason),
        Ok(()) => match ask(&shadow, &sent).await {
            Ok(new) => Outcome::Compared(compare(&facts, &old, &new, shadow.tolerance_secs)),
            Err(why) => Outcome::NewFailed(why),
        },
    };
    let client = facts.client.as_deref();
    shadow.report.count(client, sent.endpoint, outcome);
    drop(parts.permit);
}

/// Asks the new server the same, at the path that it has there.
async fn ask(shadow: &Shadow, sent: &Sent) -> Result<Answered, String> {
    let inner = sent.target.strip_prefix(shadow.old.context_path());
    let target = format!(
        "{}{}",
        shadow.new.context_path(),
        inner.unwrap_or(&sent.target)
    );
    let Some(address) = shadow.new.address(&target) else {
        return Err("this path cannot be asked for".to_owned());
    };
    let body = sent.body.clone().unwrap_or_default();
    let request = shadow.new.http.request(sent.method.clone(), address);
    let request = request.headers(for_the_new_server(sent.headers.clone()));
    let request = if body.is_empty() {
        request
    } else {
        request.body(body)
    };
    let answered = answer(request).await.map_err(|error| match error {
        CallError::Unreachable(error) | CallError::TimedOut(error) => reason(error),
        CallError::TooLong { .. } => "its answer is too long".to_owned(),
    })?;
    Ok(Answered {
        status: answered.status.as_u16(),
        headers: answered.headers,
        body: answered.body.into(),
    })
}
