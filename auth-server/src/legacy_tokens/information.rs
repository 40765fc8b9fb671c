//! Additional information of a token, as JSON.

use serde_json::{Map, Number, Value as Json};

use super::collections::Collection;
use super::error::LegacyTokenError;
use super::meaning::{Meaning, field, millis, other_class};
use crate::java_stream::{Object, Value};

/// So deep may lists and maps stand in each other.
pub const DEEPEST_INFORMATION: usize = 8;

const WHAT: &str = "additionalInformation";
const UNREADABLE: LegacyTokenError = LegacyTokenError::Unreadable { what: WHAT };

impl<'g> Meaning<'g> {
    /// The additional information of a token, written as Spring's answers have it: lists and sets as arrays, a `Date` as
    /// its milliseconds.
    pub(super) fn information(
        &mut self,
        token: &Object,
    ) -> Result<Map<String, Json>, LegacyTokenError> {
        let pairs = self.pairs(token, WHAT)?;
        self.members(pairs, DEEPEST_INFORMATION)
    }

    fn members(
        &mut self,
        pairs: Vec<(&'g Value, &'g Value)>,
        deepest: usize,
    ) -> Result<Map<String, Json>, LegacyTokenError> {
        let mut members = Map::new();
        for (key, value) in pairs {
            let name = self.text(key, WHAT)?.ok_or(UNREADABLE)?;
            members.insert(name, self.json(value, deepest)?);
        }
        Ok(members)
    }

    /// `deepest`: so many lists and maps may still stand in each other.
    fn json(&mut self, value: &'g Value, deepest: usize) -> Result<Json, LegacyTokenError> {
        match value {
            Value::Null => Ok(Json::Null),
            Value::Boolean(value) => Ok(Json::Bool(*value)),
            Value::Integer(value) => Ok(Json::from(*value)),
            Value::Decimal(value) => Ok(Number::from_f64(*value).map_or(Json::Null, Json::Number)),
            Value::Text(_) => Ok(self.text(value, WHAT)?.map_or(Json::Null, Json::String)),
            Value::Object(_) => {
                let object = self.any_object(value, WHAT)?;
                self.json_of_object(object, deepest)
            }
        }
    }

    fn json_of_object(
        &mut self,
        object: &'g Object,
        deepest: usize,
    ) -> Result<Json, LegacyTokenError> {
        if is_box(object) {
            let inside = field(object, "value")?;
            return if matches!(inside, Value::Object(_)) {
                Err(UNREADABLE)
            } else {
                self.json(inside, deepest)
            };
        }
        if let Some(millis) = millis(object) {
            return Ok(Json::from(millis));
        }
        let deepest = deepest.checked_sub(1).ok_or(LegacyTokenError::TooMuch)?;
        match self.collection(object)? {
            Some(Collection::Of(values)) => {
                let values = values.into_iter().map(|value| self.json(value, deepest));
                Ok(Json::Array(values.collect::<Result<_, _>>()?))
            }
            Some(Collection::Map(pairs)) => Ok(Json::Object(self.members(pairs, deepest)?)),
            None => Err(other_class(WHAT, object)),
        }
    }
}

/// Whether it is an object around a number, a truth value or a character.
fn is_box(object: &Object) -> bool {
    let boxes = [
        "Boolean",
        "Byte",
        "Character",
        "Double",
        "Float",
        "Integer",
        "Long",
        "Short",
    ];
    let name = object.class.strip_prefix("java.lang.");
    name.is_some_and(|name| boxes.contains(&name))
}
