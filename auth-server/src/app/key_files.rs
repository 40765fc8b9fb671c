//! Keys and secrets that stand in files: the one that seals what the store keeps, and the operator's own
//! signing key.

use std::fmt;
use std::path::Path;

use symbolon::random::Random;
use symbolon::secret::Secret;
use symbolon_service::settings::{Findings, read_file, shown};
use zeroize::Zeroizing;

use crate::app::error::StartError;
use crate::app::secret_file::{SecretFile, is_of_another_user};
use crate::app::store_choice::StoreChoice;
use crate::keys::ConfiguredKey;
use crate::keys::sealing::{Sealing, is_sealed};
use crate::keys::verifying::VerifyingKey;
use crate::records::KeyRecord;
use crate::settings::Settings;
use crate::stores::embedded::EmbeddedLocation;

/// The setting with the secret that seals keys.
const SETTING: &str = "store.sealing_secret";

/// What seals keys: the configured secret, or for a file the one that is kept beside it. `kept` is what the store
/// holds already.
pub(super) fn sealing(
    choice: &StoreChoice,
    settings: &Settings,
    kept: &[KeyRecord],
    random: &dyn Random,
) -> Result<Sealing, StartError> {
    if let Some(configured) = &settings.store.sealing_secret {
        return Ok(Sealing::under(configured, SETTING)?);
    }
    match choice {
        StoreChoice::Embedded(EmbeddedLocation::File(store)) => {
            let file = SecretFile::beside(store);
            let secret = secret_in(&file, store, kept, random)?;
            Ok(Sealing::under(&secret, file.path().display().to_string())?)
        }
        StoreChoice::Embedded(EmbeddedLocation::Memory) => Ok(Sealing::off()),
        StoreChoice::Redis(_) => {
            tracing::warn!(
                event = "keys_not_sealed",
                "store.sealing_secret is empty: whoever can read Redis can sign tokens"
            );
            Ok(Sealing::off())
        }
    }
}

/// The secret in `PATH.secret`; generated for a store whose keys need none yet.
fn secret_in(
    file: &SecretFile,
    store: &Path,
    kept: &[KeyRecord],
    random: &dyn Random,
) -> Result<Secret, StartError> {
    let Some(secret) = file.read()? else {
        if kept.iter().any(|key| is_sealed(&key.material)) {
            return Err(file.lost().into());
        }
        return Ok(file.make(random)?);
    };
    if kept.is_empty() {
        let (store, secret_file) = (store.display(), file.path().display());
        tracing::warn!(
            event = "store_is_new_beside_a_secret",
            %store,
            %secret_file,
            "the secret was made for a store that is not here any more: if nobody removed it on purpose, stop this \
             server and put the store's file back"
        );
    }
    Ok(secret)
}

/// What `check-config` can see of the secret without opening the store, which a server may have open. Where the
/// store is another user's, that user's server reads the file, not this program.
pub(super) fn check_secret(choice: &StoreChoice, settings: &Settings, findings: &mut Findings) {
    if let Some(configured) = &settings.store.sealing_secret {
        if let Err(error) = Sealing::under(configured, SETTING) {
            findings.refuse(SETTING, error);
        }
    } else if let StoreChoice::Embedded(EmbeddedLocation::File(store)) = choice
        && !is_of_another_user(store)
    {
        check_secret_beside(store, findings);
    }
}

/// Whether keys need the secret that is gone only the store knows; so that is no error here.
fn check_secret_beside(store: &Path, findings: &mut Findings) {
    let file = SecretFile::beside(store);
    let has_secret = match file.read() {
        Ok(secret) => secret.is_some(),
        Err(error) => return findings.refuse(SETTING, error),
    };
    let (store_name, secret) = (store.display(), file.path().display());
    // What has nothing in it is as good as none: a server makes its store there.
    let has_store = std::fs::metadata(store).is_ok_and(|found| found.len() > 0);
    match (has_store, has_secret) {
        (true, false) => {
            let found = format!("leads to {store_name}, and {secret} is not there");
            findings.warning(
                "store.url",
                found,
                "the secret from the backup of the store; none if its first start was cut off",
            );
        }
        (false, true) => {
            let found = format!("leads to {store_name}, which is gone, and {secret} is there");
            findings.warning(
                "store.url",
                found,
                "the store of that secret, unless it is to begin anew",
            );
        }
        (true, true) | (false, false) => {}
    }
}

/// The signing key that the operator gave.
pub(super) fn configured_key(settings: &Settings) -> Result<Option<ConfiguredKey>, StartError> {
    let Some(file) = &settings.keys.signing_key_file else {
        return Ok(None);
    };
    let refused =
        |text: String| StartError::Settings(format!("`keys.signing_key_file` {file}{text}"));
    let text = read_file(file)
        .map(Zeroizing::new)
        .map_err(|error| refused(format!(": {error}")))?;
    let algorithm = settings.keys.algorithm;
    let material = if algorithm.is_shared() {
        Zeroizing::new(text.trim_ascii().to_vec())
    } else {
        let accepted = " is no PEM; accepted: one private key as PEM";
        let pem = pem::parse(text.as_slice()).map_err(|_| refused(accepted.to_owned()))?;
        Zeroizing::new(pem.into_contents())
    };
    Ok(Some(ConfiguredKey {
        algorithm,
        material,
        may_be_short: settings.keys.short_secret,
    }))
}

/// The keys of the Spring server before this one, which `legacy_tokens.jwt_keys` names.
pub(super) fn legacy_jwt_keys(settings: &Settings) -> Result<Vec<VerifyingKey>, StartError> {
    let named = settings.legacy_tokens.jwt_keys.iter();
    let keys = named.map(|named| legacy_jwt_key(named, settings.keys.short_secret));
    keys.collect()
}

fn legacy_jwt_key(named: &str, may_be_short: bool) -> Result<VerifyingKey, StartError> {
    let refused = |why: &dyn fmt::Display| {
        StartError::Settings(format!("`legacy_tokens.jwt_keys` {}: {why}", shown(named)))
    };
    let (algorithm, file) = named
        .split_once(':')
        .ok_or_else(|| refused(&"names no file; accepted: ALGORITHM:FILE"))?;
    let text = read_file(file)
        .map(Zeroizing::new)
        .map_err(|error| refused(&error))?;
    VerifyingKey::parse(algorithm, &text, may_be_short).map_err(|error| refused(&error))
}
