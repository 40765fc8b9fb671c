//! What a settings file writes as an empty text when there is none: TOML has no word for nothing.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Reads a text; an empty one is `None`. For `#[serde(deserialize_with = "…")]`.
pub fn empty_is_none<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    let value = text.parse();
    value
        .map(Some)
        .map_err(|error| D::Error::custom(format!("`{text}`: {error}")))
}
