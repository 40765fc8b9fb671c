//! From written values to typed settings. A value of the wrong type is said and left out, and the rest is read
//! on: what is wrong is said all at once.

use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::ServiceSettings;
use super::finding::{Findings, Severity};
use super::registrations::Registrations;
use super::shown::{REDACTED, shown};

/// So many values of wrong types are said at once.
const MOST: usize = 100;

/// Reads values as the settings of a service. `None` when what is left of them is none.
pub(super) fn read<S: ServiceSettings>(
    values: Map<String, Value>,
    defaults: &Map<String, Value>,
    findings: &mut Findings,
) -> Option<S> {
    let mut reading = Reading {
        values: Value::Object(values),
        defaults,
        registrations: S::registrations(),
        left_out: Vec::new(),
    };
    for _ in 0..MOST {
        match reading.attempt::<S>() {
            Ok(settings) => return Some(settings),
            Err(fault) => reading.mend::<S>(&fault, findings)?,
        }
    }
    None
}

/// A value that cannot be read.
struct Fault {
    at: Vec<Step>,
    /// In words, as `http.port`.
    path: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Number(usize),
}

struct Reading<'a> {
    values: Value,
    defaults: &'a Map<String, Value>,
    registrations: Vec<Registrations>,
    /// What was taken out because it was wrong, and is missed later.
    left_out: Vec<Vec<Step>>,
}

impl Reading<'_> {
    fn attempt<S: ServiceSettings>(&self) -> Result<S, Fault> {
        serde_path_to_error::deserialize::<_, S>(&self.values).map_err(|error| Fault {
            at: steps(error.path()),
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })
    }

    /// Says what is wrong, and puts the default in its place or takes it out.
    fn mend<S: ServiceSettings>(&mut self, fault: &Fault, findings: &mut Findings) -> Option<()> {
        if let Some(stand_in) = self.stand_in(fault) {
            if !self.is_missed(fault) {
                let text = format!("`{}`: {}", self.name(fault), fault.reason);
                self.say(fault, text, findings);
            }
            return self.insert(&fault.at, stand_in);
        }
        if self.is_missed(fault) {
            return self.leave_out(&fault.at);
        }
        let found = self.values.pointer(&pointer(&fault.at)).cloned()?;
        if let Value::String(text) = &found {
            if let Some(value) = unquoted(text)
                && self.is_mended_by::<S>(&fault.at, value)
            {
                return Some(());
            }
            let list: Vec<&str> = parts(text);
            let hint = format!("{list:?}");
            let value = list.into_iter().map(Value::from).collect();
            if self.is_mended_by::<S>(&fault.at, value) {
                let text = format!(
                    "`{}` is one text; accepted: a list: {hint}",
                    self.name(fault)
                );
                self.say(fault, text, findings);
                return Some(());
            }
        }
        let reason = without_secrets(&fault.reason, &found, last_name(&fault.at));
        let reason = for_people(&reason);
        let text = format!("`{}`: {reason}", self.name(fault));
        self.say(fault, text, findings);
        let default = default_at(self.defaults, &fault.at);
        match default.filter(|default| **default != found) {
            Some(default) => self.put(&fault.at, default.clone()),
            None => self.leave_out(&fault.at),
        }
    }

    /// Whether something is missing that was taken out before, and said then.
    fn is_missed(&self, fault: &Fault) -> bool {
        self.left_out.iter().any(|left_out| {
            let missing = format!("missing field `{}`", last_name(left_out));
            left_out
                .split_last()
                .is_some_and(|(_, above)| above == fault.at)
                && fault.reason.starts_with(&missing)
        })
    }

    /// What stands in for a text that a registration lacks, such as a name for people, so that the rest of it is judged
    /// in the same run. Nothing stands in for what the registration is called, and nothing for a secret.
    fn stand_in(&self, fault: &Fault) -> Option<(String, Value)> {
        let (registrations, index) = self.registration(fault)?;
        let missing = fault.reason.strip_prefix("missing field `")?;
        let (field, _) = missing.split_once('`')?;
        if fault.at.len() > 2 || field == registrations.named_by || is_secret(field) {
            return None;
        }
        let entry = self.values.pointer(&pointer(&fault.at))?;
        let name = registrations.name_of(index, entry);
        Some((field.to_owned(), Value::from(name)))
    }

    fn insert(&mut self, at: &[Step], (name, value): (String, Value)) -> Option<()> {
        let entry = self.values.pointer_mut(&pointer(at))?.as_object_mut()?;
        entry.insert(name, value);
        Some(())
    }

    /// Whether this other value in this place can be read; if so it stays there.
    fn is_mended_by<S: ServiceSettings>(&mut self, at: &[Step], value: Value) -> bool {
        let Some(before) = self.values.pointer(&pointer(at)).cloned() else {
            return false;
        };
        if self.put(at, value).is_none() {
            return false;
        }
        let mended = match self.attempt::<S>() {
            Ok(_) => true,
            Err(fault) => !fault.at.starts_with(at),
        };
        if !mended {
            // It was there a moment ago.
            let _ = self.put(at, before);
        }
        mended
    }

    fn put(&mut self, at: &[Step], value: Value) -> Option<()> {
        *self.values.pointer_mut(&pointer(at))? = value;
        Some(())
    }

    fn leave_out(&mut self, at: &[Step]) -> Option<()> {
        let (last, above) = at.split_last()?;
        match (self.values.pointer_mut(&pointer(above))?, last) {
            (Value::Object(fields), Step::Name(name)) => drop(fields.remove(name)?),
            (Value::Array(entries), Step::Number(index)) if *index < entries.len() => {
                entries.remove(*index);
            }
            _ => return None,
        }
        self.left_out.push(at.to_vec());
        Some(())
    }

    /// The registration that a fault is in.
    fn registration(&self, fault: &Fault) -> Option<(&Registrations, usize)> {
        let [Step::Name(list), Step::Number(index), ..] = fault.at.as_slice() else {
            return None;
        };
        let mut registrations = self.registrations.iter();
        Some((registrations.find(|one| one.list == list)?, *index))
    }

    /// The setting that a fault is in: within a registration its name there.
    fn name(&self, fault: &Fault) -> String {
        match self.registration(fault) {
            Some((registrations, index)) => {
                let above = format!("{}[{index}]", registrations.list);
                let rest = fault.path.strip_prefix(&above).unwrap_or(&fault.path);
                let rest = rest.trim_start_matches('.');
                shown(if rest.is_empty() { &above } else { rest })
            }
            None => shown(&fault.path),
        }
    }

    fn say(&self, fault: &Fault, text: String, findings: &mut Findings) {
        match self.registration(fault) {
            Some((one, index)) => {
                let place = format!("/{}/{index}", one.list);
                let entry = self.values.pointer(&place).unwrap_or(&Value::Null);
                let name = one.name_of(index, entry);
                findings
                    .about(one.list, one.noun, &name)
                    .say(Severity::Error, text);
            }
            None => findings.say(Severity::Error, &fault.path, text),
        }
    }
}

