//! The pages of administrators.

use super::account::menu;
use crate::addresses::Addresses;
use crate::pages::*;

pub(in crate::pages) fn applications(
    at: &Addresses,
    name: &str,
    awaiting: bool,
) -> AdministeredApplicationsPage {
    let at = &at.administration;
    let line = |state| ApplicationLine {
        client_id: "app-1".to_owned(),
        name: name.to_owned(),
        state,
        address: format!("{}?client_id=app-1", at.application),
    };
    AdministeredApplicationsPage {
        menu: menu(Place::Administration),
        notice: None,
        awaiting,
        applications: [ApplicationState::Awaiting, ApplicationState::Active]
            .map(line)
            .to_vec(),
        next: Some(format!("{}?after=app-1", at.applications)),
    }
}

pub(in crate::pages) fn application(text: &str) -> AdministeredApplicationPage {
    AdministeredApplicationPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        client_id: "app-1".to_owned(),
        name: text.to_owned(),
        state: ApplicationState::Awaiting,
        registered_by: Some(text.to_owned()),
        redirect_uris: vec!["https://x.example/callback".to_owned()],
        grants: vec!["authorization_code".to_owned()],
        scopes: vec!["photo.read".to_owned()],
    }
}

pub(in crate::pages) fn accounts(at: &Addresses, name: &str) -> AccountsPage {
    AccountsPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        accounts: vec![AccountLine {
            name: name.to_owned(),
            is_locked: true,
            address: format!("{}?username=wang", at.administration.account),
        }],
        next: Some(format!("{}?after=wang", at.administration.accounts)),
        name: String::new(),
        name_fault: None,
        is_taken: false,
        authorities: "ROLE_USER".to_owned(),
        is_no_authority: false,
    }
}

pub(in crate::pages) fn account(name: &str) -> AdministeredAccountPage {
    AdministeredAccountPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        name: name.to_owned(),
        authorities: vec!["ROLE_USER".to_owned()],
        is_locked: false,
        has_second_factor: false,
    }
}

pub(in crate::pages) fn new_password(at: &Addresses, name: &str) -> NewPasswordPage {
    NewPasswordPage {
        menu: menu(Place::Administration),
        name: name.to_owned(),
        password: "the-password".to_owned(),
        address: format!("{}?username=wang", at.administration.account),
    }
}

/// Every page in every state.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) fn pages(frame: &Frame<'_>) -> Vec<(&'static str, Result<String, askama::Error>)> {
    let at = frame.at;
    let none = |awaiting| AdministeredApplicationsPage {
        notice: Some(AdministrationNotice::Removed),
        applications: Vec::new(),
        ..applications(at, "", awaiting)
    };
    let suspended = AdministeredApplicationPage {
        state: ApplicationState::Suspended,
        notice: Some(AdministrationNotice::Done),
        registered_by: None,
        ..application("Calendar")
    };
    let no_accounts = AccountsPage {
        accounts: Vec::new(),
        name_fault: Some(FieldFault {
            kind: FaultKind::Empty,
            about: String::new(),
        }),
        is_no_authority: true,
        ..accounts(at, "wang")
    };
    let taken = AccountsPage {
        name: "wang".to_owned(),
        is_taken: true,
        ..accounts(at, "wang")
    };
    let locked = AdministeredAccountPage {
        is_locked: true,
        has_second_factor: true,
        notice: Some(AdministrationNotice::Nothing),
        ..account("wang")
    };
    vec![
        ("admin", applications(at, "Calendar", true).render(frame)),
        ("admin-none", none(true).render(frame)),
        (
            "admin-all",
            applications(at, "Calendar", false).render(frame),
        ),
        ("admin-all-none", none(false).render(frame)),
        ("admin-application", application("Calendar").render(frame)),
        ("admin-application-suspended", suspended.render(frame)),
        ("admin-accounts", accounts(at, "wang").render(frame)),
        ("admin-accounts-none", no_accounts.render(frame)),
        ("admin-accounts-taken", taken.render(frame)),
        ("admin-account", account("wang").render(frame)),
        ("admin-account-locked", locked.render(frame)),
        ("admin-password", new_password(at, "wang").render(frame)),
    ]
}
