//! Pages to test with.

pub(super) mod account;
pub(super) mod administration;
pub(super) mod developer;

use symbolon::clock::Timestamp;

use super::*;
use crate::addresses::Addresses;

/// Those of a server whose issuer has no path.
pub(super) fn at() -> Addresses {
    Addresses::of("https://auth.example").unwrap()
}

/// A company that runs the server.
pub(super) fn company() -> Brand {
    let link = |about, url: &str| FooterLink {
        about,
        url: url.to_owned(),
    };
    let imprint = LinkText::Other(
        "Imprint".to_owned(),
        [
            ("zh-CN".to_owned(), "版权信息".to_owned()),
            ("ru".to_owned(), "Сведения о компании".to_owned()),
        ]
        .into(),
    );
    Brand {
        name: "Example Bank".to_owned(),
        logo: Some(Logo {
            media_type: "image/svg+xml",
            bytes: ICON_SVG.into(),
        }),
        colour: Some(Colour::parse("#7a1f4b").unwrap()),
        overrides: None,
        links: vec![
            link(LinkText::Support, "https://x.example/help"),
            link(LinkText::Privacy, "https://x.example/privacy"),
            link(LinkText::Terms, "https://x.example/terms"),
            link(imprint, "https://x.example/imprint"),
        ],
    }
}

/// Around a page in a language, of a server that nobody has given a name.
pub(super) fn frame(language: Language) -> Frame<'static> {
    let at = Box::leak(Box::new(at()));
    Frame::new(language, at, Box::leak(Box::default()))
}

pub(super) fn login() -> LoginPage {
    LoginPage {
        csrf_token: "the-csrf-token".to_owned(),
        authorization: Some("the-authorization".to_owned()),
        client: Some(ClientAtSignIn {
            id: "print-photo".to_owned(),
            name: "Print Photo".to_owned(),
        }),
        next: None,
        ended: None,
        passkey: Some("{\"challenge\":\"AAAA\"}".to_owned()),
        forgotten: None,
        sign_up: None,
        username: String::new(),
        notice: None,
    }
}

fn forgotten(at: &Addresses, is_sent: bool) -> ForgottenPage {
    ForgottenPage {
        csrf_token: "the-csrf-token".to_owned(),
        authorization: Some("the-authorization".to_owned()),
        client_id: Some("print-photo".to_owned()),
        back: format!("{}?authorization=the-authorization", at.login),
        is_sent,
        life_secs: 1800,
    }
}

fn good(refusal: Option<PasswordRefusal>, is_busy: bool) -> ResetState {
    ResetState::Good {
        owner: "wang".to_owned(),
        is_invitation: false,
        link: "the-link".to_owned(),
        refusal,
        is_busy,
    }
}

fn invited() -> ResetState {
    ResetState::Good {
        owner: "wang".to_owned(),
        is_invitation: true,
        link: "the-link".to_owned(),
        refusal: None,
        is_busy: false,
    }
}

fn reset(at: &Addresses, state: ResetState) -> ResetPage {
    ResetPage {
        state,
        forgotten: at.login_forgotten.to_string(),
        authorization: Some("the-authorization".to_owned()),
    }
}

fn sign_up(at: &Addresses, state: SignUpState) -> SignUpPage {
    SignUpPage {
        csrf_token: "the-csrf-token".to_owned(),
        authorization: Some("the-authorization".to_owned()),
        client_id: Some("print-photo".to_owned()),
        back: format!("{}?authorization=the-authorization", at.login),
        state,
        life_secs: 1800,
    }
}

/// With a name that is refused, if one is.
fn chosen(name_refusal: Option<AccountNameRefusal>) -> SignUpFinishState {
    SignUpFinishState::Good {
        email: "wang@example.org".to_owned(),
        link: "the-link".to_owned(),
        name: name_refusal.as_ref().map_or("", |_| "wang").to_owned(),
        refusal: name_refusal.as_ref().map(|_| PasswordRefusal::Repeated),
        name_refusal,
        is_busy: false,
    }
}

fn no_name() -> AccountNameRefusal {
    AccountNameRefusal::Fault(FieldFault {
        kind: FaultKind::Empty,
        about: String::new(),
    })
}

fn finish(at: &Addresses, state: SignUpFinishState) -> SignUpFinishPage {
    SignUpFinishPage {
        state,
        sign_up: at.login_sign_up.to_string(),
        forgotten: at.login_forgotten.to_string(),
        authorization: Some("the-authorization".to_owned()),
    }
}

