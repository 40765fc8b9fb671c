//! What a Spring server keeps, where the settings say that it is, and the store that it is to be carried over to. The
//! commands of a migration work on it.

use std::sync::Arc;

use symbolon::clock::Clock;

use crate::app::error::StartError;
use crate::app::legacy_tokens::{check_there_is_one, legacy_redis};
use crate::app::registries::{client_rows, owner_rows, token_rows};
use crate::app::store_choice::{StoreChoice, Unused};
use crate::metrics::StoreMetrics;
use crate::settings::Settings;
use crate::stores::embedded::EmbeddedLocation;
use crate::stores::redis::LegacyRedisStore;
use crate::stores::sql::{SqlClients, SqlOwners};
use crate::stores::{LegacyTokenSurvey, Stores};

/// What a Spring server keeps, for the runtime that this was made in.
pub struct OldServer {
    /// Its clients: `[sql_clients]`.
    pub clients: Option<SqlClients>,
    /// Its owners: `[sql_owners]`.
    pub owners: Option<SqlOwners>,
    /// Its tokens: `[legacy_tokens]`.
    pub tokens: Option<Box<dyn LegacyTokenSurvey>>,
}

impl OldServer {
    /// What the settings name.
    pub fn open(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            clients: client_rows(settings)?,
            owners: owner_rows(settings)?,
            tokens: tokens(settings)?,
        })
    }
}

fn tokens(settings: &Settings) -> Result<Option<Box<dyn LegacyTokenSurvey>>, StartError> {
    check_there_is_one(settings)?;
    if let Some(rows) = token_rows(settings)? {
        return Ok(Some(Box::new(rows)));
    }
    match legacy_redis(settings)? {
        Some(redis) => Ok(Some(Box::new(LegacyRedisStore::new(&redis)?))),
        None => Ok(None),
    }
}

/// The store of this server, which no server needs to have used yet. It has to outlive a command.
pub async fn lasting_store(
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    unused: Unused,
) -> Result<Stores, StartError> {
    let choice = StoreChoice::read(settings)?;
    if let StoreChoice::Embedded(EmbeddedLocation::Memory) = choice {
        let text = "`store.url` is `memory:`, which ends with this command; accepted: embedded:PATH and redis://…";
        return Err(StartError::Settings(text.to_owned()));
    }
    let opener = choice
        .opener(clock, &StoreMetrics::default(), unused)
        .await?;
    Ok(opener.open()?)
}
