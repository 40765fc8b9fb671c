//! Where settings come from: the documented defaults, a file on top, the environment on top of that.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::ops::Deref;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::environment::Overrides;
use super::file::read_text;
use super::finding::{Finding, Findings, Severity};
use super::origins::Origins;
use super::{ServiceSettings, known, shared, typed};

/// The name of a file, and what it sets.
type Written = (String, Map<String, Value>);

/// Where the settings of a service come from, above its defaults. Nothing by default.
#[derive(Clone, Debug, Default)]
pub struct SettingsSources {
    /// A TOML file that changes some of them.
    pub file: Option<PathBuf>,
    /// The environment's variables.
    pub environment: HashMap<String, String>,
}

/// Settings that cannot be used: everything that was found in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError(Vec<Finding>);

impl SettingsError {
    /// What was found, warnings too.
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }
}

impl Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Finding::to_string).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for SettingsError {}

/// Settings that were read, and what was found in them.
#[derive(Debug)]
pub struct Examined<S> {
    /// As far as they could be read.
    settings: Option<S>,
    findings: Findings,
    values: SettingValues,
}

impl<S> Examined<S> {
    /// Finds more, as far as the settings could be read.
    #[must_use]
    pub fn also(mut self, check: impl FnOnce(&S, &mut Findings)) -> Self {
        if let Some(settings) = &self.settings {
            check(settings, &mut self.findings);
        }
        self
    }

    /// The settings, when nothing that was found is an error.
    pub fn accept(self) -> Result<Accepted<S>, SettingsError> {
        let Self {
            settings,
            findings,
            values,
        } = self;
        match settings {
            Some(settings) if !findings.has_errors() => Ok(Accepted {
                settings,
                warnings: findings.into_list(),
                values,
            }),
            Some(_) | None => Err(SettingsError(findings.into_list())),
        }
    }
}

/// Settings that can be used.
#[derive(Debug)]
pub struct Accepted<S> {
    /// The settings.
    pub settings: S,
    /// What somebody may regret.
    pub warnings: Vec<Finding>,
    /// As they were written.
    pub values: SettingValues,
}

impl<S> Accepted<S> {
    /// Says in the log what somebody may regret.
    pub fn log_warnings(&self) {
        self.warnings.iter().for_each(Finding::log);
    }
}

impl<S> Deref for Accepted<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.settings
    }
}

/// Settings as they were written, to be compared with those of another time. They may hold secrets: what is shown of
/// them, [`Accepted::in_force`] says.
#[derive(Clone, Default)]
pub struct SettingValues {
    pub(super) table: Map<String, Value>,
    pub(super) origins: Origins,
}

impl fmt::Debug for SettingValues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SettingValues")
    }
}

impl SettingValues {
    /// The names of the settings whose values are others now.
    pub fn changed_since(&self, before: &Self) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        compare(&before.table, &self.table, "", &mut changed);
        changed
    }

    /// The names of the settings that say something and of which this is true.
    pub fn said(&self, is_wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let mut said = BTreeSet::new();
        find_texts(&self.table, "", &mut said);
        said.retain(|name| is_wanted(name));
        said
    }
}

fn find_texts(table: &Map<String, Value>, above: &str, said: &mut BTreeSet<String>) {
    for (name, value) in table {
        let key = format!("{above}{name}");
        if let Value::Object(table) = value {
            find_texts(table, &format!("{key}."), said);
        } else if value.as_str().is_some_and(|text| !text.is_empty()) {
            said.insert(key);
        }
    }
}

fn compare(
    before: &Map<String, Value>,
    now: &Map<String, Value>,
    above: &str,
    changed: &mut BTreeSet<String>,
) {
    for name in before.keys().chain(now.keys()) {
        let key = format!("{above}{name}");
        match (before.get(name), now.get(name)) {
            (Some(Value::Object(before)), Some(Value::Object(now))) => {
                compare(before, now, &format!("{key}."), changed);
            }
            (before, now) if before != now => drop(changed.insert(key)),
            (_, _) => {}
        }
    }
}

impl SettingsSources {
    /// A file, if there is one, and the environment of this process.
    pub fn of_this_process(file: Option<PathBuf>) -> Self {
        // What is no UTF-8 is not left out: a setting made of it is refused.
        let text = |text: OsString| text.to_string_lossy().into_owned();
        let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self {
            file,
            environment: environment.collect(),
        }
    }

