//! Settings from the environment: `AUTH_SERVER__HTTP__PORT` is `http.port`, and
//! `AUTH_SERVER__STORE__PASSWORD_FILE` names a file that holds `store.password`, so that a secret need
//! not be in the environment.

use std::collections::{BTreeMap, HashMap};

use config::{Map, Value, ValueKind};

use super::error::SettingsError;
use super::known::{nearest, paths};

/// What a variable's name ends with when its value is the name of a file.
const FILE_SUFFIX: &str = "_file";

/// What the environment sets: the path of each setting and its value. How a text is read follows from
/// the default: a list is separated by commas, a number is a number, and a text stays what it is, also
/// when it looks like a number.
pub(super) fn overrides(
    prefix: &str,
    environment: &HashMap<String, String>,
    known: &Map<String, Value>,
) -> Result<Vec<(String, Value)>, SettingsError> {
    let prefix = format!("{prefix}__");
    let ours: BTreeMap<&String, &String> = environment
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix))
        .collect();
    let mut overrides: BTreeMap<String, Value> = BTreeMap::new();
    for (name, text) in ours {
        let place = || format!("environment variable {name}");
        if text.contains(char::REPLACEMENT_CHARACTER) {
            let reason = "the value is not UTF-8".to_owned();
            return Err(SettingsError::Value {
                place: place(),
                reason,
            });
        }
        let path = name.trim_start_matches(&prefix).to_lowercase();
        let path = path.replace("__", ".");
        let (key, default, text) = if let Some(default) = find(known, &path) {
            (path, default, text.clone())
        } else if let Some((key, default)) = named_by_file(known, &path) {
            (key, default, contents(name, text)?)
        } else {
            return Err(SettingsError::UnknownKey {
                place: place(),
                meant: nearest(&path, &paths(known, "")),
                key: path,
            });
        };
        let before = overrides.insert(key.clone(), Value::new(Some(name), read(&text, default)));
        if before.is_some() {
            return Err(SettingsError::Value {
                place: place(),
                reason: format!("`{key}` is set by another variable as well"),
            });
        }
    }
    Ok(overrides.into_iter().collect())
}

/// The setting that a variable which ends with `_FILE` stands for.
fn named_by_file<'a>(known: &'a Map<String, Value>, path: &str) -> Option<(String, &'a ValueKind)> {
    let key = path.strip_suffix(FILE_SUFFIX)?;
    Some((key.to_owned(), find(known, key)?))
}

/// What the file holds. Editors end a file with a line break, which is not part of a secret.
fn contents(name: &str, file: &str) -> Result<String, SettingsError> {
    let text = std::fs::read_to_string(file).map_err(|error| SettingsError::Value {
        place: format!("environment variable {name}"),
        reason: format!("{file}: {error}"),
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The default of a setting that is no group of others.
fn find<'a>(known: &'a Map<String, Value>, path: &str) -> Option<&'a ValueKind> {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (&known.get(first)?.kind, rest) {
        (ValueKind::Table(below), Some(rest)) => find(below, rest),
        (ValueKind::Table(_), None) | (_, Some(_)) => None,
        (setting, None) => Some(setting),
    }
}

/// A text of the wrong form stays a text: the check of the types then names the setting.
fn read(text: &str, default: &ValueKind) -> ValueKind {
    let as_text = || ValueKind::String(text.to_owned());
    match default {
        ValueKind::Boolean(_) => text.parse().map_or_else(|_| as_text(), ValueKind::Boolean),
        ValueKind::I64(_) => text.parse().map_or_else(|_| as_text(), ValueKind::I64),
        ValueKind::Float(_) => text.parse().map_or_else(|_| as_text(), ValueKind::Float),
        ValueKind::Array(_) => {
            let parts = text.split(',').map(str::trim);
            let parts = parts.filter(|part| !part.is_empty());
            ValueKind::Array(parts.map(Value::from).collect())
        }
        ValueKind::Nil
        | ValueKind::I128(_)
        | ValueKind::U64(_)
        | ValueKind::U128(_)
        | ValueKind::String(_)
        | ValueKind::Table(_) => as_text(),
    }
}
