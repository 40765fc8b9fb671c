//! The messages of each language, and the places that use them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::pages::Language;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/pages")
        .join(path)
}

/// The messages of a language, and the arguments that each takes.
fn messages(language: Language) -> BTreeSet<(String, Vec<&'static str>)> {
    let folder = fs::read_dir(source(&format!("locales/{}", language.tag()))).unwrap();
    let texts = folder.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let text = texts.collect::<Vec<_>>().join("\n");
    let resource = fluent_templates::fluent_bundle::FluentResource::try_new(text).unwrap();
    let mut messages = BTreeSet::new();
    for entry in resource.entries() {
        let printed = format!("{entry:?}");
        if let Some((_, rest)) = printed.split_once("Message(Message { id: Identifier { name: \"") {
            let key = rest.split('"').next().unwrap().to_owned();
            let arguments = [
                "name", "brand", "count", "span", "day", "month", "year", "time",
            ];
            let taken = arguments.into_iter().filter(|argument| {
                printed.contains(&format!(
                    "VariableReference {{ id: Identifier {{ name: \"{argument}\""
                ))
            });
            messages.insert((key, taken.collect()));
        }
    }
    assert!(messages.len() > 30, "{messages:?}");
    messages
}

/// All files in a folder and those in it.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// How keys begin. Each file beside `pages.ftl` is about one area, and its messages begin with its name.
fn prefixes() -> Vec<String> {
    let pages = [
        "login-",
        "notice-",
        "approval-",
        "late-",
        "invitation-",
        "logout-",
        "signed-out-",
        "home-",
        "error-",
        "back-",
    ];
    let areas = files_below(&source("locales/en"));
    let areas = areas
        .iter()
        .map(|file| file.file_stem().unwrap().to_str().unwrap());
    let areas = areas.filter(|area| *area != "pages");
    let areas = areas.map(|area| format!("{area}-"));
    pages
        .map(ToOwned::to_owned)
        .into_iter()
        .chain(areas)
        .collect()
}

fn is_spoken(file: &Path) -> bool {
    let tests = ["tests", "samples", "tests.rs", "samples.rs"].map(source);
    let is_test = tests.iter().any(|test| file.starts_with(test));
    !is_test
        && file
            .extension()
            .is_some_and(|end| end == "rs" || end == "html")
}

/// Every `"some-key"` of the templates and of the code that speaks.
fn keys_in_use() -> BTreeSet<String> {
    let prefixes = prefixes();
    let mut keys = BTreeSet::new();
    let files = files_below(&source(""));
    for file in files.iter().filter(|file| is_spoken(file)) {
        let text = fs::read_to_string(file).unwrap();
        let quoted = text.split('"').filter(|part| {
            let is_key = prefixes
                .iter()
                .any(|prefix| part.starts_with(prefix.as_str()));
            is_key && !part.contains(char::is_whitespace)
        });
        keys.extend(quoted.map(ToOwned::to_owned));
    }
    keys
}

#[test]
fn every_language_has_the_messages_of_every_other() {
    let english = messages(Language::English);
    assert!(english.contains(&("approval-heading".to_owned(), vec!["name"])));
    for language in Language::ALL {
        assert_eq!(messages(language), english, "{language:?}");
    }
}

#[test]
fn every_message_is_used_and_every_used_one_exists() {
    let known: BTreeSet<_> = messages(Language::English)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys_in_use(), known);
}
