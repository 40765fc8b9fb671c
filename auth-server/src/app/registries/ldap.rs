//! The owners of a directory.

use std::sync::Arc;
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon_service::settings::{Findings, read_file};

use crate::app::error::StartError;
use crate::metrics::StoreMetrics;
use crate::resource_owners::directory::DirectoryOwners;
use crate::resource_owners::registry::OwnerRegistry;
use crate::resource_owners::remembered::RememberedOwners;
use crate::settings::{LdapOwnerSettings, Settings};
use crate::stores::ldap::{GroupSettings, LdapOwners, LdapSettings, UserSettings};
use crate::stores::{
    MemoryLimits, Observed, OwnerDirectory, RegistryObserver, Remembered, StoreError, StoreObserver,
};

const SECTION: &str = "ldap_owners";

/// The owners, where the settings name a directory.
pub(super) fn owners(
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    metrics: &StoreMetrics,
) -> Result<Option<Arc<dyn OwnerRegistry>>, StartError> {
    let Some(directory) = directory(&settings.ldap_owners)? else {
        return Ok(None);
    };
    if let Some(fault) = directory.faults().first() {
        return Err(StartError::Settings(fault.to_string()));
    }
    let presence = metrics.of_registry(SECTION);
    let operations: Arc<dyn StoreObserver> = Arc::new(metrics.of_other_system("ldap"));
    let owners = LdapOwners::new(directory, Arc::clone(&presence))?;
    let owners: Arc<dyn OwnerDirectory> = Arc::new(owners);
    let owners = DirectoryOwners::new(Arc::new(Observed::new(owners, &operations)));
    let limits = MemoryLimits {
        entries: settings.ldap_owners.cached,
        good_for: Duration::from_secs(settings.ldap_owners.cache_secs),
        longer_when_away: Duration::from_secs(settings.ldap_owners.away_secs),
    };
    let memory = Remembered::new(limits, Arc::clone(clock), presence);
    let owners = RememberedOwners::new(Arc::new(owners), memory);
    Ok(Some(Arc::new(owners)))
}

fn directory(settings: &LdapOwnerSettings) -> Result<Option<LdapSettings>, StartError> {
    let Some(url) = &settings.url else {
        return Ok(None);
    };
    let authority = settings.ca_file.as_ref().map(|file| {
        let refused = |error| StartError::Settings(format!("`{SECTION}.ca_file` {file}: {error}"));
        read_file(file).map_err(refused)
    });
    let account = settings.bind_dn.clone();
    Ok(Some(LdapSettings {
        url: url.clone(),
        starttls: settings.starttls,
        authority: authority.transpose()?,
        timeout_ms: settings.timeout_ms,
        service_account: account.zip(settings.bind_password.clone()),
        base_dn: settings.base_dn.clone(),
        users: UserSettings {
            dn_pattern: settings.user_dn_pattern.clone(),
            search_base: settings.user_search_base.clone(),
            filter: settings.user_search_filter.clone(),
            name_attribute: settings.name_attribute.clone(),
            changed_attribute: settings.password_changed_attribute.clone(),
        },
        groups: GroupSettings {
            search_base: settings.group_search_base.clone(),
            filter: settings.group_search_filter.clone(),
            attribute: settings.group_role_attribute.clone(),
            prefix: settings.role_prefix.clone(),
            upper_case: settings.role_upper_case,
            everybody: settings.default_authorities.clone(),
        },
    }))
}

/// Finds what is wrong with the settings, and whether the directory answers.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    let ldap = &settings.ldap_owners;
    let directory = match directory(ldap) {
        Ok(Some(directory)) => directory,
        Ok(None) => return,
        Err(error) => return findings.refuse("ldap_owners.ca_file", error),
    };
    if ldap.bind_dn.is_some() != ldap.bind_password.is_some() {
        let found = "and `ldap_owners.bind_password` are not both there";
        findings.error("ldap_owners.bind_dn", found, "both, or neither");
    }
    let faults = directory.faults();
    for fault in &faults {
        let setting = format!("{SECTION}.{}", fault.setting);
        findings.error(&setting, &fault.found, fault.accepted);
    }
    if directory.is_open_to_others() {
        let found = "leads over a network in the clear: passwords travel there";
        findings.warning("ldap_owners.url", found, "ldaps://, or starttls = true");
    }
    if faults.is_empty()
        && let Err(error) = looked_at(directory)
    {
        let found = format!("cannot be asked: {error}");
        findings.warning("ldap_owners.url", found, "a directory that answers");
    }
}

/// Looks on a thread and a runtime of its own: whoever checks settings may be inside of one, or have none.
fn looked_at(directory: LdapSettings) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
    let thread = std::thread::Builder::new().name("ldap check".to_owned());
    let looking = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        runtime.block_on(async { LdapOwners::new(directory, Arc::new(Nobody))?.check().await })
    });
    let ended = looking.map_err(failed)?.join();
    ended.unwrap_or_else(|_| {
        Err(StoreError::Unavailable(
            "the look at it ended early".to_owned(),
        ))
    })
}

/// Nobody takes notice of a check.
struct Nobody;

impl RegistryObserver for Nobody {
    fn reachable(&self, _: bool) {}

    fn answered_from_memory(&self) {}
}
