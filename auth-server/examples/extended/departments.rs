//! An enhancer: tokens say in which department their owner works.

use async_trait::async_trait;
use symbolon_auth_server::clients::client::Client;
use symbolon_auth_server::records::{AdditionalInformation, Grant};
use symbolon_auth_server::stores::StoreError;
use symbolon_auth_server::tokens::enhancer::TokenEnhancer;

/// Adds `department`: of an owner by what they may do, and none of a client that acts for itself.
pub(crate) struct Departments;

#[async_trait]
impl TokenEnhancer for Departments {
    async fn enhance(
        &self,
        _: &Client,
        grant: &Grant,
    ) -> Result<AdditionalInformation, StoreError> {
        let none = AdditionalInformation::default();
        if grant.owner.is_none() {
            return Ok(none);
        }
        let is_admin = grant.authorities.iter().any(|role| role == "ROLE_ADMIN");
        let department = if is_admin { "computers" } else { "pictures" };
        let said = none.with("department", department);
        said.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
