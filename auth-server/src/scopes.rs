//! Scopes as people see them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

/// What a scope name means.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeDescription {
    /// The scope name.
    pub name: String,
    /// What it lets a client do, in English.
    pub description: String,
    /// The same in other languages, by language tag (`zh-CN`, `ru`).
    #[serde(default)]
    pub translations: BTreeMap<String, String>,
}

/// What scope names mean. They can be read again while the server runs.
#[derive(Debug, Default)]
pub struct ScopeDescriptions(ArcSwap<Vec<ScopeDescription>>);

impl ScopeDescriptions {
    /// These scopes.
    pub fn new(scopes: Vec<ScopeDescription>) -> Self {
        Self(ArcSwap::from_pointee(scopes))
    }

    /// From now on these scopes, and no others.
    pub fn replace(&self, scopes: Vec<ScopeDescription>) {
        self.0.store(Arc::new(scopes));
    }

    /// What a scope lets a client do, in the language of the tag; the name when nothing is known.
    pub fn describe(&self, name: &str, language_tag: &str) -> String {
        let scopes = self.0.load();
        let Some(scope) = scopes.iter().find(|scope| scope.name == name) else {
            return name.to_owned();
        };
        let translated = scope.translations.get(language_tag);
        translated.unwrap_or(&scope.description).clone()
    }
}