fn steps(path: &Path) -> Vec<Step> {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(Step::Number(*index)),
        Segment::Map { key } => Some(Step::Name(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map_while(step).collect()
}

fn pointer(at: &[Step]) -> String {
    at.iter().fold(String::new(), |above, step| match step {
        Step::Name(name) => format!("{above}/{}", name.replace('~', "~0").replace('/', "~1")),
        Step::Number(index) => format!("{above}/{index}"),
    })
}

fn last_name(at: &[Step]) -> &str {
    let mut names = at.iter().rev().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Number(_) => None,
    });
    names.next().unwrap_or_default()
}

fn default_at<'a>(defaults: &'a Map<String, Value>, at: &[Step]) -> Option<&'a Value> {
    let (Step::Name(first), rest) = at.split_first()? else {
        return None;
    };
    defaults.get(first)?.pointer(&pointer(rest))
}

/// A number or a truth value that was written as a text.
fn unquoted(text: &str) -> Option<Value> {
    let number = text.parse().map(Value::Number).ok();
    number.or_else(|| text.parse().map(Value::Bool).ok())
}

/// What a text was meant to be that should be a list.
fn parts(text: &str) -> Vec<&str> {
    let parts = text.split([',', ' ']).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Why a value cannot be read, without what must not be shown of it.
fn without_secrets(reason: &str, found: &Value, name: &str) -> String {
    match found {
        Value::String(text) if is_secret(name) && !text.is_empty() => {
            reason.replace(text.as_str(), REDACTED)
        }
        Value::String(text) => {
            let escaped = format!("{text:?}");
            let plain = format!("{:?}", shown(text));
            reason
                .replace(&escaped, &plain)
                .replace(text.as_str(), &shown(text))
        }
        Value::Number(number) if is_secret(name) => reason.replace(&number.to_string(), REDACTED),
        Value::Array(entries) => entries.iter().fold(reason.to_owned(), |reason, entry| {
            without_secrets(&reason, entry, name)
        }),
        Value::Object(fields) => fields
            .iter()
            .fold(reason.to_owned(), |reason, (name, value)| {
                without_secrets(&reason, value, name)
            }),
        Value::Null | Value::Bool(_) | Value::Number(_) => reason.to_owned(),
    }
}

fn is_secret(name: &str) -> bool {
    name.contains("secret") || name.contains("password")
}

/// What a library expected, in the words of somebody who writes a file.
fn for_people(reason: &str) -> String {
    let Some((found, expected)) = reason.rsplit_once(", expected ") else {
        return reason.to_owned();
    };
    let accepted = match expected {
        "u16" => "a whole number from 0 to 65535",
        "i64" => "a whole number",
        "u32" | "u64" | "usize" => "a whole number, not below 0",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    format!("{found}; accepted: {accepted}")
}
