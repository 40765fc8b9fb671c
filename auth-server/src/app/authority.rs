//! Who signed the certificate of a server that this one asks.

use symbolon_service::settings::read_file;

use crate::app::error::StartError;

/// The certificates in a file that a setting names.
pub(super) fn authority(setting: &str, file: Option<&str>) -> Result<Option<Vec<u8>>, StartError> {
    let Some(file) = file else { return Ok(None) };
    let refused = |error| StartError::Settings(format!("`{setting}` {file}: {error}"));
    read_file(file).map_err(refused).map(Some)
}
