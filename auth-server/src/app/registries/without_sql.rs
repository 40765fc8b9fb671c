//! A server that was built without the feature `sql` refuses the settings that need it.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon_service::settings::Findings;

use crate::app::error::StartError;
use crate::app::inputs::Inputs;
use crate::clients::registry::ClientRegistry;
use crate::metrics::StoreMetrics;
use crate::resource_owners::registry::OwnerRegistry;
use crate::settings::{Settings, SqlAccess};
use crate::stores::LegacyTokenStore;

/// None.
pub(super) fn clients(
    settings: &Settings,
    _: &Inputs,
    _: &StoreMetrics,
) -> Result<Option<Arc<dyn ClientRegistry>>, StartError> {
    refused(&settings.sql_clients.access()).map(|()| None)
}

/// None.
pub(super) fn owners(
    settings: &Settings,
    _: &Arc<dyn Clock>,
    _: &StoreMetrics,
) -> Result<Option<Arc<dyn OwnerRegistry>>, StartError> {
    refused(&settings.sql_owners.access()).map(|()| None)
}

/// None.
pub(super) fn legacy_tokens(
    settings: &Settings,
    _: &StoreMetrics,
) -> Result<Option<Arc<dyn LegacyTokenStore>>, StartError> {
    refused(&settings.legacy_tokens.sql_access()).map(|()| None)
}

/// Finds the settings that need it.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    for access in [
        settings.sql_clients.access(),
        settings.sql_owners.access(),
        settings.legacy_tokens.sql_access(),
    ] {
        if let Err(error) = refused(&access) {
            findings.refuse(access.url_setting, error);
        }
    }
}

fn refused(access: &SqlAccess<'_>) -> Result<(), StartError> {
    match access.url {
        Some(_) => Err(StartError::Settings(format!(
            "`{}` is set, and this server was built without the feature `sql`",
            access.url_setting
        ))),
        None => Ok(()),
    }
}
