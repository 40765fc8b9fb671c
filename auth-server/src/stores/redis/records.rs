//! Records as text: JSON, and in front of it, where a script must know it, the time when it ends.

use serde::Serialize;
use serde::de::DeserializeOwned;
use symbolon::clock::Timestamp;

use crate::stores::StoreError;

pub(super) fn encode(record: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|_| damaged("a record that cannot be written"))
}

pub(super) fn decode<R: DeserializeOwned>(text: &str) -> Result<R, StoreError> {
    // The parser's own text may quote the record, which is nobody's business.
    serde_json::from_str(text).map_err(|_| damaged("a record that is not ours"))
}

/// `<expires_at>:<JSON>`. Scripts read the number and never the JSON, which they could not write
/// again: to Lua an empty list and an empty object are one.
pub(super) fn with_time(expires_at: Timestamp, json: &str) -> String {
    format!("{}:{json}", expires_at.as_secs())
}

/// What [`with_time`] wrote.
pub(super) fn split_time(text: &str) -> Result<(Timestamp, &str), StoreError> {
    let (number, rest) = split_number(text)?;
    Ok((Timestamp::from_secs(number), rest))
}

/// `<number>:<rest>`.
pub(super) fn split_number(text: &str) -> Result<(u64, &str), StoreError> {
    text.split_once(':')
        .and_then(|(number, rest)| Some((number.parse().ok()?, rest)))
        .ok_or_else(|| damaged("a record without a time"))
}

pub(super) fn damaged(text: &str) -> StoreError {
    StoreError::Damaged(text.to_owned())
}
