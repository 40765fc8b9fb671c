//! Settings from the environment: `AUTH_SERVER__HTTP__PORT` is `http.port`, and
//! `AUTH_SERVER__STORE__PASSWORD_FILE` names a file that holds `store.password`, so that a secret need
//! not be in the environment.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::file::read_text;
use super::finding::{Findings, Severity};
use super::known::{no_such_setting, paths};
use super::origins::variable_place;

/// What a variable's name ends with when its value is the name of a file.
const FILE_SUFFIX: &str = "_file";

/// What the environment sets: each setting with its variable and its value. What is wrong is left out and
/// said.
pub(super) struct Overrides {
    pub(super) set: BTreeMap<String, (String, Value)>,
    wrong: Vec<(Severity, String, String)>,
}

impl Overrides {
    /// Reads the variables that begin with the prefix. How a text is read follows from the default: a list
    /// is separated by commas, a number is a number, and a text stays what it is, also when it looks like
    /// a number.
    pub(super) fn read(
        prefix: &str,
        environment: &HashMap<String, String>,
        known: &Map<String, Value>,
    ) -> Self {
        let mut overrides = Self {
            set: BTreeMap::new(),
            wrong: Vec::new(),
        };
        let begins = format!("{prefix}__");
        let variables: BTreeMap<&String, &String> = environment.iter().collect();
        for (name, text) in variables {
            match name.strip_prefix(&begins) {
                Some(rest) => {
                    if let Err(reason) = overrides.take(name, rest, text, known) {
                        let place = variable_place(name);
                        overrides.wrong.push((Severity::Error, place, reason));
                    }
                }
                None => overrides.warn_of_other_spelling(prefix, name, environment, known),
            }
        }
        overrides
    }

    /// The variable of each setting.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let set = self.set.iter();
        let variables = set.map(|(key, (variable, _))| (key.clone(), variable.clone()));
        variables.collect()
    }

    pub(super) fn say_what_is_wrong(&self, findings: &mut Findings) {
        for (severity, place, reason) in &self.wrong {
            findings.add(*severity, place.clone(), None, reason.clone());
        }
    }

    fn take(
        &mut self,
        name: &str,
        rest: &str,
        text: &str,
        known: &Map<String, Value>,
    ) -> Result<(), String> {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err("the value is not UTF-8".to_owned());
        }
        let path = rest.to_lowercase().replace("__", ".");
        let (key, default, text) = if let Some(default) = find(known, &path) {
            (path, default, text.to_owned())
        } else if let Some((key, default)) = named_by_file(known, &path) {
            (key, default, contents(text)?)
        } else {
            return Err(no_such_setting(&path, &paths(known, "")));
        };
        let value = (name.to_owned(), read(&text, default));
        match self.set.insert(key.clone(), value) {
            Some(_) => Err(format!("`{key}` is set by another variable as well")),
            None => Ok(()),
        }
    }

    /// A variable that is ours but for its underscores or its letter case sets nothing, and nothing else
    /// would say so. Kubernetes makes some of its own for a service of our name, which hold an address.
    fn warn_of_other_spelling(
        &mut self,
        prefix: &str,
        name: &str,
        environment: &HashMap<String, String>,
        known: &Map<String, Value>,
    ) {
        let spelled = |text: &str| text.to_uppercase().replace('_', "");
        let found = spelled(name);
        if !found.starts_with(&spelled(prefix)) {
            return;
        }
        let variable = |path: &String| {
            let path = path.to_uppercase().replace('.', "__");
            format!("{prefix}__{path}")
        };
        let settings = paths(known, "");
        let mut variables = settings.iter().map(variable);
        let meant = variables.find(|variable| spelled(variable) == found);
        let is_address = |text: &String| text.starts_with("tcp://") || text.starts_with("udp://");
        let made_by_kubernetes = environment.get(name).is_some_and(is_address);
        if let Some(meant) = meant.filter(|meant| !environment.contains_key(meant))
            && !made_by_kubernetes
        {
            let reason = format!("it sets nothing; better: {meant}");
            let place = variable_place(name);
            self.wrong.push((Severity::Warning, place, reason));
        }
    }
}

/// The setting that a variable which ends with `_FILE` stands for.
fn named_by_file<'a>(known: &'a Map<String, Value>, path: &str) -> Option<(String, &'a Value)> {
    let key = path.strip_suffix(FILE_SUFFIX)?;
    Some((key.to_owned(), find(known, key)?))
}

/// What the file holds. Editors end a file with a line break, which is not part of a secret.
fn contents(file: &str) -> Result<String, String> {
    let text = read_text(file).map_err(|error| format!("{file}: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The default of a setting that is no group of others.
fn find<'a>(known: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (known.get(first)?, rest) {
        (Value::Object(below), Some(rest)) => find(below, rest),
        (Value::Object(_), None) | (_, Some(_)) => None,
        (setting, None) => Some(setting),
    }
}

/// A text of the wrong form stays a text: the check of the types then names the setting.
fn read(text: &str, default: &Value) -> Value {
    let parsed = match default {
        Value::Bool(_) => text.parse().map(Value::Bool).ok(),
        Value::Number(_) => text.parse().map(Value::Number).ok(),
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim);
            let parts = parts.filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(Value::from).collect()))
        }
        Value::Null | Value::String(_) | Value::Object(_) => None,
    };
    parsed.unwrap_or_else(|| Value::from(text))
}
