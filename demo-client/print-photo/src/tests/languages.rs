//! Three languages: each has all sentences, and a person has the one that was chosen.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_templates::fluent_bundle::FluentResource;

use super::*;
use crate::language::Language;

/// The pages, but those that need something before.
const PAGES: [&str; 9] = [
    "/",
    "/code",
    "/password",
    "/client-credentials",
    "/spa",
    "/compare",
    "/attacks",
    "/own-client",
    "/stats",
];

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(source(folder)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The messages of a language with what each is about.
fn messages(language: Language) -> BTreeSet<(String, Vec<&'static str>)> {
    let mut messages = BTreeSet::new();
    for file in files(&format!("locales/{}", language.tag())) {
        let text = fs::read_to_string(&file).unwrap();
        let resource = FluentResource::try_new(text).unwrap_or_else(|_| panic!("{file:?}"));
        for entry in resource.entries() {
            let printed = format!("{entry:?}");
            let marker = "Message(Message { id: Identifier { name: \"";
            let Some((_, rest)) = printed.split_once(marker) else {
                continue;
            };
            let key = rest.split('"').next().unwrap().to_owned();
            let taken = ["name", "count"].into_iter().filter(|argument| {
                printed.contains(&format!(
                    "VariableReference {{ id: Identifier {{ name: \"{argument}\""
                ))
            });
            assert!(
                messages.insert((key, taken.collect())),
                "{file:?} says it twice"
            );
        }
    }
    messages
}

fn keys() -> BTreeSet<String> {
    messages(Language::English)
        .into_iter()
        .map(|(key, _)| key)
        .collect()
}

/// Every quoted word of the templates and of the code.
fn quoted() -> BTreeSet<String> {
    let folders = ["", "page", "session", "templates"];
    let code = folders.into_iter().flat_map(files);
    let code = code.filter(|file| {
        file.extension()
            .is_some_and(|end| end == "rs" || end == "html")
    });
    let mut quoted = BTreeSet::new();
    for file in code {
        let text = fs::read_to_string(file).unwrap();
        quoted.extend(text.split('"').map(str::to_owned));
    }
    let script = fs::read_to_string(source("assets/spa.js")).unwrap();
    quoted.extend(script.split('"').map(str::to_owned));
    quoted
}

#[test]
fn every_language_has_the_messages_of_every_other() {
    let english = messages(Language::English);
    assert!(english.len() > 200, "{}", english.len());
    for language in Language::ALL {
        let own = messages(language);
        let missing: Vec<_> = english.symmetric_difference(&own).collect();
        assert!(missing.is_empty(), "{language:?}: {missing:?}");
    }
}

#[test]
fn every_message_is_used() {
    let quoted = quoted();
    let unused: Vec<_> = keys()
        .into_iter()
        .filter(|key| !quoted.contains(key))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_message_that_is_used_is_there() {
    let keys = keys();
    let beginnings: BTreeSet<&str> = keys
        .iter()
        .filter_map(|key| key.split('-').next())
        .collect();
    let looks_like_one = |text: &str| {
        let (beginning, rest) = text.split_once('-').unwrap_or_default();
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        beginnings.contains(beginning) && !rest.is_empty() && !rest.ends_with('-') && plain(text)
    };
    // Ids of elements.
    let others = [
        "code-form",
        "logged-out",
        "own-form",
        "password-form",
        "spa-diagram",
        "spa-flow",
        "spa-flow-title",
        "spa-inspector",
        "spa-photos",
        "spa-status",
        "spa-words",
    ];
    let unknown: Vec<_> = quoted()
        .into_iter()
        .filter(|text| looks_like_one(text) && !keys.contains(text))
        .filter(|text| !others.contains(&text.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[actix_web::test]
async fn every_page_is_written_in_every_language() {
    let mut browser = demo("http://localhost:9000", |_| ());
    for language in Language::ALL {
        browser.cookie = Some(format!("print_photo_language={}", language.tag()));
        for at in PAGES {
            let page = browser.get(at).await.text;
            browser.cookie = Some(format!("print_photo_language={}", language.tag()));
            assert!(
                page.contains(&format!("<html lang=\"{}\">", language.tag())),
                "{at}"
            );
            for unfinished in ["Unknown localization", "{$", "{ $", "\u{2068}"] {
                assert!(
                    !page.contains(unfinished),
                    "{at} {language:?}: {unfinished}"
                );
            }
            // The names of the languages are always there.
            let page = page.replace("中文", "");
            let chinese = page.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, language == Language::Chinese, "{at} {language:?}");
        }
    }
}

#[actix_web::test]
async fn a_language_is_chosen_for_a_year_and_before_the_browsers_own() {
    let mut browser = demo("http://localhost:9000", |_| ());
    let request = browser.http.get(format!("{}/code", browser.url));
    let russian = browser
        .send(request.header("Accept-Language", "de, ru;q=0.8"))
        .await;
    assert!(russian.text.contains("<html lang=\"ru\">"));
    browser.cookie = None;
    let chosen = browser.get("/code?language=zh-CN").await;
    assert_eq!((chosen.status, chosen.header("location")), (303, "/code"));
    assert!(
        chosen
            .header("set-cookie")
            .starts_with("print_photo_language=zh-CN;")
    );
    assert!(chosen.header("set-cookie").contains("Max-Age=31536000"));
    let request = browser.http.get(format!("{}/code", browser.url));
    let chinese = browser.send(request.header("Accept-Language", "ru")).await;
    assert!(chinese.text.contains("<html lang=\"zh-CN\">"));
}

#[actix_web::test]
async fn choosing_a_language_leads_nowhere_else() {
    let mut browser = demo("http://localhost:9000", |_| ());
    for (at, leads_to) in [
        ("/attacks?language=ru", "/attacks"),
        ("//attacker.example/?language=ru", "/"),
        ("/%5Cattacker.example?language=ru", "/"),
        ("/callback?code=c&state=s&language=ru", "/"),
        ("/a%0d%0ab?language=ru", "/"),
    ] {
        let seen = browser.get(at).await;
        assert_eq!(
            (seen.status, seen.header("location")),
            (303, leads_to),
            "{at}"
        );
    }
    // What is no language of ours changes nothing.
    assert_eq!(browser.get("/code?language=xx").await.status, 200);
}
