//! What Photo Space asked the authorization server while it answered us. It tells whoever brings the token of the call,
//! where its settings allow that; elsewhere the inspector does without.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};
use symbolon::calls::{self, Timeouts};
use symbolon::secret::Secret;
use url::Url;

use super::flow::{Answer, Arrow, Flow, Secrets};
use super::lessons::CHECK_THE_TOKEN;
use super::message::{Item, Message, text_of};

/// Nobody waits long for what only explains.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(1),
    total: Duration::from_secs(2),
};

/// Asks Photo Space what it asked.
#[derive(Clone, Debug)]
pub(super) struct Questions {
    http: reqwest::Client,
    url: Url,
    are_shown: bool,
}

/// A question as Photo Space tells it.
#[derive(Deserialize)]
struct Told {
    method: String,
    url: String,
    status: Option<u16>,
    request_id: Option<String>,
    trace_id: Option<String>,
    answer: Option<Map<String, Value>>,
}

impl Questions {
    /// For the Photo Space whose questions are below this address, where they are shown at all.
    pub(super) fn new(url: Url, are_shown: bool) -> Result<Self, reqwest::Error> {
        let http = TIMEOUTS.client()?;
        Ok(Self {
            http,
            url,
            are_shown,
        })
    }

    /// Completes the calls of a flow that nobody knows the other side of.
    pub(super) async fn complete(&self, flow: &Flow) {
        let calls = if self.are_shown {
            flow.open_calls()
        } else {
            Vec::new()
        };
        for call in calls {
            let asked = self.asked(&call.request_id, &call.token).await;
            flow.close_call(&call.request_id, asked.unwrap_or_default());
        }
    }

    async fn asked(&self, request_id: &str, token: &Secret) -> Option<Vec<Arrow>> {
        let mut url = self.url.clone();
        url.path_segments_mut().ok()?.push(request_id);
        let request = self.http.get(url);
        let bearer = Secret::new(format!("Bearer {}", token.expose()));
        let request = calls::with_authorization(request, &bearer);
        let answer = calls::answer(request).await.ok()?;
        if !answer.status.is_success() {
            return None;
        }
        let told: Vec<Told> = serde_json::from_slice(&answer.body).ok()?;
        Some(told.into_iter().map(|told| arrow(told, token)).collect())
    }
}

fn arrow(told: Told, token: &Secret) -> Arrow {
    let mut request = Message::default();
    if let Some(trace_id) = told.trace_id {
        request
            .items
            .push(Item::header("traceparent (trace id)", &trace_id));
    }
    request.items.push(Item::header("authorization", "Basic …"));
    request.items.push(Item::parameter("token", token.expose()));
    let answer = told.status.map_or(Answer::None, |status| {
        let mut message = Message::default();
        if let Some(id) = told.request_id {
            message.items.push(Item::header("x-request-id", &id));
        }
        let members = told.answer.unwrap_or_default();
        let members = members
            .iter()
            .map(|(name, value)| Item::parameter(name, &text_of(value)));
        message.items.extend(members);
        Answer::Received { status, message }
    });
    Arrow {
        lesson: CHECK_THE_TOKEN,
        method: told.method,
        url: told.url,
        request,
        answer,
        asked: Some(Vec::new()),
        secrets: Secrets::Visitors,
        is_attack: false,
    }
}
