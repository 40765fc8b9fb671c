//! Pages of an account to test with.

use symbolon::clock::Timestamp;

use super::*;

mod passkeys;

pub(in super::super) fn menu(here: Place) -> Menu {
    Menu {
        owner: "xiaoming".to_owned(),
        here,
        places: Place::OF_EVERYBODY
            .into_iter()
            .chain([Place::Email, Place::Passkeys])
            .collect(),
    }
}

fn application(client_id: &str, name: &str, since: Option<u64>) -> GrantedApplication {
    GrantedApplication {
        client_id: client_id.to_owned(),
        name: name.to_owned(),
        since: since.map(Timestamp::from_secs),
        last_token: since.map(|secs| Timestamp::from_secs(secs + 86_400)),
        has_access: true,
        scopes: vec!["photo.read".to_owned(), "profile".to_owned()],
        unasked: None,
        has_signed_tokens: since.is_none(),
    }
}

pub(in super::super) fn applications() -> ApplicationsPage {
    ApplicationsPage {
        menu: menu(Place::Applications),
        csrf_token: "the-csrf-token".to_owned(),
        applications: vec![
            application("print-photo", "Print Photo", Some(784_111_777)),
            GrantedApplication {
                scopes: Vec::new(),
                ..application("old-shop", "Old Shop", None)
            },
            GrantedApplication {
                has_access: false,
                scopes: Vec::new(),
                unasked: Some((
                    vec!["photo.read".to_owned()],
                    Timestamp::from_secs(784_198_177),
                )),
                has_signed_tokens: false,
                ..application("calendar", "Calendar", None)
            },
        ],
        removed: None,
    }
}

fn session(id: &str, user_agent: Option<&str>, is_this: bool) -> OpenSession {
    OpenSession {
        id: id.to_owned(),
        user_agent: user_agent.map(ToOwned::to_owned),
        address: user_agent.map(|_| "2001:db8::17".to_owned()),
        signed_in_at: Timestamp::from_secs(784_111_777),
        seen_at: user_agent.map(|_| Timestamp::from_secs(784_115_377)),
        is_this,
    }
}

pub(in super::super) fn sessions() -> SessionsPage {
    SessionsPage {
        menu: menu(Place::Sessions),
        csrf_token: "the-csrf-token".to_owned(),
        sessions: vec![
            session(
                "a",
                Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"),
                true,
            ),
            session(
                "b",
                Some("Mozilla/5.0 (iPhone; CPU iPhone OS) Safari/604.1"),
                false,
            ),
            session("c", None, false),
        ],
        ended: false,
    }
}

/// Those of the second factor.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
fn second_factor(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    let page = |state| SecondFactorPage {
        menu: menu(Place::SecondFactor),
        csrf_token: "the-csrf-token".to_owned(),
        state,
    };
    let off = |fault, removed| {
        let set_up = SecondFactorSetUp {
            sealed: "sealed:AAAA".to_owned(),
            key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
            issuer: "Symbolon".to_owned(),
            fault,
            removed,
        };
        page(SecondFactorState::Off(set_up))
    };
    let on = |recovery_codes, fault| {
        let since = Timestamp::from_secs(784_111_777);
        page(SecondFactorState::On {
            since,
            recovery_codes,
            fault,
        })
    };
    let wrong = LoginNotice::BadCredentials;
    let waiting = CodeNotice::TooManyAttempts {
        retry_after_secs: 30,
    };
    let code = |notice| LoginCodePage {
        csrf_token: "the-csrf-token".to_owned(),
        owner: "xiaoming".to_owned(),
        authorization: login().authorization,
        client: login().client,
        next: None,
        passkey: login().passkey,
        back: frame.at.login.to_string(),
        notice,
    };
    let codes = vec!["ABCD-EFGH-IJKL-MNOP".to_owned(); 10];
    let wrong_password = SecondFactorFault::Password(wrong);
    let rendered = [
        ("second-factor-off", off(None, false)),
        ("second-factor-removed", off(None, true)),
        (
            "second-factor-wrong-code",
            off(Some(SecondFactorFault::Code), false),
        ),
        (
            "second-factor-wrong-password",
            off(Some(wrong_password), false),
        ),
        ("second-factor-on", on(10, None)),
        (
            "second-factor-codes-refused",
            on(1, Some((SecondFactorSubject::RecoveryCodes, wrong))),
        ),
        (
            "second-factor-stays",
            on(0, Some((SecondFactorSubject::Removal, wrong))),
        ),
        (
            "second-factor-codes",
            page(SecondFactorState::RecoveryCodes(codes)),
        ),
    ];
    let rendered = rendered.map(|(name, page)| (name, page.render(frame).unwrap()));
    let steps = [
        ("login-code", code(None)),
        ("login-code-wrong", code(Some(CodeNotice::Wrong))),
        ("login-code-waiting", code(Some(waiting))),
    ];
    let steps = steps.map(|(name, page)| (name, page.render(frame).unwrap()));
    rendered.into_iter().chain(steps).collect()
}

