//! Keys and secrets that stand in files: the one that seals what the store keeps, and the operator's own
//! signing key.

use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use symbolon::jwk::SigningAlgorithm;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use crate::app::error::StartError;
use crate::app::store_choice::StoreChoice;
use crate::keys::ConfiguredKey;
use crate::keys::sealing::Sealing;
use crate::settings::Settings;
use crate::stores::embedded::EmbeddedLocation;

/// What seals keys: the configured secret, or for a file the one that is kept beside it.
pub(super) fn sealing(
    choice: &StoreChoice,
    settings: &Settings,
    random: &dyn Random,
) -> Result<Sealing, StartError> {
    if let Some(configured) = &settings.store.sealing_secret {
        return Ok(Sealing::new(Some(configured))?);
    }
    match choice {
        StoreChoice::Embedded(EmbeddedLocation::File(path)) => {
            Ok(Sealing::new(Some(&secret_beside(path, random)?))?)
        }
        StoreChoice::Embedded(EmbeddedLocation::Memory) => Ok(Sealing::new(None)?),
        StoreChoice::Redis(_) => {
            tracing::warn!(
                event = "keys_not_sealed",
                "store.sealing_secret is empty: whoever can read Redis can sign tokens"
            );
            Ok(Sealing::new(None)?)
        }
    }
}

/// The secret in `PATH.secret`; generated when there is none.
fn secret_beside(path: &Path, random: &dyn Random) -> io::Result<Secret> {
    let mut file = path.as_os_str().to_owned();
    file.push(".secret");
    match std::fs::read_to_string(&file) {
        Ok(secret) => Ok(Secret::new(secret.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = Secret::new(random.text::<32>());
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            let mut created = options.open(&file)?;
            created.write_all(secret.expose().as_bytes())?;
            created.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// The signing key that the operator gave.
pub(super) fn configured_key(settings: &Settings) -> Result<Option<ConfiguredKey>, StartError> {
    let Some(file) = &settings.keys.signing_key_file else {
        return Ok(None);
    };
    let refused =
        |text: String| StartError::Settings(format!("`keys.signing_key_file` {file}{text}"));
    let text = std::fs::read(file)
        .map(Zeroizing::new)
        .map_err(|error| refused(format!(": {error}")))?;
    let algorithm = settings.keys.algorithm;
    let material = if algorithm == SigningAlgorithm::HS256 {
        Zeroizing::new(text.trim_ascii().to_vec())
    } else {
        let accepted = " is no PEM; accepted: one private key as PEM";
        let pem = pem::parse(text.as_slice()).map_err(|_| refused(accepted.to_owned()))?;
        Zeroizing::new(pem.into_contents())
    };
    Ok(Some(ConfiguredKey {
        algorithm,
        material,
    }))
}
