//! The page of the journal.

use super::menu;
use crate::addresses::Addresses;
use crate::pages::*;

/// Everything was said, and something was found.
pub(in crate::pages) fn journal(at: &Addresses, text: &str) -> AdministeredJournalPage {
    AdministeredJournalPage {
        menu: menu(Place::Administration),
        fields: fields(text, |_| None),
        kinds: ["refused", "granted", "changed"],
        events: &["token_refused", "client_changed"],
        is_no_place: false,
        not_kept: vec!["granted"],
        found: Some(FoundEvents {
            lines: vec![line(at, text)],
            next: Some(format!("{}?after=1-1..", at.administration.audit)),
            ..none(at, false)
        }),
    }
}

fn fields(text: &str, fault: impl Fn(&str) -> Option<JournalFault>) -> Vec<JournalField> {
    let main = ["kind", "event", "client_id", "owner", "request_id"];
    let more = ["grant_id", "address", "since", "until"];
    let field = |name| JournalField {
        name,
        text: text.to_owned(),
        fault: fault(name),
    };
    main.into_iter().chain(more).map(field).collect()
}

fn line(at: &Addresses, text: &str) -> EventLine {
    let fact = |name: &str, address| EventFact {
        name: name.to_owned(),
        value: text.to_owned(),
        address,
    };
    let page = &at.administration.audit;
    EventLine {
        time: "2026-11-28T11:20:31Z".to_owned(),
        event: "token_refused".to_owned(),
        facts: vec![
            fact("client", Some(format!("{page}?client_id=app-1"))),
            fact("rule", None),
        ],
    }
}

fn none(at: &Addresses, of_request: bool) -> FoundEvents {
    FoundEvents {
        lines: Vec::new(),
        next: None,
        export: at.administration.audit_export.to_string(),
        of_request,
    }
}

fn wrong(field: &str) -> Option<JournalFault> {
    match field {
        "kind" => Some(JournalFault::Kind),
        "event" => Some(JournalFault::Event),
        "since" => Some(JournalFault::Moment),
        "until" => Some(JournalFault::Ends),
        _ => None,
    }
}

/// The page in every state.
pub(super) fn pages(frame: &Frame<'_>) -> Vec<(&'static str, Result<String, askama::Error>)> {
    let at = frame.at;
    let page = journal(at, "app-1");
    let with = |found| AdministeredJournalPage {
        found: Some(found),
        not_kept: Vec::new(),
        ..page.clone()
    };
    let yet = FoundEvents {
        next: Some(at.administration.audit.to_string()),
        ..none(at, true)
    };
    let refused = AdministeredJournalPage {
        fields: fields("x", wrong),
        found: None,
        ..page.clone()
    };
    let nowhere = AdministeredJournalPage {
        fields: fields("", |_| None),
        is_no_place: true,
        found: None,
        ..page.clone()
    };
    let pages = [
        ("admin-audit-none", with(none(at, false))),
        ("admin-audit-unknown", with(none(at, true))),
        ("admin-audit-yet", with(yet)),
        ("admin-audit-refused", refused),
        ("admin-audit-nowhere", nowhere),
        ("admin-audit", page),
    ];
    pages.map(|(name, page)| (name, page.render(frame))).into()
}
