//! `/admin/api/v1/audit`: what happened lately, and why a request was refused.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use symbolon::parameters::Parameters;
use utoipa::ToSchema;

use super::parts::{Named, Problem, named, said};
use crate::administration::{Administrators, PAGE};
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::journal::{
    JournalCursor, JournalFilter, JournalPage, NOTHING_KNOWN, explained, written,
};
use crate::records::JournalEntry;
use crate::server::Server;

/// Something that happened. What is not known, or does not apply, is empty.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditEntry {
    /// When, in UTC (RFC 3339).
    time: String,
    /// Its name in the audit stream.
    event: String,
    /// The id of the request in which it happened. Callers may choose it.
    request_id: String,
    /// The registered client that it is about.
    client_id: String,
    /// The account that it is about.
    owner: String,
    /// The grant that it is about.
    grant_id: String,
    /// Where whoever caused it is.
    address: String,
    /// What else is known, by the names of the audit stream: of what was refused `parameter`, `reason` and `rule`.
    details: BTreeMap<String, String>,
}

impl From<JournalEntry> for AuditEntry {
    fn from(entry: JournalEntry) -> Self {
        Self {
            time: written(entry.at),
            event: entry.event,
            request_id: entry.request_id,
            client_id: entry.client_id,
            owner: entry.owner,
            grant_id: entry.grant_id,
            address: entry.address,
            details: entry.details,
        }
    }
}

/// A part of what happened, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct EventList {
    /// At most 50. There may be none, and yet some behind them: one call looks at some thousand events and no more.
    items: Vec<AuditEntry>,
    /// `after` of the next call; absent when all has been looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// What became of the requests of one id, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Explanation {
    /// At most 50. There may be none, and yet some behind them, which are older: one call looks at some thousand events and no more.
    items: Vec<AuditEntry>,
    /// The same in the words of `auth-server explain`.
    text: String,
    /// `after` of the next call; absent when all has been looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// Lists what happened lately, newest first: events that have all that is said. The journal is a window and no record.
#[utoipa::path(get, path = "/admin/api/v1/audit", tag = "audit",
    params(
        ("kind" = Option<String>, Query, nullable = false, pattern = "^(refused|granted|changed)$", description = "What kind of event"),
        ("event" = Option<String>, Query, nullable = false, min_length = 1, description = "Its name in the audit stream, such as `token_refused`"),
        ("client_id" = Option<String>, Query, nullable = false, min_length = 1, description = "The client that it is about"),
        ("owner" = Option<String>, Query, nullable = false, min_length = 1, description = "The account that it is about"),
        ("request_id" = Option<String>, Query, nullable = false, min_length = 1, description = "The id of the request"),
        ("grant_id" = Option<String>, Query, nullable = false, min_length = 1, description = "The grant that it is about"),
        ("address" = Option<String>, Query, nullable = false, min_length = 1, description = "Where whoever caused it is"),
        ("since" = Option<String>, Query, nullable = false, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?$", description = "Not before this day, minute or second, in UTC"),
        ("until" = Option<String>, Query, nullable = false, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?$", description = "Until the end of this day, minute or second, in UTC"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the list before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = EventList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let mut query = query(&request)?;
    let from = place(&mut query)?;
    let filter = filter(&mut query)?;
    let page = server.journal.search(&filter, from, PAGE).await?;
    let told = EventList {
        items: page.entries.into_iter().map(AuditEntry::from).collect(),
        next: page.next.map(|next| next.to_string()),
    };
    Ok(answers::json(StatusCode::OK, &told))
}

/// Tells what became of the requests of one id: which rule refused which parameter. Every answer of the server has it in
/// `x-request-id`, and error pages show it.
#[utoipa::path(get, path = "/admin/api/v1/audit/{request_id}", tag = "audit",
    params(
        ("request_id" = String, Path, description = "The id of the request"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the answer before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = Explanation), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn explain(
    request: HttpRequest,
    server: Data<Server>,
    request_id: Named,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let from = place(&mut query(&request)?)?;
    let filter = JournalFilter {
        request_id: Some(named(request_id)?),
        ..JournalFilter::default()
    };
    let JournalPage { mut entries, next } = server.journal.search(&filter, from, PAGE).await?;
    if entries.is_empty() && next.is_none() {
        let text = format!("nothing is known of such a request: {NOTHING_KNOWN}");
        return Err(Refusal::no_such(&text));
    }
    entries.reverse();
    let text: Vec<String> = entries.iter().map(explained).collect();
    let told = Explanation {
        items: entries.into_iter().map(AuditEntry::from).collect(),
        text: text.join("\n\n"),
        next: next.map(|next| next.to_string()),
    };
    Ok(answers::json(StatusCode::OK, &told))
}

fn query(request: &HttpRequest) -> Result<Parameters, Refusal> {
    let query = Parameters::decode(request.query_string().as_bytes());
    Ok(query.map_err(FormError::from)?)
}

fn place(query: &mut Parameters) -> Result<JournalCursor, Refusal> {
    let after = query.take("after").map(|after| after.parse());
    let after = after.transpose();
    let after = after.map_err(|_| Refusal::bad_request("after is no next of such an answer"))?;
    Ok(after.unwrap_or_default())
}

fn filter(query: &mut Parameters) -> Result<JournalFilter, Refusal> {
    let mut texts = BTreeMap::new();
    for field in JournalFilter::FIELDS {
        if let Some(text) = said(query, field)? {
            texts.insert(field, text);
        }
    }
    JournalFilter::read(|field| texts.get(field).cloned()).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Refusal::bad_request(faults.join("; "))
    })
}
