//! The plain parts of which the objects are made, and how much of them is read.

use symbolon::clock::Timestamp;
use symbolon::secret::Secret;

use super::error::LegacyTokenError;
use crate::java_stream::{self, Graph, Object, Value};

/// Values that are read of one stream. Objects may be named many times, so a short stream can unfold to more than
/// there is time for.
pub const MOST_VALUES: usize = 1000;

/// Bytes of text that are read of one stream, counted wherever a text is named.
pub const MOST_TEXT: usize = java_stream::LONGEST_STREAM;

const DATE: &str = "java.util.Date";

/// What a stream says, with the classes of §5.3 of Spring's wire format.
pub(super) fn read(stream: &[u8]) -> Result<Graph, LegacyTokenError> {
    Ok(java_stream::read(stream, &is_known)?)
}

fn is_known(class: &str) -> bool {
    const KNOWN: [&str; 3] = ["java.lang.", "java.util.", "org.springframework.security."];
    // An interface: what an array of numbers and texts is of.
    let is_interface = class == "java.io.Serializable";
    is_interface || KNOWN.iter().any(|package| class.starts_with(package))
}

/// One reading of a graph: counts what it has taken out.
pub(super) struct Meaning<'g> {
    graph: &'g Graph,
    values_left: usize,
    text_left: usize,
}

impl<'g> Meaning<'g> {
    pub(super) const fn of(graph: &'g Graph) -> Self {
        Self {
            graph,
            values_left: MOST_VALUES,
            text_left: MOST_TEXT,
        }
    }

    /// The object that was written, which has to be of one of these classes.
    pub(super) fn root(&self, classes: &[&str]) -> Result<&'g Object, LegacyTokenError> {
        self.object(&self.graph.root, "the object", classes)
    }

    /// The object in a field, which has to be of one of these classes.
    pub(super) fn object(
        &self,
        value: &Value,
        what: &'static str,
        classes: &[&str],
    ) -> Result<&'g Object, LegacyTokenError> {
        let object = self.any_object(value, what)?;
        if classes.contains(&&*object.class) {
            Ok(object)
        } else {
            Err(other_class(what, object))
        }
    }

    pub(super) fn any_object(
        &self,
        value: &Value,
        what: &'static str,
    ) -> Result<&'g Object, LegacyTokenError> {
        let found = self.graph.object(value);
        found.ok_or(LegacyTokenError::Unreadable { what })
    }

    /// Counts values that are going to be read.
    pub(super) fn take_values(&mut self, count: usize) -> Result<(), LegacyTokenError> {
        let left = self.values_left.checked_sub(count);
        self.values_left = left.ok_or(LegacyTokenError::TooMuch)?;
        Ok(())
    }

    /// A text; `None` is `null`.
    pub(super) fn text(
        &mut self,
        value: &Value,
        what: &'static str,
    ) -> Result<Option<String>, LegacyTokenError> {
        if *value == Value::Null {
            return Ok(None);
        }
        let Value::Text(text) = value else {
            return Err(LegacyTokenError::Unreadable { what });
        };
        let left = self.text_left.checked_sub(text.len());
        self.text_left = left.ok_or(LegacyTokenError::TooMuch)?;
        Ok(Some((**text).to_owned()))
    }

    /// A field that is a text, and there.
    pub(super) fn needed_text(
        &mut self,
        object: &Object,
        what: &'static str,
    ) -> Result<String, LegacyTokenError> {
        let text = self.text(field(object, what)?, what)?;
        text.filter(|text| !text.is_empty())
            .ok_or(LegacyTokenError::Unreadable { what })
    }

    pub(super) fn secret(
        &mut self,
        object: &Object,
        what: &'static str,
    ) -> Result<Secret, LegacyTokenError> {
        Ok(Secret::new(self.needed_text(object, what)?))
    }

    /// A field that is a `Date`, to the whole second before it; `None` is `null`.
    pub(super) fn moment(
        &self,
        object: &Object,
        what: &'static str,
    ) -> Result<Option<Timestamp>, LegacyTokenError> {
        let value = field(object, what)?;
        if *value == Value::Null {
            return Ok(None);
        }
        let date = self.object(value, what, &[DATE])?;
        let millis = millis(date).ok_or(LegacyTokenError::Unreadable { what })?;
        let secs = u64::try_from(millis.div_euclid(1000)).unwrap_or(0);
        Ok(Some(Timestamp::from_secs(secs)))
    }
}

/// The milliseconds of a `Date`; `None` of any other object.
pub(super) fn millis(date: &Object) -> Option<i64> {
    let is_date = *date.class == *DATE;
    let [piece] = date.pieces.as_slice() else {
        return None;
    };
    let millis = piece.as_slice().try_into().ok().filter(|_| is_date)?;
    Some(i64::from_be_bytes(millis))
}

/// A field that has to be there.
pub(super) fn field<'o>(
    object: &'o Object,
    what: &'static str,
) -> Result<&'o Value, LegacyTokenError> {
    let found = object.field(what);
    found.ok_or(LegacyTokenError::Unreadable { what })
}

/// A field that is true or false.
pub(super) fn flag(object: &Object, what: &'static str) -> Result<bool, LegacyTokenError> {
    if let Value::Boolean(flag) = field(object, what)? {
        Ok(*flag)
    } else {
        Err(LegacyTokenError::Unreadable { what })
    }
}

pub(super) fn other_class(what: &'static str, object: &Object) -> LegacyTokenError {
    let class = object.class.escape_debug().to_string();
    LegacyTokenError::OtherClass { what, class }
}

/// Spring's own classes have one version each, in all releases.
pub(super) fn check_version(
    object: &Object,
    versions: &[(&'static str, i64)],
) -> Result<(), LegacyTokenError> {
    let same = |(class, _): &&(&'static str, i64)| **class == *object.class;
    match versions.iter().find(same) {
        Some((class, version)) if *version != object.serial_version_uid => {
            Err(LegacyTokenError::OtherVersion { class })
        }
        Some(_) | None => Ok(()),
    }
}
