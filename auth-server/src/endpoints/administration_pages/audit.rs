//! `/admin/audit`: what happened lately, why a request was refused, and the same as a file.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LINK};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon::parameters::Parameters;

use super::asked::{address_of, administrator, menu, see};
use crate::addresses::Endpoint;
use crate::administration::PAGE;
use crate::audit::{AuditEvent, AuditKind};
use crate::http::answers::{self, Forms};
use crate::http::form_error::FormError;
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::http::visitor::Visitor;
use crate::journal::{
    FilterFault, JournalCursor, JournalFilter, JournalPage, facts_of, json_line, written,
};
use crate::pages::{
    AdministeredJournalPage, EventFact, EventLine, FoundEvents, JournalFault, JournalField,
};
use crate::records::JournalEntry;
use crate::server::Server;

/// How many events one file holds at most.
const EXPORTED: usize = 1_000;

/// What was asked for, as it was typed.
struct Wanted {
    typed: Vec<(&'static str, String)>,
    after: Option<String>,
}

impl Wanted {
    /// A field that was left empty asks for nothing. What cannot be read asks for nobody knows what, and least of all for
    /// everything.
    fn of(request: &HttpRequest) -> Result<Self, Refusal> {
        let query = Parameters::decode(request.query_string().as_bytes());
        let mut query = query.map_err(FormError::from)?;
        let typed = JournalFilter::FIELDS.into_iter();
        let typed = typed.filter_map(|field| Some((field, query.take(field)?)));
        Ok(Self {
            typed: typed.collect(),
            after: query.take("after"),
        })
    }

    fn said(&self, field: &str) -> Option<String> {
        let found = self.typed.iter().find(|(name, _)| *name == field);
        found.map(|(_, text)| text.trim().to_owned())
    }

    fn filter(&self) -> Result<JournalFilter, Vec<FilterFault>> {
        JournalFilter::read(|field| self.said(field).filter(|text| !text.is_empty()))
    }

    /// Where the list begins. `None`: nowhere.
    fn place(&self) -> Option<JournalCursor> {
        match &self.after {
            Some(after) => after.parse().ok(),
            None => Some(JournalCursor::default()),
        }
    }

    /// The address of a page with the same filters.
    fn address(&self, page: &Endpoint, after: Option<&str>) -> String {
        let typed = self.typed.iter();
        let typed = typed.map(|(field, text)| (*field, Some(text.as_str())));
        address_of(page, typed.chain([("after", after)]))
    }

    fn fields(&self, faults: &[FilterFault]) -> Vec<JournalField> {
        let field = |name: &'static str| JournalField {
            name,
            text: self
                .typed
                .iter()
                .find(|(typed, _)| *typed == name)
                .map_or_else(String::new, |(_, text)| text.clone()),
            fault: faults
                .iter()
                .find(|fault| fault.field() == name)
                .map(|fault| shown(*fault)),
        };
        JournalFilter::FIELDS.map(field).into()
    }
}

const fn shown(fault: FilterFault) -> JournalFault {
    match fault {
        FilterFault::Kind => JournalFault::Kind,
        FilterFault::Event => JournalFault::Event,
        FilterFault::Since | FilterFault::Until => JournalFault::Moment,
        // A field that was left empty asks for nothing, so this is said of none.
        FilterFault::Empty(_) | FilterFault::Ends => JournalFault::Ends,
    }
}

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let wanted = Wanted::of(&request)?;
    let (filter, place) = (wanted.filter(), wanted.place());
    let mut page = blank(&server, &visitor);
    page.fields = wanted.fields(filter.as_ref().err().map_or(&[], Vec::as_slice));
    page.is_no_place = place.is_none();
    let mut status = StatusCode::BAD_REQUEST;
    if let (Ok(filter), Some(place)) = (filter, place) {
        let found = server.journal.search(&filter, place, PAGE).await?;
        page.found = Some(events(&server, &wanted, found));
        status = StatusCode::OK;
    }
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(status, Forms::StayHere).body(html))
}

/// The page before anything was looked for.
fn blank(server: &Server, visitor: &Visitor) -> AdministeredJournalPage {
    let kinds = AuditKind::ALL.into_iter();
    let not_kept = kinds.filter(|kind| !server.journal.keeps(*kind));
    AdministeredJournalPage {
        menu: menu(visitor),
        fields: Vec::new(),
        kinds: AuditKind::ALL.map(AuditKind::as_str),
        events: &AuditEvent::NAMES,
        is_no_place: false,
        not_kept: not_kept.map(AuditKind::as_str).collect(),
        found: None,
    }
}

/// Those of one request as they are explained: the oldest first.
fn events(server: &Server, wanted: &Wanted, found: JournalPage) -> FoundEvents {
    let JournalPage { mut entries, next } = found;
    let of_request = wanted.said("request_id").is_some();
    if of_request {
        entries.reverse();
    }
    let at = &server.addresses.administration;
    let next = next.map(|next| next.to_string());
    FoundEvents {
        lines: entries.iter().map(|entry| line(entry, &at.audit)).collect(),
        next: next.map(|next| wanted.address(&at.audit, Some(&next))),
        export: wanted.address(&at.audit_export, wanted.after.as_deref()),
        of_request,
    }
}

fn line(entry: &JournalEntry, page: &Endpoint) -> EventLine {
    let fact = |(name, value): (&str, &str)| EventFact {
        name: name.to_owned(),
        value: value.to_owned(),
        address: match name {
            "request" => Some(address_of(page, [("request_id", Some(value))])),
            "client" => Some(address_of(page, [("client_id", Some(value))])),
            "owner" => Some(address_of(page, [("owner", Some(value))])),
            _ => None,
        },
    };
    EventLine {
        time: written(entry.at),
        event: entry.event.clone(),
        facts: facts_of(entry).map(fact).collect(),
    }
}

/// The lines of `audit export`, as many as one request may ask for. Where there may be more, `Link` says where they are.
pub(super) async fn export(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    if let Err(sign_in) = administrator(&server, &request).await? {
        return Ok(sign_in);
    }
    let wanted = Wanted::of(&request)?;
    let at = &server.addresses.administration;
    let (Ok(filter), Some(place)) = (wanted.filter(), wanted.place()) else {
        // The page says what is wrong.
        return Ok(see(&wanted.address(&at.audit, wanted.after.as_deref())));
    };
    let found = server.journal.search(&filter, place, EXPORTED).await?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, "application/x-ndjson"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""))
        .insert_header((CACHE_CONTROL, "no-store"));
    if let Some(next) = found.next {
        let next = wanted.address(&at.audit_export, Some(&next.to_string()));
        answer.insert_header((LINK, format!("<{next}>; rel=\"next\"")));
    }
    let lines = found.entries.iter().filter_map(json_line);
    let lines: String = lines.map(|line| line + "\n").collect();
    Ok(answer.body(lines))
}
