//! Searches for what has no index: all records of a kind, a part at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where a search goes on. Only the store that gave it can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPlace(pub(super) Vec<u8>);

impl SearchPlace {
    /// The place as text, for whoever goes on with another request.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Reads what [`SearchPlace::to_text`] wrote. A place that no store gave leads somewhere, and harms nothing.
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok().map(Self)
    }
}
