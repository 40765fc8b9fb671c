//! Pages of passkeys to test with.

use symbolon::clock::Timestamp;

use super::*;

fn line(id: &str, name: &str, last_used_at: Option<u64>) -> PasskeyLine {
    PasskeyLine {
        id: id.to_owned(),
        name: name.to_owned(),
        added_at: Timestamp::from_secs(784_111_777),
        last_used_at: last_used_at.map(Timestamp::from_secs),
    }
}

pub(in super::super) fn list() -> PasskeyList {
    PasskeyList {
        passkeys: vec![
            line("AAAA", "Phone", Some(784_198_177)),
            line("BBBB", "Key", None),
        ],
        has_room: true,
        ..PasskeyList::default()
    }
}

pub(in super::super) fn page(state: PasskeysState) -> PasskeysPage {
    PasskeysPage {
        menu: menu(Place::Passkeys),
        csrf_token: "the-csrf-token".to_owned(),
        state,
    }
}

#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) fn pages(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    let refused = |fault| {
        PasskeysState::List(PasskeyList {
            fault: Some(fault),
            name: "Phone".to_owned(),
            ..list()
        })
    };
    let done = |notice| {
        PasskeysState::List(PasskeyList {
            notice: Some(notice),
            ..list()
        })
    };
    let one = |fault| PasskeysState::One {
        passkey: line("AAAA", "Phone", None),
        name: "Phone".to_owned(),
        fault,
    };
    let confirm = PasskeysState::Confirm {
        name: "Phone".to_owned(),
        options: "{\"challenge\":\"AAAA\"}".to_owned(),
    };
    let none = PasskeyList {
        passkeys: Vec::new(),
        ..list()
    };
    let full = PasskeyList {
        has_room: false,
        ..list()
    };
    let wrong = PasskeyFault::Password(LoginNotice::BadCredentials);
    let states = [
        ("passkeys", PasskeysState::List(list())),
        ("passkeys-none", PasskeysState::List(none)),
        ("passkeys-enough", PasskeysState::List(full)),
        ("passkeys-wrong-password", refused(wrong)),
        ("passkeys-no-name", refused(PasskeyFault::NoName)),
        ("passkeys-long-name", refused(PasskeyFault::LongName(64))),
        ("passkeys-device-refused", refused(PasskeyFault::Device)),
        ("passkeys-added", done(PasskeyNotice::Added)),
        ("passkeys-renamed", done(PasskeyNotice::Renamed)),
        ("passkeys-removed", done(PasskeyNotice::Removed)),
        ("passkeys-confirm", confirm),
        ("passkeys-one", one(None)),
        ("passkeys-one-wrong-password", one(Some(wrong))),
        ("passkeys-one-no-name", one(Some(PasskeyFault::NoName))),
    ];
    let rendered = states.map(|(name, state)| (name, page(state).render(frame).unwrap()));
    rendered.into()
}