pub(super) fn scope(name: &str, description: &str, approved: bool) -> ScopeChoice {
    ScopeChoice {
        name: name.to_owned(),
        description: description.to_owned(),
        approved,
        approved_before: approved && name == "photo.read",
    }
}

fn card() -> ClientCard {
    let address = |path: &str| Some(format!("https://x.example/{path}"));
    ClientCard {
        logo: address("logo.svg"),
        site: address("about").map(|address| CardLink {
            address,
            host: "x.example".to_owned(),
        }),
        policy: address("privacy"),
        terms: address("terms"),
        registered: Some(CardRegistration {
            by: Some("lihua".to_owned()),
            at: Timestamp::from_secs(784_111_777),
        }),
    }
}

pub(super) fn approval() -> ApprovalPage {
    ApprovalPage {
        csrf_token: "the-csrf-token".to_owned(),
        authorization: "the-authorization".to_owned(),
        client_id: "print-photo".to_owned(),
        client_name: "Print Photo".to_owned(),
        card: card(),
        redirect_host: "localhost:9002".to_owned(),
        owner: "xiaoming".to_owned(),
        another_account: "/login?authorization=the-authorization&another_account=true".to_owned(),
        at_once: false,
        lasts: Lasting {
            token_secs: Some(43_200),
            is_renewed: true,
            memory: Memory::Secs(2_592_000),
        },
        scopes: vec![
            scope("photo.read", "See your photos", true),
            scope("photo.write", "Add photos and delete them", false),
            scope("profile", "", true),
        ],
    }
}

pub(super) fn error() -> ErrorPage {
    ErrorPage {
        error: "redirect_mismatch".to_owned(),
        description:
            "Invalid redirect: https://x.example/cb does not match one of the registered values."
                .to_owned(),
        status: 400,
        request_expired: false,
        way_back: None,
        occurrence: Occurrence {
            request_id: "the-request-id".to_owned(),
            time: "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(),
        },
    }
}

pub(super) fn way_back(address: Option<&str>) -> WayBack {
    WayBack {
        client_id: "print-photo".to_owned(),
        client_name: "Print Photo".to_owned(),
        address: address.map(ToOwned::to_owned),
    }
}

