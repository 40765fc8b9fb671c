//! The pages of developers.

use super::account::menu;
use crate::addresses::Addresses;
use crate::pages::*;

fn value(text: &str) -> FieldValue {
    FieldValue {
        text: text.to_owned(),
        faults: Vec::new(),
    }
}

pub(in crate::pages) fn form() -> ApplicationForm {
    let grant = |name, chosen| GrantChoice { name, chosen };
    let scope = |name: &str, description: &str| ScopeBox {
        name: name.to_owned(),
        description: description.to_owned(),
        chosen: true,
    };
    ApplicationForm {
        client_name: value("Calendar"),
        client_uri: value("https://x.example/"),
        redirect_uris: value("https://x.example/callback"),
        grants: vec![
            grant("authorization_code", true),
            grant("refresh_token", true),
            grant("client_credentials", false),
        ],
        scopes: vec![scope("photo.read", "See your photos"), scope("profile", "")],
        is_public: Some(false),
        ..ApplicationForm::default()
    }
}

/// A form in which everything is wrong.
pub(in crate::pages) fn refused(about: &str) -> ApplicationForm {
    let all = FaultKind::ALL.map(|kind| FieldFault {
        kind,
        about: about.to_owned(),
    });
    let wrong = FieldValue {
        text: about.to_owned(),
        faults: all.to_vec(),
    };
    let one = FieldValue {
        faults: all[..1].to_vec(),
        ..wrong.clone()
    };
    ApplicationForm {
        client_name: one.clone(),
        redirect_uris: wrong,
        logo_uri: one,
        grant_faults: all[..1].to_vec(),
        scope_faults: all[..1].to_vec(),
        ..form()
    }
}

/// Something was refused, and not everything was counted.
pub(in crate::pages) fn activity(text: &str) -> ApplicationActivity {
    let text = || text.to_owned();
    ApplicationActivity {
        refusals: Some(vec![RefusalLine {
            time: "2026-11-28T11:20:31Z".to_owned(),
            event: "token_refused".to_owned(),
            request_id: text(),
            error: text(),
            parameter: text(),
            rule: text(),
            path: text(),
        }]),
        held: HeldAccess {
            from_owners: 1_234,
            for_itself: 1,
            is_all: false,
        },
    }
}

pub(in crate::pages) fn application(form: ApplicationForm) -> ApplicationPage {
    ApplicationPage {
        menu: menu(Place::Developer),
        csrf_token: "the-csrf-token".to_owned(),
        once: "once".to_owned(),
        client_id: "app-1".to_owned(),
        name: "Calendar".to_owned(),
        state: ApplicationState::Active,
        notice: None,
        has_secret: true,
        retiring_hours: Some(3),
        overlap_hours: 24,
        waits_for_approval: true,
        activity: activity("x"),
        form: ApplicationForm {
            is_public: None,
            ..form
        },
    }
}

pub(in crate::pages) fn list(at: &Addresses, names: &[&str]) -> DeveloperPage {
    let states = [
        ApplicationState::Active,
        ApplicationState::Awaiting,
        ApplicationState::Suspended,
    ];
    let line = |(name, state): (&&str, ApplicationState)| ApplicationLine {
        client_id: "app-1".to_owned(),
        name: (*name).to_owned(),
        state,
        address: application_address(at),
    };
    let lines = names.iter().zip(states.into_iter().cycle());
    DeveloperPage {
        menu: menu(Place::Developer),
        notice: None,
        applications: lines.map(line).collect(),
        next: (!names.is_empty()).then(|| format!("{}?after=app-1", at.developer.list)),
    }
}

fn application_address(at: &Addresses) -> String {
    format!("{}?client_id=app-1", at.developer.application)
}

pub(in crate::pages) fn registered(at: &Addresses, name: &str) -> RegisteredPage {
    RegisteredPage {
        menu: menu(Place::Developer),
        client_id: "app-1".to_owned(),
        name: name.to_owned(),
        secret: Some("the-secret".to_owned()),
        is_replaced: false,
        waits_for_approval: true,
        address: application_address(at),
    }
}

/// Every page in every state.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) fn pages(frame: &Frame<'_>) -> Vec<(&'static str, Result<String, askama::Error>)> {
    let new = |form| ApplicationFormPage {
        menu: menu(Place::Developer),
        csrf_token: "the-csrf-token".to_owned(),
        once: "once".to_owned(),
        waits_for_approval: true,
        form,
    };
    let noticed = |notice| DeveloperPage {
        notice: Some(notice),
        ..list(frame.at, &[])
    };
    let unknown = |refusals| ApplicationActivity {
        refusals,
        held: HeldAccess {
            from_owners: 0,
            for_itself: 0,
            is_all: true,
        },
    };
    let public = ApplicationPage {
        has_secret: false,
        state: ApplicationState::Suspended,
        notice: Some(DeveloperNotice::Saved),
        activity: unknown(Some(Vec::new())),
        ..application(form())
    };
    let without_overlap = ApplicationPage {
        overlap_hours: 0,
        retiring_hours: None,
        activity: unknown(None),
        ..application(form())
    };
    let replaced = RegisteredPage {
        is_replaced: true,
        waits_for_approval: false,
        ..registered(frame.at, "Calendar")
    };
    let public_registered = RegisteredPage {
        secret: None,
        ..registered(frame.at, "Calendar")
    };
    let all = ["Calendar", "Print Photo", "Maps"];
    let refused = || refused("https://x.example/callback");
    vec![
        ("developer", list(frame.at, &all).render(frame)),
        ("developer-none", list(frame.at, &[]).render(frame)),
        (
            "developer-removed",
            noticed(DeveloperNotice::Removed).render(frame),
        ),
        (
            "developer-changed",
            noticed(DeveloperNotice::ChangedMeanwhile).render(frame),
        ),
        (
            "developer-before",
            noticed(DeveloperNotice::RegisteredBefore).render(frame),
        ),
        (
            "developer-too-many",
            noticed(DeveloperNotice::TooMany).render(frame),
        ),
        ("developer-new", new(form()).render(frame)),
        ("developer-new-refused", new(refused()).render(frame)),
        ("developer-application", application(form()).render(frame)),
        (
            "developer-application-refused",
            application(refused()).render(frame),
        ),
        ("developer-application-public", public.render(frame)),
        (
            "developer-application-at-once",
            without_overlap.render(frame),
        ),
        (
            "developer-registered",
            registered(frame.at, "Calendar").render(frame),
        ),
        (
            "developer-registered-public",
            public_registered.render(frame),
        ),
        ("developer-secret-replaced", replaced.render(frame)),
    ]
}
