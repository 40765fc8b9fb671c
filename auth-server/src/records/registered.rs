//! What a registration says of itself that was made by somebody else than the operator.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::secret::{self, Secret};

/// Who registered a client, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// The account of the developer; `None` where it was registered by the API, where nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A secret that another has replaced, and that is good for a while, so that a client can be told the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiringSecret {
    /// `{id}hash`.
    #[serde(serialize_with = "secret::expose")]
    pub hash: Secret,
    /// From when on it is good for nothing.
    pub until: Timestamp,
}
