//! What every page holds to, in every language.

use std::fs;
use std::path::Path;

use super::samples::{at, company, error, frame, login, pages, scope, way_back};
use super::*;
use crate::addresses::Addresses;

mod approval;
mod messages;

const MARKUP: &str = "<b onclick=\"x\">'&Кот";
const ESCAPED: &str = "&#60;b onclick=&#34;x&#34;&#62;&#39;&#38;Кот";

/// A page without the names of the languages that it can be had in.
fn without_languages(page: &str) -> String {
    match page.split_once("<nav class=\"languages\"") {
        Some((before, rest)) => format!("{before}{}", rest.split_once("</nav>").unwrap().1),
        None => page.to_owned(),
    }
}

#[test]
fn every_page_is_written_in_every_language() {
    for language in Language::ALL {
        for (name, page) in pages(language, &at()) {
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
            for unfinished in ["Unknown localization", "{$", "\u{FFFC}", "\u{2068}"] {
                assert!(
                    !page.contains(unfinished),
                    "{name} {language:?}: {unfinished}"
                );
            }
            let foreign = without_languages(&page)
                .matches(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c))
                .count();
            assert_eq!(
                foreign > 0,
                language == Language::Chinese,
                "{name} {language:?}"
            );
        }
    }
}

#[test]
fn no_page_holds_a_script_or_inline_style() {
    for language in Language::ALL {
        for (name, page) in pages(language, &at()) {
            for inline in [
                "<script",
                "<style",
                " style=",
                "javascript:",
                " onclick=",
                " onsubmit=",
                "data:",
                "//",
            ] {
                // Addresses of others in the samples, and those that hints show.
                let hosts = [
                    "https://x.example",
                    "https://app.example",
                    "http://localhost:8080",
                    "otpauth://totp",
                ];
                let without = |page: String, host| page.replace(host, "");
                // The one script that there is. It is a file of ours.
                let script = "<script src=\"/passkeys.js\" defer></script>";
                let page = page.replace(script, "");
                let page = hosts.into_iter().fold(page.clone(), without);
                let found = page.contains(inline);
                assert!(!found, "{name}: {inline}");
            }
        }
    }
    for loaded in ["url(", "@import"] {
        assert!(!STYLE_CSS.contains(loaded), "{loaded}");
    }
}

#[test]
fn no_page_is_larger_than_a_slow_line_can_bear() {
    for language in Language::ALL {
        for (name, page) in pages(language, &at()) {
            let bytes = page.len() + company().style_sheet().len();
            assert!(bytes < 50_000, "{name}: {bytes}");
        }
    }
}

