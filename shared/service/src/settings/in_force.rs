//! The settings in force, to be looked at: each with its value, where it comes from, and what somebody may regret.
//!
//! What is a secret, the types say. A value is shown only where `Debug` of the settings shows one in the same place: what
//! prints `[redacted]` is redacted here, and of what `Debug` says nothing, nothing is shown either. So a secret that
//! is new is shown by nobody.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display};

use serde_json::{Map, Value};

use super::finding::Finding;
use super::shown::{REDACTED, shown};
use super::sources::Accepted;

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its name, such as `http.port`.
    pub name: String,
    /// Its value, as a settings file writes it; of registrations how many there are.
    pub value: String,
    /// The file or the environment's variable that it stands in, or `defaults`.
    pub place: String,
    /// What somebody may regret of it.
    pub warnings: Vec<String>,
}

/// A line for the setting, and one for each warning.
impl Display for InForce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            value,
            place,
            warnings,
        } = self;
        write!(formatter, "{name} = {value}  ({place})")?;
        for warning in warnings {
            write!(formatter, "\n  warning: {warning}")?;
        }
        Ok(())
    }
}

/// The settings in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllInForce {
    /// Each, by its name.
    pub settings: Vec<InForce>,
    /// What somebody may regret that is no setting, such as a variable that sets none.
    pub others: Vec<String>,
}

impl<S: Debug> Accepted<S> {
    /// All settings, to be looked at.
    pub fn in_force(&self) -> AllInForce {
        let written = written(&self.settings);
        let mut list = Vec::new();
        list_all(&self.values.table, "", &mut |name, value| {
            let warnings = self.warnings.iter();
            let warnings = warnings.filter(|finding| finding.setting.as_deref() == Some(&name));
            list.push(InForce {
                value: told(value, written.get(&name)),
                place: self.values.origins.of(&name),
                warnings: warnings.map(sentence).collect(),
                name,
            });
        });
        let is_of_one = |finding: &&Finding| {
            let mut names = list.iter().map(|one| &one.name);
            names.any(|name| finding.setting.as_ref() == Some(name))
        };
        let others = self.warnings.iter().filter(|finding| !is_of_one(finding));
        let others = others.map(sentence).collect();
        AllInForce {
            settings: list,
            others,
        }
    }
}

fn sentence(finding: &Finding) -> String {
    match &finding.subject {
        Some(subject) => format!("{subject}: {}", finding.text),
        None => finding.text.clone(),
    }
}

fn list_all(table: &Map<String, Value>, above: &str, take: &mut impl FnMut(String, &Value)) {
    for (name, value) in table {
        let name = format!("{above}{name}");
        if let Value::Object(below) = value {
            list_all(below, &format!("{name}."), take);
        } else {
            take(name, value);
        }
    }
}

/// What is shown of a value; `written` is what `Debug` says in its place.
fn told(value: &Value, written: Option<&String>) -> String {
    if let Value::Array(entries) = value
        && entries.iter().any(Value::is_object)
    {
        return format!("{} of them", entries.len());
    }
    let is_empty = value.as_str().is_some_and(str::is_empty);
    match written {
        Some(written) if is_empty || !written.contains(REDACTED) => shortened(value).to_string(),
        Some(_) | None => REDACTED.to_owned(),
    }
}

/// As messages show it: without what stands before the host of an address, and without its query.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(shown(text)),
        Value::Array(entries) => Value::Array(entries.iter().map(shortened).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.clone(),
    }
}

/// What `Debug` writes of each setting and of what is below it. Line breaks in texts are escaped there, so each line
/// begins with the name of a field, or belongs to the field above that stands further left.
fn written(settings: &impl Debug) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::<String, String>::new();
    let mut path = Vec::<(usize, String)>::new();
    for line in format!("{settings:#?}").lines() {
        let text = line.trim_start();
        let indent = line.len().saturating_sub(text.len());
        path.retain(|(above, _)| *above < indent);
        if let Some(name) = field(text) {
            path.push((indent, name.to_owned()));
        }
        let mut name = String::new();
        for (_, part) in &path {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
            texts.entry(name.clone()).or_default().push_str(text);
        }
    }
    texts
}

fn field(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(": ")?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Secret;

    impl Debug for Secret {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(REDACTED)
        }
    }

    #[derive(Debug)]
    #[allow(dead_code, reason = "they are written by `Debug`")]
    struct Store {
        url: Secret,
        password: Option<Secret>,
        others: Vec<Secret>,
        none: Option<Secret>,
        prefix: &'static str,
        address: &'static str,
    }

    #[derive(Debug)]
    #[allow(dead_code, reason = "they are written by `Debug`")]
    struct Settings {
        store: Store,
        name: &'static str,
        port: u16,
    }

    #[test]
    fn a_value_is_shown_where_its_type_shows_it_and_nowhere_else() {
        let settings = Settings {
            store: Store {
                url: Secret,
                password: Some(Secret),
                others: vec![Secret],
                none: None,
                prefix: "a: b\n  url: \"x\"",
                address: "https://u:p@h/?key=k",
            },
            name: "n",
            port: 1,
        };
        let written = written(&settings);
        for (name, value, expected) in [
            ("store.url", json!("s"), REDACTED),
            ("store.password", json!("s"), REDACTED),
            ("store.others", json!(["s"]), REDACTED),
            ("store.none", json!(""), "\"\""),
            ("store.prefix", json!("p"), "\"p\""),
            (
                "store.address",
                json!("https://u:p@w@h/?key=k"),
                "\"https://[redacted]@h/?[redacted]\"",
            ),
            ("store.unknown", json!("s"), REDACTED),
            ("prefix", json!("s"), REDACTED),
            ("name", json!("n"), "\"n\""),
            ("port", json!(1), "1"),
            ("clients", json!([{"client_secret": "s"}]), "1 of them"),
        ] {
            assert_eq!(told(&value, written.get(name)), expected, "{name}");
        }
    }
}
