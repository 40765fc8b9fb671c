//! A source of owners that checks passwords itself: visitors, whose pass is the word of the day.

use std::sync::Arc;

use async_trait::async_trait;
use symbolon::secret::Secret;
use symbolon_auth_server::passwords::{HashKinds, PasswordHash};
use symbolon_auth_server::resource_owners::owner::ResourceOwner;
use symbolon_auth_server::resource_owners::registry::OwnerRegistry;
use symbolon_auth_server::stores::StoreError;

/// The names `visitor-1` to `visitor-9`. When the word is changed, what they granted before ends: it is the mark of their
/// passwords.
pub(crate) struct Visitors {
    word_of_the_day: Secret,
}

impl Visitors {
    pub(crate) const fn new(word_of_the_day: Secret) -> Self {
        Self { word_of_the_day }
    }

    fn account(&self, name: &str) -> Option<Arc<ResourceOwner>> {
        let number = name.strip_prefix("visitor-")?;
        matches!(number.as_bytes(), [b'1'..=b'9']).then(|| {
            Arc::new(ResourceOwner {
                name: name.to_owned(),
                password: PasswordHash::elsewhere(self.word_of_the_day.expose()),
                authorities: vec!["ROLE_VISITOR".to_owned()],
                disabled: false,
                password_mark: None,
            })
        })
    }
}

#[async_trait]
impl OwnerRegistry for Visitors {
    async fn find_owner(&self, name: &str) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        Ok(self.account(name))
    }

    async fn prove_owner(
        &self,
        name: &str,
        password: &Secret,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        // Secrets are compared in a time that does not tell how much of them is right.
        let is_right = *password == self.word_of_the_day;
        Ok(self.account(name).filter(|_| is_right))
    }

    /// There are no hashes.
    async fn survey(&self, _: &mut HashKinds) -> Result<(), StoreError> {
        Ok(())
    }
}
