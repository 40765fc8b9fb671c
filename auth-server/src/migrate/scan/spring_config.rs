//! The configuration of a Spring Boot application: `application.yml` or `application.properties`, as a list of names and
//! values.
//!
//! Names are compared as Spring's relaxed binding does: without regard to letter case, `-` and `_`. Of a file of several
//! documents those count that need no profile, and those of the profiles that somebody names. A value that refers to
//! another (`${name:otherwise}`) is that, where the file has it, or what it is otherwise.

mod error;
mod reading;

use std::collections::BTreeMap;
use std::path::Path;

pub use error::ConfigurationError;

/// References in references, at most.
const DEEPEST: usize = 8;
/// Bytes of the longest value that references may unfold to.
const LONGEST_VALUE: usize = 64 * 1024;

/// What a configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpringConfiguration {
    /// By the name as it is compared: the name as it is written, and the value.
    entries: BTreeMap<String, (String, String)>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// This.
    Value(String),
    /// What stands elsewhere, in the environment for example: its name.
    Elsewhere(String),
}

impl SpringConfiguration {
    /// Reads a file: properties where its name ends in `.properties`, else YAML.
    pub fn read(file: &Path, profiles: &[String]) -> Result<Self, ConfigurationError> {
        let text = reading::text(file)?;
        let is_properties = file
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("properties"));
        let documents = if is_properties {
            reading::properties(&text)?
        } else {
            reading::yaml(&text)?
        };
        let mut all = Self::default();
        for document in documents {
            let document = Self::of(document);
            if document.is_active(profiles) {
                all.entries.extend(document.entries);
            }
        }
        Ok(all)
    }

    /// What one document says.
    fn of(document: Vec<(String, String)>) -> Self {
        let entries = document.into_iter();
        let entries = entries.map(|(name, value)| (compared(&name), (name, value)));
        Self {
            entries: entries.collect(),
        }
    }

    fn is_active(&self, profiles: &[String]) -> bool {
        let wanted = ["spring.config.activate.on-profile", "spring.profiles"];
        let wanted: Vec<String> = wanted.iter().flat_map(|name| self.list(name)).collect();
        wanted.is_empty() || wanted.iter().any(|profile| profiles.contains(profile))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<Said> {
        let (_, value) = self.entries.get(&compared(name))?;
        Some(self.resolved(value, DEEPEST))
    }

    /// The first of these names that says something.
    pub fn first(&self, names: &[&str]) -> Option<Said> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The value of a name, where it is in the file.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Said::Value(text) => Some(text),
            Said::Elsewhere(_) => None,
        }
    }

    /// A list: `name[0]`, `name[1]`…, or one value with commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let indexed = (0..).map_while(|index| self.text(&format!("{name}[{index}]")));
        let indexed: Vec<String> = indexed.collect();
        if !indexed.is_empty() {
            return indexed;
        }
        let text = self.text(name).unwrap_or_default();
        let entries = text.split(',').map(str::trim);
        let entries = entries.filter(|entry| !entry.is_empty());
        entries.map(str::to_owned).collect()
    }

    /// Every name, as it is written, in the order in which they are compared.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.values().map(|(name, _)| name.as_str())
    }

    /// A value with what it refers to in the place of the references.
    fn resolved(&self, value: &str, depth: usize) -> Said {
        let Some((before, rest)) = value.split_once("${") else {
            return Said::Value(value.to_owned());
        };
        let Some((reference, after)) = closed(rest) else {
            return Said::Value(value.to_owned());
        };
        let (name, otherwise) = match reference.split_once(':') {
            Some((name, otherwise)) => (name, Some(otherwise)),
            None => (reference, None),
        };
        let known = self.entries.get(&compared(name)).map(|(_, value)| value);
        let Some(meant) = known.map(String::as_str).or(otherwise) else {
            return Said::Elsewhere(name.to_owned());
        };
        if depth == 0 || before.len() + meant.len() + after.len() > LONGEST_VALUE {
            return Said::Elsewhere(name.to_owned());
        }
        self.resolved(&format!("{before}{meant}{after}"), depth - 1)
    }
}

/// What stands before the brace that closes a reference, and after it.
fn closed(text: &str) -> Option<(&str, &str)> {
    let mut open = 0_usize;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' if open == 0 => return Some((text.get(..place)?, text.get(place + 1..)?)),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// A name as it is compared.
pub(super) fn compared(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
