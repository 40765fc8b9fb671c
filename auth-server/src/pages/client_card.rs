//! What a client says of itself, and who says that it may.

use symbolon::clock::Timestamp;

/// A client, as far as somebody who has never heard of it may want to know. What it says of itself nobody has checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCard {
    /// Its picture.
    pub logo: Option<String>,
    /// Where to read about it.
    pub site: Option<CardLink>,
    /// What it does with data.
    pub policy: Option<String>,
    /// Its terms of service.
    pub terms: Option<String>,
    /// Who registered it; nothing where the operator did.
    pub registered: Option<CardRegistration>,
}

/// A link by what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLink {
    /// Where it leads.
    pub address: String,
    /// The host there.
    pub host: String,
}

/// Who registered a client, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRegistration {
    /// The account; nothing where nobody was signed in.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}
