//! Owners of a directory.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use ldap3::{Scope, SearchEntry};
use symbolon::secret::Secret;
use tokio::runtime::Handle;

use super::connection::{Connector, Conversation, Question};
use super::names::{below, can_be_a_name, dn, filter};
use super::settings::{LdapSettings, UserSettings};
use crate::stores::presence::Presence;
use crate::stores::{DirectoryOwner, OwnerDirectory, RegistryObserver, StoreError};

/// An attribute that no entry has: whoever asks for it asks whether an entry is there.
const NONE: &str = "1.1";
/// What every entry is.
const ANYTHING: &str = "(objectClass=*)";

/// Owners of a directory. Each question is a conversation of its own, so a connection is never anybody else's than who
/// has bound on it.
#[derive(Clone)]
pub struct LdapOwners {
    directory: Arc<Directory>,
    runtime: Handle,
}

struct Directory {
    connector: Connector,
    settings: LdapSettings,
    presence: Arc<Presence>,
}

impl fmt::Debug for LdapOwners {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LdapOwners({:?})", self.directory.settings)
    }
}

impl LdapOwners {
    /// The owners in this directory, which is spoken to when it is asked. It belongs to the runtime in which it is made.
    pub fn new(
        settings: LdapSettings,
        observer: Arc<dyn RegistryObserver>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            directory: Arc::new(Directory {
                connector: Connector::new(&settings)?,
                settings,
                presence: Presence::new("owners", observer),
            }),
            runtime: Handle::current(),
        })
    }

    /// Whether the directory answers the service account.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.directory.look().await
    }

    /// Asks, or does not while the directory is away.
    async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let presence = &self.directory.presence;
        if presence.is_away() {
            return Err(StoreError::Unavailable("the directory is away".to_owned()));
        }
        let answer = question.await;
        if let Err(StoreError::Unavailable(why)) = &answer {
            let directory = Arc::downgrade(&self.directory);
            let look = move || {
                let directory = directory.upgrade();
                async move {
                    match directory {
                        Some(directory) => directory.look().await.is_ok(),
                        None => false,
                    }
                }
            };
            presence.lost(why, &self.runtime, look);
        }
        answer
    }
}

#[async_trait]
impl OwnerDirectory for LdapOwners {
    async fn find_in_directory(&self, name: &str) -> Result<Option<DirectoryOwner>, StoreError> {
        if !can_be_a_name(name) {
            return Ok(None);
        }
        self.ask(self.directory.find(name)).await
    }

    async fn prove_to_directory(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<DirectoryOwner>, StoreError> {
        if !can_be_a_name(name) || password.expose().is_empty() {
            return Ok(None);
        }
        self.ask(self.directory.prove(name, password)).await
    }
}

impl Directory {
    /// A conversation of the service account.
    async fn searcher(&self) -> Result<Conversation, StoreError> {
        let mut conversation = self.connector.begin().await?;
        if let Some((dn, password)) = &self.settings.service_account
            && !conversation.bind(dn, password).await?
        {
            let text = "it does not believe `bind_dn` and `bind_password`";
            return Err(StoreError::Unavailable(text.to_owned()));
        }
        Ok(conversation)
    }

    /// Whether it answers.
    async fn look(&self) -> Result<(), StoreError> {
        let mut searcher = self.searcher().await?;
        let root = Question {
            base: &self.settings.base_dn,
            scope: Scope::Base,
            filter: ANYTHING,
            attributes: vec![NONE],
        };
        searcher.find(&root, 1).await?;
        searcher.end().await;
        Ok(())
    }

    async fn find(&self, name: &str) -> Result<Option<DirectoryOwner>, StoreError> {
        let mut searcher = self.searcher().await?;
        let owner = match self.entry(&mut searcher, name).await? {
            Some(entry) => self.owner(&mut searcher, name, entry).await?,
            None => None,
        };
        searcher.end().await;
        Ok(owner)
    }

    async fn prove(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<DirectoryOwner>, StoreError> {
        let mut searcher = self.searcher().await?;
        let entry = self.entry(&mut searcher, name).await?;
        let candidate = entry.as_ref().map_or_else(
            || dn("cn={0}", name, &self.settings.base_dn),
            |entry| entry.dn.clone(),
        );
        let mut claimant = self.connector.begin().await?;
        let is_believed = claimant.bind(&candidate, password).await?;
        claimant.end().await;
        let owner = match entry.filter(|_| is_believed) {
            Some(entry) => self.owner(&mut searcher, name, entry).await?,
            None => None,
        };
        searcher.end().await;
        Ok(owner)
    }

    /// The entry of a name, as the pattern says or as it is searched for.
    async fn entry(
        &self,
        searcher: &mut Conversation,
        name: &str,
    ) -> Result<Option<SearchEntry>, StoreError> {
        let LdapSettings { base_dn, users, .. } = &self.settings;
        let (base, scope) = match &users.dn_pattern {
            Some(pattern) => (dn(pattern, name, base_dn), Scope::Base),
            None => (below(&users.search_base, base_dn), Scope::Subtree),
        };
        let question = Question {
            base: &base,
            scope,
            filter: &filter(&users.filter, &[name]),
            attributes: attributes(users),
        };
        searcher.find_one(&question).await
    }

    /// The owner of an entry that a name has led to; `None` where the entry is not called so.
    async fn owner(
        &self,
        searcher: &mut Conversation,
        typed: &str,
        entry: SearchEntry,
    ) -> Result<Option<DirectoryOwner>, StoreError> {
        let users = &self.settings.users;
        let named = values(&entry, &users.name_attribute);
        let same = |name: &&String| name.to_lowercase() == typed.to_lowercase();
        let Some(name) = named.iter().find(same).cloned() else {
            return Ok(None);
        };
        let changed = users.changed_attribute.as_ref();
        let changed = changed.map(|attribute| values(&entry, attribute).join("\n"));
        let mark = format!("{}\n{}", entry.dn, changed.unwrap_or_default());
        Ok(Some(DirectoryOwner {
            authorities: self.authorities(searcher, &entry.dn, &name).await?,
            name,
            mark,
        }))
    }

    /// What everybody may do, and what the groups of an owner let their members do, each once and in order.
    async fn authorities(
        &self,
        searcher: &mut Conversation,
        dn: &str,
        name: &str,
    ) -> Result<Vec<String>, StoreError> {
        let groups = &self.settings.groups;
        let mut authorities = groups.everybody.clone();
        if let Some(pattern) = &groups.filter {
            let question = Question {
                base: &below(&groups.search_base, &self.settings.base_dn),
                scope: Scope::Subtree,
                filter: &filter(pattern, &[dn, name]),
                attributes: vec![groups.attribute.as_str()],
            };
            for group in searcher.find(&question, 0).await? {
                let roles = values(&group, &groups.attribute).into_iter();
                authorities.extend(roles.map(|role| {
                    let role = if groups.upper_case {
                        role.to_uppercase()
                    } else {
                        role
                    };
                    format!("{}{role}", groups.prefix)
                }));
            }
        }
        authorities.sort();
        authorities.dedup();
        Ok(authorities)
    }
}

fn attributes(users: &UserSettings) -> Vec<&str> {
    let changed = users.changed_attribute.as_deref();
    [Some(users.name_attribute.as_str()), changed]
        .into_iter()
        .flatten()
        .collect()
}

/// The values of an attribute, whose name a directory may write in another letter case.
fn values(entry: &SearchEntry, attribute: &str) -> Vec<String> {
    let mut named = entry.attrs.iter();
    let found = named.find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    found.map(|(_, values)| values.clone()).unwrap_or_default()
}
