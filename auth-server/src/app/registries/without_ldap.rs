//! A server that was built without the feature `ldap` refuses the settings that need it.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon_service::settings::Findings;

use crate::app::error::StartError;
use crate::metrics::StoreMetrics;
use crate::resource_owners::registry::OwnerRegistry;
use crate::settings::Settings;

/// None.
pub(super) fn owners(
    settings: &Settings,
    _: &Arc<dyn Clock>,
    _: &StoreMetrics,
) -> Result<Option<Arc<dyn OwnerRegistry>>, StartError> {
    refused(settings).map(|()| None)
}

/// Finds the setting that needs it.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    if let Err(error) = refused(settings) {
        findings.refuse("ldap_owners.url", error);
    }
}

fn refused(settings: &Settings) -> Result<(), StartError> {
    match settings.ldap_owners.url {
        Some(_) => Err(StartError::Settings(
            "`ldap_owners.url` is set, and this server was built without the feature `ldap`"
                .to_owned(),
        )),
        None => Ok(()),
    }
}
