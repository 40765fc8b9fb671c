//! The settings there are, by the documented defaults, and the one that a wrong key was meant to be.

use config::{Map, Value, ValueKind};

use super::error::SettingsError;

/// Refuses a key of a file that no setting has.
pub(super) fn refuse_unknown(
    known: &Map<String, Value>,
    found: &Map<String, Value>,
    place: &str,
    above: &str,
) -> Result<(), SettingsError> {
    for (name, value) in found {
        let key = format!("{above}{name}");
        match known.get(name).map(|known| &known.kind) {
            Some(ValueKind::Table(below)) => {
                if let ValueKind::Table(found) = &value.kind {
                    refuse_unknown(below, found, place, &format!("{key}."))?;
                }
            }
            Some(_) => {}
            None => {
                let candidates = paths(known, above);
                let meant = nearest(&key, &candidates);
                return Err(SettingsError::UnknownKey {
                    place: place.to_owned(),
                    key,
                    meant,
                });
            }
        }
    }
    Ok(())
}

/// The path of every setting, `http.port` among them.
pub(super) fn paths(table: &Map<String, Value>, above: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, value) in table {
        let key = format!("{above}{name}");
        if let ValueKind::Table(below) = &value.kind {
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