/// Those of the address.
fn email(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    let page = |email: &str, state| EmailPage {
        menu: menu(Place::Email),
        csrf_token: "the-csrf-token".to_owned(),
        email: email.to_owned(),
        state,
    };
    let (email, refused) = ("wang@example.org", EmailState::Refused);
    let wrong = EmailRefusal::Current(LoginNotice::BadCredentials);
    let busy = EmailRefusal::Current(LoginNotice::Busy);
    let pages = [
        ("email", page(email, EmailState::Asked)),
        ("email-none", page("", EmailState::Asked)),
        ("email-changed", page(email, EmailState::Changed)),
        ("email-removed", page("", EmailState::Changed)),
        ("email-elsewhere", page("", EmailState::KeptElsewhere)),
        ("email-wrong", page(email, refused(wrong))),
        ("email-busy", page(email, refused(busy))),
        (
            "email-no-address",
            page("wang", refused(EmailRefusal::Address)),
        ),
        (
            "email-meanwhile",
            page(email, refused(EmailRefusal::ChangedMeanwhile)),
        ),
    ];
    let pages = pages.map(|(name, page)| (name, page.render(frame).unwrap()));
    pages.into()
}

/// Every page in every state.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) fn pages(language: Language, at: &Addresses) -> Vec<(&'static str, String)> {
    let brand = Brand::default();
    let here = |place: Place| place.endpoint(at).to_string();
    let frame = |place| Frame::new(language, at, &brand).here(here(place));
    let overview = |applications, sessions| AccountPage {
        menu: menu(Place::Account),
        applications,
        sessions,
        has_second_factor: sessions == 3,
        passkeys: Some(applications),
    };
    let none = ApplicationsPage {
        applications: Vec::new(),
        removed: Some("Print Photo".to_owned()),
        ..applications()
    };
    let ended = SessionsPage {
        ended: true,
        ..sessions()
    };
    let password = |state| PasswordPage {
        menu: menu(Place::Password),
        csrf_token: "the-csrf-token".to_owned(),
        state,
    };
    let refused = |refusal| password(PasswordState::Refused(refusal));
    let wrong = PasswordRefusal::Current(LoginNotice::BadCredentials);
    let waiting = PasswordRefusal::Current(LoginNotice::TooManyAttempts {
        retry_after_secs: 60,
    });
    let asked = LoginPage {
        authorization: None,
        client: None,
        next: Some(Place::Applications),
        ..login()
    };
    let (account, granted, open, changing) = (
        &frame(Place::Account),
        &frame(Place::Applications),
        &frame(Place::Sessions),
        &frame(Place::Password),
    );
    let rendered = [
        ("account", overview(2, 3).render(account)),
        ("account-of-nothing", overview(0, 1).render(account)),
        ("account-applications", applications().render(granted)),
        ("account-no-applications", none.render(granted)),
        ("account-sessions", sessions().render(open)),
        ("account-session-ended", ended.render(open)),
        ("password", password(PasswordState::Asked).render(changing)),
        (
            "password-changed",
            password(PasswordState::Changed).render(changing),
        ),
        (
            "password-elsewhere",
            password(PasswordState::KeptElsewhere).render(changing),
        ),
        ("password-wrong", refused(wrong).render(changing)),
        ("password-waiting", refused(waiting).render(changing)),
        (
            "password-short",
            refused(PasswordRefusal::TooShort(8)).render(changing),
        ),
        (
            "password-long",
            refused(PasswordRefusal::TooLong).render(changing),
        ),
        (
            "password-name",
            refused(PasswordRefusal::Name).render(changing),
        ),
        (
            "password-common",
            refused(PasswordRefusal::Common).render(changing),
        ),
        (
            "password-same",
            refused(PasswordRefusal::Same).render(changing),
        ),
        (
            "password-differs",
            refused(PasswordRefusal::Repeated).render(changing),
        ),
        (
            "password-meanwhile",
            refused(PasswordRefusal::ChangedMeanwhile).render(changing),
        ),
        ("login-for-account", asked.render(account)),
    ];
    let rendered = rendered.map(|(name, page)| (name, page.unwrap()));
    rendered
        .into_iter()
        .chain(second_factor(&frame(Place::SecondFactor)))
        .chain(email(&frame(Place::Email)))
        .chain(passkeys::pages(&frame(Place::Passkeys)))
        .collect()
}