    /// Reads and checks the settings of a service.
    pub fn load<S: ServiceSettings>(&self) -> Result<S, SettingsError> {
        Ok(self.examine().accept()?.settings)
    }

    /// Reads the settings of a service and finds what is wrong with them and what may be regretted.
    pub fn examine<S: ServiceSettings>(&self) -> Examined<S> {
        let mut wrong = Vec::new();
        let defaults = parse(S::DEFAULTS);
        let defaults = defaults.unwrap_or_else(|reason| {
            wrong.push(("defaults".to_owned(), reason));
            Map::new()
        });
        let written = self.read_file().unwrap_or_else(|(name, reason)| {
            wrong.push((name, reason));
            None
        });
        let overrides = Overrides::read(S::ENVIRONMENT_PREFIX, &self.environment, &defaults);
        let mut findings = Findings::of(Origins {
            file: written.clone(),
            variables: overrides.variables(),
        });
        for (place, reason) in wrong {
            findings.add(Severity::Error, place, None, reason);
        }
        let mut values = defaults.clone();
        if let Some((name, mut written)) = written {
            warn_of_nothing(&written, &name, &mut findings);
            known::drop_unknown(&defaults, &mut written, &name, &mut findings);
            merge(&mut values, written);
        }
        overrides.say_what_is_wrong(&mut findings);
        for (key, (_, value)) in overrides.set {
            set(&mut values, &key, value);
        }
        judge(values, &defaults, findings)
    }

    /// The file, when there is one; else its name and why it cannot be read.
    fn read_file(&self) -> Result<Option<Written>, (String, String)> {
        let Some(path) = &self.file else {
            return Ok(None);
        };
        let name = path.display().to_string();
        let text = read_text(path);
        let text = text.map_err(|error| error.to_string());
        match text.and_then(|text| parse(&text)) {
            Ok(values) => Ok(Some((name, values))),
            Err(reason) => Err((name, reason)),
        }
    }
}

/// Makes settings of what was written.
fn judge<S: ServiceSettings>(
    mut values: Map<String, Value>,
    defaults: &Map<String, Value>,
    mut findings: Findings,
) -> Examined<S> {
    let as_written = SettingValues {
        table: values.clone(),
        origins: findings.origins().clone(),
    };
    for registrations in S::registrations() {
        registrations.translate(&mut values, &mut findings);
    }
    let settings: Option<S> = typed::read(values, defaults, &mut findings);
    if let Some(settings) = &settings {
        shared::check(settings.shared(), &mut findings);
        settings.check(&mut findings);
    }
    Examined {
        settings,
        findings,
        values: as_written,
    }
}

/// The number of the line and one line of text. The line itself, which the library's own words show, may hold
/// a secret.
fn parse(text: &str) -> Result<Map<String, Value>, String> {
    let table = toml::from_str::<toml::Table>(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.bytes().take(start);
        let line = 1 + before.filter(|byte| *byte == b'\n').count();
        let message = error.message().replace('\n', ", ");
        format!("line {line}: {message}")
    })?;
    Ok(values_of(table))
}

fn values_of(table: toml::Table) -> Map<String, Value> {
    let values = table.into_iter();
    values
        .map(|(name, value)| (name, value_of(value)))
        .collect()
}

/// A day or a time that stands without quotes is the text that it is written as: what a setting makes of it, it says itself.
fn value_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is_so) => is_so.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(entries) => entries.into_iter().map(value_of).collect(),
        toml::Value::Table(table) => values_of(table).into(),
    }
}

/// A file that somebody names is meant to say something.
fn warn_of_nothing(written: &Map<String, Value>, name: &str, findings: &mut Findings) {
    if written.is_empty() {
        let text = "it sets nothing; better: a setting, or no file".to_owned();
        findings.add(Severity::Warning, name.to_owned(), None, text);
    }
}

/// Puts settings over others: groups setting by setting, everything else as a whole.
fn merge(below: &mut Map<String, Value>, above: Map<String, Value>) {
    for (name, value) in above {
        match (below.get_mut(&name), value) {
            (Some(Value::Object(below)), Value::Object(above)) => merge(below, above),
            (_, value) => drop(below.insert(name, value)),
        }
    }
}

/// Sets what is below other settings, `http.port` for example.
fn set(values: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        Some((first, rest)) => {
            let below = values.entry(first).or_insert_with(|| Map::new().into());
            if let Value::Object(below) = below {
                set(below, rest, value);
            }
        }
        None => drop(values.insert(key.to_owned(), value)),
    }
}
