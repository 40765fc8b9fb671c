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
    let file = source(&format!("locales/{}/pages.ftl", language.tag()));
    let text = fs::read_to_string(file).unwrap();
    let resource = fluent_templates::fluent_bundle::FluentResource::try_new(text).unwrap();
    let mut messages = BTreeSet::new();
    for entry in resource.entries() {
        let printed = format!("{entry:?}");
        if let Some((_, rest)) = printed.split_once("Message(Message { id: Identifier { name: \"") {
            let key = rest.split('"').next().unwrap().to_owned();
            let arguments = ["name", "count"];
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

/// Every `"some-key"` of the templates and of the code that speaks.
fn keys_in_use() -> BTreeSet<String> {
    let templates = fs::read_dir(source("templates")).unwrap();
    let code = ["error.rs", "login.rs", "words.rs"].map(source);
    let files = templates.map(|entry| entry.unwrap().path()).chain(code);
    let prefixes = [
        "login-",
        "notice-",
        "approval-",
        "logout-",
        "signed-out-",
        "home-",
        "error-",
        "back-",
    ];
    let mut keys = BTreeSet::new();
    for file in files.filter(|file| file.extension().is_some_and(|end| end != "css")) {
        let text = fs::read_to_string(file).unwrap();
        let quoted = text.split('"').filter(|part| {
            prefixes.iter().any(|prefix| part.starts_with(prefix))
                && !part.contains(char::is_whitespace)
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
