//! Why the server does not start.

use std::io;

use symbolon_service::command_line::CommandError;

use crate::addresses::AddressError;
use crate::app::secret_file::SecretFileError;
use crate::keys::KeyRingError;
use crate::keys::sealing::SealingError;
use crate::stores::StoreError;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting cannot be used.
    #[error("{0}")]
    Settings(String),
    /// Endpoints cannot be where they are said to be.
    #[error(transparent)]
    Addresses(#[from] AddressError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys cannot be loaded.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// Keys cannot be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The file with the secret that seals them cannot be trusted, or not be made.
    #[error(transparent)]
    SecretFile(#[from] SecretFileError),
    /// A port cannot be taken, or a file not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(text) => Self::Settings(text),
            StartError::Addresses(_) | StartError::SecretFile(_) | StartError::Sealing(_) => {
                Self::Settings(error.to_string())
            }
            StartError::Store(_) | StartError::Keys(_) | StartError::Io(_) => {
                Self::Failed(error.to_string())
            }
        }
    }
}