#[test]
fn every_page_that_can_be_asked_for_again_links_itself_in_every_language() {
    let (at, brand) = (at(), Brand::default());
    let frame = Frame::new(Language::Russian, &at, &brand);
    let page = login().render(
        &frame
            .clone()
            .here("/login?authorization=a&client_id=b".to_owned()),
    );
    let page = page.unwrap();
    for link in [
        r#"<a href="/login?authorization=a&#38;client_id=b&#38;page_language=en" lang="en" hreflang="en">English</a>"#,
        r#"page_language=zh-CN" lang="zh-CN" hreflang="zh-CN">简体中文</a>"#,
        r#"page_language=ru" lang="ru" hreflang="ru" aria-current="true">Русский</a>"#,
    ] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let home = HomePage { owner: None };
    let home = home.render(&frame.clone().here("/".to_owned())).unwrap();
    assert!(home.contains(r#"<a href="/?page_language=en""#));
    assert!(!login().render(&frame).unwrap().contains("page_language"));
}

#[test]
fn every_page_says_whose_it_is() {
    let (at, company) = (at(), company());
    let frame = |language| Frame::new(language, &at, &company);
    let page = login().render(&frame(Language::Russian)).unwrap();
    for fact in [
        "· Example Bank</title>",
        r#"<img class="logo" src="/logo" alt=""><span>Example Bank</span>"#,
        r#"<a href="https://x.example/help">Поддержка</a>"#,
        r#"<a href="https://x.example/imprint">Сведения о компании</a>"#,
    ] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
    assert!(!page.contains("Symbolon"));
    let home = HomePage { owner: None }
        .render(&frame(Language::English))
        .unwrap();
    assert!(!home.contains("symbolon"), "our name is not explained");
    assert!(company.style_sheet().contains("--upper: #7a1f4b;"));
    assert_eq!(Brand::default().style_sheet(), STYLE_CSS);
}

#[test]
fn every_address_on_a_page_is_below_the_issuer() {
    let at = Addresses::of("https://auth.example/uaa").unwrap();
    for (name, page) in pages(Language::English, &at) {
        let addresses = [" href=\"", " action=\""].map(|attribute| page.split(attribute).skip(1));
        let mut ours = addresses.into_iter().flatten().filter(|text| {
            !["https://", "otpauth://", "#content\""]
                .iter()
                .any(|other| text.starts_with(other))
        });
        assert!(ours.all(|text| text.starts_with("/uaa/")), "{name}: {page}");
    }
}

#[test]
fn the_login_page_can_be_cancelled_only_when_an_authorization_waits() {
    let waiting = login().render(&frame(Language::English)).unwrap();
    let alone = LoginPage {
        authorization: None,
        ..login()
    };
    let cancel = r#"action="/oauth/authorize""#;
    assert!(waiting.contains(cancel));
    assert!(
        waiting
            .matches(r#"name="authorization" value="the-authorization""#)
            .count()
            == 3
    );
    assert!(
        !alone
            .render(&frame(Language::English))
            .unwrap()
            .contains(cancel)
    );
}

#[test]
fn a_refused_login_is_announced_and_keeps_the_name_but_no_password() {
    let page = LoginPage {
        username: "xiaoming".to_owned(),
        notice: Some(LoginNotice::BadCredentials),
        ..login()
    };
    let page = page.render(&frame(Language::English)).unwrap();
    assert!(page.contains("role=\"alert\""));
    assert!(page.contains("name=\"username\" value=\"xiaoming\""));
    assert!(page.contains("autocomplete=\"username webauthn\""));
    assert!(page.contains("name=\"password\" type=\"password\" autocomplete=\"current-password\""));
    assert!(
        !login()
            .render(&frame(Language::English))
            .unwrap()
            // What a script may show is hidden until then.
            .replace("role=\"alert\" hidden", "")
            .contains("role=\"alert\"")
    );
}

#[test]
fn the_wait_is_told_in_the_plural_of_the_language() {
    let wait = |retry_after_secs, language| {
        let page = LoginPage {
            notice: Some(LoginNotice::TooManyAttempts { retry_after_secs }),
            ..login()
        };
        page.render(&frame(language)).unwrap()
    };
    for (secs, language, text) in [
        (0, Language::English, "in a second."),
        (30, Language::English, "in 30 seconds."),
        (91, Language::English, "in 2 minutes."),
        (21, Language::Russian, "через 21 секунду."),
        (180, Language::Russian, "через 3 минуты."),
        (300, Language::Russian, "через 5 минут."),
        (120, Language::Chinese, "请在 2 分钟后重试"),
    ] {
        assert!(wait(secs, language).contains(text), "{text}");
    }
}

#[test]
fn the_error_page_speaks_to_people_first_and_then_to_developers() {
    for language in Language::ALL {
        let page = ErrorPage {
            way_back: Some(way_back(Some("https://x.example/"))),
            ..error()
        };
        let words = words::Words::of(language);
        let facts = [
            format!("<h1>{}</h1>", words.say("error-heading")),
            words.say("error-advice-request"),
            "href=\"https://x.example/\"".to_owned(),
            words.say("error-for-developers"),
            "<code>redirect_mismatch</code>".to_owned(),
            "<code lang=\"en\">Invalid redirect: ".to_owned(),
            "<bdi>print-photo</bdi>".to_owned(),
            "<bdi>the-request-id</bdi>".to_owned(),
            "06 Nov 1994 08:49:37 GMT".to_owned(),
        ];
        let page = page.render(&frame(language)).unwrap();
        let mut rest = page.as_str();
        for fact in facts {
            let (_, after) = rest
                .split_once(&fact)
                .unwrap_or_else(|| panic!("no {fact} in {rest}"));
            rest = after;
        }
    }
}

#[test]
fn the_error_page_says_what_can_be_done() {
    let advice = |status, request_expired| {
        let page = ErrorPage {
            status,
            request_expired,
            ..error()
        };
        page.render(&frame(Language::English)).unwrap()
    };
    assert!(advice(400, true).contains("start again from there"));
    assert!(advice(429, false).contains("Please wait a minute"));
    assert!(advice(503, false).contains("The fault is ours"));
    assert!(advice(401, false).contains("show the lines below"));
}

#[test]
#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
fn markup_in_what_others_wrote_is_shown_and_not_obeyed() {
    let text = || MARKUP.to_owned();
    let login = LoginPage {
        forgotten: None,
        sign_up: None,
        csrf_token: text(),
        authorization: Some(text()),
        client: Some(ClientAtSignIn {
            id: text(),
            name: text(),
        }),
        next: None,
        passkey: None,
        ended: None,
        username: text(),
        notice: None,
    };
    let approval = ApprovalPage {
        csrf_token: text(),
        authorization: text(),
        client_id: text(),
        client_name: text(),
        card: ClientCard {
            logo: Some(text()),
            site: Some(CardLink {
                address: text(),
                host: text(),
            }),
            policy: Some(text()),
            terms: Some(text()),
            registered: Some(CardRegistration {
                by: Some(text()),
                at: symbolon::clock::Timestamp::from_secs(0),
            }),
        },
        redirect_host: text(),
        owner: text(),
        another_account: text(),
        at_once: false,
        lasts: Lasting::default(),
        scopes: vec![scope(MARKUP, MARKUP, true)],
    };
    let error = ErrorPage {
        error: text(),
        description: text(),
        way_back: Some(WayBack {
            client_id: text(),
            client_name: text(),
            address: Some(text()),
        }),
        occurrence: Occurrence {
            request_id: text(),
            time: text(),
        },
        ..error()
    };
    let logout = LogoutPage {
        csrf_token: text(),
        owner: text(),
    };
    let home = HomePage {
        owner: Some(text()),
    };
    let mut applications = samples::account::applications();
    applications.menu.owner = text();
    applications.removed = Some(text());
    applications.applications.truncate(1);
    applications.applications[0].name = text();
    applications.applications[0].client_id = text();
    applications.applications[0].scopes = vec![text()];
    let mut sessions = samples::account::sessions();
    sessions.menu.owner = text();
    sessions.sessions.truncate(1);
    sessions.sessions[0].user_agent = Some(format!("{MARKUP} Firefox/1"));
    sessions.sessions[0].address = Some(text());
    sessions.sessions[0].is_this = false;
    sessions.sessions[0].id = text();
    let administered = samples::administration::application(&at(), MARKUP);
    let mut accounts = samples::administration::accounts(&at(), MARKUP);
    accounts.name = text();
    accounts.authorities = text();
    let mut developed = samples::developer::application(samples::developer::form());
    developed.activity = samples::developer::activity(MARKUP);
    for language in Language::ALL {
        let frame = &frame(language);
        for (page, times) in [
            (developed.render(frame), 5),
            (administered.render(frame), 6),
            (samples::administration::settings(MARKUP).render(frame), 5),
            (accounts.render(frame), 3),
            (
                samples::administration::account(&at(), MARKUP).render(frame),
                8,
            ),
            (
                samples::administration::access(&at(), MARKUP).render(frame),
                6,
            ),
            (
                samples::administration::journal::journal(&at(), MARKUP).render(frame),
                10,
            ),
            (
                samples::administration::sunset(&at(), MARKUP).render(frame),
                8,
            ),
            (login.render(frame), 9),
            (approval.render(frame), 21),
            (error.render(frame), 7),
            (logout.render(frame), 2),
            (home.render(frame), 1),
            (applications.render(frame), 8),
            (sessions.render(frame), 3),
        ] {
            let page = page.unwrap();
            assert!(!page.contains("<b onclick"));
            assert_eq!(page.matches(ESCAPED).count(), times, "{page}");
        }
    }
}

/// Leaves every page in a directory, to be looked at: `SYMBOLON_PAGES=target/pages cargo test pages`.
#[test]
fn every_page_can_be_looked_at() {
    let Some(directory) = option_env!("SYMBOLON_PAGES") else {
        return;
    };
    for language in Language::ALL {
        let directory = Path::new(directory).join(language.tag());
        fs::create_dir_all(&directory).unwrap();
        for (name, page) in pages(language, &at()) {
            fs::write(directory.join(format!("{name}.html")), page).unwrap();
        }
    }
}
