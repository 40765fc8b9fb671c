//! Owners in a directory of somebody else, which checks their passwords itself.

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::stores::{Observed, StoreError};

/// An owner as a directory knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryOwner {
    /// The name as the directory writes it, which may be otherwise than somebody typed it.
    pub name: String,
    /// What the person may do.
    pub authorities: Vec<String>,
    /// Another text when it is another person, or when the password is known to be another.
    pub mark: String,
}

/// A directory of owners.
#[async_trait]
pub trait OwnerDirectory: Send + Sync {
    /// The owner of this name.
    async fn find_in_directory(&self, name: &str) -> Result<Option<DirectoryOwner>, StoreError>;

    /// The owner of this name, if that is the password. An empty one is nobody's. That nobody has the name takes
    /// as long as a wrong password.
    async fn prove_to_directory(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<DirectoryOwner>, StoreError>;
}

#[async_trait]
impl OwnerDirectory for Observed<dyn OwnerDirectory> {
    async fn find_in_directory(&self, name: &str) -> Result<Option<DirectoryOwner>, StoreError> {
        self.observe("find_in_directory", self.port.find_in_directory(name))
            .await
    }

    async fn prove_to_directory(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<DirectoryOwner>, StoreError> {
        self.observe(
            "prove_to_directory",
            self.port.prove_to_directory(name, password),
        )
        .await
    }
}
