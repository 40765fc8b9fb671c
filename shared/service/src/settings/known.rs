//! The settings there are, by the documented defaults, and the one that a wrong key was meant to be.

use serde_json::{Map, Value};

use super::finding::{Findings, Severity};
use super::shown::shown;

/// Takes out of a file what no setting has, and says so.
pub(super) fn drop_unknown(
    known: &Map<String, Value>,
    found: &mut Map<String, Value>,
    place: &str,
    findings: &mut Findings,
) {
    drop_unknown_below(known, found, "", &mut |text| {
        findings.add(Severity::Error, place.to_owned(), None, text);
    });
}

fn drop_unknown_below(
    known: &Map<String, Value>,
    found: &mut Map<String, Value>,
    above: &str,
    say: &mut dyn FnMut(String),
) {
    found.retain(|name, value| {
        let key = format!("{above}{name}");
        match (known.get(name), value) {
            (Some(Value::Object(below)), Value::Object(found)) => {
                drop_unknown_below(below, found, &format!("{key}."), say);
                true
            }
            (Some(_), _) => true,
            (None, _) => {
                say(no_such_setting(&key, &paths(known, above)));
                false
            }
        }
    });
}

/// There is no such setting, but perhaps one with a similar name.
pub(super) fn no_such_setting(key: &str, candidates: &[String]) -> String {
    let meant = nearest(key, candidates);
    let meant = meant.map(|meant| format!(", did you mean `{meant}`?"));
    let key = shown(key);
    format!("there is no setting `{key}`{}", meant.unwrap_or_default())
}

/// The path of every setting, `http.port` among them.
pub(super) fn paths(table: &Map<String, Value>, above: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, value) in table {
        let key = format!("{above}{name}");
        if let Value::Object(below) = value {
            paths.extend(self::paths(below, &format!("{key}.")));
        }
        paths.push(key);
    }
    paths
}

/// Names that are less alike than this are not worth a guess.
const ALIKE: f64 = 0.7;

/// The setting with the most similar name.
pub(super) fn nearest(key: &str, candidates: &[String]) -> Option<String> {
    let likeness = |candidate: &String| strsim::jaro_winkler(key, candidate);
    let best = candidates
        .iter()
        .max_by(|left, right| likeness(left).total_cmp(&likeness(right)))?;
    (likeness(best) > ALIKE).then(|| best.clone())
}
