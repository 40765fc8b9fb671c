//! What each row of the table of refusals looks like to who asked: one file per row in
//! `refusal_snapshots/`, with the answer as JSON and as a page.
//!
//! A variant that no row has does not compile, and a row without its file fails. After a change that is
//! meant, `INSTA_UPDATE=always cargo test --package symbolon-auth-server refusal_snapshots` writes the
//! files anew.

mod cases;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, ResponseError as _, web};

use self::cases::{Case, cases, sign_in_errors};
use super::refusal_pages::refusals_as_pages;
use super::refusals::Refusal;
use super::sign_in_refusal::SignInRefusal;
use crate::addresses::Addresses;
use crate::pages::{Brand, ClientAtSignIn, Frame, Language, LoginPage};

fn at() -> Addresses {
    Addresses::of("https://auth.example").unwrap()
}

/// Status line, headers in the order of their names, body.
async fn written(answer: HttpResponse) -> String {
    let mut text = format!("{}\n", answer.status());
    let mut headers: Vec<String> = answer
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    for header in headers {
        writeln!(text, "{header}").unwrap();
    }
    let body = to_bytes(answer.into_body()).await.unwrap();
    writeln!(text, "\n{}", std::str::from_utf8(&body).unwrap()).unwrap();
    text
}

/// The refusal as an endpoint for people answers it.
async fn as_page(refusal: Refusal, language: Language) -> String {
    let refusal = Rc::new(Cell::new(Some(refusal)));
    let refuse = move || {
        let refusal = refusal.take().unwrap();
        async move { Err::<HttpResponse, Refusal>(refusal) }
    };
    let page = web::resource("/").route(web::get().to(refuse));
    let as_page = |request, next: Next<BoxBody>| {
        refusals_as_pages(Arc::new(at()), Arc::default(), request, next)
    };
    let app = App::new().service(page.wrap(from_fn(as_page)));
    let app = init_service(app).await;
    let request = TestRequest::get().insert_header((ACCEPT_LANGUAGE, language.tag()));
    let answer = call_service(&app, request.to_request()).await;
    written(answer.into_parts().1.map_into_boxed_body()).await
}

fn assert_as_kept(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("refusal_snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[actix_web::test]
async fn each_row_is_answered_as_json_and_as_a_page() {
    for Case { name, refusal } in cases() {
        let json = written(refusal.error_response()).await;
        let page = as_page(refusal, Language::English).await;
        assert_as_kept(name, &format!("{json}\n{page}"));
    }
}

/// Rows whose pages give different advice.
const IN_EVERY_LANGUAGE: [&str; 4] = [
    "request_gone",
    "store_unavailable",
    "too_many_begun",
    "unsafe_unknown_client",
];

#[actix_web::test]
async fn pages_are_in_the_language_of_the_reader() {
    for language in Language::ALL {
        for Case { name, refusal } in cases() {
            if IN_EVERY_LANGUAGE.contains(&name) {
                let page = as_page(refusal, language).await;
                assert_as_kept(&format!("{name}.{}", language.tag()), &page);
            }
        }
    }
}

#[actix_web::test]
async fn a_refused_sign_in_shows_its_page_once_more() {
    for language in Language::ALL {
        for (name, error) in sign_in_errors() {
            let Ok(refusal) = SignInRefusal::try_from(error) else {
                // A store that is gone is a row of its own.
                assert_eq!(name, "store_unavailable");
                continue;
            };
            let page = LoginPage {
                forgotten: None,
                sign_up: None,
                csrf_token: "the-csrf-token".to_owned(),
                authorization: Some("the-authorization".to_owned()),
                client: Some(ClientAtSignIn {
                    id: "print-photo".to_owned(),
                    name: "Print Photo".to_owned(),
                }),
                next: None,
                passkey: None,
                ended: None,
                username: "xiaoming".to_owned(),
                notice: Some(refusal.notice),
            };
            let retry_after = refusal.retry_after_secs;
            let retry_after =
                retry_after.map_or_else(String::new, |secs| format!("retry-after: {secs}\n"));
            let html = page
                .render(&Frame::new(language, &at(), &Brand::default()))
                .unwrap();
            let text = format!("{}\n{retry_after}\n{html}\n", refusal.status);
            assert_as_kept(&format!("login_page.{name}.{}", language.tag()), &text);
        }
    }
}

#[test]
fn every_kept_answer_is_one_that_is_given() {
    let mut given: BTreeSet<String> = cases().iter().map(|case| case.name.to_owned()).collect();
    for language in Language::ALL {
        let tag = language.tag();
        given.extend(IN_EVERY_LANGUAGE.map(|name| format!("{name}.{tag}")));
        let refused = sign_in_errors().into_iter().map(|(name, _)| name);
        let shown = refused.filter(|name| *name != "store_unavailable");
        given.extend(shown.map(|name| format!("login_page.{name}.{tag}")));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/refusal_snapshots");
    let kept: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some("snap".as_ref()))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(kept, given);
}
