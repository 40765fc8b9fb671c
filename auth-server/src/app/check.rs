//! What is found in settings by whoever opens what they name, without opening the store. Registries of others are looked
//! at where they can be reached.

use symbolon::clock::Timestamp;
use symbolon_service::settings::Findings;

use crate::app::error::StartError;
use crate::app::extensions::Extensions;
use crate::app::key_files::{check_secret, configured_key, legacy_jwt_keys};
use crate::app::store_choice::StoreChoice;
use crate::app::{brand, legacy_tokens, mail, registries};
use crate::settings::Settings;
use crate::stores::redis::RedisStore;

/// Finds what would end a start with these extensions although the settings could be read.
pub fn check(settings: &Settings, extensions: &Extensions, findings: &mut Findings) {
    extensions.check(settings, findings);
    match StoreChoice::read(settings) {
        Ok(choice) => check_store(&choice, settings, findings),
        Err(error) => findings.refuse("store.url", error),
    }
    if let Err(error) = legacy_tokens::check(settings) {
        findings.refuse("legacy_tokens.redis_url", error);
    }
    if let Err(error) = legacy_jwt_keys(settings) {
        findings.refuse("legacy_tokens.jwt_keys", error);
    }
    registries::check(settings, findings);
    brand::check(settings, findings);
    mail::check(settings, findings);
    if let Err(error) = check_key(settings) {
        findings.refuse("keys.signing_key_file", error);
    }
}

fn check_store(choice: &StoreChoice, settings: &Settings, findings: &mut Findings) {
    if let StoreChoice::Redis(redis) = choice
        && let Err(error) = RedisStore::check_settings(redis)
    {
        findings.refuse("store.url", format_args!("`store.url`: {error}"));
    }
    check_secret(choice, settings, findings);
}

/// The operator's own key is read, and is one of its algorithm.
fn check_key(settings: &Settings) -> Result<(), StartError> {
    if let Some(key) = configured_key(settings)? {
        let never = Timestamp::from_secs(0);
        key.parse(never).map_err(|error| {
            let file = settings
                .keys
                .signing_key_file
                .as_deref()
                .unwrap_or_default();
            StartError::Settings(format!("`keys.signing_key_file` {file}: {error}"))
        })?;
    }
    Ok(())
}
