//! The journal: what happened lately, kept where it can be looked at.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;

/// An event that was kept. What does not apply, or is not known, is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When it happened.
    pub at: Timestamp,
    /// Its name in the audit stream.
    pub event: String,
    /// The id of the request in which it happened. Callers may choose it, so entries of several requests can have one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
    /// The registered client that it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// The account that it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// The grant that it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grant_id: String,
    /// Where whoever caused it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// What else is known of it, by the names of the audit stream.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

/// Where an entry is kept. Each section has a bound of its own, so that what is plentiful pushes only its like out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What was refused. Strangers can cause as much of it as they like.
    Refused,
    /// Who came in, and what was granted and given back.
    Granted,
    /// What was changed: registrations, accounts, keys, what was ended.
    Changed,
    /// What was refused to a registered client, once more: of each kind by itself, because anybody can have some of them
    /// refused in the client's name.
    RefusedTo(ClientId, RefusalKind),
}

impl Section {
    /// Those that hold everything.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Granted, Self::Changed];
}

/// What was refused to a client, by what its developer has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// An authorization request, for where the browser was to be sent.
    RedirectUri,
    /// An authorization request, for what it asked.
    AuthorizationScope,
    /// An authorization request, for what the code was to be bound to.
    CodeChallenge,
    /// An authorization request, for something else.
    Authorization,
    /// The client's own secret, or what stands for it.
    Credentials,
    /// A code, or what it is bound to.
    Code,
    /// A refresh token.
    RefreshToken,
    /// A token, for something else.
    Token,
    /// Whatever else.
    Other,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::RedirectUri,
        Self::AuthorizationScope,
        Self::CodeChallenge,
        Self::Authorization,
        Self::Credentials,
        Self::Code,
        Self::RefreshToken,
        Self::Token,
        Self::Other,
    ];

    /// Its name, which stores keep it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RedirectUri => "redirect_uri",
            Self::AuthorizationScope => "authorization_scope",
            Self::CodeChallenge => "code_challenge",
            Self::Authorization => "authorization",
            Self::Credentials => "credentials",
            Self::Code => "code",
            Self::RefreshToken => "refresh_token",
            Self::Token => "token",
            Self::Other => "other",
        }
    }
}

/// What a section keeps at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionBounds {
    /// Entries.
    pub entries: u64,
    /// Seconds.
    pub life_secs: u64,
}

/// Where an entry stands in its section. Only the store that gave it can tell what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalPlace {
    /// What counts first.
    pub major: u64,
    /// What counts where that is the same.
    pub minor: u64,
}

impl fmt::Display for JournalPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.major, self.minor)
    }
}

/// That a text is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the journal")]
pub struct NoJournalPlace;

impl FromStr for JournalPlace {
    type Err = NoJournalPlace;

    fn from_str(text: &str) -> Result<Self, NoJournalPlace> {
        let (major, minor) = text.split_once('-').ok_or(NoJournalPlace)?;
        let number = |text: &str| text.parse().map_err(|_| NoJournalPlace);
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
        })
    }
}
