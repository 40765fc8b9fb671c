//! The rules of an account, wherever it comes from.

use symbolon_service::settings::shown;

use crate::passwords::HashFormatError;
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

/// The account that a registration describes.
pub fn register(registration: &OwnerRegistration) -> Result<ResourceOwner, OwnerRegistrationError> {
    let password = registration.password.expose().parse();
    Ok(ResourceOwner {
        name: registration.name.clone(),
        password: password.map_err(|reason| OwnerRegistrationError {
            name: registration.name.clone(),
            reason,
        })?,
        authorities: registration.authorities.clone(),
        disabled: registration.disabled,
    })
}
