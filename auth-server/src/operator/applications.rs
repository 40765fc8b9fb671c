//! The operator's commands on applications.

use symbolon::identifiers::ClientId;

use super::words::{Named, one_word};
use crate::administration::{ApplicationAction, ApplicationFilter, ApplicationState};
use crate::records::ClientRegistration;

/// What an operator can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationCommand {
    /// List those of the store.
    List(ApplicationFilter),
    /// Let one in that waits.
    Approve(ClientId),
    /// Lock one.
    Suspend(ClientId),
    /// Take that back.
    Resume(ClientId),
    /// Remove one.
    Remove(ClientId),
}

impl ApplicationCommand {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::List(_) => "applications list",
            Self::Approve(_) => "applications approve",
            Self::Suspend(_) => "applications suspend",
            Self::Resume(_) => "applications resume",
            Self::Remove(_) => "applications remove",
        }
    }

    /// What it is about, as pairs.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::List(ApplicationFilter::All) => Vec::new(),
            Self::List(ApplicationFilter::Awaiting) => vec![("awaiting", "true".to_owned())],
            Self::List(ApplicationFilter::RegisteredBy(owner)) => vec![("owner", owner.clone())],
            Self::Approve(id) | Self::Suspend(id) | Self::Resume(id) | Self::Remove(id) => {
                vec![("client", id.to_string())]
            }
        }
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        let client = || named.value("client").map(ClientId::new);
        match words {
            "applications list" => Some(Self::List(filter(named))),
            "applications approve" => client().map(Self::Approve),
            "applications suspend" => client().map(Self::Suspend),
            "applications resume" => client().map(Self::Resume),
            "applications remove" => client().map(Self::Remove),
            _ => None,
        }
    }

    /// Which one it changes, and how.
    pub(super) const fn action(&self) -> Option<(&ClientId, ApplicationAction)> {
        match self {
            Self::List(_) => None,
            Self::Approve(id) => Some((id, ApplicationAction::Approve)),
            Self::Suspend(id) => Some((id, ApplicationAction::Suspend)),
            Self::Resume(id) => Some((id, ApplicationAction::Resume)),
            Self::Remove(id) => Some((id, ApplicationAction::Remove)),
        }
    }
}

fn filter(named: &Named) -> ApplicationFilter {
    match named.value("owner") {
        Some(owner) => ApplicationFilter::RegisteredBy(owner),
        None if named.value("awaiting").is_some() => ApplicationFilter::Awaiting,
        None => ApplicationFilter::All,
    }
}

/// Its id, its state, who registered it (- where nobody is noted), its name.
pub(super) fn line(client: &ClientRegistration) -> String {
    let state = ApplicationState::of(client).as_str();
    let by = client.registered.as_ref().and_then(|it| it.by.as_deref());
    let by = by.map_or_else(|| "-".to_owned(), one_word);
    let (id, name) = (
        one_word(client.client_id.as_str()),
        one_word(&client.client_name),
    );
    format!("{id}  {state:9}  {by}  {name}")
}
