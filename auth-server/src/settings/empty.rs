//! Settings that are left out by an empty text.

use serde::{Deserialize as _, Deserializer};
use symbolon::secret::Secret;

/// In a file, an empty text means that there is none.
pub(super) fn none_if_empty<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let written = String::deserialize(from)?;
    Ok(Some(written).filter(|text| !text.is_empty()))
}

/// [`none_if_empty`], for what must not be shown.
pub(super) fn no_secret_if_empty<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Secret>, D::Error> {
    let written = Secret::deserialize(from)?;
    Ok(Some(written).filter(|text| !text.expose().is_empty()))
}
