//! The pages of administrators.

use symbolon::clock::Timestamp;

use super::account::menu;
use crate::addresses::Addresses;
use crate::pages::*;

pub(in crate::pages) mod journal;

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

pub(in crate::pages) fn application(at: &Addresses, text: &str) -> AdministeredApplicationPage {
    AdministeredApplicationPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        client_id: "app-1".to_owned(),
        seen: "0123456789abcdef".to_owned(),
        links: ApplicationLinks {
            site: Some("https://x.example/about".to_owned()),
            logo: Some("https://x.example/logo.svg".to_owned()),
            policy: Some("https://x.example/privacy".to_owned()),
            terms: Some("https://x.example/terms".to_owned()),
        },
        contacts: vec![text.to_owned()],
        resource_ids: vec!["photo-space".to_owned()],
        authorities: vec![text.to_owned()],
        name: text.to_owned(),
        state: ApplicationState::Awaiting,
        registered_by: Some(text.to_owned()),
        redirect_uris: vec!["https://x.example/callback".to_owned()],
        grants: vec!["authorization_code".to_owned()],
        scopes: vec!["photo.read".to_owned()],
        access: format!("{}?client_id=app-1", at.administration.access),
    }
}

pub(in crate::pages) fn accounts(at: &Addresses, name: &str) -> AccountsPage {
    AccountsPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        once: "once".to_owned(),
        notice: None,
        accounts: vec![AccountLine {
            name: name.to_owned(),
            is_locked: true,
            has_second_factor: true,
            passkeys: 2,
            is_invited: true,
            address: format!("{}?username=wang", at.administration.account),
        }],
        next: Some(format!("{}?after=wang", at.administration.accounts)),
        name: String::new(),
        name_fault: None,
        is_taken: false,
        authorities: "ROLE_USER".to_owned(),
        is_no_authority: false,
        email: String::new(),
        is_no_email: false,
        can_invite: true,
        is_invitation: false,
        not_invited: None,
    }
}

pub(in crate::pages) fn account(at: &Addresses, name: &str) -> AdministeredAccountPage {
    AdministeredAccountPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        once: "once".to_owned(),
        notice: None,
        name: name.to_owned(),
        authorities: vec!["ROLE_USER".to_owned()],
        email: "wang@example.org".to_owned(),
        is_locked: false,
        is_invited: true,
        can_invite: true,
        has_second_factor: false,
        access: format!("{}?username=wang", at.administration.access),
        passkeys: 0,
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

pub(in crate::pages) fn access(at: &Addresses, text: &str) -> AdministeredAccessPage {
    let grant = GrantLine {
        grant_id: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        client_id: text.to_owned(),
        owner: Some(text.to_owned()),
        scopes: vec![text.to_owned()],
        since: Some(Timestamp::from_secs(1_750_000_000)),
        last_token: Some(Timestamp::from_secs(1_750_000_100)),
        ends: Timestamp::from_secs(1_750_010_000),
        is_code: false,
    };
    AdministeredAccessPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        username: text.to_owned(),
        client_id: String::new(),
        found: Some(FoundAccess {
            grants: vec![grant],
            next: Some(format!("{}?after=x", at.administration.access)),
        }),
        ends_on: None,
    }
}

pub(in crate::pages) fn keys() -> AdministeredKeysPage {
    let key = |kid: &str, state| KeyLine {
        kid: kid.to_owned(),
        algorithm: "ES256",
        state,
        signs_from: Some(Timestamp::from_secs(1_750_000_000)),
        published_until: Some(Timestamp::from_secs(1_750_010_000)),
    };
    AdministeredKeysPage {
        menu: menu(Place::Administration),
        csrf_token: "the-csrf-token".to_owned(),
        notice: None,
        keys: vec![
            key("k3", KeyState::Published),
            key("k2", KeyState::Signs),
            key("k1", KeyState::Replaced),
        ],
    }
}

