//! Where each setting comes from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Where settings come from, above the defaults.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    /// The name of the file, and what stands in it.
    pub(super) file: Option<(String, Map<String, Value>)>,
    /// The settings of the environment, each with its variable.
    pub(super) variables: BTreeMap<String, String>,
}

impl Origins {
    /// The place of a setting or of a group of them. What stands in a list is where the list is.
    pub(super) fn of(&self, setting: &str) -> String {
        let setting = setting.split('[').next().unwrap_or_default();
        if let Some(variable) = self.variables.get(setting) {
            return variable_place(variable);
        }
        let below = format!("{setting}.");
        let variables = self.variables.iter();
        let variables = variables.filter(|(key, _)| setting.is_empty() || key.starts_with(&below));
        let file = self.file.iter();
        let file = file.filter(|(_, values)| holds(values, setting));
        let places: Vec<String> = file
            .map(|(name, _)| name.clone())
            .chain(variables.map(|(_, variable)| variable_place(variable)))
            .collect();
        if places.is_empty() {
            "defaults".to_owned()
        } else {
            places.join(" and ")
        }
    }
}

pub(super) fn variable_place(variable: &str) -> String {
    format!("environment variable {variable}")
}

/// Whether a file sets something of this name or below it.
fn holds(values: &Map<String, Value>, setting: &str) -> bool {
    let (first, rest) = match setting.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (setting, None),
    };
    match (values.get(first), rest) {
        (Some(Value::Object(below)), Some(rest)) => holds(below, rest),
        (Some(_), _) => true,
        (None, _) => setting.is_empty() && !values.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_stands_in_the_topmost_source_that_has_it_and_a_group_in_all() {
        let file = serde_json::json!({"http": {"port": 1, "host": "a"}, "clients": []});
        let Value::Object(values) = file else {
            unreachable!("it is an object")
        };
        let variable = ("http.port".to_owned(), "A__HTTP__PORT".to_owned());
        let origins = Origins {
            file: Some(("a.toml".to_owned(), values)),
            variables: BTreeMap::from([variable]),
        };
        for (setting, place) in [
            ("http.port", "environment variable A__HTTP__PORT"),
            ("http.host", "a.toml"),
            ("http.workers", "defaults"),
            ("http", "a.toml and environment variable A__HTTP__PORT"),
            ("clients[3].scope", "a.toml"),
            ("log", "defaults"),
        ] {
            assert_eq!(origins.of(setting), place, "{setting}");
        }
    }
}
