//! The operator's commands on applications.

use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use super::words::{Named, one_word};
use crate::administration::{ApplicationFilter, ApplicationState, NewApplication};
use crate::passwords::PasswordHash;
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
    /// Add one.
    Add(Box<NewApplication>),
    /// Give one another secret.
    RotateSecret {
        /// Which.
        client_id: ClientId,
        /// The hash of the secret.
        secret: PasswordHash,
    },
}

impl ApplicationCommand {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::List(_) => "applications list",
            Self::Approve(_) => "applications approve",
            Self::Suspend(_) => "applications suspend",
            Self::Resume(_) => "applications resume",
            Self::Remove(_) => "applications remove",
            Self::Add(_) => "applications add",
            Self::RotateSecret { .. } => "applications rotate-secret",
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
            Self::Add(new) => pairs_of(new),
            Self::RotateSecret { client_id, secret } => {
                vec![("client", client_id.to_string()), hash(secret)]
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
            "applications add" => new_application(named).map(Box::new).map(Self::Add),
            "applications rotate-secret" => Some(Self::RotateSecret {
                client_id: client()?,
                secret: secret(named)?,
            }),
            _ => None,
        }
    }
}

fn hash(secret: &PasswordHash) -> (&'static str, String) {
    ("secret", secret.expose().to_owned())
}

fn secret(named: &Named) -> Option<PasswordHash> {
    named.value("secret")?.parse().ok()
}

fn pairs_of(new: &NewApplication) -> Vec<(&'static str, String)> {
    let one = [
        ("name", Some(new.client_name.clone())),
        ("scope", Some(new.scope.to_string())),
        ("client_uri", new.client_uri.clone()),
        ("logo_uri", new.logo_uri.clone()),
        ("policy_uri", new.policy_uri.clone()),
        ("tos_uri", new.tos_uri.clone()),
    ];
    let grants = new.grant_types.iter();
    let grants = grants.map(|grant| grant.as_str().to_owned()).collect();
    let many = [
        ("redirect_uri", new.redirect_uris.clone()),
        ("grant", grants),
        ("contact", new.contacts.clone()),
        ("resource_id", new.resource_ids.clone()),
        ("authority", new.authorities.clone()),
    ];
    let one = one.into_iter();
    let one = one.filter_map(|(name, value)| Some((name, value?)));
    let many = many
        .into_iter()
        .flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)));
    one.chain(many)
        .chain(new.secret.as_ref().map(hash))
        .collect()
}

fn new_application(named: &Named) -> Option<NewApplication> {
    let grants = named.values("grant");
    let grants = grants.iter().map(|word| GrantType::parse(word));
    let secret = named.value("secret").map(|hash| hash.parse());
    let secret = secret.transpose().ok()?;
    Some(NewApplication {
        client_name: named.value("name")?,
        redirect_uris: named.values("redirect_uri"),
        grant_types: grants.collect::<Option<_>>()?,
        scope: Scope::parse(&named.value("scope")?).ok()?,
        client_uri: named.value("client_uri"),
        logo_uri: named.value("logo_uri"),
        policy_uri: named.value("policy_uri"),
        tos_uri: named.value("tos_uri"),
        contacts: named.values("contact"),
        secret,
        resource_ids: named.values("resource_id"),
        authorities: named.values("authority"),
    })
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
