//! The rules of an account, wherever it comes from.

use symbolon_service::settings::shown;

use crate::passwords::{HashFormatError, HashId, PasswordHash};
use crate::records::OwnerRegistration;
use crate::resource_owners::owner::ResourceOwner;

/// An account that cannot be used; the password is not shown.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("owner `{}`: `password`: {reason}", shown(name))]
pub struct OwnerRegistrationError {
    /// Whose account.
    pub name: String,
    /// What is wrong with its password's hash.
    pub reason: HashFormatError,
}

/// The account that a registration describes. A hash without an id is read as `hash_without_id` says.
pub fn register(
    registration: &OwnerRegistration,
    hash_without_id: Option<HashId>,
) -> Result<ResourceOwner, OwnerRegistrationError> {
    let password = PasswordHash::read(registration.password.expose(), hash_without_id);
    Ok(ResourceOwner {
        name: registration.name.clone(),
        password: password.map_err(|reason| OwnerRegistrationError {
            name: registration.name.clone(),
            reason,
        })?,
        authorities: registration.authorities.clone(),
        disabled: registration.disabled,
        password_mark: registration.password_mark.clone(),
    })
}
