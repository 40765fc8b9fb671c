//! From a file to names and values.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use super::error::ConfigurationError;

/// Bytes of the longest file.
const LONGEST_FILE: u64 = 1024 * 1024;
/// What parts the documents of a file of properties.
const PARTINGS: [&str; 2] = ["#---", "!---"];

/// The documents of a file: of each the names and values, in their order.
type Documents = Vec<Vec<(String, String)>>;

pub(super) fn text(file: &Path) -> Result<String, ConfigurationError> {
    let mut bytes = Vec::new();
    File::open(file)?
        .take(LONGEST_FILE + 1)
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST_FILE) {
        return Err(ConfigurationError::Length(LONGEST_FILE));
    }
    String::from_utf8(bytes).map_err(|_| ConfigurationError::Text)
}

pub(super) fn yaml(text: &str) -> Result<Documents, ConfigurationError> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| {
        let line = error.location().map(|place| place.line());
        ConfigurationError::Format {
            format: "YAML",
            line,
        }
    })?;
    let documents = documents.into_iter().map(|document| {
        let mut entries = Vec::new();
        flatten(String::new(), document, &mut entries);
        entries
    });
    Ok(documents.collect())
}

/// `a: {b: [c]}` is `a.b[0]` with the value `c`.
fn flatten(name: String, value: Value, entries: &mut Vec<(String, String)>) {
    let text = match value {
        Value::Object(members) => {
            for (member, value) in members {
                let name = if name.is_empty() {
                    member
                } else {
                    format!("{name}.{member}")
                };
                flatten(name, value, entries);
            }
            return;
        }
        Value::Array(elements) => {
            for (index, value) in elements.into_iter().enumerate() {
                flatten(format!("{name}[{index}]"), value, entries);
            }
            return;
        }
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
    };
    entries.push((name, text));
}

pub(super) fn properties(text: &str) -> Result<Documents, ConfigurationError> {
    let mut documents = vec![String::new()];
    for line in text.lines() {
        if PARTINGS.contains(&line.trim_end()) {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line);
            document.push('\n');
        }
    }
    let read = documents.iter().map(|document| entries(document));
    read.collect()
}

fn entries(document: &str) -> Result<Vec<(String, String)>, ConfigurationError> {
    let mut entries = Vec::new();
    let ascii = escaped(document);
    let mut lines = java_properties::PropertiesIter::new(ascii.as_bytes());
    let read = lines.read_into(|name, value| entries.push((name, value)));
    read.map_err(|_| ConfigurationError::Format {
        format: "properties file",
        line: None,
    })?;
    Ok(entries)
}

/// The text with every letter beyond ASCII as `\uXXXX`: Spring reads such files as UTF-8 today, and Java, whose format it
/// is, as Latin-1.
fn escaped(text: &str) -> String {
    let letters = text.chars().map(|letter| {
        if letter.is_ascii() {
            return String::from(letter);
        }
        let mut units = [0; 2];
        let units = letter.encode_utf16(&mut units).iter();
        let escapes: Vec<String> = units.map(|unit| format!("\\u{unit:04x}")).collect();
        escapes.concat()
    });
    letters.collect()
}