/// Of access: nothing asked for, nothing found, of a client, and ending that goes on.
fn access_pages(at: &Addresses) -> [(&'static str, AdministeredAccessPage); 4] {
    let none = |next| FoundAccess {
        grants: Vec::new(),
        next,
    };
    let page = access(at, "wang");
    let of_client = AdministeredAccessPage {
        username: String::new(),
        client_id: "app-1".to_owned(),
        found: Some(none(Some(format!("{}?after=x", at.administration.access)))),
        ends_on: Some("gAA".to_owned()),
        ..page.clone()
    };
    let of_both = AdministeredAccessPage {
        client_id: "app-1".to_owned(),
        found: Some(none(None)),
        notice: Some(AdministrationNotice::Done),
        ..page.clone()
    };
    let nobody = AdministeredAccessPage {
        username: String::new(),
        found: None,
        ..page.clone()
    };
    [
        ("admin-access", page),
        ("admin-access-of-client", of_client),
        ("admin-access-of-both", of_both),
        ("admin-access-of-nobody", nobody),
    ]
}

/// A code, and what a client has for itself.
fn odd_grants(at: &Addresses) -> AdministeredAccessPage {
    let mut page = access(at, "wang");
    let odd = |line: GrantLine| GrantLine {
        owner: None,
        since: None,
        last_token: None,
        is_code: true,
        ..line
    };
    if let Some(found) = &mut page.found {
        found.grants = found.grants.drain(..).map(odd).collect();
    }
    page
}

pub(in crate::pages) fn settings(text: &str) -> AdministeredSettingsPage {
    let line = |place, warnings| SettingLine {
        name: "store.url".to_owned(),
        value: text.to_owned(),
        place,
        warnings,
    };
    let set = line(Some(text.to_owned()), vec![text.to_owned()]);
    let group = |section: &str, lines| SettingGroup {
        section: section.to_owned(),
        lines,
    };
    AdministeredSettingsPage {
        menu: menu(Place::Administration),
        warnings: vec![text.to_owned()],
        groups: vec![
            group("", vec![line(None, Vec::new())]),
            group("store", vec![set]),
        ],
    }
}

fn settings_pages(frame: &Frame<'_>) -> Vec<(&'static str, Result<String, askama::Error>)> {
    let sound = AdministeredSettingsPage {
        warnings: Vec::new(),
        groups: Vec::new(),
        ..settings("x")
    };
    vec![
        ("admin-settings", settings("x").render(frame)),
        ("admin-settings-sound", sound.render(frame)),
    ]
}

pub(in crate::pages) fn sunset(at: &Addresses, text: &str) -> SunsetPage {
    let client = |client_id: &str, uses: Option<u64>| HabitClient {
        client_id: client_id.to_owned(),
        last_seen: uses.map(|uses| (Timestamp::from_secs(1_750_000_000), uses)),
    };
    let clients = [
        client(text, Some(1)),
        client("", Some(1234)),
        client("app-1", None),
    ];
    let section = |habit| HabitSection {
        habit,
        ends_at: Some(Timestamp::from_secs(1_800_000_000)),
        clients: clients.to_vec(),
        next: Some(format!("{}?habit=x", at.administration.sunset)),
    };
    SunsetPage {
        menu: menu(Place::Administration),
        habits: HabitKind::ALL.map(section).to_vec(),
        all: None,
    }
}

/// One habit: nobody has it, nobody was found so far, and nobody has one that is announced to end.
fn sunset_of_one(at: &Addresses) -> [(&'static str, SunsetPage); 3] {
    let of = |change: fn(&mut HabitSection)| {
        let mut page = sunset(at, "app-2");
        page.habits.truncate(1);
        page.habits.iter_mut().for_each(|one| {
            one.clients.clear();
            change(one);
        });
        page.all = Some(at.administration.sunset.to_string());
        page
    };
    let nobody = of(|one| {
        one.ends_at = None;
        one.next = None;
    });
    [
        ("admin-sunset-nobody", nobody),
        ("admin-sunset-nobody-yet", of(|one| one.ends_at = None)),
        ("admin-sunset-announced", of(|one| one.next = None)),
    ]
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
        links: ApplicationLinks::default(),
        contacts: Vec::new(),
        ..application(at, "Calendar")
    };
    let no_accounts = AccountsPage {
        accounts: Vec::new(),
        name_fault: Some(FieldFault {
            kind: FaultKind::Empty,
            about: String::new(),
        }),
        is_no_authority: true,
        email: "wang".to_owned(),
        is_no_email: true,
        ..accounts(at, "wang")
    };
    let taken = AccountsPage {
        name: "wang".to_owned(),
        is_taken: true,
        is_invitation: true,
        not_invited: Some(NotInvited::NoAddress),
        ..accounts(at, "wang")
    };
    let locked = AdministeredAccountPage {
        is_locked: true,
        has_second_factor: true,
        passkeys: 2,
        notice: Some(AdministrationNotice::Nothing),
        ..account(at, "wang")
    };
    let pages = access_pages(at).into_iter();
    let mut all: Vec<_> = pages
        .map(|(name, page)| (name, page.render(frame)))
        .collect();
    all.extend(journal::pages(frame));
    all.extend(settings_pages(frame));
    let sunset_pages = sunset_of_one(at).into_iter();
    all.extend(sunset_pages.map(|(name, page)| (name, page.render(frame))));
    all.extend([
        ("admin-sunset", sunset(at, "app-2").render(frame)),
        ("admin-access-odd", odd_grants(at).render(frame)),
        ("admin-keys", keys().render(frame)),
        ("admin", applications(at, "Calendar", true).render(frame)),
        ("admin-none", none(true).render(frame)),
        (
            "admin-all",
            applications(at, "Calendar", false).render(frame),
        ),
        ("admin-all-none", none(false).render(frame)),
        (
            "admin-application",
            application(at, "Calendar").render(frame),
        ),
        ("admin-application-suspended", suspended.render(frame)),
        ("admin-accounts", accounts(at, "wang").render(frame)),
        ("admin-accounts-none", no_accounts.render(frame)),
        ("admin-accounts-taken", taken.render(frame)),
        ("admin-account", account(at, "wang").render(frame)),
        ("admin-account-locked", locked.render(frame)),
        ("admin-password", new_password(at, "wang").render(frame)),
    ]);
    all
}
