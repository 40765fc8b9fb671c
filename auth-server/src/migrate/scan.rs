//! `auth-server migrate scan`: what a Spring server has, and what becomes of it here.
//!
//! It reads tables, a Redis and a configuration, writes nothing, and holds no more than a page and the counts.

mod client;
mod draft;
mod owners;
mod report;
mod spring_config;
mod tokens;

use std::io;

use serde::Serialize;
use symbolon::clock::Timestamp;

use crate::clients::registration::ClientDefaults;
use crate::passwords::HashId;
use crate::records::ClientRegistration;
use crate::stores::sql::{ReadRow, SqlClients, SqlOwners};
use crate::stores::{LegacyTokenSurvey, StoreError};

pub use client::{ClientVerdict, Grade, Need, Remedy, judge};
pub use draft::{Draft, Meaning};
pub use owners::OwnerCounts;
pub use report::{summary_text, verdict_text};
pub use spring_config::{ConfigurationError, Said, SpringConfiguration};
pub use tokens::{Held, TokenCounts};

use symbolon::identifiers::ClientId;

/// Rows that are read at a time.
const PAGE: usize = 500;

/// What is looked at.
pub struct Scan<'a> {
    /// Clients that a configuration describes.
    pub configured: Vec<ClientRegistration>,
    /// The table of clients.
    pub clients: Option<&'a SqlClients>,
    /// The tables of owners.
    pub owners: Option<&'a SqlOwners>,
    /// The tokens that are out.
    pub tokens: Option<&'a dyn LegacyTokenSurvey>,
    /// What this server says where a registration says nothing.
    pub defaults: ClientDefaults,
    /// How this server reads hashes of owners without an id.
    pub hash_without_id: Option<HashId>,
    /// When that is.
    pub now: Timestamp,
}

/// A client, and what it holds where that is known.
#[derive(Clone, Debug, Serialize)]
pub struct ScannedClient {
    /// What becomes of it.
    #[serde(flatten)]
    pub verdict: ClientVerdict,
    /// What it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Held>,
}

/// What was seen, counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Clients, the best grade first.
    pub clients: [u64; Grade::ALL.len()],
    /// Owners, where they were looked at.
    pub owners: Option<OwnerCounts>,
    /// Tokens, where they were looked at.
    pub tokens: Option<TokenCounts>,
    /// Settings of the server that clients need and do not have, and how many need each.
    pub needs: Vec<(&'static str, u64)>,
    /// Those among them that `profile = "spring"` does not say.
    pub beside_profile: Vec<&'static str>,
    /// Settings that clients need, and their own registrations say something else; and how many did so to each.
    pub given_up: Vec<(&'static str, u64)>,
}

/// Why a scan ended early.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// What was to be read cannot be.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Nobody takes the answer.
    #[error("{0}")]
    Answer(#[from] io::Error),
}

impl Scan<'_> {
    /// Looks at everything. `tell` is given each client, `progress` hears how far it is.
    pub async fn run(
        mut self,
        mut tell: impl FnMut(&ScannedClient) -> io::Result<()>,
        mut progress: impl FnMut(&dyn Fn() -> String),
    ) -> Result<Summary, ScanError> {
        let mut summary = Summary {
            tokens: self.count_tokens(&mut progress).await?,
            ..Summary::default()
        };
        for registration in std::mem::take(&mut self.configured) {
            let row = ReadRow {
                name: registration.client_id.as_str().to_owned(),
                read: Ok(registration),
                left_out: Vec::new(),
            };
            tell(&self.client(row, &mut summary))?;
        }
        let mut after: Option<String> = None;
        while let Some(clients) = self.clients {
            let id = after.as_ref().map(ClientId::new);
            let rows = clients.rows_after(id.as_ref(), PAGE).await?;
            after = ReadRow::next(&rows, PAGE);
            for row in rows {
                tell(&self.client(row, &mut summary))?;
            }
            progress(&|| format!("{} clients", summary.clients.iter().sum::<u64>()));
            if after.is_none() {
                break;
            }
        }
        summary.owners = self.count_owners(&mut progress).await?;
        Ok(summary)
    }

    fn client(&self, row: ReadRow<ClientRegistration>, summary: &mut Summary) -> ScannedClient {
        let verdict = judge(row, &self.defaults);
        summary.count(&verdict);
        let tokens = summary.tokens.as_mut();
        let holds = tokens.map(|tokens| tokens.take(&verdict.client_id));
        ScannedClient { verdict, holds }
    }

    async fn count_tokens(
        &self,
        progress: &mut impl FnMut(&dyn Fn() -> String),
    ) -> Result<Option<TokenCounts>, StoreError> {
        let Some(tokens) = self.tokens else {
            return Ok(None);
        };
        let mut counts = TokenCounts::default();
        let mut place: Option<String> = None;
        loop {
            let page = tokens.survey(place.as_deref()).await?;
            for token in page.tokens {
                counts.count(token, self.now);
            }
            progress(&|| format!("{} tokens", counts.all()));
            place = page.next;
            if place.is_none() {
                return Ok(Some(counts));
            }
        }
    }

    async fn count_owners(
        &self,
        progress: &mut impl FnMut(&dyn Fn() -> String),
    ) -> Result<Option<OwnerCounts>, StoreError> {
        let Some(owners) = self.owners else {
            return Ok(None);
        };
        let mut counts = OwnerCounts::default();
        let mut after: Option<String> = None;
        loop {
            let rows = owners.rows_after(after.as_deref(), PAGE).await?;
            after = ReadRow::next(&rows, PAGE);
            for row in rows {
                counts.count(row, self.hash_without_id);
            }
            progress(&|| format!("{} owners", counts.all));
            if after.is_none() {
                return Ok(Some(counts));
            }
        }
    }
}

impl Summary {
    fn count(&mut self, verdict: &ClientVerdict) {
        for (count, grade) in self.clients.iter_mut().zip(Grade::ALL) {
            *count += u64::from(grade == verdict.grade);
        }
        for need in &verdict.needs {
            match need.remedy {
                None => {}
                Some(Remedy::Registration) => count_one(&mut self.given_up, need.setting),
                Some(Remedy::Profile) => count_one(&mut self.needs, need.setting),
                Some(Remedy::Setting) => {
                    count_one(&mut self.needs, need.setting);
                    if !self.beside_profile.contains(&need.setting) {
                        self.beside_profile.push(need.setting);
                    }
                }
            }
        }
    }
}

fn count_one(counts: &mut Vec<(&'static str, u64)>, setting: &'static str) {
    match counts.iter_mut().find(|(counted, _)| *counted == setting) {
        Some((_, count)) => *count += 1,
        None => counts.push((setting, 1)),
    }
}

#[cfg(test)]
mod tests;
