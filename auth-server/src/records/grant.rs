//! What was granted.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::records::PasswordMark;

/// What was granted, whatever dialect will describe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// How the client came to it.
    pub grant_type: GrantType,
    /// Who may act.
    pub client_id: ClientId,
    /// Whose data it opens; `None` when the client acts for itself.
    pub owner: Option<String>,
    /// What may be done.
    pub scope: Scope,
    /// The owner's authorities, or the client's when it acts for itself.
    pub authorities: Vec<String>,
    /// The resource ids where it is good; none means everywhere.
    pub audience: Vec<String>,
    /// Which password the owner had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_mark: Option<PasswordMark>,
    /// When it was given; unknown for what was given before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Timestamp>,
}