/// Every page in every state, with a name to tell them apart.
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(super) fn pages(language: Language, at: &Addresses) -> Vec<(&'static str, String)> {
    let (brand, company) = (Brand::default(), company());
    let around = |address: &str| Frame::new(language, at, &brand).here(address.to_owned());
    let frame = &around(&at.login.to_string());
    let branded = &Frame::new(language, at, &company).here(format!("{}?authorization=a", at.login));
    let once = &Frame::new(language, at, &brand);
    let notice = |notice| LoginPage {
        notice: Some(notice),
        username: "xiaoming".to_owned(),
        ..login()
    };
    let too_many = |retry_after_secs| notice(LoginNotice::TooManyAttempts { retry_after_secs });
    let direct = LoginPage {
        forgotten: Some(at.login_forgotten.to_string()),
        sign_up: Some(at.login_sign_up.to_string()),
        authorization: None,
        client: None,
        ..login()
    };
    let on_the_web = Some(way_back(Some("https://x.example/")));
    let ended = |ended: &Option<WayBack>| LoginPage {
        authorization: None,
        client: None,
        ended: ended.clone(),
        ..login()
    };
    let without_passkeys = LoginPage {
        passkey: None,
        ..login()
    };
    let approval = || ApprovalPage {
        another_account: format!("{}?another_account=true", at.login),
        ..approval()
    };
    let at_once = ApprovalPage {
        at_once: true,
        card: ClientCard::default(),
        lasts: Lasting {
            memory: Memory::WhileItHasAccess,
            ..Lasting::default()
        },
        ..approval()
    };
    let unscoped = ApprovalPage {
        scopes: Vec::new(),
        card: ClientCard {
            registered: card()
                .registered
                .map(|one| CardRegistration { by: None, ..one }),
            ..ClientCard::default()
        },
        lasts: Lasting {
            token_secs: Some(90),
            ..Lasting::default()
        },
        ..approval()
    };
    let logout = LogoutPage {
        csrf_token: "the-csrf-token".to_owned(),
        owner: "xiaoming".to_owned(),
    };
    let expired = ErrorPage {
        request_expired: true,
        way_back: on_the_web.clone(),
        ..error()
    };
    let failure = ErrorPage {
        status: 500,
        ..error()
    };
    let too_soon = ErrorPage {
        status: 429,
        ..error()
    };
    let late = LateFormPage {
        sign_in: format!("{}?next=developer", at.login),
        action: at.developer.new.to_string(),
        fields: vec![KeptField {
            name: "client_name".to_owned(),
            value: "Calendar".to_owned(),
        }],
    };
    let home = |owner: Option<&str>| HomePage {
        owner: owner.map(ToOwned::to_owned),
    };
    let rendered = [
        ("login", login().render(frame)),
        ("login-branded", login().render(branded)),
        ("home-branded", home(None).render(branded)),
        ("login-direct", direct.render(frame)),
        ("login-ended", ended(&on_the_web).render(frame)),
        (
            "login-ended-elsewhere",
            ended(&Some(way_back(None))).render(frame),
        ),
        (
            "login-refused",
            notice(LoginNotice::BadCredentials).render(frame),
        ),
        ("login-too-many", too_many(61).render(frame)),
        ("login-far-too-many", too_many(240).render(frame)),
        (
            "login-expired",
            notice(LoginNotice::SessionExpired).render(frame),
        ),
        ("login-without-passkeys", without_passkeys.render(frame)),
        (
            "login-passkey-refused",
            notice(LoginNotice::PasskeyRefused).render(frame),
        ),
        (
            "login-new-password",
            notice(LoginNotice::NewPassword).render(frame),
        ),
        ("forgotten", forgotten(at, false).render(frame)),
        ("forgotten-sent", forgotten(at, true).render(frame)),
        ("reset", reset(at, good(None, false)).render(frame)),
        (
            "reset-refused",
            reset(at, good(Some(PasswordRefusal::Repeated), false)).render(frame),
        ),
        ("reset-invitation", reset(at, invited()).render(frame)),
        ("reset-busy", reset(at, good(None, true)).render(frame)),
        ("reset-over", reset(at, ResetState::Over).render(frame)),
        ("sign-up", sign_up(at, SignUpState::Asked).render(frame)),
        (
            "sign-up-no-address",
            sign_up(at, SignUpState::NoAddress("wang".to_owned())).render(frame),
        ),
        ("sign-up-sent", sign_up(at, SignUpState::Sent).render(frame)),
        ("sign-up-finish", finish(at, chosen(None)).render(frame)),
        (
            "sign-up-taken",
            finish(at, chosen(Some(AccountNameRefusal::Taken))).render(frame),
        ),
        (
            "sign-up-not-plain",
            finish(at, chosen(Some(AccountNameRefusal::NotPlain))).render(frame),
        ),
        (
            "sign-up-too-many",
            finish(at, chosen(Some(AccountNameRefusal::TooMany))).render(frame),
        ),
        (
            "sign-up-name",
            finish(at, chosen(Some(no_name()))).render(frame),
        ),
        (
            "sign-up-known",
            finish(at, SignUpFinishState::HasAccount).render(frame),
        ),
        (
            "sign-up-over",
            finish(at, SignUpFinishState::Over).render(frame),
        ),
        (
            "login-new-account",
            notice(LoginNotice::NewAccount).render(frame),
        ),
        ("login-busy", notice(LoginNotice::Busy).render(frame)),
        ("approval", approval().render(frame)),
        ("approval-at-once", at_once.render(frame)),
        ("approval-unscoped", unscoped.render(frame)),
        ("late-form", late.render(frame)),
        ("logout", logout.render(frame)),
        ("signed-out", SignedOutPage {}.render(frame)),
        ("home", home(None).render(frame)),
        ("home-signed-in", home(Some("xiaoming")).render(frame)),
        ("error", error().render(once)),
        ("error-expired", expired.render(frame)),
        ("error-server", failure.render(frame)),
        ("error-too-soon", too_soon.render(frame)),
    ];
    let mut all: Vec<_> = rendered.map(|(name, page)| (name, page.unwrap())).into();
    all.extend(account::pages(language, at));
    let developer = developer::pages(frame).into_iter();
    all.extend(developer.map(|(name, page)| (name, page.unwrap())));
    let administration = administration::pages(frame).into_iter();
    all.extend(administration.map(|(name, page)| (name, page.unwrap())));
    all
}
